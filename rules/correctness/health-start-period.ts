import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { insertAfter } from '../../src/edits.ts';
import { modelEvidence } from '../../src/model/inference.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

const units: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, 'µs': 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** A duration as Go writes it (`1m30s`), in seconds; undefined where it is none. */
function seconds(text: string): number | undefined {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== text) return undefined;
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (units[unit ?? ''] ?? 0), 0);
}

/** A container that fails its checks for this long is not called unhealthy for a slow start. */
const patience = 300;

/** Seconds until a container that never answers counts as unhealthy; undefined where a value cannot be read. */
function grace(instruction: Instruction): number | undefined {
  const interval = seconds(flag(instruction, 'interval')?.value ?? '30s');
  const retries = Number(flag(instruction, 'retries')?.value ?? '3');
  return interval === undefined || Number.isNaN(retries) ? undefined : interval * (retries === 0 ? 3 : retries);
}

/** Of several in a stage only the last one counts. */
const checkOf = (stage: Stage): Instruction | undefined => stage.instructions.findLast(({ keyword }) => keyword === 'HEALTHCHECK');

export default defineRule({
  summary: 'Health check without a start period for a service that loads a model',
  why: `Until a model is loaded the service answers no health check. Without \`--start-period\` every failed check counts from the
first second on: by default the container is called unhealthy after a minute and a half, and an orchestrator restarts it in the
middle of loading, again and again. During the start period failures don't count, and the first success ends it.

The fix adds two minutes; take what a cold start of your model needs. It is not safe, for the image's settings change. A check that
is patient enough by itself (five minutes of retries) is left alone.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nRUN pip install transformers fastapi uvicorn\nHEALTHCHECK --interval=30s CMD python health.py\nCMD ["uvicorn", "main:app"]\n',
      good: 'FROM python:3.12-slim\nRUN pip install transformers fastapi uvicorn\nHEALTHCHECK --interval=30s --start-period=120s CMD python health.py\nCMD ["uvicorn", "main:app"]\n',
    },
    {
      bad: 'FROM vllm/vllm-openai:v0.6.3\nHEALTHCHECK CMD curl -f http://localhost:8000/health\n',
      good: 'FROM vllm/vllm-openai:v0.6.3\nHEALTHCHECK --start-period=120s CMD curl -f http://localhost:8000/health\n',
    },
  ],
  * check({ file, context }) {
    const check = [...file.shippedStages].map(checkOf).find((found) => found !== undefined);
    const wait = check?.inner === undefined || flag(check, 'start-period') !== undefined ? undefined : grace(check);
    if (check === undefined || wait === undefined || wait >= patience) return;
    const evidence = modelEvidence(file, context);
    if (evidence === undefined) return;
    yield {
      at: check.keywordSpan,
      message: `\`${evidence}\` says that this service loads a model when it starts, but the container counts as unhealthy after ${wait} seconds without an answer; add \`--start-period\`.`,
      fix: unsafe('Give it two minutes to start', insertAfter(check.flags.at(-1)?.span ?? check.keywordSpan, ' --start-period=120s')),
    };
  },
});
