import { fieldSpan, mountFields } from '../dockerfile/validate/mount.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** A place where a stage takes files of itself. */
export interface SelfCopy {
  readonly instruction: Instruction;
  /** The value of `--from`, or of a mount's `from`. */
  readonly at: Span;
  readonly text: string;
}

function sourcesOf({ source }: Dockerfile, { keyword, flags }: Instruction): { at: Span; text: string }[] {
  return flags.flatMap((each) => {
    if (each.value === undefined) return [];
    if (keyword === 'COPY' && each.name === 'from') return [{ at: each.valueSpan, text: each.value }];
    const from = keyword === 'RUN' && each.name === 'mount' ? mountFields(each.value)?.findLast(({ key }) => key === 'from') : undefined;
    return from?.raw === undefined ? [] : [{ at: fieldSpan(source, each, from), text: from.raw }];
  });
}

/** Where stages copy from, or mount, themselves: BuildKit refuses it. Numbers count in COPY only. */
export function selfCopies(file: Dockerfile): SelfCopy[] {
  return file.stages.flatMap(({ name, index, instructions }) => instructions.flatMap((instruction) => {
    if (instruction.flags.length === 0) return [];
    const isSelf = (text: string): boolean => text.toLowerCase() === name || (instruction.keyword === 'COPY' && /^\d+$/.test(text) && Number(text) === index);
    return sourcesOf(file, instruction).filter(({ text }) => isSelf(text)).map((source) => ({ instruction, ...source }));
  }));
}
