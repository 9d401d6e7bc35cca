import { operands, type Command } from '../../dockerfile/command.ts';
import type { Instruction } from '../../dockerfile/instruction.ts';
import { commandFolder, isBelow } from '../../model/effects.ts';
import { bringsCompiler } from '../../model/native.ts';
import { readInvocation } from '../../model/packages.ts';
import { joinPath } from '../../model/state.ts';
import { foldersOf, isOnly, kindOf, pathsOf } from './common.ts';
import type { Draft } from './draft.ts';

/** System packages that serve a build of Go or Rust and nothing else; certificates and time zones the new image has. */
const builders = /^(?:make|cmake|ninja(?:-build)?|pkg-?conf(?:ig)?|autoconf|automake|libtool|upx(?:-ucl)?|musl-dev|musl-tools|musl|libc6?-dev|linux-headers|binutils|protobuf-compiler|protoc|protobuf(?:-dev)?|ca-certificates|tzdata|mercurial|subversion|bzr)$/;

/** Refuses system packages that the program may need when it runs. */
function checkPackages(draft: Draft, command: Command, tools: RegExp | undefined): void {
  const invocation = readInvocation(command);
  if (invocation === undefined) return;
  if (invocation.action === 'remove' || invocation.action === 'upgrade') return;
  // The full images have git; who installs it there may want it for the program.
  const gitIsForModules = draft.stage.facts?.distribution === 'alpine';
  for (const word of invocation.packages) {
    const name = word.text.replace(/[=~<>].*$/, '');
    const isFlagValue = word.text.startsWith('.');
    if (builders.test(name) || tools?.test(name) === true || isFlagValue || (name === 'git' && gitIsForModules) || bringsCompiler({ ...invocation, packages: [word] })) continue;
    draft.refuse(word, `\`${name}\` may be needed when the program runs, and the image that ships would not have it.`);
  }
}

const allowedPrograms = new Set(['go', 'cargo', 'rustup', 'strip', 'upx', 'cp', 'mv', 'protoc']);

/**
 * Refuses what a build of one program must not do besides: leave files elsewhere that the program may read.
 * @param goals the package managers that build it
 * @param tools further system packages that only a build needs
 */
export function checkBuilder(draft: Draft, goals: ReadonlySet<string>, tools?: RegExp): void {
  const sources = draft.all('COPY', 'ADD', 'WORKDIR').flatMap((each) => placeOf(draft, each) ?? []).filter((path) => path !== '/');
  const lastBuild = draft.commands.findLast((command) => !['folder', 'quiet', 'user'].includes(kindOf(command)))?.instruction.index ?? -1;
  const isOwn = (path: string): boolean => sources.some((each) => isBelow(path, each));
  for (const command of draft.commands) {
    const kind = kindOf(command);
    if (command.conditional && kind !== 'quiet') draft.refuse(command.program, `Whether \`${command.name}\` runs is decided by the build.`);
    else if (kind === 'system') checkPackages(draft, command, tools);
    else if (kind === 'folder' && foldersOf(draft, command)?.every((path) => isOwn(path) || path.startsWith('/go/') || path.startsWith('/root/')) !== true) {
      // Modes of the program itself go along; a folder made for it does not.
      if (command.name === 'chmod') continue;
      if (isOnly(draft, command.instruction, 'folder', 'quiet')) draft.places.set(command.instruction, command.instruction.index > lastBuild ? 'run' : 'both');
      else draft.refuse(command.program, `\`${command.name}\` makes a folder that the program may need.`);
    } else if (kind === 'other' && !allowedPrograms.has(command.name)) {
      draft.refuse(command.program, `\`${command.program.text.slice(0, 60)}\` may leave files that the program needs when it runs.`);
    } else if (kind === 'language' && !goals.has(readInvocation(command)?.manager.name ?? '')) {
      draft.refuse(command.program, `What \`${command.name}\` installs may be needed when the program runs.`);
    }
  }
}

/** Where an instruction puts its files, or leads to. */
function placeOf(draft: Draft, instruction: Instruction): string | undefined {
  const text = draft.file.expand(instruction.words.at(-1)?.raw ?? '', instruction);
  return text === undefined ? undefined : joinPath(draft.file.stateAt(instruction).workdir, text);
}

/** Where `cp` or `mv` puts the last of its operands. */
function movedTo(draft: Draft, command: Command): { readonly from: string; readonly to: string } | undefined {
  if (command.name !== 'cp' && command.name !== 'mv') return undefined;
  const paths = pathsOf(draft, command);
  const [from, to, third] = paths ?? [];
  if (from === undefined || to === undefined || third !== undefined) return undefined;
  const name = operands(command.words)[1]?.text ?? '';
  const file = from.slice(from.lastIndexOf('/') + 1);
  const isFolder = name.endsWith('/') || name === '.' || /^\/(?:usr\/(?:local\/)?)?(?:s?bin|opt|app)$/.test(to);
  return { from, to: isFolder ? joinPath(to, file) ?? to : to };
}

/** A place where a build puts the program: itself, or something in this folder. */
export interface Made {
  readonly path: string | undefined;
  readonly folder: string | undefined;
}

/** True where a build, or a `cp` or `mv` behind it, puts a program at the path. */
export function isMade(draft: Draft, path: string, made: readonly Made[]): boolean {
  const folder = path.slice(0, path.lastIndexOf('/'));
  if (draft.commands.some((command) => movedTo(draft, command)?.to === path)) return true;
  const takenAway = draft.commands.some((command) => command.name === 'mv' && movedTo(draft, command)?.from === path);
  return !takenAway && made.some((each) => each.path === path || (each.folder !== undefined && each.folder === folder));
}

/** True where a `cp` or `mv` takes the file elsewhere. */
export const isMoved = (draft: Draft, path: string): boolean => draft.commands.some((command) => movedTo(draft, command)?.from === path);

/** The folder a command of the build works in, a flag's value put in. */
export const inFolder = (draft: Draft, command: Command, text: string): string | undefined => joinPath(commandFolder(draft.file, command), text);
