import type { Command } from '../../src/dockerfile/command.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { adviceFor } from '../../src/optimize/dependencies-form.ts';
import { dependenciesFirst, projectInstall } from '../../src/optimize/dependencies-first.ts';
import { sinkPlans, type SinkPlan } from '../../src/optimize/sink.ts';
import { sinkEdits } from '../../src/optimize/sink-edits.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

const firstLine = (text: string): string => (text.split('\n')[0] ?? '').replace(/\s*\\?\s*$/, '');

const longestCommand = 60;

/** A command as a sentence can quote it: on one line, without variables in front, and not too long. */
function quoted(file: Dockerfile, { wrappers, program, span: whole }: Command): string {
  const start = Math.min(...[...wrappers, program].map((word) => word.span.start));
  const line = file.source.slice(start, whole.end).replace(/\s*[\\`]?\r?\n\s*/g, ' ').trim();
  return line.length <= longestCommand ? line : `${line.slice(0, line.lastIndexOf(' ', longestCommand))} …`;
}

const listOf = (names: readonly string[]): string =>
  names.length <= 3 ? names.map((name) => `\`${name}\``).join(', ') : `\`${names[0] ?? ''}\` and ${names.length - 1} more files`;

function fixOf(file: Dockerfile, plan: SinkPlan, known: boolean): Fix | undefined {
  const edits = plan.refusals.length > 0 ? undefined : sinkEdits(file, plan);
  if (edits === undefined) return undefined;
  const needed = plan.copies.flatMap((each) => each.needed.map(({ path }) => path));
  const title = needed.length === 0 ? 'Move the sources below the install' : `Copy ${listOf(needed)} first and the sources below the install`;
  // An install of system packages needs no file of the context, so there is nothing to know of it.
  const proven = plan.doubts.length === 0 && (known || needed.length === 0);
  return (proven ? safe : unsafe)(title, edits);
}

/** What to do, as far as it can be said in a clause. */
function advice(file: Dockerfile, plan: SinkPlan): string {
  if (plan.refusals.length > 0) {
    const project = projectInstall(file, plan.run);
    return project === undefined ? 'it needs less than that, though the sources can\'t simply move below it' : adviceFor(project);
  }
  return plan.copies.some(({ needed }) => needed.length > 0) ? 'copy the manifests first and the rest below the install' : 'copy the sources below the install';
}

export default defineRule({
  summary: 'Sources copied before an install that does not need them',
  why: `Docker reuses a layer only while all above it is unchanged. With the sources copied first, each changed line of code
installs every dependency again. An install reads a few manifests: copied alone, they keep its layer until they change.

The fix copies exactly the files the install reads and moves the sources below it. Where uv, Poetry or PDM would install the
project itself, it installs the dependencies alone first, and the project below its sources. It is safe where the build context
confirms that nothing else is read and nothing that was installed gets overwritten; the notes say what speaks against it.`,
  severity: 'warning',
  reorders: true,
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\nCOPY . .\n',
      context: { 'requirements.txt': 'fastapi==0.115.0\n', 'main.py': '' },
    },
    {
      bad: 'FROM node:22-slim\nCOPY --chown=node:node ./server /app/server/\nWORKDIR /app/server\nRUN yarn install --frozen-lockfile\nCMD ["node", "index.js"]\n',
      good: 'FROM node:22-slim\nCOPY --chown=node:node ./server/package.json ./server/yarn.lock /app/server/\nWORKDIR /app/server\nRUN yarn install --frozen-lockfile\nCOPY --chown=node:node ./server /app/server/\nCMD ["node", "index.js"]\n',
      context: { 'server/package.json': '{"dependencies": {"express": "4.21.0"}}', 'server/yarn.lock': '# yarn lockfile v1\n', 'server/index.js': '' },
    },
    {
      bad: 'FROM ghcr.io/astral-sh/uv:0.9-python3.12-bookworm-slim\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-dev\n',
      good: 'FROM ghcr.io/astral-sh/uv:0.9-python3.12-bookworm-slim\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-install-project --no-dev\nCOPY . .\nRUN uv sync --frozen --no-dev\n',
      context: {
        'pyproject.toml': '[project]\nname = "app"\nversion = "1.0"\ndependencies = ["fastapi"]\n\n[build-system]\nrequires = ["uv_build"]\nbuild-backend = "uv_build"\n',
        'uv.lock': 'version = 1\n', 'src/app/__init__.py': '',
      },
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci && npm run build\n',
      good: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n',
      context: { 'package.json': '{"dependencies": {"express": "4.21.0"}}', 'package-lock.json': '{}', 'index.js': '' },
    },
    {
      bad: 'FROM debian:12\nWORKDIR /srv/app\nCOPY . .\nRUN apt-get update && apt-get install -y curl\n',
      good: 'FROM debian:12\nWORKDIR /srv/app\nRUN apt-get update && apt-get install -y curl\nCOPY . .\n',
    },
  ],
  * check({ file, context }) {
    for (const stage of file.stages) {
      for (const plan of sinkPlans(file, stage, context)) {
        const { copy } = plan.copies[0];
        const command = plan.install.command;
        const apart = plan.refusals.length === 0 ? undefined : dependenciesFirst(file, stage, plan, context);
        const fix = apart?.fix ?? fixOf(file, plan, context !== undefined);
        const at = span(command.span.start, command.span.start + firstLine(textAt(file.source, command.span)).length);
        const reasons = (apart?.doubts ?? [...plan.refusals, ...plan.doubts]).map((message) => ({ at, message }));
        yield {
          at: copy.span,
          message: `\`${firstLine(textAt(file.source, copy.span))}\` stands above \`${quoted(file, command)}\`, so every change of a copied file installs everything again; ${advice(file, plan)}.`,
          related: reasons,
          ...(fix && { fix }),
        };
      }
    }
  },
});
