import type { BuildContext } from '../../src/context/context.ts';
import { hasFlag, type Command } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertAfter } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';

interface Manager {
  /** Flags or their beginnings that leave development packages out. */
  readonly without: readonly string[];
  /** What the fix adds; none where the right flag depends on the project. */
  readonly flag?: string;
}

/** Installs that bring development packages unless they are told otherwise. */
const managers: Readonly<Record<string, Manager>> = {
  npm: { without: ['--omit', '--only', '--production', '--prod'], flag: '--omit=dev' },
  yarn: { without: ['--production', '--prod', 'focus'] },
  pnpm: { without: ['--prod', '-P', '--production'], flag: '--prod' },
  composer: { without: ['--no-dev'], flag: '--no-dev' },
};

const devFile = /(?:^|[/_.-])(?:dev|test|tests|lint|docs)(?:elopment)?[^/]*\.(?:txt|in)$|requirements[_-]dev/i;

const forDevelopment = (stage: Stage): boolean => /dev|test|debug|ci\b|builder|build/.test(stage.name ?? '');

/** A stage that builds needs the tools; what it ships of them is another rule's business. */
const builds = (file: Dockerfile, stage: Stage): boolean =>
  stage.instructions.some((each) => each.keyword === 'RUN' && file.commandsOf(each).some((command) => {
    const action = readInvocation(command)?.action;
    return action === 'build' || action === 'remove' || /^(?:npx|make|tsc|vite|webpack|ng)$/.test(command.name);
  }));

/** The program the container starts is a development server. */
const startsDevelopment = (file: Dockerfile, stage: Stage): boolean =>
  stage.instructions.some((each) => (each.keyword === 'CMD' || each.keyword === 'ENTRYPOINT') && file.commandsOf(each).some((command) =>
    command.words.some(({ text }) => /^(?:dev|test|watch|serve|start:dev|develop|--reload)$/.test(text)) || /^(?:ts-node|nodemon|tsx|vite|jest|bash|sh)$/.test(command.name)));

const hasDevPackages = (context: BuildContext | undefined): boolean => {
  const text = context?.read('package.json') ?? context?.read('composer.json');
  return text !== undefined && /"(?:devDependencies|require-dev)"\s*:\s*\{\s*"/.test(text);
};

function fixOf(invocation: Invocation, run: Instruction, { flag }: Manager): Fix | undefined {
  const { subcommand } = invocation;
  if (flag === undefined || subcommand === undefined || run.json !== undefined) return undefined;
  return unsafe(`Add \`${flag}\``, insertAfter(subcommand.span, ` ${flag}`));
}

/** A requirements file for development that an install of the shipped stage names. */
const devRequirements = (invocation: Invocation): Command['words'][number] | undefined =>
  invocation.manifestFlags.find((word) => word.value !== undefined && devFile.test(word.value));

export default defineRule({
  summary: 'Development packages in the image that ships',
  why: `Test frameworks, linters and bundlers that no request ever reaches make the image bigger, slower to pull and give
scanners more to report. Install them in a stage of their own, or leave them out.

The fix is unsafe: a program that needs one of them at run time would no longer start.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "server.js"]\n',
      good: 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\nCOPY . .\nCMD ["node", "server.js"]\n',
      context: { 'package.json': '{"devDependencies": {"vitest": "4.0.0"}}', 'package-lock.json': '{}', 'server.js': '' },
    },
    {
      bad: 'FROM python:3.12-slim\nCOPY requirements-dev.txt .\nRUN pip install -r requirements-dev.txt\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCMD ["python", "app.py"]\n',
    },
  ],
  * check({ file, context }) {
    for (const stage of file.shippedStages) {
      if (forDevelopment(stage) || builds(file, stage) || startsDevelopment(file, stage)) continue;
      for (const run of stage.instructions) {
        for (const command of run.keyword === 'RUN' ? file.commandsOf(run) : []) {
          const invocation = readInvocation(command);
          if (invocation?.action !== 'install-manifest') continue;
          const named = devRequirements(invocation);
          if (named !== undefined) {
            yield { at: named.span, message: `\`${named.text}\` looks like packages for development, and this stage ships; install them in a stage of their own.` };
            continue;
          }
          const manager = managers[invocation.manager.name];
          const production = file.stateAt(run).lookup('NODE_ENV') === 'production' && invocation.manager.name !== 'composer';
          if (manager === undefined || production || !hasDevPackages(context) || hasFlag(command.words, ...manager.without)) continue;
          yield {
            at: command.program.span,
            message: `This install brings the development packages of the manifest into the image that ships; leave them out${manager.flag === undefined ? '' : ` with \`${manager.flag}\``}.`,
            fix: fixOf(invocation, run, manager),
          };
        }
      }
    }
  },
});
