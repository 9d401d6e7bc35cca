import { expand, references } from '../../src/dockerfile/expand.ts';
import type { Instruction, Pair } from '../../src/dockerfile/instruction.ts';
import { insertAfter, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Edit } from '../../src/rule.ts';
import { overlaps, span, textAt } from '../../src/span.ts';

/** True where a blank stands outside quotes. */
function bareBlank(raw: string, escape: string): boolean {
  let quote = '';
  for (let index = 0; index < raw.length; index += 1) {
    const character = raw[index] ?? '';
    if (character === escape && quote !== "'") index += 1;
    else if (quote === '' && /\s/.test(character)) return true;
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
  }
  return false;
}

/** The value in double quotes, escaped so that it stays what it is; undefined where variables and quotes mix. */
function requoted(raw: string, escape: string): string | undefined {
  const value = references(raw, escape).length > 0 ? undefined : expand(raw, () => null, escape);
  if (value === undefined) return undefined;
  const text = `"${[...value].map((character) => (character === '"' || character === '$' || character === escape ? escape + character : character)).join('')}"`;
  return expand(text, () => null, escape) === value ? text : undefined;
}

/** A further line that looks like a pair of its own: what was meant is not what it says. */
const hidesPairs = (text: string): boolean => /\n[ \t]*[A-Z_][A-Z0-9_]*[ \t]+\S/.test(text);

function rewrite(file: Dockerfile, instruction: Instruction, { name, nameSpan, raw, valueSpan }: Pair): Edit[] | undefined {
  const gap = span(nameSpan.end, valueSpan.start);
  if (raw === undefined || !/^[a-zA-Z_][\w.-]*$/.test(name) || raw.startsWith('=') || hidesPairs(textAt(file.source, valueSpan))) return undefined;
  if (instruction.comments.some((comment) => overlaps(comment, span(gap.start, valueSpan.end)))) return undefined;
  if (!bareBlank(raw, file.escape)) return [replace(gap, '=')];
  const plain = !/["'`\\]/.test(raw);
  if (plain) return [replace(gap, '="'), insertAfter(valueSpan, '"')];
  const text = textAt(file.source, valueSpan).includes('\n') ? undefined : requoted(raw, file.escape);
  return text === undefined ? undefined : [replace(span(gap.start, valueSpan.end), `=${text}`)];
}

export default defineRule({
  summary: 'ENV or LABEL without an equals sign',
  why: `\`ENV name value\` takes the whole rest of the line for the value, other names and a continued line included, which has hidden
many a mistake; BuildKit warns of the form. \`ENV name=value\` says where a value ends.

The fix keeps the value: it is put in quotes where it holds blanks. It is not offered where quotes and variables mix, where the value
begins with \`=\`, and where a further line looks like a pair of its own: there the author must say what is meant.`,
  severity: 'info',
  sources: ['buildkit/LegacyKeyValueFormat'],
  examples: [
    { bad: 'FROM debian:12\nENV LANG C.UTF-8\n', good: 'FROM debian:12\nENV LANG=C.UTF-8\n' },
    { bad: 'FROM debian:12\nENV JAVA_OPTS -Xms256m -Xmx512m\n', good: 'FROM debian:12\nENV JAVA_OPTS="-Xms256m -Xmx512m"\n' },
    { bad: 'FROM debian:12\nENV JAVA_OPTS "-Xms256m -Xmx512m"\n', good: 'FROM debian:12\nENV JAVA_OPTS="-Xms256m -Xmx512m"\n' },
    { bad: 'FROM debian:12\nENV PATH /opt/bin:$PATH\n', good: 'FROM debian:12\nENV PATH=/opt/bin:$PATH\n' },
    { bad: 'FROM debian:12\nLABEL note says "hello"\n', good: 'FROM debian:12\nLABEL note="says hello"\n' },
    { bad: 'FROM debian:12\nENV PORT = 80\n', good: 'FROM debian:12\nENV PORT=80\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      const [pair] = instruction.pairs;
      if (!instruction.legacyPairs || pair === undefined) continue;
      const edits = rewrite(file, instruction, pair);
      const taken = pair.raw?.startsWith('=') === true ? ', and here the `=` is part of the value' : '';
      yield {
        at: pair.span,
        message: `Without \`=\` behind \`${pair.name}\`, all the rest of the line is its value${taken}; write \`${pair.name}=…\`.`,
        ...(edits && { fix: safe(`Write \`${instruction.keyword} ${pair.name}=…\``, edits) }),
      };
    }
  },
});
