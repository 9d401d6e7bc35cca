import type { Command } from '../../src/dockerfile/command.ts';
import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import { addresses, isFetch, pipesBehind } from '../../src/model/fetches.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { mayCheck } from '../../src/model/program-files.ts';
import { isNeeded, neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule, type Finding } from '../../src/rule.ts';
import type { Span } from '../../src/span.ts';

/** What is run, unpacked, installed or trusted. */
const program = /\.(?:tar|tgz|tbz2?|txz|gz|xz|bz2|zst|zip|7z|deb|rpm|apk|sh|bash|py|pl|run|bin|exe|msi|jar|war|whl|gem|so|appimage|key|gpg|asc|pub|pem|crt)(?:[?#].*)?$/i;

/** Names that stay inside a machine or a company. */
const local = /^(?:localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|\[|[^.]*$|.*\.(?:local|internal|localhost|lan|corp|test)$)/i;

/** The host of a plain address of a program; undefined for any other, and where a variable takes part in the host. */
function plainHost(text: string): string | undefined {
  const host = /^http:\/\/(?:[^/@]*@)?([^/:?#]+)/i.exec(text)?.[1];
  return host === undefined || local.test(host) || /[$`{]/.test(host) ? undefined : host;
}

const finding = (at: Span, host: string): Finding => ({
  at,
  message: `This comes from \`${host}\` over plain HTTP: anybody on the way can put something else in its place. Use \`https\`, or compare a checksum.`,
});

const takesPrograms = (name: string): boolean => /^(?:(?:ba|da|a|z|k)?sh|tar|bsdtar|gunzip|unzip|python\d?|perl|apt-key|gpg|rpm|dpkg)$/.test(name);

function* ofCommand(command: Command, isPiped: boolean): Iterable<Finding> {
  for (const word of addresses(command)) {
    const host = plainHost(word.text);
    if (host !== undefined && (program.test(word.text) || isPiped)) yield finding(word.span, host);
  }
}

function* ofAdd(file: Dockerfile, instruction: Instruction): Iterable<Finding> {
  if (instruction.keyword !== 'ADD' || flag(instruction, 'checksum') !== undefined || !isNeeded(file, instruction)) return;
  for (const word of instruction.words.slice(0, -1)) {
    const host = plainHost(word.text);
    if (host !== undefined && program.test(word.text)) yield finding(word.span, host);
  }
}

export default defineRule({
  summary: 'Program or archive fetched over plain HTTP',
  why: `Without TLS nobody knows who sent a file: a proxy, a hotel's network or whoever stands on the way can replace it, and the build runs
it as root. Use \`https\`; where a server has none, compare a checksum that came another way (\`ADD --checksum=sha256:…\`,
\`sha256sum -c\`). Downloads that are compared in the same RUN are not flagged, nor are hosts inside a network of your own.

There is no fix: not every server that speaks HTTP speaks HTTPS, under the same name and path.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl -fsSL http://example.com/tool.tar.gz | tar xz\n',
      good: 'FROM debian:12\nRUN curl -fsSL https://example.com/tool.tar.gz | tar xz\n',
    },
    {
      bad: 'FROM debian:12\nADD http://example.com/tool.jar /opt/\n',
      good: 'FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d http://example.com/tool.jar /opt/\n',
    },
    {
      bad: 'FROM debian:12\nRUN wget -q http://example.com/install.sh && sh install.sh\n',
      good: 'FROM debian:12\nRUN wget -q http://example.com/tool.zip && echo "24454f tool.zip" | sha256sum -c && wget -q http://localhost:8080/x.zip\n',
    },
  ],
  * check({ file }) {
    if (!/http:\/\//i.test(file.source)) return;
    for (const instruction of file.instructions) yield* ofAdd(file, instruction);
    for (const script of neededScripts(file)) {
      if (mayCheck(script)) continue;
      for (const command of script.commands) {
        if (!isFetch(command)) continue;
        const isPiped = pipesBehind(script, command).some(({ members }) => members.some((each) => each !== undefined && takesPrograms(each.name)));
        yield* ofCommand(command, isPiped);
      }
    }
  },
});
