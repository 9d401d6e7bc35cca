import { references } from '../../src/dockerfile/expand.ts';
import type { Instruction, Pair } from '../../src/dockerfile/instruction.ts';
import { insertAfter, removeLines } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isSecretName, looksRandom, mayBeSecret, secretsIn, type FoundSecret } from '../../src/model/secrets.ts';
import { secretCodes } from '../../src/model/secret-names.ts';
import { findDefinition } from '../../src/model/variables.ts';
import { defineRule, manual, type Finding, type Fix } from '../../src/rule.ts';
import { contains, span } from '../../src/span.ts';

const secretMount = (name: string): string => `--mount=type=secret,id=${name.toLowerCase()},env=${name}`;
const atStart = 'give it to the container when it starts';
const atBuild = (name: string): string => `mount it where it is needed: \`RUN ${secretMount(name)}\``;

/** Instructions behind `from` that name a variable. */
function namedBehind(file: Dockerfile, from: Instruction, name: string): Instruction[] {
  const reference = /^\w+$/.test(name) ? new RegExp(`\\$\\{?${name}\\b`) : undefined;
  return file.instructions.filter((each) => each.index > from.index && reference?.test(file.source.slice(each.span.start, each.span.end)) === true);
}

/** Proposes a secret mount for the RUNs of the stage that name the argument, where nothing else does. */
function mountInstead(file: Dockerfile, argument: Instruction, name: string): Fix | undefined {
  const users = namedBehind(file, argument, name);
  const fits = users.every((each) => each.keyword === 'RUN' && each.json === undefined && file.stageOf(each) === file.stageOf(argument));
  if (users.length === 0 || !fits || argument.pairs.length > 1 || argument.comments.length > 0) return undefined;
  return manual(
    `Mount \`${name}\` as a secret; the build then takes it with \`--secret id=${name.toLowerCase()},env=${name}\``,
    removeLines(file.source, argument),
    users.map((each) => insertAfter(each.keywordSpan, ` ${secretMount(name)}`)),
  );
}

/** What is wrong with a pair of this name; undefined where nothing is, or nobody can tell. */
function problemOf(file: Dockerfile, instruction: Instruction, pair: Pair): string | undefined {
  const { name, raw = '' } = pair;
  const isArgument = instruction.keyword === 'ARG';
  const advice = isArgument ? atBuild(name) : atStart;
  const used = references(raw, file.escape);
  if (used.length === 0) {
    if (mayBeSecret(pair.value ?? '')) {
      const place = isArgument ? 'the history of the image' : 'the image';
      return `\`${name}\` has a fixed value that looks like a secret, and ${place} shows it to everyone who has it; ${advice}.`;
    }
    const isGiven = pair.raw === undefined || (pair.value === '' && namedBehind(file, instruction, name).length > 0);
    const stage = file.stageOf(instruction);
    if (!isArgument || !isGiven || stage === undefined) return undefined;
    const kept = file.shippedStages.has(stage) ? 'stays in the history of the image' : 'is kept in the build\'s cache and records';
    return `\`${name}\` is a secret by its name, but a build argument ${kept}; ${advice}.`;
  }
  const fallback = used.find(({ operator, operand }) => operator.endsWith('-') && mayBeSecret(operand));
  if (fallback !== undefined) return `\`${name}\` falls back to a fixed value that looks like a secret; ${advice}.`;
  const { definitions } = file.stateAt(instruction);
  const source = isArgument ? undefined : used.find((each) => findDefinition(definitions, each.name)?.kind === 'ARG');
  return source && `\`${name}\` keeps the build argument \`${source.name}\` in the image, where everyone can read it; ${advice}.`;
}

const sourcesOf = (name: string): readonly string[] => [...secretCodes(name), 'trivy/DS-0031'];

/** Names that other tools take for secrets, whatever they hold, besides those that were found. */
function* byNameAlone(file: Dockerfile, told: ReadonlySet<number>): Iterable<Finding> {
  for (const instruction of file.instructions) {
    const { keyword, pairs } = instruction.keyword === 'ONBUILD' && instruction.inner !== undefined ? instruction.inner : instruction;
    if (keyword !== 'ARG' && keyword !== 'ENV') continue;
    const isElsewhere = keyword !== instruction.keyword || file.stageOf(instruction) === undefined;
    for (const { name, nameSpan: at } of pairs) {
      // BuildKit leaves out those in front of the first FROM, and those behind ONBUILD.
      const sources = told.has(at.start) ? [] : secretCodes(name).filter((code) => !isElsewhere || code.startsWith('hadolint/'));
      if (sources.length > 0) yield { at, message: `\`${name}\` is a secret by its name; if it holds one, mount it where it is needed, or give it when the container starts.`, sources, onRequest: true };
    }
  }
}

