import { operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import { systemUsers } from './bases.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { isBelow } from './effects.ts';
import { readInvocation } from './packages.ts';
import type { Stage } from './stages.ts';

/** The user in front of the group of a USER's value: `app:staff` is `app`. */
export const userPart = (user: string): string => (user.split(':')[0] ?? '').trim();

/** True for root by name or number, whatever the group. */
export const isRoot = (user: string): boolean => /^(?:root|0+)$/.test(userPart(user));

/** Programs that create a user. */
const creators = new Set(['useradd', 'adduser']);

/** Their flags with a value: shadow's `useradd`, Debian's and BusyBox's `adduser` together, none of which means two things. */
const valueLetters = 'bcdefgGhkKpPRsuZ';
const longValueFlags = [
  '--base-dir', '--comment', '--conf', '--home-dir', '--home', '--expiredate', '--inactive', '--gid', '--groups', '--ingroup', '--gecos', '--skel',
  '--key', '--password', '--root', '--prefix', '--shell', '--uid', '--selinux-user', '--firstuid', '--lastuid', '--firstgid', '--lastgid',
];

/** `-ms /bin/bash` is `-m -s /bin/bash`: the clusters of a command whose last letter takes the next word. */
function clusters(words: readonly ShellWord[]): string[] {
  const takesNext = (text: string): boolean => [...text].findIndex((letter) => valueLetters.includes(letter)) === text.length - 1;
  return words.map(({ text }) => text).filter((text) => /^-[a-zA-Z]+$/.test(text) && takesNext(text.slice(1)));
}

/**
 * The users a command creates, variables of the Dockerfile put in.
 * @returns a name, or undefined for one that nobody can tell; none for a command that creates no user
 */
export function createdUsers(file: Dockerfile, command: Command): (string | undefined)[] {
  if (command.name === 'usermod') {
    const at = command.words.findIndex(({ text }) => text === '-l' || text === '--login');
    return at === -1 ? [] : [valueOf(file, command, command.words[at + 1])];
  }
  if (!creators.has(command.name)) return [];
  const [name, group] = operands(command.words, [...longValueFlags, ...clusters(command.words)]);
  // Debian's `adduser USER GROUP` puts a user into a group.
  return name === undefined || (command.name === 'adduser' && group !== undefined) ? [] : [valueOf(file, command, name)];
}

/** A shell word with variables of the Dockerfile; undefined where the script itself may set one of them. */
function valueOf(file: Dockerfile, command: Command, word: ShellWord | undefined): string | undefined {
  if (word === undefined) return undefined;
  if (word.value !== undefined) return word.value;
  const script = file.scripts(command.instruction).find((each) => each.commands.includes(command));
  if (script === undefined || word.variables.length === 0 || word.variables.some(({ name }) => script.assigned.has(name))) return undefined;
  const raw = textAt(file.source, word.span);
  return /[`*?[\]\\~]|\$\(/.test(raw) ? undefined : file.expand(raw, command.instruction) || undefined;
}

/** Programs that certainly add no account; so do the package managers of languages. */
const harmless = new Set([
  '', ':', '[', 'true', 'false', 'test', 'cd', 'echo', 'printf', 'export', 'set', 'unset', 'umask', 'exit', 'sleep',
  'mkdir', 'touch', 'rm', 'rmdir', 'cp', 'mv', 'ln', 'cat', 'ls', 'chmod', 'chown', 'chgrp', 'sed', 'grep', 'awk', 'cut', 'head',
  'tail', 'tr', 'sort', 'wc', 'tee', 'find', 'xargs', 'tar', 'unzip', 'gzip', 'gunzip', 'curl', 'wget', 'git', 'gpg',
  'sha256sum', 'sha512sum', 'md5sum', 'uname', 'arch', 'nproc', 'date', 'id', 'whoami', 'which', 'basename', 'dirname',
  'ldconfig', 'update-ca-certificates', 'locale-gen', 'groupadd', 'addgroup', 'groupmod', 'useradd', 'adduser', 'usermod',
  'chpasswd', 'passwd', 'python', 'python3', 'node', 'npx', 'corepack', 'strip', 'add-apt-repository', 'apt-key', 'apt-mark',
  'install', 'stat', 'du', 'df', 'env', 'setcap', 'mktemp', 'pwd',
]);

/** Users that packages of another name bring. */
const broughtByPackages = new Set([
  'apache', 'http', 'www-data', 'messagebus', 'dbus', 'polkitd', 'debian-tor', 'ntp', 'chrony', 'sshd', 'postfix', 'Debian-exim',
  'memcache', 'vcache', 'td-agent', 'bind', 'named', 'avahi', 'rpc', 'rpcuser', 'tss', 'geoclue', 'pulse', 'saslauth',
  'systemd-network', 'systemd-resolve', 'mysql', 'lp', 'git', 'sys', 'tomcat', 'utmp',
]);

/** True when one of two names begins like the other: the package `redis-server` brings the user `redis`. */
function alike(user: string, word: string): boolean {
  const name = word.slice(word.lastIndexOf('/') + 1).toLowerCase();
  return name.startsWith(user.slice(0, 4).toLowerCase()) || user.toLowerCase().startsWith(name.slice(0, 4));
}

function mayCreate(command: Command, user: string): boolean {
  if (command.redirects.some(({ target }) => target?.value !== undefined && /^\/etc\/(?:passwd|shadow)/.test(target.value))) return true;
  const invocation = readInvocation(command);
  if (invocation?.manager.kind === 'system') {
    const { packages } = invocation;
    return packages.length > 0 && (broughtByPackages.has(user) || packages.some((word) => word.value === undefined || alike(user, word.value)));
  }
  if (invocation !== undefined) return false;
  const isKnown = command.program.value !== undefined && harmless.has(command.name);
  return !isKnown || command.words.some(({ text }) => text.includes('/etc/passwd'));
}

/** Whether an instruction may bring a user in a way that can't be told. */
function mayBring(file: Dockerfile, instruction: Instruction, user: string): boolean {
  if (instruction.keyword === 'COPY' || instruction.keyword === 'ADD') {
    const to = destination(file, instruction);
    return to === undefined || isBelow('/etc/passwd', to.path) || to.path.startsWith('/etc/passwd');
  }
  if (instruction.keyword !== 'RUN') return false;
  return file.scripts(instruction).some((script) => script.unreadable || script.commands.some((command) => mayCreate(command, user)));
}

/** The instructions of a stage and those it is built on, in order, up to `before`. */
function* instructionsBefore(stage: Stage, before: Instruction): Iterable<Instruction> {
  if (stage.parent !== undefined) yield* instructionsBefore(stage.parent, before);
  for (const instruction of stage.instructions) if (instruction.index < before.index) yield instruction;
}

/** Names of users that RUNs in front of `before` create, in order; undefined for one that nobody can tell. */
export function usersCreatedBefore(file: Dockerfile, stage: Stage, before: Instruction): (string | undefined)[] {
  const runs = [...instructionsBefore(stage, before)].filter(({ keyword }) => keyword === 'RUN');
  return runs.flatMap((run) => file.commandsOf(run)).flatMap((command) => createdUsers(file, command));
}

/**
 * Whether a user is there when `before` runs.
 * @returns undefined where nobody can tell: an unknown image, a script or a package that may bring the user
 */
export function userExists(file: Dockerfile, stage: Stage, before: Instruction, user: string): boolean | undefined {
  if (/^\d+$/.test(user) || user === 'root') return true;
  const created = usersCreatedBefore(file, stage, before);
  if (created.includes(user)) return true;
  const { facts, fromScratch } = stage;
  if (facts?.users.includes(user) === true || (facts?.user !== undefined && userPart(facts.user) === user)) return true;
  if (!fromScratch && facts?.usersAreWhole !== true) return undefined;
  if (systemUsers(facts?.distribution).includes(user)) return true;
  if (created.includes(undefined)) return undefined;
  return [...instructionsBefore(stage, before)].some((instruction) => mayBring(file, instruction, user)) ? undefined : false;
}
