import type { Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { factOfPart } from '../fact.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { downloadBy, downloadInHeredoc } from './weight-downloads.ts';

/** What running a step again costs, roughly; a real build's seconds are better where there are any. */
export type CostClass = 'system packages' | 'language packages' | 'build' | 'model download' | 'download' | 'copy' | 'other';

/**
 * What a step of a class costs: about the seconds that one of middle size takes on a usual machine. They are there to weigh steps
 * against each other where no build was timed.
 */
export const costUnits: Readonly<Record<CostClass, number>> = {
  'model download': 90, 'language packages': 40, build: 40, 'system packages': 25, download: 10, copy: 1, other: 1,
};

const order: readonly CostClass[] = ['model download', 'build', 'language packages', 'system packages', 'download', 'copy', 'other'];

const compilers = new Set(['make', 'cmake', 'ninja', 'gcc', 'g++', 'meson', 'bazel', 'configure', 'tsc', 'webpack', 'nvcc']);
const downloaders = new Set(['curl', 'wget', 'git', 'aria2c', 'gdown']);

/** Installers, which are small themselves. */
const installers = /^(?:pip|setuptools|wheel|uv|poetry|pipenv|virtualenv|build|npm|pnpm|yarn|corepack|bundler)(?:[=<>~!@[].*)?$/;

const bringsInstallers = (invocation: Invocation | undefined): boolean =>
  invocation?.manager.kind === 'language' && invocation.action === 'install-named' && invocation.packages.every(({ text }) => installers.test(text));

/** `git config` and the like fetch nothing. */
const fetches = ({ name, words }: Command): boolean => name !== 'git' || words.some(({ text }) => /^(?:clone|fetch|pull|submodule|lfs)$/.test(text));

function classOf(file: Dockerfile, command: Command): CostClass {
  const invocation = readInvocation(command);
  const action = invocation?.action;
  if (action === 'build' || compilers.has(command.name)) return 'build';
  if ((invocation?.manager.kind === 'model' && action === 'download') || downloadBy(file, command) !== undefined) return 'model download';
  if (action === 'download' || bringsInstallers(invocation)) return 'download';
  if (action === 'refresh' || action === 'upgrade' || action?.startsWith('install') === true) {
    return invocation?.manager.kind === 'system' ? 'system packages' : 'language packages';
  }
  return downloaders.has(command.name) && fetches(command) ? 'download' : 'other';
}

/** The expensive things an instruction does, the most expensive one first, each once; `other` where there are none. */
export const costClasses = factOfPart((file: Dockerfile, instruction: Instruction): readonly CostClass[] => {
  if (instruction.keyword !== 'RUN') return [instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? 'copy' : 'other'];
  const classes = new Set(file.commandsOf(instruction).map((command) => classOf(file, command)));
  if (downloadInHeredoc(file, instruction) !== undefined) classes.add('model download');
  const found = order.filter((each) => each !== 'other' && classes.has(each));
  return found.length > 0 ? found : ['other'];
});

/** The most expensive thing an instruction does. */
export const costClass = (file: Dockerfile, instruction: Instruction): CostClass => costClasses(file, instruction)[0] ?? 'other';

/** True for a RUN that takes long enough that running it again for nothing is worth a word. */
export const isExpensive = (file: Dockerfile, instruction: Instruction): boolean =>
  instruction.keyword === 'RUN' && ['model download', 'build', 'language packages', 'system packages', 'download'].includes(costClass(file, instruction));
