import { hasFlag, operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Lookup } from '../dockerfile/expand.ts';
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

/** The values of a flag each time it is given: `-o FILE`, at the end of other letters (`-fsSLo FILE`), or glued to it; no letter: ''. */
function valuesOf(words: readonly ShellWord[], letter: string, ...names: readonly string[]): (ShellWord | undefined)[] {
  const cluster = letter === '' ? /^$/ : new RegExp(`^-[a-zA-Z#]*${letter}(.*)$`);
  return words.flatMap((word, index) => {
    const glued = cluster.exec(word.text)?.[1] ?? names.map((name) => (word.text.startsWith(`${name}=`) ? word.text.slice(name.length + 1) : undefined)).find((rest) => rest !== undefined);
    if (glued !== undefined && glued !== '') return [{ ...word, text: glued, value: word.value === undefined ? undefined : glued }];
    return glued === '' || names.includes(word.text) ? [words[index + 1]] : [];
  });
}

/** The same as absolute paths; `-` is no file. */
function pathValues(words: readonly ShellWord[], folder: string | undefined, letter: string, ...names: readonly string[]): string[] | undefined {
  const found = valuesOf(words, letter, ...names);
  const known = found.filter((word) => word !== undefined);
  return known.length < found.length ? undefined : paths(known.filter(({ text }) => text !== '-'), folder);
}

const hasWord = (command: Command, pattern: RegExp): boolean => command.words.some(({ text }) => pattern.test(text));

const writesWords = (values: readonly string[] = [], skip = 0): Teller => (command, folder) => {
  const writes = paths(operands(command.words, values).slice(skip), folder);
  return writes && { ...none, writes, reads: writes };
};

/** `chmod -x FILE`: a mode may look like a flag; `--reference=FILE` stands for mode or owner. */
const changesMode: Teller = (command, folder) => {
  if (hasWord(command, /^--reference/)) return undefined;
  const modeIsFlag = command.name === 'chmod' && hasWord(command, /^-[rwxXst]+$/);
  return writesWords([], modeIsFlag ? 0 : 1)(command, folder);
};

const nothing: Teller = () => none;

/** Programs of the system whose operands are files, by what of them is none. */
const noFiles: Readonly<Record<string, RegExp>> = {
  'apt-key': /^(?:add|list|finger|export|del|-)$/, 'update-alternatives': /^[^/]*$/, 'dpkg-divert': /^[^/]*$/,
};

/** `dpkg -i FILE`, `apt-key add FILE`; `dpkg --print-architecture` and the like read the system. */
const systemFiles: Teller = (command, folder) => {
  if (command.name === 'apt-key' && hasWord(command, /^adv$/)) return system(command, folder);
  const files = paths(operands(command.words).filter(({ text }) => noFiles[command.name]?.test(text) !== true), folder);
  return files && { ...none, network: true, reads: [...systemPlaces, ...files], writes: systemPlaces };
};

const copies: Teller = (command, folder) => {
  const all = paths(operands(command.words, ['-m', '-o', '-g', '-S']), folder);
  if (all === undefined || valuesOf(command.words, 't', '--target-directory').length > 0) return undefined;
  const touchesAll = command.name === 'mv' || (command.name === 'install' && hasWord(command, /^-[a-zA-Z]*d|^--directory$/));
  const inFolder = all.length === 1 && folder !== undefined ? [folder] : [];
  return { ...none, reads: all, writes: touchesAll ? all : [...all.slice(-1), ...inFolder] };
};

/** Programs that look at the folder they run in where no file is named, or that read names of files. */
const readsFolder = (command: Command): boolean =>
  (command.name === 'ls' && operands(command.words).length === 0) || (command.name === 'grep' && hasWord(command, /^-[a-zA-Z]*[rR]|^--(?:dereference-)?recursive/)) ||
  (command.name === 'sha256sum' && hasWord(command, /^-[a-z]*c$|^--check$/));

const reads: Teller = (command, folder) => {
  const found = paths(operands(command.words), folder);
  if (found === undefined || (command.name === 'sort' && hasWord(command, /^-[a-zA-Z]*o|^--output/))) return undefined;
  if (!readsFolder(command)) return { ...none, reads: found };
  return folder === undefined ? undefined : { ...none, reads: [...found, folder] };
};

