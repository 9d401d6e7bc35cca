import { readInstruction } from '../../src/dockerfile/instruction.ts';
import { parseRaw } from '../../src/dockerfile/parse.ts';
import type { Case } from './generate.ts';

/** Texts with one instruction less, or one command of a RUN less. */
function* smallerTexts(text: string): Generator<string> {
  const raw = parseRaw(text);
  for (const [index, each] of raw.instructions.entries()) {
    const { span, keyword } = readInstruction(each, index, raw.escape);
    const end = text.indexOf('\n', span.end) + 1 || text.length;
    yield text.slice(0, span.start) + text.slice(end);
    if (keyword !== 'RUN') continue;
    const parts = text.slice(span.start, span.end).split(/(?<=&&|;) /);
    for (const [number] of parts.entries()) {
      if (parts.length === 1) continue;
      const shorter = parts.filter((_, other) => other !== number).join(' ').replace(/\s*(?:&&|;)$/, '');
      yield text.slice(0, span.start) + (shorter.startsWith('RUN') ? shorter : `RUN ${shorter}`) + text.slice(span.end);
    }
  }
  for (const match of text.matchAll(/^#.*\n|^\n/gm)) yield text.slice(0, match.index) + text.slice(match.index + match[0].length);
  for (const match of text.matchAll(/ --(?!from)\w+=\S+| --link(?= )/g)) yield text.slice(0, match.index) + text.slice(match.index + match[0].length);
}

function* smaller(one: Case): Generator<Case> {
  for (const text of smallerTexts(one.text)) yield { ...one, text };
  for (const path of Object.keys(one.files)) yield { ...one, files: Object.fromEntries(Object.entries(one.files).filter(([other]) => other !== path)) };
  for (const name of Object.keys(one.given)) yield { ...one, given: Object.fromEntries(Object.entries(one.given).filter(([other]) => other !== name)) };
}

/** The smallest case found of which the same is true. */
export function shrink(one: Case, stillTrue: (smallerCase: Case) => boolean): Case {
  let now = one;
  for (let found: Case | undefined = one; found !== undefined;) {
    now = found;
    found = undefined;
    for (const candidate of smaller(now)) {
      if (!stillTrue(candidate)) continue;
      found = candidate;
      break;
    }
  }
  return now;
}