function* named(file: Dockerfile, found: readonly FoundSecret[]): Iterable<Finding> {
  const seen = new Set<string>();
  for (const instruction of file.instructions) {
    const stage = file.stageOf(instruction);
    if (!/^(?:ARG|ENV)$/.test(instruction.keyword) || (stage !== undefined && !file.neededStages.has(stage))) continue;
    for (const pair of instruction.pairs) {
      const key = `${instruction.keyword} ${pair.name} ${pair.raw ?? ''}`;
      if (seen.has(key) || !isSecretName(pair.name) || found.some((secret) => contains(pair.span, secret))) continue;
      const message = problemOf(file, instruction, pair);
      if (message === undefined) continue;
      seen.add(key);
      const fix = instruction.keyword === 'ARG' && (pair.value ?? '') === '' ? mountInstead(file, instruction, pair.name) : undefined;
      yield { at: pair.nameSpan, message, sources: sourcesOf(pair.name), ...(fix && { fix }) };
    }
  }
}

/** `NAME=value` in a RUN, exported or not: only values that look random, for builds often give dummies. */
function* assigned(file: Dockerfile, found: readonly FoundSecret[]): Iterable<Finding> {
  for (const command of file.commands) {
    const own = command.assignments.map(({ span: at, name, value }) => ({ at, name, text: value?.value ?? '' }));
    const exported = command.name !== 'export' ? [] : command.words.map(({ span: at, value = '' }) => {
      const equals = value.indexOf('=');
      return { at, name: value.slice(0, Math.max(equals, 0)), text: value.slice(equals + 1) };
    });
    for (const { at, name, text } of [...own, ...exported]) {
      if (!isSecretName(name) || !mayBeSecret(text) || !looksRandom(text) || found.some((secret) => contains(at, secret))) continue;
      const message = `\`${name}\` is set to what looks like a secret, and the history of the image keeps every RUN; ${atBuild(name)}.`;
      yield { at: span(at.start, at.start + name.length), message, sources: [] };
    }
  }
}

/** Literal tokens, keys and URLs with a password, wherever an instruction holds them. */
function* shaped(file: Dockerfile, found: readonly FoundSecret[]): Iterable<Finding> {
  for (const secret of found) {
    const instruction = file.instructions.find((each) => contains(each.span, secret));
    if (instruction === undefined || file.comments.some((comment) => contains(comment.span, secret))) continue;
    const pair = instruction.pairs.find((each) => contains(each.span, secret));
    const holder = pair === undefined ? `This ${instruction.keyword}` : `\`${pair.name}\``;
    const advice = instruction.keyword === 'RUN' || instruction.keyword === 'ARG' ? 'mount it as a secret where it is needed' : atStart;
    const message = `${holder} holds ${secret.what}, which everyone who has the image can read; revoke it, and ${advice}.`;
    yield { at: pair?.nameSpan ?? secret, message, sources: pair === undefined || instruction.keyword === 'LABEL' ? [] : sourcesOf(pair.name) };
  }
}

export default defineRule({
  summary: 'Secret in ENV, ARG, LABEL or RUN',
  why: `ENV and LABEL are part of the image, and its history shows every ARG and RUN: \`docker history\` is enough to read them,
also when a later layer takes them back. A program gets its secrets when the container starts; a build gets them by a
secret mount, which leaves no trace.

Found are values with the shape of a token, private keys, passwords in URLs, and variables whose name says that they hold
a secret (\`HF_TOKEN\`, \`DB_PASSWORD\`). Empty defaults, placeholders, paths, and names such as \`TOKENIZERS_PARALLELISM\` or
\`PASSWORD_FILE\` are none. For an argument that RUNs name, the proposal is the mount; what builds the image must then give
the secret.

hadolint and BuildKit judge by the name alone: where one of their codes or presets is asked for, names of secrets are findings whatever
their value is.`,
  severity: 'warning',
  sources: ['buildkit/SecretsUsedInArgOrEnv', 'hadolint/DL3064', 'trivy/DS-0031'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nARG HF_TOKEN\nRUN hf auth login --token "$HF_TOKEN"\n',
      good: 'FROM python:3.12-slim\nRUN --mount=type=secret,id=hf_token,env=HF_TOKEN hf auth login --token "$HF_TOKEN"\n',
    },
    {
      bad: 'FROM python:3.12-slim\nENV LOG_LEVEL=info DB_PASSWORD=hunter2-Prod\n',
      good: 'FROM python:3.12-slim\nENV LOG_LEVEL=info DB_PASSWORD=""\n',
    },
    {
      bad: 'FROM node:22-slim\nARG REGISTRY\nENV NPM_TOKEN=$REGISTRY\n',
      good: 'FROM node:22-slim\nARG REGISTRY\nENV NPM_REGISTRY=$REGISTRY\n',
    },
    {
      bad: 'FROM debian:12\nRUN git clone https://build:s3same-0pen@git.example.com/team/app.git\n',
      good: 'FROM debian:12\nRUN --mount=type=secret,id=git,target=/root/.git-credentials git clone https://git.example.com/team/app.git\n',
    },
  ],
  * check({ file }) {
    const found = secretsIn(file.source);
    const all = [...shaped(file, found), ...named(file, found), ...assigned(file, found)];
    yield* all;
    yield* byNameAlone(file, new Set(all.map(({ at }) => at.start)));
  },
});