/** Flags with which curl or wget read a file, or write another than the download. */
const curlFiles = /^-[a-zA-Z]*[dFTKEDc]|^--(?:data|form|upload-file|config|cert|cacert|capath|key|netrc-file|dump-header|cookie|output-dir|trace|stderr|etag|variable|expand)/;
const wgetFiles = /^-[a-zA-Z]*[ioa]$|^--(?:input-file|output-file|append-output|(?:post|body)-file|ca-|certificate|private-key|load-cookies|save-cookies|config|warc)/;

/** `curl -o FILE`; without one it writes to its output, with `-O` into the folder. */
const curls: Teller = (command, folder) => {
  const remote = hasWord(command, /^-[a-zA-Z#]*O|^--remote-name/);
  const writes = hasWord(command, curlFiles) || (remote && folder === undefined) ? undefined : pathValues(command.words, folder, 'o', '--output');
  return writes && { ...none, network: true, writes: remote && folder !== undefined ? [...writes, folder] : writes };
};

/** `wget -O FILE`, `wget -P FOLDER`; without one it writes into the folder it runs in. */
const wgets: Teller = (command, folder) => {
  const files = pathValues(command.words, folder, 'O', '--output-document');
  const folders = pathValues(command.words, folder, 'P', '--directory-prefix');
  if (files === undefined || folders === undefined || hasWord(command, wgetFiles)) return undefined;
  const named = valuesOf(command.words, 'O', '--output-document').length + folders.length > 0;
  const writes = named ? [...files, ...folders] : folder === undefined ? undefined : [folder];
  return writes && { ...none, network: true, writes };
};

/** `tar -xzf FILE -C FOLDER`; anything but a plain extraction is unknown. */
const extracts: Teller = (command, folder) => {
  const [first] = command.words;
  const oldStyle = first !== undefined && !first.text.startsWith('-');
  const modes = [...(oldStyle ? [`-${first.text}`] : []), ...command.words.map(({ text }) => text)].filter((text) => /^-[a-zA-Z]+/.test(text));
  const extracting = modes.some((text) => /^-[a-zA-Z]*x/.test(text)) || hasWord(command, /^--(?:extract|get)$/);
  if (!extracting || modes.some((text) => /^-[a-zA-Z]*[PTXK]/.test(text)) || hasWord(command, /^--(?:absolute-names|files-from|exclude-from|to-command|one-top-level)/)) return undefined;
  const to = pathValues(command.words, folder, 'C', '--directory');
  const archives = pathValues(command.words, folder, 'f', '--file');
  const named = paths(command.words.slice(oldStyle ? 1 : 0).filter(({ text }) => !text.startsWith('-')), folder);
  if (folder === undefined || to === undefined || archives === undefined || named === undefined || (oldStyle && /C/.test(first.text))) return undefined;
  return { ...none, reads: [folder, ...archives, ...named], writes: to.length > 0 ? to : [folder] };
};

/** Accounts live in /etc; the home folder is made below /home unless another is named. */
const accounts: Teller = (command, folder) => {
  const homes = [...(pathValues(command.words, folder, 'd', '--home', '--home-dir') ?? ['/']), ...(pathValues(command.words, folder, 'h') ?? ['/'])];
  if (hasWord(command, /^-[a-zA-Z]*[bkR]$|^--(?:base-dir|skel|root|prefix)/)) return undefined;
  const made = hasFlag(command.words, '--no-create-home', '-M', '-H') ? [] : homes.length > 0 ? homes : ['/home'];
  return { ...none, reads: ['/etc'], writes: ['/etc', '/var/mail', '/var/spool', ...made] };
};

const settings: Teller = () => ({ ...none, reads: ['/etc', '/root', '/home'], writes: ['/etc', '/root', '/home'] });

const system: Teller = () => ({ ...none, reads: systemPlaces, writes: systemPlaces, network: true });

/** Reads whatever folders of libraries its settings name. */
const listsLibraries: Teller = () => ({ ...none, reads: 'everything', writes: systemPlaces });

/** `sed -i`, `sed -i.bak`, `sed` as a filter. */
const edits: Teller = (command, folder) => {
  const scripts = [...valuesOf(command.words, 'e', '--expression'), ...valuesOf(command.words, 'f', '--file')];
  const files = paths(operands(command.words, ['-e', '-f', '--expression', '--file']).slice(scripts.length === 0 ? 1 : 0), folder);
  const scriptFiles = pathValues(command.words, folder, 'f', '--file');
  // Its `r` and `w` name further files.
  if (files === undefined || scriptFiles === undefined || hasWord(command, /(?:^|[^\w\\])[rRwW]\s+[\w./]/)) return undefined;
  const [suffix] = command.words.flatMap(({ text }) => /^(?:-[a-zA-Z]*?i|--in-place=?)(.*)$/.exec(text)?.[1] ?? []);
  const writes = suffix === undefined ? [] : suffix === '' ? files : files.flatMap((path) => [path, path + suffix]);
  return { ...none, reads: [...files, ...scriptFiles], writes };
};

/** Corepack puts its shims beside Node.js; only `enable` and `disable` read nothing of the project. */
const shims: Teller = (command) =>
  /^(?:enable|disable)$/.test(command.words[0]?.value ?? '') && !hasFlag(command.words, '--install-directory')
    ? { ...none, reads: [...systemPlaces, '/usr/local', '/opt'], writes: [...systemPlaces, '/usr/local', '/opt'] } : undefined;

const configures: Teller = (command, folder) => {
  const [action] = operands(command.words, ['-C', '-c']);
  return action?.value === 'config' && hasFlag(command.words, '--global', '--system') ? settings(command, folder) : undefined;
};

const tellers: Readonly<Record<string, Teller>> = {
  '': nothing, ':': nothing, true: nothing, false: nothing, export: nothing, set: nothing, unset: nothing, umask: nothing, exit: nothing,
  echo: nothing, printf: nothing, sleep: nothing, uname: nothing, arch: nothing, nproc: nothing, whoami: nothing, id: nothing, date: nothing,
  which: nothing, basename: nothing, dirname: nothing, shopt: nothing, alias: nothing, pwd: nothing, tr: nothing, seq: nothing,
  cd: reads, pushd: reads, test: reads, '[': reads, cat: reads, grep: reads, ls: reads, head: reads, tail: reads, wc: reads, cut: reads, sha256sum: reads, sort: reads,
  mkdir: writesWords(['-m']), touch: writesWords(['-d', '-r', '-t']), rm: writesWords(), rmdir: writesWords(), tee: writesWords(),
  chmod: changesMode, chown: changesMode, chgrp: changesMode,
  cp: copies, mv: copies, ln: copies, install: copies,
  curl: curls, wget: wgets, tar: extracts,
  useradd: accounts, adduser: accounts, addgroup: accounts, groupadd: accounts, usermod: accounts, groupmod: accounts,
  sed: edits, git: configures, corepack: shims,
  dpkg: systemFiles, rpm: systemFiles, ldconfig: listsLibraries, 'update-ca-certificates': system, 'locale-gen': system, 'update-locale': system, 'update-alternatives': systemFiles,
  'add-apt-repository': system, 'apt-key': systemFiles, 'apt-mark': system, 'apt-cache': system, 'dpkg-reconfigure': system, localedef: system,
  'debconf-set-selections': systemFiles, 'apt-config': system, 'yum-config-manager': system, 'dpkg-divert': systemFiles,
};

/** What a manager of system packages touches; a package given as a path is read. */
function systemPackageEffects(invocation: Invocation, folder: string | undefined): Effects | undefined {
  const local = invocation.packages.filter((word) => word.value === undefined || /^[./]|\.(?:deb|rpm|apk)$/.test(word.value));
  const read = paths(local.filter((word) => /^[./~]|\.(?:deb|rpm|apk)$/.test(word.text)), folder);
  return read && { ...none, network: true, reads: [...systemPlaces, ...read], writes: systemPlaces };
}

/** Where tools of languages are installed, and what they keep besides. */
const toolPlaces = ['/tmp', '/usr/local', '/usr/lib', '/usr/bin', '/opt', '/var'];

/** Actions after which we know what was read and written; any other reads the sources. */
const tame = new Set(['refresh', 'install-manifest', 'install-named', 'clean', 'configure', 'query', 'download', 'upgrade', 'remove']);

/** Files that variables (`PIP_CONSTRAINT`) make the manager read; undefined where one can't be told. */
function variablePaths({ command, manager }: Invocation, folder: string, lookup: Lookup): string[] | undefined {
  const parts = (manager.manifestVariables ?? []).flatMap((name) => {
    const own = command.assignments.findLast((each) => each.name === name);
    const wrapped = command.wrappers.findLast(({ text }) => text.startsWith(`${name}=`))?.text.slice(name.length + 1);
    return (own === undefined ? wrapped ?? lookup(name) ?? '' : own.value?.text ?? '').split(/\s+/);
  });
  const found = parts.filter((part) => part !== '' && !/^[a-z]+:\/\//.test(part)).map((part) => joinPath(folder, part));
  return found.includes(undefined) ? undefined : found.filter((path) => path !== undefined);
}

/** Folders that flags make the manager install into. */
const targetFlags = ['--target', '--prefix', '--root', '--src', '--install-dir', '--bindir', '--modules-folder', '--local-dir', '--cache-dir'];

/** Variables that name folders managers install or download into, wherever they run. */
const targetVariables = [
  'PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT', 'PIP_SRC', 'PYTHONUSERBASE', 'VIRTUAL_ENV', 'PIPX_HOME', 'UV_TOOL_DIR', 'GEM_HOME', 'BUNDLE_PATH', 'NPM_CONFIG_PREFIX', 'npm_config_prefix',
  'PNPM_HOME', 'COMPOSER_HOME', 'GOPATH', 'GOBIN', 'CARGO_HOME', 'HF_HOME', 'HF_HUB_CACHE', 'TRANSFORMERS_CACHE', 'CONDA_PREFIX',
];

/** Where manifests and packages lie that the words name: a manifest may name other files beside it. */
function manifestPlaces({ manifestFlags, packages }: Invocation, folder: string): string[] | undefined {
  const local = ({ text }: ShellWord): boolean => !/^[a-z+]+:\/\//i.test(text);
  const files = paths(manifestFlags.filter(local), folder)?.map((path) => path.slice(0, path.lastIndexOf('/')) || '/');
  const named = paths(packages.filter((word) => local(word) && /^[./~]/.test(word.text)), folder);
  return files && named && [...files, ...named];
}

/** What a manager of language packages touches: its project folder, the homes and the installed trees. */
function languagePackageEffects(invocation: Invocation, folder: string | undefined, lookup: Lookup, home: string | undefined): Effects | undefined {
  if (!tame.has(invocation.action) || folder === undefined) return undefined;
  const { words } = invocation.command;
  const homes = [...(home === undefined ? ['/root', '/home'] : [home]), ...toolPlaces];
  const outside = invocation.action === 'configure' || invocation.action === 'clean' || isGlobal(invocation);
  const own = outside || isNamed(invocation) ? [] : [folder];
  const targets = pathValues(words, folder, invocation.manager.name === 'pip' ? 't' : '', ...targetFlags);
  const named = variablePaths(invocation, folder, lookup);
  const manifests = manifestPlaces(invocation, folder);
  const project = invocation.directory === undefined ? [] : paths([invocation.directory], folder);
  if (targets === undefined || named === undefined || manifests === undefined || project === undefined) return undefined;
  const set = targetVariables.map((name) => lookup(name) ?? '').filter((value) => value !== '').map((value) => joinPath(folder, value) ?? '/');
  return { ...none, network: true, reads: [...own, ...homes, '/etc', ...named, ...manifests, ...project], writes: [...own, ...homes, ...targets, ...set, ...project] };
}

const isGlobal = ({ command, subcommandKey }: Invocation): boolean => hasFlag(command.words, '-g', '--global') || subcommandKey.startsWith('global ');

/** `pip install name` reads and writes nothing of the folder it runs in; a path among the names is read. uv takes settings from there. */
const isNamed = (invocation: Invocation): boolean =>
  (invocation.manager.kind === 'model' && invocation.action === 'download') ||
  /^(?:pip|pipx|gem|conda|mamba|micromamba)$/.test(invocation.manager.name) && invocation.action === 'install-named' &&
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
 * @param lookup the variables in force
 * @param home the home of the user it runs as; undefined where unknown
 */
export function commandEffects(command: Command, folder: string | undefined, lookup: Lookup = () => null, home?: string): Effects {
  const unknown: Effects = { reads: 'everything', writes: 'everything', context: [], network: true, opaque: command.program.text || 'a command' };
  const redirects = redirectPlaces(command, folder);
  if (redirects === undefined) return unknown;
  const invocation = readInvocation(command);
  const own = invocation === undefined
    ? (command.program.value === undefined ? undefined : Object.hasOwn(tellers, command.name) ? tellers[command.name]?.(command, folder) : undefined)
    : invocation.manager.kind === 'system' ? systemPackageEffects(invocation, folder) : languagePackageEffects(invocation, folder, lookup, home);
  if (own === undefined) return unknown;
  const join = (a: Places, b: Places): Places => (a === 'everything' || b === 'everything' ? 'everything' : [...a, ...b]);
  return { ...own, reads: join(own.reads, redirects.reads), writes: join(own.writes, redirects.writes) };
}
