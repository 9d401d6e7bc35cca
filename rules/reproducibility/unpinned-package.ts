import type { ShellWord } from '../../src/dockerfile/command.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { loosePackages } from '../../src/model/pins.ts';
import { defineRule } from '../../src/rule.ts';

/** Tools that are renewed on purpose, in front of the real install. */
const tools = new Set(['pip', 'setuptools', 'wheel', 'npm', 'corepack', 'npm@latest', 'corepack@latest']);
const none: ReadonlySet<string> = new Set();

function messageOf(words: readonly ShellWord[]): string {
  const names = words.slice(0, 4).map(({ text }) => `\`${text}\``).join(', ') + (words.length > 4 ? ` and ${words.length - 4} more` : '');
  const [are, them] = words.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${names} ${are} not pinned to a version, so each build may install another one; pin ${them} or install from a lock file.`;
}

export default defineRule({
  summary: 'Package installed without a version',
  why: `Without a version, each build installs whatever is newest that day: a build that worked last week can break, and nobody can
build the old image again. Name a version, or install from a lock file. Which version is right only the author knows, so there is no fix.

Packages of the distribution are not judged by default: their old versions leave the mirrors, and a pinned one then fails the
build. The option \`system\` asks for them too. Nor are \`pip\`, \`setuptools\`, \`wheel\`, \`npm\` and \`corepack\`, which many files renew
on purpose before the real install; the option \`tools\` asks for those.`,
  severity: 'info',
  sources: [
    'hadolint/DL3008', 'hadolint/DL3013', 'hadolint/DL3016', 'hadolint/DL3018', 'hadolint/DL3028', 'hadolint/DL3033', 'hadolint/DL3037', 'hadolint/DL3041',
    'hadolint/DL3062',
  ],
  options: {
    system: { default: false, about: 'Judge packages of the distribution too: apt, apk, yum, dnf, zypper.' },
    tools: { default: false, about: 'Judge `pip`, `setuptools`, `wheel`, `npm` and `corepack` too.' },
  },
  examples: [
    { bad: 'FROM python:3.12-slim\nRUN pip install fastapi==0.115.0 uvicorn\n', good: 'FROM python:3.12-slim\nRUN pip install fastapi==0.115.0 uvicorn==0.32.0\n' },
    { bad: 'FROM node:22-slim\nRUN npm install -g pm2\n', good: 'FROM node:22-slim\nRUN npm install -g pm2@5.4.2\n' },
    { bad: 'FROM alpine:3.20\nRUN apk add --no-cache curl\n', good: 'FROM alpine:3.20\nRUN apk add --no-cache curl=8.9.1-r1\n', options: { system: true } },
    {
      bad: 'FROM rockylinux:9\nRUN dnf install -y java-1.8.0-openjdk nginx-1.20.1 && dnf clean all\n',
      good: 'FROM rockylinux:9\nRUN dnf install -y java-1.8.0-openjdk-1.8.0.432.b06 nginx-1.20.1 && dnf clean all\n',
      options: { system: true },
    },
    { bad: 'FROM golang:1.24\nRUN go install golang.org/x/tools/gopls@latest\n', good: 'FROM golang:1.24\nRUN go install golang.org/x/tools/gopls@v0.18.1\n' },
  ],
  * check({ file, options }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      if (invocation === undefined || (invocation.manager.kind === 'system' && !options.system)) continue;
      const loose = loosePackages(file, invocation, options.tools ? none : tools);
      const [first] = loose?.words ?? [];
      if (loose === undefined || first === undefined) continue;
      // `pip install requirements.txt` lacks its `-r`; versions are not what it lacks.
      const onRequest = loose.words.every(({ text }) => /\.(?:txt|in|toml)$/.test(text));
      yield { at: first.span, message: messageOf(loose.words), sources: loose.code === undefined ? [] : [`hadolint/${loose.code}`], onRequest };
    }
  },
});
