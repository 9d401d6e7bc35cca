import { defineRule } from '../../src/rule.ts';

/** Comments that silence what stands below them, and the codes that tell of them. */
const comments: readonly { readonly pattern: RegExp; readonly sources: readonly string[] }[] = [
  { pattern: /^hadolint\s+ignore\s*=\s*(?:DL|SC)\d+(?:\s*,\s*(?:DL|SC)\d+)*\s*(?:#.*)?$/, sources: ['hadolint/DL1001'] },
  { pattern: /^shipshape\s+ignore\s*:/i, sources: [] },
];

export default defineRule({
  summary: 'Comment that silences a finding',
  why: `Where all exceptions are to stand in one config, with a review of its own, a comment in a Dockerfile is a way around it. The
rule names each comment that ignores findings of the instruction below; those for a whole stage or file are not meant.

It is for teams that have agreed on this: a comment beside the line it speaks of is otherwise the better place for an exception.`,
  severity: 'off',
  sources: ['hadolint/DL1001'],
  examples: [
    { bad: 'FROM debian:12\n# hadolint ignore=DL3059\nRUN id\n', good: 'FROM debian:12\nRUN id\n' },
    { bad: 'FROM debian:12\n# shipshape ignore: mergeable-runs\nRUN id\n', good: '# hadolint global ignore=DL3059\nFROM debian:12\nRUN id\n' },
  ],
  * check({ file }) {
    for (const { text, span: at } of file.comments) {
      const found = comments.find(({ pattern }) => pattern.test(text));
      if (found !== undefined) yield { at, message: 'This comment silences findings here; put the exception into the config instead.', sources: found.sources };
    }
  },
});
