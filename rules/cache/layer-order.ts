import { flag } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { findStage } from '../../src/model/stages.ts';
import { orderEdits } from '../../src/optimize/order/edits.ts';
import { nameOf } from '../../src/optimize/order/graph.ts';
import { orderPlan, type OrderPlan } from '../../src/optimize/order/plan.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

/** What makes the step run again. */
function changeOf(file: Dockerfile, { cause, stage }: OrderPlan): string {
  const from = flag(cause, 'from')?.value;
  if (from === undefined) return 'every change of a copied file';
  const source = findStage(file.stages, from, stage.index);
  return source?.name === undefined ? 'every change of what it copies' : `every change of what \`${source.name}\` makes`;
}

function messageOf(file: Dockerfile, plan: OrderPlan): string {
  const { cause, passed } = plan;
  const last = passed[passed.length - 1] ?? passed[0];
  const more = passed.length === 1 ? '' : ` and ${passed.length - 1} more expensive ${passed.length === 2 ? 'step' : 'steps'}`;
  const line = file.lines.position(last.span.end).line;
  return `${nameOf(file, cause)} stands above ${nameOf(file, passed[0])}${more}, which ${passed.length === 1 ? 'uses' : 'use'} nothing of it, so ${changeOf(file, plan)} runs ${passed.length === 1 ? 'it' : 'them'} again; it can stand below line ${line}.`;
}

export default defineRule({
  summary: 'Step that changes often, above expensive ones that do not need it',
  why: `A step is run again when it, or one above it, changed. Where the files of the project stand above an install or a download
that uses nothing of them, each change of a file installs or downloads everything again.

The fix puts the steps of a stage into the order that is expected to cost least, of those that make the same image: nothing
moves past a step that may read or write the same files, nor out of the user, folder and variables it needs. \`shipshape
optimize\` weighs such moves by the history of the project, and makes smaller ones too.`,
  severity: 'info',
  reorders: true,
  weighed: { gain: 0, often: 0 },
  options: {
    gain: { default: 25, about: 'The smallest saving that is worth a word, in percent of what the stage costs to build again.' },
    often: { default: 5, about: 'Of a hundred builds, in how many what a step copies must change for the step to count.' },
  },
  examples: [
    {
      bad: 'FROM node:22 AS builder\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\nFROM debian:12\nWORKDIR /app\nCOPY --from=builder /app/dist ./dist\nRUN apt-get update && apt-get install -y python3\nCMD ["python3"]\n',
      good: 'FROM node:22 AS builder\nWORKDIR /app\nCOPY . .\nRUN npm run build\n\nFROM debian:12\nWORKDIR /app\nRUN apt-get update && apt-get install -y python3\nCOPY --from=builder /app/dist ./dist\nCMD ["python3"]\n',
    },
    {
      bad: 'FROM alpine:3.22 AS builder\nCOPY src /src\nRUN make -C /src\n\nFROM alpine:3.22\n# The program\nCOPY --from=builder /src/out /opt/tool\nRUN chmod +x /opt/tool/run\n\nRUN apk add --no-cache ffmpeg\nCMD ["/opt/tool/run"]\n',
      good: 'FROM alpine:3.22 AS builder\nCOPY src /src\nRUN make -C /src\n\nFROM alpine:3.22\nRUN apk add --no-cache ffmpeg\n# The program\nCOPY --from=builder /src/out /opt/tool\nRUN chmod +x /opt/tool/run\n\nCMD ["/opt/tool/run"]\n',
    },
  ],
  * check({ file, context, options }) {
    const limits = { gain: options.gain / 100, often: options.often / 100 };
    for (const stage of file.stages) {
      const plan = orderPlan(file, stage, context, limits);
      const edits = plan && orderEdits(file, plan);
      if (plan === undefined || edits === undefined) continue;
      yield {
        at: plan.cause.span,
        message: messageOf(file, plan),
        related: plan.notes.map((message) => ({ at: plan.cause.span, message })),
        fix: { ...safe(`Move ${nameOf(file, plan.cause)} below ${nameOf(file, plan.passed[plan.passed.length - 1] ?? plan.passed[0])}`, edits), whole: span(Math.min(...edits.map((edit) => edit.span.start)), Math.max(...edits.map((edit) => edit.span.end))) },
      };
    }
  },
});
