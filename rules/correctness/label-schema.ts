import { references } from '../../src/dockerfile/expand.ts';
import type { Instruction, Pair } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { labelTypes } from '../../src/model/label-types.ts';
import { lineage } from '../../src/model/shipped.ts';
import { stageUses, type Stage } from '../../src/model/stages.ts';
import { defineRule, type Finding } from '../../src/rule.ts';

type Schema = Readonly<Record<string, string>>;

const noSchema: Schema = {};

/** The code of hadolint's that tells of a value of the wrong kind. */
const codes: Readonly<Record<string, string>> = { url: 'DL3052', rfc3339: 'DL3053', spdx: 'DL3054', hash: 'DL3055', semver: 'DL3056', email: 'DL3058' };

const labelsOf = (stage: Stage): readonly Instruction[] => stage.instructions.filter(({ keyword }) => keyword === 'LABEL');

const carries = (stage: Stage, name: string): boolean =>
  lineage(stage).some((each) => labelsOf(each).some(({ pairs }) => pairs.some((pair) => pair.name === name)));

/** A stage that only serves others: a labelled one is built on it, or one takes files of it. */
const serves = (file: Dockerfile, stage: Stage, name: string): boolean => file.stages.some((other) =>
  stageUses(other, file.stages).some((use) => use.stage === stage) || (other !== stage && lineage(other).includes(stage) && carries(other, name)));

function* missing(file: Dockerfile, schema: Schema): Iterable<Finding> {
  for (const stage of file.stages) {
    for (const [name, type] of Object.entries(schema)) {
      if (carries(stage, name) || serves(file, stage, name)) continue;
      const example = labelTypes.get(type)?.example ?? 'any text';
      yield {
        at: stage.imageWord?.span ?? stage.from.keywordSpan,
        message: `The image has no label \`${name}\`, which the schema asks for; add \`LABEL ${name}="…"\`, for example with \`${example}\`.`,
        sources: ['hadolint/DL3049'],
        onRequest: stage !== file.targetStage,
      };
    }
  }
}

/** What is wrong with a label that the schema has, and hadolint's code for it; undefined where a variable decides. */
function problemOf(file: Dockerfile, pair: Pair, type: string): readonly [message: string, code: string] | undefined {
  const { name, value = '', raw = '' } = pair;
  if (references(raw, file.escape).length > 0) return undefined;
  if (value === '') return [`The label \`${name}\` is empty; give it a value or take it away.`, 'DL3051'];
  const kind = labelTypes.get(type);
  const code = codes[type];
  if (kind === undefined || code === undefined || kind.fits(value)) return undefined;
  return [`The label \`${name}\` must be ${kind.what}, such as \`${kind.example}\`.`, code];
}

export default defineRule({
  summary: 'Label that is missing, or not as the schema wants it',
  why: `Registries, scanners and people find out by labels where an image comes from: its sources, its version, its licence. A team that
relies on them writes down which labels each image has, and of what kind their values are.

The option \`schema\` names the labels with their kinds; without it the rule says nothing. A stage that others are built on or copy from
needs no labels of its own, and a value that an argument gives is not judged.`,
  severity: 'warning',
  sources: [
    'hadolint/DL3049', 'hadolint/DL3050', 'hadolint/DL3051', 'hadolint/DL3052', 'hadolint/DL3053', 'hadolint/DL3054', 'hadolint/DL3055', 'hadolint/DL3056',
    'hadolint/DL3058',
  ],
  options: {
    schema: { default: noSchema, about: 'The labels an image must have, each with its kind: text, rfc3339, semver, url, hash, spdx or email.' },
    strict: { default: false, about: 'Labels outside the schema are findings too.' },
  },
  examples: [
    {
      bad: 'FROM debian:12\nCMD ["app"]\n',
      good: 'FROM debian:12\nLABEL org.opencontainers.image.source="https://example.com/app"\nCMD ["app"]\n',
      options: { schema: { 'org.opencontainers.image.source': 'url' } },
    },
    {
      bad: 'FROM debian:12\nLABEL org.opencontainers.image.version="v1.4"\n',
      good: 'FROM debian:12\nLABEL org.opencontainers.image.version="1.4.0"\n',
      options: { schema: { 'org.opencontainers.image.version': 'semver' } },
    },
    {
      bad: 'FROM debian:12\nLABEL team=search colour=blue\n',
      good: 'FROM debian:12\nLABEL team=search\n',
      options: { schema: { team: 'text' }, strict: true },
    },
  ],
  * check({ file, options: { schema, strict } }) {
    if (Object.keys(schema).length === 0 && !strict) return;
    yield* missing(file, schema);
    for (const pair of file.stages.flatMap(labelsOf).flatMap(({ pairs }) => pairs)) {
      const type = Object.hasOwn(schema, pair.name) ? schema[pair.name] : undefined;
      if (type === undefined) {
        const isOpen = references(pair.name, file.escape).length > 0;
        if (strict && !isOpen) yield { at: pair.nameSpan, message: `The schema has no label \`${pair.name}\`; take it away.`, sources: ['hadolint/DL3050'] };
        continue;
      }
      const problem = problemOf(file, pair, type);
      if (problem !== undefined) yield { at: pair.value === undefined || pair.value === '' ? pair.nameSpan : pair.valueSpan, message: problem[0], sources: [`hadolint/${problem[1]}`] };
    }
  },
});
