import { expand, references, type Lookup } from '../../src/dockerfile/expand.ts';
import { referenceProblem } from '../../src/dockerfile/validate/reference.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { platformArguments } from '../../src/model/variables.ts';
import { defineRule } from '../../src/rule.ts';

/** What a FROM sees when the build is given no arguments but those that are known. */
const defaults = ({ globalState }: Dockerfile): Lookup => (name) => {
  const value = globalState.lookup(name);
  return platformArguments.has(name) ? 'amd64' : value === null ? '' : value;
};

/** The names that leave the gap: those without a value, also where the default of a named one is made of them. */
function gaps({ globalState, globalArguments, escape }: Dockerfile, start: readonly string[]): string[] {
  const defaultOf = new Map(globalArguments.flatMap(({ pairs }) => pairs).map(({ name, raw = '' }) => [name, references(raw, escape)]));
  // What is added while the loop runs is looked at too.
  const names = new Set(start);
  for (const name of names) for (const each of defaultOf.get(name) ?? []) names.add(each.name);
  return [...names].filter((name) => !platformArguments.has(name) && (defaultOf.get(name) ?? []).length === 0 && (globalState.lookup(name) ?? '') === '');
}

export default defineRule({
  summary: 'FROM that names no image without a build argument',
  why: `An ARG without a default, or with an empty one, leaves a gap: \`busybox:\${TAG}\` is then \`busybox:\`, which is no image, and a build
that forgets \`--build-arg TAG=…\` fails with an error that does not say so. Editors and services that read the file can't tell the base
image either. Give the ARG a default, or write \`\${TAG:-latest}\` where it stands.

Switch it off where the argument is to be given in any case.`,
  severity: 'info',
  sources: ['buildkit/InvalidDefaultArgInFrom'],
  examples: [
    { bad: 'ARG TAG\nFROM busybox:${TAG}\nRUN id\n', good: 'ARG TAG=1.36\nFROM busybox:${TAG}\nRUN id\n' },
    { bad: 'ARG BASE\nFROM $BASE\nRUN id\n', good: 'ARG BASE=debian:12\nFROM $BASE\nRUN id\n' },
    { bad: 'ARG TAG\nFROM busybox:${TAG}\nRUN id\n', good: 'ARG TAG\nFROM busybox:${TAG:-1.36}\nRUN id\n' },
  ],
  * check({ file }) {
    if (file.problems.length > 0) return;
    const declared = new Set(file.globalArguments.flatMap(({ pairs }) => pairs.map(({ name }) => name)));
    for (const { imageWord: word, index } of file.stages) {
      const names = word === undefined ? [] : references(word.raw, file.escape).map(({ name }) => name);
      if (word === undefined || !names.some((name) => declared.has(name))) continue;
      const base = expand(word.raw, defaults(file), file.escape);
      const isStage = file.stages.slice(0, index).some(({ name }) => name === base?.toLowerCase());
      if (base === undefined || isStage || base === 'scratch' || (base !== '' && referenceProblem(base) === undefined)) continue;
      const [empty = names[0] ?? '', ...more] = gaps(file, names);
      const [gap, advice] = more.length === 0 ? [`a value for \`${empty}\``, 'the ARG a default'] : [`values for \`${empty}\` and ${more.length} more`, 'the ARGs defaults'];
      yield { at: word.span, message: `Without ${gap} this is ${base === '' ? 'empty' : `\`${base}\``}, which is no image; give ${advice}.` };
    }
  },
});
