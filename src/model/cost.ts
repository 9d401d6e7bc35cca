import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation } from './packages.ts';

/** What running a step again costs, roughly; a real build's seconds are better where there are any. */
export type CostClass = 'system packages' | 'language packages' | 'build' | 'download' | 'copy' | 'other';

const order: readonly CostClass[] = ['build', 'language packages', 'system packages', 'download', 'copy', 'other'];

const compilers = new Set(['make', 'cmake', 'ninja', 'gcc', 'g++', 'meson', 'bazel', 'configure', 'tsc', 'webpack', 'nvcc']);
const downloaders = new Set(['curl', 'wget', 'git', 'aria2c', 'gdown']);

/** The most expensive thing a RUN does, by the commands it holds. */
export function costClass(file: Dockerfile, instruction: Instruction): CostClass {
  if (instruction.keyword !== 'RUN') return instruction.keyword === 'COPY' || instruction.keyword === 'ADD' ? 'copy' : 'other';
  const classes = file.commandsOf(instruction).map((command): CostClass => {
    const invocation = readInvocation(command);
    const action = invocation?.action;
    if (action === 'build' || compilers.has(command.name)) return 'build';
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
  instruction.keyword === 'RUN' && ['build', 'language packages', 'system packages', 'download'].includes(costClass(file, instruction));
