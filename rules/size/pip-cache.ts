import { addFlag } from '../../src/model/append.ts';
import { isReadBehind, isRemovedByName } from '../../src/model/cache-readers.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isBelow } from '../../src/model/effects.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { leftPipCaches, type LeftCache } from '../../src/model/pip-cache.ts';
import { pathsIntoImage } from '../../src/model/shipped.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, safe, type Fix } from '../../src/rule.ts';

/** Something behind the RUN takes the cache, or removes it and fails where there is none. */
function isExpected(file: Dockerfile, stage: Stage, { invocation, folder = '/root/.cache/pip' }: LeftCache): boolean {
  const { instruction } = invocation.command;
  return isReadBehind(file, stage, instruction, folder) || isRemovedByName(file, instruction, [folder]);
}

function fixOf(file: Dockerfile, stage: Stage, left: readonly LeftCache[]): Fix | undefined {
  if (left.some((each) => each.wrongMount !== undefined || isExpected(file, stage, each))) return undefined;
  const edits = left.flatMap(({ invocation: { command, subcommand } }) => (subcommand === undefined ? [] : [addFlag(command, subcommand, '--no-cache-dir')]));
  return safe('Add `--no-cache-dir`', edits);
}

function messageOf(program: string, { folder, wrongMount }: LeftCache): string {
  const where = folder === undefined ? 'its cache' : `its cache (\`${folder}\`)`;
  return wrongMount === undefined
    ? `\`${program}\` leaves ${where} in this layer; add \`--no-cache-dir\`, or mount a cache there.`
    : `\`${program}\` leaves ${where} in this layer: the cache mount is on \`${wrongMount}\`; mount it where this user has the cache.`;
}

export default defineRule({
  summary: 'Cache of pip left in the layer',
  why: `pip keeps what it downloads and builds, to be faster the next time. In an image there is no next time, so every package
ships twice, once as an archive. \`--no-cache-dir\` turns that off; a cache mount keeps the cache out of the image and later builds
fast. \`ENV PIP_NO_CACHE_DIR=1\` does it for the whole file.

The fix adds the flag, which changes nothing of what is installed. Stages that don't ship are left alone.`,
  severity: 'warning',
  sources: ['hadolint/DL3042'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN python -m pip install --upgrade pip && \\\n    pip3 install \\\n      fastapi==0.115.6 \\\n      uvicorn==0.34.0\n',
      good: 'FROM python:3.12-slim\nRUN python -m pip install --no-cache-dir --upgrade pip && \\\n    pip3 install --no-cache-dir \\\n      fastapi==0.115.6 \\\n      uvicorn==0.34.0\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN ["pip", "install", "fastapi==0.115.6"]\n',
      good: 'FROM python:3.12-slim\nRUN ["pip", "install", "--no-cache-dir", "fastapi==0.115.6"]\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN useradd --create-home app\nUSER app\nRUN --mount=type=cache,target=/root/.cache/pip pip install --user fastapi==0.115.6\n',
      good: 'FROM python:3.12-slim\nRUN useradd --create-home app\nUSER app\nRUN --mount=type=cache,target=/home/app/.cache/pip pip install --user fastapi==0.115.6\n',
    },
  ],
  * check({ file }) {
    const paths = pathsIntoImage(file);
    for (const stage of file.stages) {
      for (const left of leftPipCaches(file, stage)) {
        const [first, ...others] = left;
        const { folder } = first;
        const isCopied = folder !== undefined && paths.get(stage)?.some((path) => isBelow(folder, path)) === true;
        const ships = file.shippedStages.has(stage) || (isCopied && file.neededStages.has(stage));
        const fix = fixOf(file, stage, left);
        yield {
          at: headOf(first.invocation),
          message: messageOf(headText(first.invocation), first),
          related: others.map((each) => ({ at: headOf(each.invocation), message: 'So does this one.' })),
          ...(fix && { fix }),
          ...(!ships && { onRequest: true }),
        };
      }
    }
  },
});
