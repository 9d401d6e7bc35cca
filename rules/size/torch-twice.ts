import { nameOf } from '../../src/model/bases/name.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { lineage } from '../../src/model/shipped.ts';
import { largeInstalls, replaces, type LargeInstall } from '../../src/model/torch.ts';
import { defineRule } from '../../src/rule.ts';

/** The image is one of Python 3.9 or later, by its tag. */
function hasNewPython(file: Dockerfile): boolean {
  const image = lineage(file.targetStage).at(-1)?.image;
  const minor = image !== undefined && nameOf(image) === 'python' ? /^3\.(\d{1,2})(?=[.-]|$)/.exec(image.tag ?? '')?.[1] : undefined;
  return minor !== undefined && Number(minor) >= 9;
}

function nameOfBuild({ package: { name }, version, build }: LargeInstall): string {
  if (version === undefined) return build === undefined ? name : `${name} (${build})`;
  return `${name} ${version}${build === undefined ? '' : `+${build}`}`;
}

function messageOf(file: Dockerfile, first: LargeInstall, second: LargeInstall): string {
  const { line } = file.lines.position(first.invocation.command.program.span.start);
  const where = second.package.file === undefined ? '' : ` of \`${second.package.file}\``;
  return `\`${nameOfBuild(second)}\`${where} replaces the \`${nameOfBuild(first)}\` of line ${line}, which stays in the layer below; install the one that is wanted, once.`;
}

export default defineRule({
  summary: 'PyTorch or TensorFlow installed twice',
  why: `A layer only adds: what a later RUN replaces is still in the image, and still pulled. With PyTorch or TensorFlow that is one
to six gigabytes nothing will ever load. It happens where one line installs the build for CPUs and the requirements, a
few lines down, pin another version, which pip then takes from PyPI, with CUDA.

Pin the same version in both places, or name the index in the requirements file and install once. Only what
certainly is replaced is found: two pinned versions, two builds, an install that is forced.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir torch==2.4.1 --index-url https://download.pytorch.org/whl/cpu\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir torch==2.3.1 --index-url https://download.pytorch.org/whl/cpu\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      context: { 'requirements.txt': 'fastapi==0.115.6\ntorch==2.3.1\n' },
    },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir torch --index-url https://download.pytorch.org/whl/cpu\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      context: { 'requirements.txt': 'torch==2.3.1\nfastapi==0.115.6\n' },
    },
    {
      bad: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip3 install torch==2.4.1\nRUN pip3 install --force-reinstall torch==2.4.1 --index-url https://download.pytorch.org/whl/cu124\n',
      good: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip3 install torch==2.4.1 --index-url https://download.pytorch.org/whl/cu124\n',
    },
  ],
  * check({ file, context }) {
    const installs = largeInstalls(file, context, file.targetStage);
    const isNew = installs.length > 1 && hasNewPython(file);
    for (const [index, second] of installs.entries()) {
      const first = installs.slice(0, index).findLast((each) => each.package.name === second.package.name);
      if (first === undefined || !replaces(first, second, isNew)) continue;
      yield { at: second.package.at, message: messageOf(file, first, second), related: [{ at: first.package.at, message: 'The first one is installed here.' }] };
    }
  },
});
