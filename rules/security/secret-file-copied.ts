import type { BuildContext } from '../../src/context/context.ts';
import { factOf } from '../../src/fact.ts';
import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { newlineOf } from '../../src/edits.ts';
import { copySources, isWholeContext, matchesGlob, type CopySource } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isForTests, isSecret, secretFile, type SecretFile } from '../../src/model/secret-files.ts';
import { defineRule, manual, type Finding, type Fix } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

/** Where the copy can be read. */
function place(file: Dockerfile, instruction: Instruction): string {
  const stage = file.stageOf(instruction);
  return stage !== undefined && file.shippedStages.has(stage) ? 'everyone who has the image can read it' : 'the build cache keeps it';
}

/** Files a source takes by name, or by a glob where the context tells which. */
function namedFiles(source: CopySource, context: BuildContext | undefined): string[] {
  if (source.path === undefined || source.path === '') return [];
  const { path } = source;
  return source.glob ? (context?.files.filter((each) => matchesGlob(path, each) && context.sends(each)) ?? []) : [path];
}

function secretAmong(paths: readonly string[], context: BuildContext | undefined): { path: string; file: SecretFile } | undefined {
  for (const path of paths) {
    const file = secretFile(path);
    if (file !== undefined && context?.ignored(path) !== true && isSecret(file, context?.read(path))) return { path, file };
  }
  return undefined;
}

/** Secrets that a copy of the whole context takes. */
const sentSecrets = factOf((context: BuildContext) => context.sentBelow('').filter((path) => {
  const file = isForTests(path) ? undefined : secretFile(path);
  if (file === undefined) return false;
  const text = context.read(path);
  return text?.trim() !== '' && isSecret(file, text);
}));

/** Secrets in a folder that a source takes whole. */
function secretsBelow(source: CopySource, context: BuildContext | undefined): readonly string[] {
  const folder = isWholeContext(source) ? '' : source.path;
  if (context === undefined || folder === undefined || (folder !== '' && !context.isFolder(folder))) return [];
  const secrets = sentSecrets(context);
  if (folder === '' || secrets.length === 0) return secrets;
  const below = new Set(context.sentBelow(folder));
  return secrets.filter((path) => below.has(path));
}

/** Proposes lines for the ignore file. */
function exclude(context: BuildContext, paths: readonly string[]): Fix {
  const { path, text } = context.ignoreFile ?? { path: '.dockerignore', text: '' };
  const newline = newlineOf(text);
  const lines = paths.map((each) => each + newline).join('');
  const ended = text === '' || text.endsWith('\n');
  return manual(`Exclude ${quoted(paths)} in \`${path}\``, { file: path, span: span(text.length, text.length), text: ended ? lines : newline + lines });
}

const quoted = (paths: readonly string[]): string => paths.map((path) => `\`${path}\``).join(', ');

const advice = 'give it to the container when it starts, or mount it with `RUN --mount=type=secret` where the build needs it';

function* fromContext(file: Dockerfile, instruction: Instruction, context: BuildContext | undefined): Iterable<Finding> {
  for (const source of copySources(file, instruction)) {
    const named = secretAmong(namedFiles(source, context), context);
    if (named !== undefined) {
      const message = `\`${named.path}\` is ${named.file.what}; once copied, ${place(file, instruction)}. Rather ${advice}.`;
      yield { at: source.word.span, message };
      continue;
    }
    const below = flag(instruction, 'exclude') === undefined ? secretsBelow(source, context) : [];
    if (context === undefined || below.length === 0) continue;
    const names = `${quoted(below.slice(0, 3))}${below.length > 3 ? ` and ${below.length - 3} more` : ''}`;
    const [holds, them] = below.length > 1 ? ['hold', 'them'] : ['holds', 'it'];
    const message = `This takes ${names} along, which ${holds} secrets; once copied, ${place(file, instruction)}. Exclude ${them} in the ignore file.`;
    yield { at: source.word.span, message, fix: exclude(context, below) };
  }
}

export default defineRule({
  summary: 'Copied file that holds a secret',
  why: `What a COPY takes is in the image for everyone who can pull it, also when a later RUN deletes it; in a builder stage it
stays in the build cache. Programs get their secrets when the container starts. A build gets them with
\`RUN --mount=type=secret\`, or \`--mount=type=ssh\` for keys, which leaves nothing behind.

Private keys, \`.env\`, \`.netrc\`, cloud credentials and the like are known by their name. Where the build context is known,
their text counts too (an \`.npmrc\` without a token is none), and folders are looked through. Examples such as
\`.env.example\`, certificates and public keys are no secrets.`,
  severity: 'warning',
  sources: ['trivy/DS-0031'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .env ./\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY main.py .env.example ./\n',
    },
    {
      bad: 'FROM node:22-slim AS build\nCOPY package.json .npmrc ./\nRUN npm ci\n\nFROM node:22-slim\nCOPY --from=build node_modules node_modules\n',
      good: 'FROM node:22-slim AS build\nCOPY package.json ./\nRUN --mount=type=secret,id=npmrc,target=.npmrc npm ci\n\nFROM node:22-slim\nCOPY --from=build node_modules node_modules\n',
      context: { 'package.json': '{}', '.npmrc': '//npm.example.com/:_authToken=1f8a26d0-77f5-4a5c-90ab-0d7f5f5d1a11\n' },
    },
    {
      bad: 'FROM debian:12\nCOPY . /srv\n',
      good: 'FROM debian:12\nCOPY . /srv\n',
      context: { 'main.sh': 'echo', '.env': 'DB_PASSWORD=correct-horse\n', 'deploy/id_ed25519': '-----BEGIN OPENSSH PRIVATE KEY-----\n', 'test/id_rsa': '' },
      files: { '.dockerignore': '.env\ndeploy/id_ed25519\n' },
    },
  ],
  * check({ file, context }) {
    for (const stage of file.neededStages) {
      for (const instruction of stage.instructions) yield* fromContext(file, instruction, context);
    }
  },
});
