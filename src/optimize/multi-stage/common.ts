import { hasFlag, operands, type Command } from '../../dockerfile/command.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { commandFolder, isBelow } from '../../model/effects.ts';
import { readInvocation, type Invocation } from '../../model/packages.ts';
import { mounts } from '../../model/stages.ts';
import { joinPath } from '../../model/state.ts';
import { isRoot, userPart } from '../../model/users.ts';
import type { Draft } from './draft.ts';

/** A stage of these names is one nobody builds by its name to run it. */
const builderName = /^build(?:er|-stage)?$/;

/** What stands in the way whatever the project is. */
export function refuseCommon(draft: Draft): void {
  const { file, stage } = draft;
  if (stage.nameWord !== undefined && !builderName.test(stage.name ?? '')) {
    draft.refuse(stage.nameWord, `The stage has a name: who builds \`--target ${stage.nameWord.text}\` would get another image.`);
  }
  const platform = flag(stage.from, 'platform');
  if (platform?.value?.includes('BUILDPLATFORM') === true) draft.refuse(platform.span, 'The stage runs on the platform of the builder.');
  for (const each of stage.instructions) {
    if (each.keyword === 'ONBUILD') draft.refuse(each, 'The image is built on by others, with what `ONBUILD` leaves them to do.');
    if (each.keyword === 'RUN' && file.scripts(each).some((script) => script.unreadable)) draft.refuse(each, 'This script can\'t be read, so what it leaves can\'t be told.');
    if (each.keyword === 'RUN' && mounts(each).some(({ from }) => from !== undefined)) draft.refuse(each, 'It works on files of another image.');
  }
}

/** Programs that leave nothing, or only in the shell they run in. */
const quiet = new Set([
  '', ':', '[', 'exit', 'true', 'false', 'test', 'cd', 'echo', 'printf', 'set', 'export', 'unset', 'umask', 'ls', 'pwd', 'cat', 'env', 'printenv', 'which', 'type',
  'whoami', 'id', 'uname', 'date', 'sleep', 'du', 'df', 'nproc', 'find', 'tree', 'file', 'stat', 'grep', 'head', 'tail', 'wc', 'sort',
]);
const users = new Set(['useradd', 'adduser', 'groupadd', 'addgroup', 'usermod', 'groupmod']);
const folders = new Set(['mkdir', 'chown', 'chmod', 'chgrp', 'touch', 'install']);

/** What a command is to whoever has to say in which stage it belongs. */
export type Kind = 'quiet' | 'user' | 'folder' | 'removal' | 'system' | 'language' | 'other';

export function kindOf(command: Command): Kind {
  const writes = command.redirects.some(({ operator, target }) => operator.includes('>') && target !== undefined && !/^(?:\/dev\/null|&?\d)$/.test(target.text));
  if (writes) return 'other';
  if (command.name !== '' && command.program.value === undefined) return 'other';
  if (command.name === 'find' && command.words.some(({ text }) => /^-(?:exec|delete|ok|fprint)/.test(text))) return 'other';
  if (quiet.has(command.name) && command.program.text === command.name) return 'quiet';
  if (users.has(command.name)) return 'user';
  if (command.name === 'rm' || command.name === 'rmdir') return 'removal';
  if (folders.has(command.name) && command.name !== 'install') return 'folder';
  const invocation = readInvocation(command);
  if (invocation === undefined) return 'other';
  return invocation.manager.kind === 'system' ? 'system' : 'language';
}

