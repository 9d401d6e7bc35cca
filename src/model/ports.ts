import type { Instruction } from '../dockerfile/instruction.ts';
import { portProblem } from '../dockerfile/validate/port.ts';
import type { Word } from '../dockerfile/words.ts';
import { span, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';

/** Something in an EXPOSE that is no port of the container. */
export interface PortFault {
  readonly instruction: Instruction;
  readonly at: Span;
  /** Variables put in. */
  readonly text: string;
  /** BuildKit takes `host` and drops the host's part; the build fails with all others. */
  readonly kind: 'host' | 'comma' | 'comment' | 'port';
  /** The word it stands in; undefined for a comment. */
  readonly word: Word | undefined;
  /** What to write instead, where that is clear. */
  readonly ports: string | undefined;
  /** What BuildKit has against it: the end of a sentence that begins with the text. */
  readonly problem: string | undefined;
}

/** `{{port}}`, `<port>`, `%%PORT%%`: the file is a template. */
const isPlaceholder = (text: string): boolean => /[{}<>@%]/.test(text);

type Judgement = Pick<PortFault, 'kind' | 'ports' | 'problem'>;

function judge(text: string): Judgement | undefined {
  const problem = portProblem(text);
  const parts = text.split(',').filter((part) => part !== '');
  if (text.includes(',')) {
    return parts.length > 0 && parts.every((part) => portProblem(part) === undefined && !part.includes(':'))
      ? { kind: 'comma', ports: parts.join(' '), problem }
      : { kind: 'port', ports: undefined, problem };
  }
  const container = text.slice(text.lastIndexOf(':') + 1);
  const clear = container !== text && portProblem(container) === undefined;
  if (problem !== undefined) return { kind: 'port', ports: clear ? container : undefined, problem };
  return clear ? { kind: 'host', ports: container, problem } : undefined;
}

function wordFaults(file: Dockerfile, instruction: Instruction, word: Word): PortFault[] {
  // A variable may hold several ports.
  const texts = file.expand(word.raw, instruction)?.split(/\s+/).filter((part) => part !== '' && !isPlaceholder(part)) ?? [];
  return texts.flatMap((text) => {
    const found = judge(text);
    return found === undefined ? [] : [{ instruction, at: word.span, text, word, ...found }];
  });
}

/** What the EXPOSEs of a file hold that is no port. The rule that mends it and the one for unreadable text go by this. */
export function portFaults(file: Dockerfile): PortFault[] {
  return file.instructions.filter(({ keyword }) => keyword === 'EXPOSE').flatMap((instruction) => {
    const comment = instruction.words.findIndex((word) => word.raw.startsWith('#'));
    const faults = instruction.words.slice(0, comment === -1 ? undefined : comment).flatMap((word) => wordFaults(file, instruction, word));
    const first = comment === -1 ? undefined : instruction.words[comment];
    if (first === undefined) return faults;
    const at = span(first.span.start, instruction.body.end);
    return [...faults, { instruction, at, text: first.raw, kind: 'comment' as const, word: undefined, ports: undefined, problem: undefined }];
  });
}
