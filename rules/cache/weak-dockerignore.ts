import type { BuildContext } from '../../src/context/context.ts';
import { readIgnoreFile } from '../../src/context/dockerignore.ts';
import { flag } from '../../src/dockerfile/instruction.ts';
import { newlineOf } from '../../src/edits.ts';
import { copySources, isWholeContext, type CopySource } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { heldWeights } from '../../src/model/ignore-patterns.ts';
import { excludable, type Excludable } from '../../src/model/ignore-wants.ts';
import { defineRule, safe, type Edit, type Fix } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

type IgnoreFile = NonNullable<BuildContext['ignoreFile']>;

/** Lines at the end of the ignore file, in its own layout. */
function append({ path, text }: IgnoreFile, patterns: readonly string[]): Edit {
  const newline = newlineOf(text);
  const ended = text === '' || text.endsWith('\n');
  const lines = patterns.join(newline);
  return { file: path, span: span(text.length, text.length), text: ended ? lines + newline : newline + lines };
}

/** A pattern that takes the thing back by name: it is wanted. */
function isTakenBack(ignoreFile: IgnoreFile, pattern: string): boolean {
  const name = pattern.replace('**/', '');
  return readIgnoreFile(ignoreFile.text).patterns.some(({ text, negated }) => negated && text.split('/').includes(name));
}

/** Sources that take a whole folder of the context, the context itself among them; a COPY with `--exclude` minds itself. */
const folderSources = (file: Dockerfile, context: BuildContext): CopySource[] =>
  [...file.neededStages].flatMap((stage) => stage.instructions)
    .flatMap((each) => (flag(each, 'exclude') === undefined ? copySources(file, each) : []))
    .filter((source) => isWholeContext(source) || (source.path !== undefined && !source.glob && context.isFolder(source.path)));

const quoted = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ').replace(/, ([^,]*)$/, ' and $1');

function fixOf(ignoreFile: IgnoreFile, missing: readonly Excludable[]): Fix | undefined {
  const patterns = missing.map(({ pattern }) => pattern);
  // A file beside a Dockerfile outside the context is not ours to change.
  if (patterns.length === 0 || ignoreFile.path.startsWith('../')) return undefined;
  return safe(`Exclude ${quoted(patterns)} in \`${ignoreFile.path}\``, append(ignoreFile, patterns));
}

export default defineRule({
  summary: 'Ignore file that lets the history, caches, packages or model weights through',
  why: `What a COPY of a whole folder takes is part of its layer's key and of the image: a commit, a test run or a local install
then invalidates the layer, a virtual environment or \`node_modules\` lays itself over what was installed, and \`.env\`
tells its secrets to whoever has the image.

The fix adds lines at the end of the ignore file, only for what no COPY, bind mount or RUN can miss: not for \`.git\` where the
build reads the history, not for \`node_modules\` where nothing installs it. Model weights may be what the image is for:
they are named, but never excluded by the fix.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\n',
      context: { '.dockerignore': '*.md\n', '.git/HEAD': '', 'requirements.txt': '', 'app/__pycache__/main.cpython-312.pyc': '', '.venv/pyvenv.cfg': '' },
      files: { '.dockerignore': '*.md\n.git\n**/__pycache__\n**/.venv\n' },
    },
    {
      bad: 'FROM node:22-slim\nWORKDIR /app\nCOPY web/ .\nRUN npm ci\n',
      good: 'FROM node:22-slim\nWORKDIR /app\nCOPY web/ .\nRUN npm ci\n',
      context: { '.dockerignore': '.git\r\nREADME.md', 'web/package.json': '{}', 'web/node_modules/a/index.js': '' },
      files: { '.dockerignore': '.git\r\nREADME.md\r\n**/node_modules' },
    },
    {
      bad: 'FROM python:3.12-slim\nCOPY . /app\n',
      good: 'FROM python:3.12-slim\nCOPY --exclude=*.safetensors . /app\n',
      context: { '.dockerignore': '.git\n', 'main.py': '', 'models/llama.safetensors': '' },
    },
  ],
  * check({ file, context }) {
    const ignoreFile = context?.ignoreFile;
    if (context === undefined || ignoreFile === undefined) return;
    const sources = folderSources(file, context);
    const [first] = sources;
    if (first === undefined) return;
    const folders = sources.map(({ path }) => (path === '*' ? '' : path ?? ''));
    const missing = excludable(file, context, folders, ignoreFile.path === '.dockerignore')
      .filter(({ entry, pattern, held }) => entry.minor !== true && held.length > 0 && !isTakenBack(ignoreFile, pattern));
    // Who copies a folder of weights by its name wants them.
    const weights = sources.some(isWholeContext) ? heldWeights(context) : [];
    const names = [...missing.map(({ held }) => held[0] ?? ''), ...weights.slice(0, 1)];
    if (names.length === 0) return;
    const taken = `${quoted(names)}${weights.length > 1 ? ' and more model weights' : ''}`;
    const advice = `add ${names.length > 1 ? 'them' : 'it'} there${missing.length === 0 ? ', unless the image is to carry the model' : ''}`;
    const fix = fixOf(ignoreFile, missing);
    yield {
      at: (sources.find((source) => isWholeContext(source) || names[0]?.startsWith(`${source.path ?? ''}/`)) ?? first).word.span,
      message: `This takes ${taken} along, which no pattern of \`${ignoreFile.path}\` excludes; ${advice}.`,
      ...(fix && { fix }),
    };
  },
});