/** The paths a command names, absolute; undefined where one can't be told. */
export function pathsOf(draft: Draft, command: Command, skip = 0): string[] | undefined {
  const folder = commandFolder(draft.file, command);
  const found = operands(command.words).slice(skip).map(({ value, text }) => (value === undefined && /[$`*?[]/.test(text) ? undefined : joinPath(folder, text)));
  return found.some((path) => path === undefined) ? undefined : found.filter((path) => path !== undefined);
}

/** The folders a `mkdir`, `chown` or `chmod` works on. */
export const foldersOf = (draft: Draft, command: Command): string[] | undefined =>
  pathsOf(draft, command, command.name === 'mkdir' || command.name === 'touch' ? 0 : 1);

/** True where everything a command removes lies in one of the folders, or is a cache. */
export function removesOnly(draft: Draft, command: Command, allowed: (path: string) => boolean): boolean {
  const folder = commandFolder(draft.file, command);
  return operands(command.words).every(({ text }) => {
    const path = joinPath(folder, text.replace(/[*?[{].*$/, ''));
    return path !== undefined && !path.includes('$') && (/^\/(?:tmp|var\/(?:lib\/apt\/lists|cache|tmp|log)|root\/\.(?:npm|cache|cargo|m2|gradle))(?:\/|$)/.test(path) || allowed(path));
  });
}

/** The words behind `--platform` of FROM, to be said again. */
export const platformText = (draft: Draft): string => {
  const platform = flag(draft.stage.from, 'platform');
  return platform?.value === undefined ? '' : `--platform=${platform.value} `;
};

export const languageInvocations = (draft: Draft): Invocation[] =>
  draft.commands.map((command) => readInvocation(command)).filter((each) => each !== undefined).filter(({ manager }) => manager.kind === 'language');

/** Refuses a HEALTHCHECK whose programs are not all in the image that ships. */
export function checkHealth(draft: Draft, has: (program: string) => boolean, shell: boolean): void {
  for (const check of draft.all('HEALTHCHECK')) {
    const { inner } = check;
    if (inner === undefined) continue;
    const scripts = draft.file.scripts(check);
    const missing = scripts.flatMap(({ commands }) => [...commands]).find(({ name }) => !has(name) && !quiet.has(name));
    if (scripts.length === 0 || scripts.some(({ unreadable }) => unreadable)) draft.refuse(check, 'This health check can\'t be read.');
    else if (!shell && scripts.some(({ exec }) => !exec)) draft.refuse(check, `The health check needs a shell, which \`${draft.image}\` lacks.`);
    else if (missing !== undefined) draft.refuse(missing.program, `The health check needs \`${missing.name}\`, which \`${draft.image}\` lacks.`);
  }
}

/** The user the container runs as, where it is another one than root. */
export function plainUser(draft: Draft): string | undefined {
  const { user } = draft.end;
  return user === undefined || isRoot(user) ? undefined : user;
}

const changesOwner = (command: Command): boolean => command.name === 'chown' && hasFlag(command.words, '-R', '--recursive');

/**
 * Whose the files below a folder are once the build is over: the value for `--chown`, `root` for root; undefined where nobody can tell.
 */
export function ownerOf(draft: Draft, folder: string): string | undefined {
  let owner: string | undefined = 'root';
  let first = true;
  const set = (next: string | undefined): void => {
    owner = first || sameUser(owner, next) ? next : undefined;
    first = false;
  };
  for (const each of draft.stage.instructions) {
    if (draft.places.get(each) === 'run') continue;
    if (each.keyword === 'COPY' || each.keyword === 'ADD') set(draft.file.expand(flag(each, 'chown')?.value ?? 'root', each));
    if (each.keyword !== 'RUN') continue;
    const commands = draft.file.commandsOf(each);
    const given = commands.filter(changesOwner).find((command) => pathsOf(draft, command, 1)?.some((path) => isBelow(folder, path)) === true);
    if (given !== undefined) {
      owner = operands(given.words)[0]?.value;
      first = false;
    } else if (commands.some((command) => kindOf(command) === 'language')) set(draft.file.stateAt(each).user);
  }
  return owner;
}

/** `node:node` and `node` own alike for what a container may do. */
const sameUser = (one: string | undefined, other: string | undefined): boolean =>
  one !== undefined && other !== undefined && (one.split(':')[0] === other.split(':')[0] || (isRoot(one) && isRoot(other)));

/** True for an instruction whose commands are all of the kinds. */
export const isOnly = (draft: Draft, run: Instruction, ...kinds: readonly Kind[]): boolean =>
  draft.file.commandsOf(run).every((command) => kinds.includes(kindOf(command)));

/** True for an instruction that does nothing but make users and groups. */
export const makesUsersOnly = (draft: Draft, run: Instruction): boolean =>
  isOnly(draft, run, 'user', 'quiet') && draft.file.commandsOf(run).some((command) => kindOf(command) === 'user');

/** The last RUN that does more than make users. */
const lastBuild = (draft: Draft): number => draft.runs.findLast((run) => !makesUsersOnly(draft, run) && draft.places.get(run) !== 'run')?.index ?? -1;

/** True when the build itself runs as a user, or gives files to one. */
function buildsAsUser(draft: Draft): boolean {
  const last = lastBuild(draft);
  return draft.stage.instructions.some((each) => each.index <= last && (
    each.keyword === 'USER' || flag(each, 'chown') !== undefined ||
    (each.keyword === 'RUN' && draft.file.commandsOf(each).some(({ name }) => name === 'chown' || name === 'su' || name === 'chgrp'))));
}

/** The users are those of the image that ships: what makes others goes, unless the build itself runs as one. */
export function leaveUsers(draft: Draft): void {
  const last = lastBuild(draft);
  const builds = buildsAsUser(draft);
  for (const each of draft.all('USER')) draft.places.set(each, builds && each.index < last ? 'build' : 'none');
  for (const run of draft.runs) if (makesUsersOnly(draft, run)) draft.places.set(run, builds ? 'build' : 'none');
}

/** Makes the users again in the stage that ships, which is of the same distribution; refuses where another command may make them. */
export function takeUsers(draft: Draft, known: readonly string[]): void {
  const makers = draft.runs.filter((run) => makesUsersOnly(draft, run));
  const mixed = draft.runs.find((run) => !makers.includes(run) && draft.file.commandsOf(run).some((command) => kindOf(command) === 'user'));
  const user = plainUser(draft);
  if (user === undefined) return;
  if (mixed !== undefined) draft.refuse(mixed, 'It makes a user and does other things, so it can\'t be said again in the stage that ships.');
  for (const run of makers) draft.places.set(run, buildsAsUser(draft) ? 'both' : 'run');
  const name = userPart(user);
  if (makers.length > 0 || known.includes(name) || /^\d+$/.test(name)) return;
  if (mixed === undefined) draft.refuse(draft.end.userSetBy ?? draft.stage.from, `Where the user \`${name}\` comes from can't be told.`);
}

/** Variables that every image has. */
const everywhere = new Set(['PATH', 'HOME', 'HOSTNAME']);

/** Settings that are made of variables of the old image have no meaning in another one. */
export function settleEnvironment(draft: Draft): void {
  for (const each of draft.all('ENV')) {
    const { lookup } = draft.file.stateAt(each);
    const unknown = each.pairs.find(({ raw }) => [...(raw ?? '').matchAll(/\$\{?(\w+)/g)].some(([, name]) => name !== undefined && !everywhere.has(name) && lookup(name) === undefined));
    if (unknown === undefined || draft.places.has(each)) continue;
    if (each.pairs.every(({ name }) => name === 'PATH')) draft.places.set(each, 'build');
    else draft.refuse(unknown.span, `\`${unknown.name}\` is made of a variable that only the old image has.`);
  }
}
