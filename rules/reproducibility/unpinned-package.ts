import type { ShellWord } from '../../src/dockerfile/command.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { defineRule } from '../../src/rule.ts';

/** What a version looks like on each manager's command line. */
const pinned: Readonly<Record<string, RegExp>> = {
  pip: /[=<>~!]=|[<>]|@\s*\S/,
  pipx: /[=<>~!]=|@/,
  uv: /[=<>~!]=|[<>]|@/,
  npm: /.@(?!(?:latest|next)$)[^/]+$/,
  yarn: /.@(?!(?:latest|next)$)[^/]+$/,
  pnpm: /.@(?!(?:latest|next)$)[^/]+$/,
  bun: /.@(?!(?:latest|next)$)[^/]+$/,
  gem: /:/,
  go: /@(?!latest$)/,
  cargo: /@/,
  'apt-get': /[=/]/,
  apk: /[=~<>]/,
};

const systemManagers = new Set(['apt-get', 'apk']);

/** Tools that are renewed on purpose, in front of the real install. */
const renewed = new Set(['pip', 'setuptools', 'wheel', 'npm', 'corepack', 'npm@latest', 'corepack@latest']);

/** A path, an address or an archive: not a name that a version could follow. */
const isFile = (text: string): boolean => /^[./~]|:\/\/|\.(?:whl|gz|tgz|zip|deb|apk|gem|txt|in|toml)$|^git[@+]/.test(text);

/** Versions given for the whole command: `gem install -v`, `cargo install --version`, `pip -c constraints.txt`. */
const pinnedByFlag = ({ command, manifestFlags }: Invocation): boolean =>
  manifestFlags.length > 0 || command.words.some(({ text }) => /^(?:-v$|--version\b|--locked$|--git\b|--path\b|--constraint\b)/.test(text));

const isUnpinned = (word: ShellWord, manager: string): boolean =>
  word.value !== undefined && !isFile(word.value) && !renewed.has(word.value) && pinned[manager]?.test(word.value) === false;

export default defineRule({
  summary: 'Package installed without a version',
  why: `Without a version, each build installs whatever is newest that day: a build that worked last week can break, and nobody can
build the old image again. Name a version, or install from a lock file. Which version is right only the author knows, so there is no fix.

Packages of the distribution are not judged by default: their old versions leave the mirrors, and a pinned one then fails the
build. The option \`system\` asks for them too.`,
  severity: 'info',
  sources: ['hadolint/DL3008', 'hadolint/DL3013', 'hadolint/DL3016', 'hadolint/DL3018', 'hadolint/DL3028', 'hadolint/DL3062'],
  options: { system: { default: false, about: 'Judge packages of `apt-get` and `apk` too.' } },
  examples: [
    { bad: 'FROM python:3.12-slim\nRUN pip install fastapi==0.115.0 uvicorn\n', good: 'FROM python:3.12-slim\nRUN pip install fastapi==0.115.0 uvicorn==0.32.0\n' },
    { bad: 'FROM node:22-slim\nRUN npm install -g pm2\n', good: 'FROM node:22-slim\nRUN npm install -g pm2@5.4.2\n' },
    { bad: 'FROM alpine:3.20\nRUN apk add --no-cache curl\n', good: 'FROM alpine:3.20\nRUN apk add --no-cache curl=8.9.1-r1\n', options: { system: true } },
  ],
  * check({ file, options }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      if (invocation?.action !== 'install-named' || pinnedByFlag(invocation)) continue;
      const { name } = invocation.manager;
      if (systemManagers.has(name) && !options.system) continue;
      const loose = invocation.packages.filter((word) => isUnpinned(word, name));
      const [first] = loose;
      if (first === undefined) continue;
      const names = loose.slice(0, 4).map(({ text }) => `\`${text}\``).join(', ') + (loose.length > 4 ? ` and ${loose.length - 4} more` : '');
      yield { at: first.span, message: `${names} ${loose.length === 1 ? 'is' : 'are'} not pinned to a version, so each build may install another one; pin ${loose.length === 1 ? 'it' : 'them'} or install from a lock file.` };
    }
  },
});
