import { hasFlag, type Command, type Script } from '../../src/dockerfile/command.ts';
import { addFlag } from '../../src/model/append.ts';
import { addresses, pipesBehind } from '../../src/model/fetches.ts';
import { hasPipefail } from '../../src/model/pipefail.ts';
import { mayCheck } from '../../src/model/program-files.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

/** Letters of curl that take a value: the rest of the word is theirs. */
const withValue = /[AbcCdDeEFhHKmoPQrTtuUwxXyYz]/;

/** The letters of a short cluster: `-sSLo` is s, S, L, o. */
function letters(text: string): string {
  if (!/^-[^-]/.test(text)) return '';
  const end = text.slice(1).split('').findIndex((letter) => withValue.test(letter));
  return end === -1 ? text.slice(1) : text.slice(1, end + 2);
}

const has = ({ words }: Command, letter: string, ...names: readonly string[]): boolean =>
  words.some(({ text }) => names.includes(text.split('=')[0] ?? '') || letters(text).includes(letter));

/** It looks at the status itself, asks for it only, or sends something. */
const judges = (command: Command): boolean =>
  has(command, 'f', '--fail', '--fail-with-body', '--fail-early') || has(command, 'w', '--write-out') || has(command, 'I', '--head') ||
  has(command, 'K', '--config') || has(command, 'X', '--request') || has(command, 'd', '--data', '--data-raw', '--data-binary') || hasFlag(command.words, '--version');

/** Programs that refuse an error page: it is no archive, no package, no key. */
const refuses = /^(?:tar|bsdtar|unzip|gunzip|gzip|zcat|bunzip2|unxz|xz|gpg|apt-key|rpm|dpkg|apt|apt-get|yum|dnf|apk|cpio|7z|jq|jar|pip[\d.]*|patch|docker)$/;

/** Names of what is unpacked or installed sooner or later, by a program that refuses an error page. */
const archive = /\.(?:zip|7z|tar|t?gz|txz|xz|tbz2?|bz2|zst|deb|rpm|apk|whl)$/i;

const isPageCaught = (script: Script, command: Command): boolean =>
  script.commands.some(({ name, span }) => refuses.test(name) && span.start > command.span.start) ||
  command.words.some(({ text }) => archive.test(text)) || mayCheck(script);

const isSaved = (command: Command): boolean =>
  has(command, 'o', '--output') || has(command, 'O', '--remote-name', '--remote-name-all') || command.redirects.some(({ operator, descriptor }) =>
    operator.startsWith('>') && operator !== '>&' && (descriptor ?? 1) === 1);

const isLocal = (text: string): boolean => /^(?:file:|https?:\/\/(?:localhost|127\.))/.test(text);

export default defineRule({
  summary: '`curl` that takes an error page for the file',
  why: `When a server answers with an error, \`curl\` prints the page that comes with it and succeeds: a \`404 Not Found\` ends up in the file,
or is run by the shell behind the pipe. With \`--fail\` (\`-f\`) it prints nothing and fails, and so does the build, where the mistake is.
Downloads that something behind them would refuse, such as archives and files whose checksum is compared, are not flagged, nor are those in
a pipe without \`pipefail\`, which would not fail with \`curl\`.

The fix adds \`-f\`. It is not safe: a build that lived with the error page stops.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -sSL https://example.com/install.sh | sh\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl -f -sSL https://example.com/install.sh | sh\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && \\\n    curl -Lo /usr/bin/tool \\\n      https://example.com/tool && chmod +x /usr/bin/tool\n',
      good: 'FROM debian:12\nRUN apt-get update && \\\n    curl -f -Lo /usr/bin/tool \\\n      https://example.com/tool && chmod +x /usr/bin/tool\n',
    },
    {
      bad: 'FROM debian:12\nRUN curl https://example.com/key.asc > /etc/key.asc\n',
      good: 'FROM debian:12\nRUN curl -f https://example.com/key.asc > /etc/key.asc\n',
    },
    {
      bad: 'FROM debian:12\nRUN ["curl", "-o", "/tool", "https://example.com/tool"]\n',
      good: 'FROM debian:12\nRUN ["curl", "-f", "-o", "/tool", "https://example.com/tool"]\n',
    },
  ],
  * check({ file }) {
    for (const script of neededScripts(file)) {
      for (const command of script.commands) {
        if (command.name !== 'curl' || judges(command) || isPageCaught(script, command)) continue;
        const [pipe] = pipesBehind(script, command);
        // Its failure would not count, and what is behind the pipe would get nothing instead of an error page.
        if (pipe !== undefined && !hasPipefail(file, script, pipe)) continue;
        const piped = pipe?.members.at(-1)?.name;
        const [address] = addresses(command);
        if ((piped === undefined && !isSaved(command)) || (address !== undefined && isLocal(address.text))) continue;
        const takes = piped === undefined || piped === '' ? 'is saved as the file' : `goes to \`${piped}\` as if it were the file`;
        yield {
          at: command.program.span,
          message: `Should the server answer with an error, its error page ${takes}; add \`-f\` so that \`curl\` fails.`,
          fix: unsafe('Add `-f`', addFlag(command, command.program, '-f')),
        };
      }
    }
  },
});
