import type { Command, Script, ShellWord } from '../../src/dockerfile/command.ts';
import { removeWithBlanksBefore, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isFetch } from '../../src/model/fetches.ts';
import { mayCheck } from '../../src/model/program-files.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { certificateVariableCodes, curlLetter, givesUpCertificates, withoutCertificate, type GivenUp } from '../../src/model/verification.ts';
import { defineRule, unsafe, type Finding, type Fix } from '../../src/rule.ts';

const ownHost = /^(?:https?:\/\/)?(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])(?:[:/]|$)/;

/** A service of the build itself has a certificate that nobody signed. */
const asksItself = ({ words }: Command): boolean => {
  const addresses = words.filter(({ text }) => ownHost.test(text) || /^https?:\/\//.test(text));
  return addresses.length > 0 && addresses.every(({ text }) => ownHost.test(text));
};

/** Without the flag an index that speaks http alone is not read at all. */
const needsIt = ({ words }: Command): boolean => words.some(({ text }) => /^(?:--(?:extra-)?index-url=)?http:\/\//.test(text));

function fixOf({ source }: Dockerfile, command: Command, { word, alone }: GivenUp): Fix | undefined {
  if (command.instruction.json !== undefined || word.value === undefined || word.quoted) return undefined;
  if (word.text === '--trusted-host') {
    const value = command.words[command.words.indexOf(word) + 1];
    const gap = value === undefined ? '\n' : source.slice(word.span.end, value.span.start);
    if (value === undefined || gap.trim() !== '' || gap.includes('\n') || needsIt(command)) return undefined;
    return unsafe('Take `--trusted-host` out', removeWithBlanksBefore(source, { start: word.span.start, end: value.span.end }));
  }
  if (command.name === 'curl' && curlLetter(word.text, 'k') && word.text !== '-k') return unsafe('Take `k` out', replace(word, word.text.replace('k', '')));
  return (alone && !needsIt(command)) || word.text === '-k' ? unsafe(`Take \`${word.text}\` out`, removeWithBlanksBefore(source, word)) : undefined;
}

const advice = 'anyone between here and there can put in something else. Add the certificate that is missing instead.';

/** A package index on the machine itself, or one that a variable names. */
function isOpenHost({ words }: Command, word: ShellWord): boolean {
  if (!/^--(?:trusted-host|allow-insecure-host)\b/.test(word.text)) return false;
  const host = word.text.includes('=') ? word.value?.replace(/^.*?=/, '') : words[words.indexOf(word) + 1]?.value;
  return host === undefined || ownHost.test(host);
}

function* ofCommand(file: Dockerfile, script: Script, command: Command): Iterable<Finding> {
  const set = command.assignments.map(({ name, value, span }) => ({ name, value: value === undefined ? '' : value.value, at: span }));
  const named = [...command.wrappers, ...(command.name === 'export' ? command.words : [])].map((word) => {
    const equals = word.text.indexOf('=');
    return { name: word.text.slice(0, Math.max(equals, 0)), value: word.value?.slice(equals + 1), at: word.span };
  });
  for (const { name, value, at } of [...set, ...named]) {
    const code = givesUpCertificates(name, value);
    if (code !== undefined) yield { at, message: `\`${name}\` turns certificates off: ${advice}`, sources: [`checkov/${code}`] };
  }
  const found = withoutCertificate(command);
  if (found === undefined || asksItself(command) || isOpenHost(command, found.word)) return;
  const fix = fixOf(file, command, found);
  yield {
    at: found.word.span,
    message: `With \`${found.word.text}\`, \`${command.name}\` takes any certificate: ${advice}`,
    sources: found.code === undefined ? [] : [`checkov/${found.code}`],
    // What is fetched is compared or verified behind it.
    ...(isFetch(command) && mayCheck(script) && { onRequest: true }),
    ...(fix && { fix }),
  };
}

export default defineRule({
  summary: 'Certificates not checked',
  why: `Without a look at the certificate, whoever sits between the build and the server can answer in its place, and what is downloaded
mostly runs as root. A variable in \`ENV\` goes further: it turns the check off for the service in production too.

Where a company's proxy signs the traffic, copy its certificate into the image (\`update-ca-certificates\`, \`NODE_EXTRA_CA_CERTS\`,
\`PIP_CERT\`). The fix takes the flag out; downloads then fail that went through before, so it is unsafe. Requests to \`localhost\` are
not meant, nor are downloads that are checked in the same RUN by a checksum or a signature.`,
  severity: 'warning',
  sources: [...['2', '3', '4', '13', '15'].map((number) => `CKV2_DOCKER_${number}`), ...certificateVariableCodes].map((code) => `checkov/${code}`),
  examples: [
    { bad: 'FROM debian:12\nRUN curl -fsSLk https://example.com/tool -o /usr/bin/tool\n', good: 'FROM debian:12\nRUN curl -fsSL https://example.com/tool -o /usr/bin/tool\n' },
    { bad: 'FROM debian:12\nRUN wget --no-check-certificate https://example.com/tool\n', good: 'FROM debian:12\nRUN wget https://example.com/tool\n' },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --trusted-host pypi.org requests==2.32.3\n',
      good: 'FROM python:3.12-slim\nRUN pip install requests==2.32.3\n',
    },
    { bad: 'FROM node:22\nENV NODE_TLS_REJECT_UNAUTHORIZED=0\n', good: 'FROM node:22\nENV NODE_EXTRA_CA_CERTS=/etc/ssl/company.pem\n' },
    { bad: 'FROM node:22\nRUN npm config set strict-ssl false\n', good: 'FROM node:22\nRUN npm config set cafile /etc/ssl/company.pem\n' },
    { bad: 'FROM alpine/git:2.47.1\nRUN GIT_SSL_NO_VERIFY=1 git clone https://example.com/app.git\n', good: 'FROM alpine/git:2.47.1\nRUN git clone https://example.com/app.git\n' },
  ],
  * check({ file }) {
    for (const { keyword, pairs } of file.instructions) {
      if (keyword !== 'ENV' && keyword !== 'ARG') continue;
      for (const { name, value, span } of pairs) {
        const code = givesUpCertificates(name, value);
        const isOpen = /_HOST$/i.test(name) && (value?.includes('$') === true || ownHost.test(value ?? ''));
        if (code !== undefined && !isOpen) yield { at: span, message: `\`${name}\` turns certificates off: ${advice}`, sources: [`checkov/${code}`] };
      }
    }
    for (const script of neededScripts(file)) {
      for (const command of script.commands) yield* ofCommand(file, script, command);
    }
  },
});
