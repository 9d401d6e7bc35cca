import { flagValue, hasFlag, operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Effects, Places } from './effects.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { joinPath } from './state.ts';

/**
 * Where system packages put and look for their files; an application's own folder is none of these.
 * Packages of a distribution put nothing in /opt and /usr/local (Filesystem Hierarchy Standard 3.0, 3.13 and 4.9).
 */
export const systemPlaces: readonly string[] = [
  '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32', '/etc', '/var', '/run', '/boot', '/dev', '/tmp',
  '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/lib32', '/usr/lib64', '/usr/libexec', '/usr/share', '/usr/include',
  '/usr/games', '/usr/etc', '/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/share',
];

const none: Effects = { reads: [], writes: [], context: [], network: false, opaque: undefined };

/** What a program does, told from its words; undefined where they hold something we can't judge. */
type Teller = (command: Command, folder: string | undefined) => Effects | undefined;

/** Absolute paths of literal words; undefined when one is not literal or the folder is needed and unknown. */
function paths(words: readonly ShellWord[], folder: string | undefined): string[] | undefined {
  const found: string[] = [];
  for (const word of words) {
    const text = word.value ?? globPrefix(word);
    const path = text === undefined || text.startsWith('~') ? undefined : joinPath(folder, text);
    if (path === undefined) return undefined;
    found.push(path);
  }
  return found;
}

