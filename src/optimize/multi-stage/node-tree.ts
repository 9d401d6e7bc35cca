import { flagValue, hasFlag, operands, type Command } from '../../dockerfile/command.ts';
import { readsContext } from '../../model/copy.ts';
import { commandFolder, isBelow } from '../../model/effects.ts';
import { nodeProject, type NodeProject } from '../../model/node-packages.ts';
import { readInvocation, type Invocation } from '../../model/packages.ts';
import { joinPath } from '../../model/state.ts';
import { foldersOf, isOnly, kindOf, languageInvocations, removesOnly } from './common.ts';
import type { Draft } from './draft.ts';

/** The one project of Node a file builds. */
export interface NodeTree {
  /** The folder of the image it lies in. */
  readonly folder: string;
  readonly install: Invocation;
  readonly project: NodeProject | undefined;
  /** Packages that are installed for all of the system, by name. */
  readonly globals: ReadonlySet<string>;
}

const managers = new Set(['npm', 'yarn', 'pnpm']);
const isGlobal = ({ command, subcommandKey }: Invocation): boolean => hasFlag(command.words, '-g', '--global') || subcommandKey.startsWith('global');

/** Tools that `npx` runs in a build and that write into the project. */
const buildTools = new Set(['tsc', 'prisma', 'next', 'nest', 'ng', 'vite', 'webpack', 'rollup', 'esbuild', 'tsup', 'patch-package', 'nuxt', 'nuxi', 'swc', 'babel', 'vue-tsc', 'tailwindcss', 'react-scripts', 'svelte-kit', 'astro', 'parcel', 'gulp', 'grunt']);

/** The tool of the project a command runs: `npx tsc`, `node_modules/.bin/tsc`, `tsc`. */
function toolOf(command: Command): string | undefined {
  if (command.name === 'npx') return operands(command.words, ['-p', '--package'])[0]?.value;
  return command.program.text === command.name || command.program.text.includes('node_modules/.bin/') ? command.name : undefined;
}

function checkLanguage(draft: Draft, invocation: Invocation, folder: string): void {
  const { command, manager, action } = invocation;
  if (!managers.has(manager.name)) draft.refuse(command.program, `What \`${command.name}\` installs may be needed when the program runs.`);
  else if (command.conditional) draft.refuse(command.program, `Whether \`${command.name}\` runs is decided by the build.`);
  else if (!isGlobal(invocation) && action !== 'query' && action !== 'clean' && action !== 'configure' && commandFolder(draft.file, command) !== folder) {
    draft.refuse(command.program, `\`${command.name}\` works in another folder than \`${folder}\`, in which the program starts.`);
  } else if (!isGlobal(invocation) && (invocation.directory !== undefined || hasFlag(command.words, '--workspace', '--workspaces', '-w', '--filter', '-F', '-r', '--recursive'))) {
    draft.refuse(command.program, 'It works on several packages, and which of them the program needs can\'t be told.');
  } else if (action === 'remove' && /prune/.test(invocation.subcommandKey)) draft.refuse(command.program, 'The development packages are removed already.');
}

/** Refuses commands that may leave something outside the project. */
function checkCommands(draft: Draft, folder: string): void {
  const isOwn = (path: string): boolean => isBelow(path, folder);
  for (const command of draft.commands) {
    const kind = kindOf(command);
    const invocation = readInvocation(command);
    if (kind === 'language' && invocation !== undefined) checkLanguage(draft, invocation, folder);
    else if (kind === 'folder') {
      const paths = foldersOf(draft, command);
      if (paths?.every(isOwn) === true) continue;
      if (isOnly(draft, command.instruction, 'folder', 'quiet', 'user')) draft.places.set(command.instruction, 'both');
      else draft.refuse(command.program, `\`${command.name}\` changes a folder outside \`${folder}\` that the program may need.`);
    } else if (kind === 'removal' && !removesOnly(draft, command, isOwn)) draft.refuse(command.program, `\`${command.name}\` removes what may lie outside \`${folder}\`.`);
    else if (kind === 'other' && command.name !== 'corepack' && !(buildTools.has(toolOf(command) ?? '') && commandFolder(draft.file, command) === folder)) {
      draft.refuse(command.program, `\`${command.program.text.slice(0, 60)}\` may leave files outside \`${folder}\` that the program needs.`);
    }
  }
}

/** COPYs of the build that lead elsewhere are said again in the stage that ships. */
function checkCopies(draft: Draft, folder: string): void {
  const last = draft.runs.at(-1)?.index ?? -1;
  for (const copy of draft.all('COPY', 'ADD').filter(({ index }) => index < last)) {
    const text = draft.file.expand(copy.words.at(-1)?.raw ?? '', copy);
    const to = text === undefined ? undefined : joinPath(draft.file.stateAt(copy).workdir, text);
    if (to === undefined || (to !== folder && isBelow(folder, to))) draft.refuse(copy, `What it puts in \`${to ?? text ?? 'this folder'}\` can't be told from the system's own files.`);
    else if (!readsContext(copy) && !isBelow(to, folder)) draft.refuse(copy, 'Whether the program needs what this brings can\'t be told.');
    else if (!isBelow(to, folder)) draft.places.set(copy, 'both');
  }
}

/** Reads the one project of the file; refuses where there are several, or where something else is built besides. */
export function nodeTree(draft: Draft): NodeTree | undefined {
  const invocations = languageInvocations(draft);
  const installs = invocations.filter((each) => managers.has(each.manager.name) && !isGlobal(each) && each.action.startsWith('install') && each.packages.length === 0);
  const [install, another] = installs;
  const folder = install === undefined ? undefined : commandFolder(draft.file, install.command);
  if (install === undefined || folder === undefined || folder === '/' || another !== undefined) {
    draft.refuse(another?.command.program ?? install?.command.program ?? draft.stage.from, folder === '/'
      ? 'The project lies in `/` itself, so it can\'t be told from the system.' : 'There is not one install of one project that could be split.');
    return undefined;
  }
  if (folder !== draft.end.workdir) draft.refuse(install.command.program, `The project is installed in \`${folder}\`, and the program starts elsewhere.`);
  checkCommands(draft, folder);
  checkCopies(draft, folder);
  const globals = new Set(invocations.filter(isGlobal).flatMap(({ packages }) => packages.map(({ text }) => text.replace(/(?<=.)@.*$/, ''))));
  const folderFlag = flagValue(install.command.words, '--modules-dir', '--modules-folder', '--virtual-store-dir');
  if (folderFlag !== undefined) draft.refuse(folderFlag, 'The packages lie in a folder of their own.');
  const last = draft.runs.findLast((run) => draft.file.commandsOf(run).some((command) => kindOf(command) === 'language'));
  return { folder, install, project: nodeProject(draft.file, draft.context, last ?? install.command.instruction, folder), globals };
}
