import type { Command } from '../../src/dockerfile/command.ts';
import { addFlag } from '../../src/model/append.ts';
import type { ImageFacts } from '../../src/model/bases.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** Letters of wget that take a value: what follows in the same word is theirs. */
const withValue = /[aoeitOTwQPUlARDIXB]/;

/** True for a short cluster with `-q`, `-o`, `-a`, or `-nv`. */
function isQuietCluster(text: string): boolean {
  if (/^-[^-]*nv/.test(text)) return true;
  for (const letter of text.slice(1)) {
    if (/[qoa]/.test(letter)) return true;
    if (withValue.test(letter) || letter === '-') return false;
  }
  return false;
}

const quietOption = /^--(?:progress|quiet|output-file|append-output|no-verbose|show-progress|version|help|spider)\b/;

const isSilent = ({ words }: Command): boolean =>
  words.some(({ text }) => (text.startsWith('--') ? quietOption.test(text) : text.startsWith('-') && isQuietCluster(text)));

const hasBusybox = (facts: ImageFacts | undefined): boolean => facts?.shell === 'ash';

/** GNU's wget is certain: what else these distributions call `wget` does not know the value. */
const isGnu = (facts: ImageFacts | undefined): boolean => ['debian', 'ubuntu', 'amazon'].includes(facts?.distribution ?? '');

/** What wget says goes nowhere but to the log of the build. */
const isLogged = ({ place, redirects }: Command): boolean =>
  place !== 'nested' && !redirects.some(({ operator, descriptor }) => descriptor === 2 || operator.startsWith('&>'));

function fixOf(command: Command, facts: ImageFacts | undefined): Fix | undefined {
  if (hasBusybox(facts)) return undefined;
  const make = isGnu(facts) && isLogged(command) ? safe : unsafe;
  return make('Add `--progress=dot:giga`', addFlag(command, command.program, '--progress=dot:giga'));
}

export default defineRule({
  summary: 'Download with `wget` that fills the log with its progress',
  why: `Where nobody watches, \`wget\` prints a line for every 50 kB, so that one big download is thousands of lines of a build's log.
\`--progress=dot:giga\` prints one for every 32 MB, \`-q\` or \`-nv\` next to nothing.

The fix adds the option for GNU's wget, which changes nothing of what is downloaded. It is not safe where the base image is not known:
BusyBox has a \`wget\` too, which refuses the option.`,
  severity: 'off',
  sources: ['hadolint/DL3047'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN wget https://example.com/big.tar.gz\n',
      good: 'FROM debian:12\nRUN wget --progress=dot:giga https://example.com/big.tar.gz\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && \\\n    wget -O /tmp/big.tar.gz \\\n      https://example.com/big.tar.gz\n',
      good: 'FROM debian:12\nRUN apt-get update && \\\n    wget --progress=dot:giga -O /tmp/big.tar.gz \\\n      https://example.com/big.tar.gz\n',
    },
    {
      bad: 'FROM alpine:3.20\nRUN wget https://example.com/big.tar.gz\n',
      good: 'FROM alpine:3.20\nRUN wget -q https://example.com/big.tar.gz\n',
    },
    {
      bad: 'FROM debian:12\nRUN ["wget", "https://example.com/big.tar.gz"]\n',
      good: 'FROM debian:12\nRUN ["wget", "--progress=dot:giga", "https://example.com/big.tar.gz"]\n',
    },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      if (command.name !== 'wget' || command.words.length === 0 || isSilent(command)) continue;
      const facts = file.stageOf(command.instruction)?.facts;
      const fix = fixOf(command, facts);
      const option = fix === undefined ? '-q' : '--progress=dot:giga';
      yield { at: command.program.span, message: `\`wget\` fills the build's log with its progress; add \`${option}\`.`, ...(fix && { fix }) };
    }
  },
});
