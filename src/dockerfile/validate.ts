import type { Instruction } from './instruction.ts';
import type { Problem, RawDockerfile } from './parse.ts';

/** Every condition under which BuildKit refuses the file. */
export const validate = (_source: string, raw: RawDockerfile, _instructions: readonly Instruction[]): Problem[] => [...raw.problems];