/** The folder in front of a glob: `/tmp/*.deb` lies in `/tmp`. */
function globPrefix(word: ShellWord): string | undefined {
  if (word.variables.length > 0 || /[$`]/.test(word.text)) return undefined;
  const at = word.text.search(/[*?[{]/);
  return at <= 0 ? undefined : word.text.slice(0, word.text.lastIndexOf('/', at) + 1) || undefined;
}

const writesWords = (values: readonly string[] = [], skip = 0): Teller => (command, folder) => {
  const writes = paths(operands(command.words, values).slice(skip), folder);
  return writes && { ...none, writes, reads: writes };
};

const nothing: Teller = () => none;

/** `dpkg -i FILE` installs; `dpkg --print-architecture` and the like read the system. */
const packageFiles: Teller = (command, folder) => {
  const files = paths(operands(command.words), folder);
  return files && { ...none, reads: [...systemPlaces, ...files], writes: systemPlaces };
};

const copies: Teller = (command, folder) => {
  const all = paths(operands(command.words, ['-t', '-m', '-o', '-g', '-S']), folder);
  const target = flagValue(command.words, '-t', '--target-directory');
  if (all === undefined || target !== undefined) return undefined;
  const moves = command.name === 'mv';
  return { ...none, reads: all, writes: moves ? all : all.slice(-1) };
};

const reads: Teller = (command, folder) => {
  const found = paths(operands(command.words), folder);
  return found && { ...none, reads: found };
};

/** `curl -o FILE`, `wget -O FILE`: without one, curl writes to its output, wget into the folder. */
const downloads: Teller = (command, folder) => {
  const target = flagValue(command.words, '-o', '--output', '-O', '--output-document');
  const curl = command.name === 'curl';
  const remote = curl && (hasFlag(command.words, '-O') || hasFlag(command.words, '--remote-name'));
  const words = (curl && remote) || (!curl && target === undefined) ? undefined : target;
  if (words === undefined) return curl && !remote ? { ...none, network: true } : folder === undefined ? undefined : { ...none, network: true, writes: [folder] };
  if (words.text === '-') return { ...none, network: true };
  const writes = paths([words], folder);
  return writes && { ...none, network: true, writes };
};

const extracts: Teller = (command, folder) => {
  if (folder === undefined) return undefined;
  const flags = command.words[0]?.text ?? '';
  if (!/x/.test(flags) && !hasFlag(command.words, '--extract')) return undefined;
  const to = flagValue(command.words, '-C', '--directory');
  const writes = to === undefined ? [folder] : paths([to], folder);
  return writes && { ...none, reads: [folder, '/tmp'], writes };
};

/** Accounts live in /etc; the home folder is made below /home unless another is named. */
const accounts: Teller = (command, folder) => {
  const home = flagValue(command.words, '-d', '--home', '--home-dir', '-h');
  const homes = home === undefined ? ['/home'] : paths([home], folder);
  return homes && { ...none, reads: ['/etc'], writes: ['/etc', '/var/mail', '/var/spool', ...(hasFlag(command.words, '--no-create-home', '-M', '-H') ? [] : homes)] };
};

const settings: Teller = () => ({ ...none, reads: ['/etc', '/root', '/home'], writes: ['/etc', '/root', '/home'] });

const system: Teller = () => ({ ...none, reads: systemPlaces, writes: systemPlaces, network: true });

/** `sed -i`, `sed` as a filter. */
const edits: Teller = (command, folder) => {
  const script = flagValue(command.words, '-e', '-f', '--expression', '--file') === undefined ? 1 : 0;
  const files = paths(operands(command.words, ['-e', '-f', '--expression', '--file']).slice(script), folder);
  return files && { ...none, reads: files, writes: hasFlag(command.words, '-i', '--in-place') ? files : [] };
};

const clones: Teller = (command, folder) => {
  const [action] = operands(command.words, ['-C', '-c']);
  if (action?.value === 'config') return settings(command, folder);
  return undefined;
};

const tellers: Readonly<Record<string, Teller>> = {
  '': nothing, ':': nothing, true: nothing, false: nothing, export: nothing, set: nothing, unset: nothing, umask: nothing, exit: nothing,
  echo: nothing, printf: nothing, sleep: nothing, uname: nothing, arch: nothing, nproc: nothing, whoami: nothing, id: nothing, date: nothing,
  which: nothing, basename: nothing, dirname: nothing, shopt: nothing, alias: nothing, pwd: nothing, tr: nothing, seq: nothing,
  cd: reads, pushd: reads, test: reads, '[': reads, cat: reads, grep: reads, ls: reads, head: reads, tail: reads, wc: reads, cut: reads, sha256sum: reads, sort: reads,
  mkdir: writesWords(['-m']), touch: writesWords(['-d', '-r', '-t']), rm: writesWords(), rmdir: writesWords(), tee: writesWords(),
  chmod: writesWords([], 1), chown: writesWords([], 1), chgrp: writesWords([], 1),
  cp: copies, mv: copies, ln: copies, install: copies,
  curl: downloads, wget: downloads, tar: extracts,
  useradd: accounts, adduser: accounts, addgroup: accounts, groupadd: accounts, usermod: accounts, groupmod: accounts,
  sed: edits, git: clones,
  dpkg: packageFiles, rpm: packageFiles, ldconfig: system, 'update-ca-certificates': system, 'locale-gen': system, 'update-locale': system, 'update-alternatives': system,
  'add-apt-repository': system, 'apt-key': system, 'apt-mark': system, 'apt-cache': system, 'dpkg-reconfigure': system, localedef: system,
  'debconf-set-selections': system, 'apt-config': system, 'yum-config-manager': system, 'dpkg-divert': system,
};

/** What a manager of system packages touches; a package given as a path is read. */
function systemPackageEffects(invocation: Invocation, folder: string | undefined): Effects | undefined {
  const local = invocation.packages.filter((word) => word.value === undefined || /^[./]|\.(?:deb|rpm|apk)$/.test(word.value));
  const read = paths(local.filter((word) => /^[./~]|\.(?:deb|rpm|apk)$/.test(word.text)), folder);
  return read && { ...none, network: true, reads: [...systemPlaces, ...read], writes: systemPlaces };
}

const homes = ['/root', '/home', '/tmp', '/usr/local', '/usr/lib', '/usr/bin', '/opt', '/var'];

/** Actions after which we know what was read and written; any other reads the sources. */
const tame = new Set(['refresh', 'install-manifest', 'install-named', 'clean', 'configure', 'query', 'download', 'upgrade', 'remove']);

/** What a manager of language packages touches: its project folder, the homes and the installed trees. */
function languagePackageEffects(invocation: Invocation, folder: string | undefined): Effects | undefined {
  if (!tame.has(invocation.action) || folder === undefined) return undefined;
  const outside = invocation.action === 'configure' || invocation.action === 'clean' || isGlobal(invocation);
  const own = outside || isNamedPip(invocation) ? [] : [folder];
  return { ...none, network: true, reads: [...own, ...homes, '/etc'], writes: [...own, ...homes] };
}

const isGlobal = (invocation: Invocation): boolean => hasFlag(invocation.command.words, '-g', '--global');

/** `pip install name` writes to the environment, not to the folder it runs in; a path among the names is read. */
const isNamedPip = (invocation: Invocation): boolean =>
  /^(?:pip|pipx|uv|gem|huggingface|conda|mamba|micromamba)$/.test(invocation.manager.name) && invocation.action === 'install-named' &&
  invocation.packages.every((word) => word.value !== undefined && !/^[./~]|\/|\.(?:whl|txt|gz|zip)$/.test(word.value) || /^(?:git\+)?https?:/.test(word.text));

function redirectPlaces(command: Command, folder: string | undefined): { reads: Places; writes: Places } | undefined {
  const all = { reads: [] as string[], writes: [] as string[] };
  for (const redirect of command.redirects) {
    if (redirect.target === undefined || /^(?:\d+|-)$/.test(redirect.target.text) || redirect.operator === '<<<') continue;
    const found = paths([redirect.target], folder);
    if (found === undefined) return undefined;
    (redirect.operator.startsWith('<') ? all.reads : all.writes).push(...found.filter((path) => path !== '/dev/null' && !path.startsWith('/dev/std')));
  }
  return all;
}

/**
 * What a simple command reads and writes, by our table of programs.
 * @param folder the folder it runs in; undefined where unknown
 */
export function commandEffects(command: Command, folder: string | undefined): Effects {
  const unknown: Effects = { reads: 'everything', writes: 'everything', context: [], network: true, opaque: command.program.text || 'a command' };
  const redirects = redirectPlaces(command, folder);
  if (redirects === undefined) return unknown;
  const invocation = readInvocation(command);
  const own = invocation === undefined
    ? (command.program.value === undefined ? undefined : Object.hasOwn(tellers, command.name) ? tellers[command.name]?.(command, folder) : undefined)
    : invocation.manager.kind === 'system' ? systemPackageEffects(invocation, folder) : languagePackageEffects(invocation, folder);
  if (own === undefined) return unknown;
  const join = (a: Places, b: Places): Places => (a === 'everything' || b === 'everything' ? 'everything' : [...a, ...b]);
  return { ...own, reads: join(own.reads, redirects.reads), writes: join(own.writes, redirects.writes) };
}
