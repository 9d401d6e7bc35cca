import { replace } from '../../src/edits.ts';
import type { Pair } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { findDefinition } from '../../src/model/variables.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';

const names = ['NVIDIA_VISIBLE_DEVICES', 'CUDA_VISIBLE_DEVICES'] as const;
type Name = (typeof names)[number];

/** Numbers of devices, or their names: `0`, `0,1`, `GPU-8932f937…`, `MIG-…`. */
const devices = /^(?:\d{1,3}(?::\d{1,3})?|(?:GPU|MIG)-[\w/-]+)(?:\s*,\s*(?:\d{1,3}(?::\d{1,3})?|(?:GPU|MIG)-[\w/-]+))*$/;

function messageOf(name: Name, value: string): string | undefined {
  if (name === 'CUDA_VISIBLE_DEVICES' && value.toLowerCase() === 'all') {
    return '`CUDA_VISIBLE_DEVICES` takes numbers; with `all` no GPU is visible. Leave the variable out to see every GPU the container has.';
  }
  if (!devices.test(value)) return undefined;
  const what = value.includes(',') ? 'these GPUs' : 'this GPU';
  return `\`${name}=${value}\` ties the image to ${what} of one machine; leave the choice to whoever starts the container (\`--gpus\`, \`-e ${name}=…\`).`;
}

/** The pair that gives the image its value, where the file itself writes the value down. */
function pairOf(file: Dockerfile, name: Name): Pair | undefined {
  const state = file.targetStage && file.stateAfterStage(file.targetStage);
  const definition = findDefinition(state?.definitions, name);
  return definition?.kind === 'ENV' && definition.pair.raw?.includes('$') === false ? definition.pair : undefined;
}

const fixOf = (name: Name, pair: Pair): Fix | undefined =>
  name === 'NVIDIA_VISIBLE_DEVICES' ? unsafe('Use `all`', replace(pair.valueSpan, 'all')) : undefined;

export default defineRule({
  summary: 'GPU of one machine chosen in the image',
  why: `Which GPUs a container may use is a matter of the machine it runs on: \`docker run --gpus\`, a Compose file or the
scheduler says so. An image that sets device numbers ignores the others where there are more, and finds none where the number
does not exist. \`all\`, \`none\` and \`void\` for NVIDIA's runtime, and an empty \`CUDA_VISIBLE_DEVICES\` in an image for CPUs, are fine.

The fix writes \`all\`; it is unsafe, for the container then sees every GPU it is given.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nENV NVIDIA_VISIBLE_DEVICES=0 NVIDIA_DRIVER_CAPABILITIES=compute,utility\n',
      good: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nENV NVIDIA_VISIBLE_DEVICES=all NVIDIA_DRIVER_CAPABILITIES=compute,utility\n',
    },
    {
      bad: 'FROM vllm/vllm-openai:v0.6.3\nENV CUDA_VISIBLE_DEVICES="0,1"\n',
      good: 'FROM vllm/vllm-openai:v0.6.3\n',
    },
    {
      bad: 'FROM python:3.12-slim\nENV CUDA_VISIBLE_DEVICES=all\nCMD ["python", "serve.py"]\n',
      good: 'FROM python:3.12-slim\nCMD ["python", "serve.py"]\n',
    },
  ],
  * check({ file }) {
    for (const name of names) {
      const pair = file.source.includes(name) ? pairOf(file, name) : undefined;
      const message = pair && messageOf(name, (pair.value ?? '').trim());
      if (pair === undefined || message === undefined) continue;
      const fix = fixOf(name, pair);
      yield { at: pair.span, message, ...(fix && { fix }) };
    }
  },
});
