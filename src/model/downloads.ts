import { hasFlag, type Command, type Pipe, type Script, type ShellWord } from '../dockerfile/command.ts';
import { contains } from '../span.ts';

/** Options of curl and wget whose value may look like an address and is none. */
const curlValues: readonly string[] = [
  '-x', '--proxy', '--preproxy', '-e', '--referer', '-H', '--header', '-A', '--user-agent', '-d', '--data', '--data-raw',
  '--data-binary', '--noproxy', '-u', '--user', '-o', '--output', '-w', '--write-out', '-b', '--cookie', '-F', '--form', '-X',
  '--request', '--resolve', '--cacert', '--connect-to',
];

const wgetValues: readonly string[] = [
  '--header', '--referer', '-U', '--user-agent', '-O', '--output-document', '-P', '--directory-prefix', '-o', '-a', '--post-data', '-e', '--execute',
];

export const isDownload = ({ name }: Command): boolean => name === 'curl' || name === 'wget';

/** The addresses that a `curl` or `wget` fetches, as far as the command names them. */
export function addresses({ name, words }: Command): ShellWord[] {
  const values = name === 'curl' ? curlValues : wgetValues;
  return words.filter(({ text }, index) => /^[a-z]+:\/\//i.test(text) && !values.includes(words[index - 1]?.text ?? ''));
}

const shells = /^(?:ba|da|a|z|k)?sh$/;
const interpreters = /^(?:python[\d.]*|perl|ruby|node|php)$/;

/** True for a program that runs what it reads. */
const runsInput = ({ name, words }: Command): boolean =>
  (shells.test(name) && !hasFlag(words, '-c')) || (interpreters.test(name) && words.every(({ text }) => text === '-' || /^-[bsu]$/.test(text)));

/** What runs the output of a download: `curl … | sh`, `sh -c "$(curl …)"`, `bash <(curl …)`. */
export function runnerOf({ pipes, commands }: Script, download: Command): Command | undefined {
  const pipe = pipes.find(({ members }) => members.includes(download));
  const next = pipe?.members.slice(pipe.members.indexOf(download) + 1).find((each) => each !== undefined && runsInput(each));
  if (next !== undefined) return next;
  return commands.find(({ name, words }) =>
    (shells.test(name) || name === 'eval' || name === 'source' || name === '.') && words.some(({ span }) => contains(span, download.span)));
}

/** The pipes that take what a command writes. */
export const pipesBehind = ({ pipes }: Script, command: Command): Pipe[] =>
  pipes.filter(({ members }) => members.includes(command) && members.at(-1) !== command);

const checkers = /^(?:sha\d+sum|md5sum|shasum|b2sum|gpgv?|cosign|minisign|rsync-ssl)$/;

/** True where a script compares what it fetched with a checksum or a signature. */
export const verifies = ({ commands }: Script): boolean => commands.some(({ name, words }) =>
  checkers.test(name) || (name === 'openssl' && words[0]?.text === 'dgst') || (name === 'apk' && words[0]?.text === 'verify'));
