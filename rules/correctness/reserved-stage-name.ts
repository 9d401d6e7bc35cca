import { defineRule } from '../../src/rule.ts';

const meanings: ReadonlyMap<string, string> = new Map([['scratch', 'the empty image'], ['context', 'the build context']]);

export default defineRule({
  summary: 'Stage called `scratch` or `context`',
  why: `\`scratch\` is the empty image, and \`context\` the build context. A stage that takes one of these names cannot be reached by it, or
hides what readers and tools expect behind it. Call it something else, also where \`FROM\` and \`--from\` name it.`,
  severity: 'warning',
  sources: ['buildkit/ReservedStageName', 'hadolint/DL3063'],
  examples: [
    { bad: 'FROM debian:12 AS scratch\nRUN id\n', good: 'FROM debian:12 AS base\nRUN id\n' },
    { bad: 'FROM debian:12 AS context\nRUN id\n', good: 'FROM debian:12 AS files\nRUN id\n' },
  ],
  * check({ file }) {
    for (const { name = '', nameWord } of file.stages) {
      const meaning = meanings.get(name);
      if (meaning !== undefined && nameWord !== undefined) yield { at: nameWord.span, message: `\`${name}\` stands for ${meaning}; give the stage another name.` };
    }
  },
});
