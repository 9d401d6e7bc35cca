import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation } from './packages.ts';
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

/** The most expensive thing a RUN does, by the commands it holds. */
export function costClass(file: Dockerfile, instruction: Instruction): CostClass {
  if (instruction.keyword !== 'RUN') return instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? 'copy' : 'other';
  if (downloadInHeredoc(file, instruction) !== undefined) return 'model download';
  const classes = file.commandsOf(instruction).map((command): CostClass => {
    const invocation = readInvocation(command);
    const action = invocation?.action;
    if (action === 'build' || compilers.has(command.name)) return 'build';
    if ((invocation?.manager.kind === 'model' && action === 'download') || downloadBy(file, command) !== undefined) return 'model download';
    if (action === 'download') return 'download';
    if (action === 'refresh' || action === 'upgrade' || action?.startsWith('install') === true) {
      return invocation?.manager.kind === 'system' ? 'system packages' : 'language packages';
    }
    return downloaders.has(command.name) ? 'download' : 'other';
  });
  return order.find((each) => classes.includes(each)) ?? 'other';
}

/** True for a RUN that takes long enough that running it again for nothing is worth a word. */
export const isExpensive = (file: Dockerfile, instruction: Instruction): boolean =>
  instruction.keyword === 'RUN' && ['model download', 'build', 'language packages', 'system packages', 'download'].includes(costClass(file, instruction));
