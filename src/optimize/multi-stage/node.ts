import { yarnEdition } from '../../context/manifests.ts';
import { hasFlag, operands, type Command, type ShellWord } from '../../dockerfile/command.ts';
import { slimOf } from '../../model/bases.ts';
import { compiledPackage } from '../../model/native.ts';
import { packageOfProgram, programsOfScript, type NodeProject } from '../../model/node-packages.ts';
import { readInvocation } from '../../model/packages.ts';
import { checkHealth, foldersOf, isOnly, languageInvocations, ownerOf, takeUsers } from './common.ts';
import type { Draft, Start } from './draft.ts';
import { nodeTree, type NodeTree } from './node-tree.ts';
import { installWhatStays, partPackages } from './packages.ts';

const inits = new Set(['tini', 'dumb-init', 'catatonit']);

/** The program behind a small init that passes signals on, with its words. */
function behindInit(command: Command): { readonly init: string | undefined; readonly words: readonly ShellWord[] } {
  const words = [command.program, ...command.words];
  if (!inits.has(command.name)) return { init: undefined, words };
  return { init: command.program.text, words: words.slice(words.findIndex((word, index) => index > 0 && !word.text.startsWith('-'))) };
}

/** Refuses a program that is no package of production. */
function checkProgram(draft: Draft, tree: NodeTree, at: ShellWord, program: string): void {
  const { project, globals } = tree;
  if (program === 'node') return;
  const name = packageOfProgram(program);
  if (globals.has(name)) {
    const run = languageInvocations(draft).find(({ packages }) => packages.some(({ text }) => text.startsWith(name)))?.command.instruction;
    if (run !== undefined && isOnly(draft, run, 'language', 'quiet') && draft.file.commandsOf(run).every((each) => hasFlag(each.words, '-g', '--global') || readInvocation(each)?.action === 'clean')) {
      draft.places.set(run, 'both');
    } else draft.refuse(at, `\`${program}\` is installed together with other things, so its install can't be said again.`);
  } else if (project === undefined) draft.refuse(at, `Whether \`${program}\` is a package of production can't be told without \`package.json\`.`);
  else if (!project.dependencies.has(name)) draft.refuse(at, `\`${program}\` is no package of production (\`dependencies\` of \`package.json\`), so it would not be there.`);
}

/** The name of the script `npm start`, `npm run serve` or `yarn serve` runs. */
function scriptName(words: readonly ShellWord[]): string | undefined {
  const [first, second] = operands(words.slice(1)).map(({ value }) => value);
  return first === 'run' || first === 'run-script' ? second : first;
}

/** Refuses a module that is loaded first and is no package of production; one of the project itself is built with it. */
function checkLoaded(draft: Draft, tree: NodeTree, at: ShellWord, module: string | undefined): void {
  const name = /^(?:@[^/]+\/)?[^/]+/.exec(module ?? '')?.[0] ?? '';
  if (module?.startsWith('./') !== true && tree.project?.dependencies.has(name) !== true) draft.refuse(at, 'What Node loads first may be a development package.');
}

/** Refuses a start that needs development packages, or that nobody can tell. */
function checkStart(draft: Draft, start: Start, tree: NodeTree): string | undefined {
  const { init, words } = behindInit(start.command);
  const [program, ...rest] = words;
  const name = program?.value?.replace(/^.*\//, '') ?? '';
  if (program === undefined) return init;
  const loader = rest.find(({ text }) => /^(?:-r|--require|--import|--loader|--experimental-loader)(?:=|$)/.test(text));
  if (loader !== undefined) checkLoaded(draft, tree, loader, /=/.test(loader.text) ? loader.text.replace(/^[^=]*=/, '') : rest[rest.indexOf(loader) + 1]?.value);
  if (name === 'npm' || name === 'yarn') {
    const script = scriptName(words);
    const text = tree.project?.scripts.get(script ?? '');
    const programs = text === undefined ? undefined : programsOfScript(text);
    if (tree.project !== undefined && programs === undefined) draft.refuse(program, `What the script \`${script ?? ''}\` of \`package.json\` runs can't be told.`);
    else if (programs === undefined) draft.refuse(program, `What \`${name} ${script ?? ''}\` runs can't be told without \`package.json\`.`);
    const before = tree.project?.scripts.get(`pre${script ?? ''}`);
    if (before !== undefined) draft.refuse(program, `The script \`pre${script ?? ''}\` runs each time the container starts.`);
    for (const each of programs ?? []) checkProgram(draft, tree, program, each);
  } else if (name === 'npx') {
    const tool = operands(rest)[0];
    if (tool?.value === undefined) draft.refuse(program, 'What `npx` runs can\'t be told.');
    else checkProgram(draft, tree, tool, tool.value);
  } else if (program.text.includes('/') && !program.text.includes('node_modules/.bin/') && name !== 'node') {
    draft.refuse(program, `\`${program.text}\` is a script that may need tools of the build.`);
  } else checkProgram(draft, tree, program, name);
  return init;
}

const lifecycle = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish', 'pnpm:devPreinstall'];

/** npm 7 came with Node 15; before it, `--omit` was not known. */
function npmPrune(draft: Draft, { install }: NodeTree): string {
  // Conflicts between packages that the install looked over are looked over again.
  const same = ['--legacy-peer-deps', '--force'].filter((flag) => hasFlag(install.command.words, flag));
  const major = Number(/^(\d+)/.exec(draft.stage.image?.tag ?? '')?.[1] ?? '99');
  return `RUN npm prune ${[major < 15 ? '--production' : '--omit=dev', ...same].join(' ')}`;
}

/** Yarn 1 prunes by an install of production; scripts of packages have run, and those of the project may need what is gone. */
function yarnPrune(draft: Draft, tree: NodeTree): string | undefined {
  const edition = draft.context === undefined || tree.project === undefined ? undefined : yarnEdition(tree.project.folder, draft.context);
  if (edition === 'classic') return 'RUN yarn install --production --frozen-lockfile --ignore-scripts --prefer-offline';
  draft.refuse(tree.install.command.program, edition === 'berry'
    ? 'How this version of Yarn removes development packages depends on its plugins.' : 'Which version of Yarn this is can\'t be told without `yarn.lock`, and each removes development packages in another way.');
  return undefined;
}

/** pnpm runs the project's scripts behind `prune`, and asks before it removes a folder unless it runs in CI. */
function pnpmPrune(tree: NodeTree): string {
  const isQuiet = tree.project !== undefined && lifecycle.every((name) => !tree.project?.scripts.has(name));
  return `RUN CI=true pnpm prune --prod${isQuiet ? '' : ' --ignore-scripts'}`;
}

const hasWorkspaces = (draft: Draft, project: NodeProject | undefined): boolean =>
  project !== undefined && (project.keys.has('workspaces') || draft.context?.sends(`${project.folder === '' ? '' : `${project.folder}/`}pnpm-workspace.yaml`) === true);

function prune(draft: Draft, tree: NodeTree): void {
  const { name } = tree.install.manager;
  if (hasWorkspaces(draft, tree.project)) draft.refuse(tree.install.command.program, 'The project is a workspace of several packages.');
  if (tree.project?.devDependencies.size === 0) return;
  const line = name === 'yarn' ? yarnPrune(draft, tree) : name === 'pnpm' ? pnpmPrune(tree) : npmPrune(draft, tree);
  if (line !== undefined) draft.builderEnd.push(line);
}

/** Packages that need a library the full image has and the slim one has not. */
function libraries(draft: Draft, tree: NodeTree): string[] {
  const compiled = compiledPackage(draft.file, draft.context, tree.install);
  if (compiled !== undefined) draft.refuse(tree.install.command.program, `\`${compiled}\` is compiled here, and which libraries of the full image it needs can't be told.`);
  const browser = [...tree.project?.dependencies ?? []].find((name) => /^(?:puppeteer|playwright|@playwright\/|electron|node-canvas-webgl)/.test(name));
  if (browser !== undefined) draft.refuse(tree.install.command.program, `\`${browser}\` needs a browser and its libraries.`);
  return tree.project?.dependencies.has('@prisma/client') === true || tree.project?.dependencies.has('prisma') === true ? ['openssl'] : [];
}

/** The project has no package of development, and no compiler was brought: nothing would be left behind. */
const leavesNothing = (draft: Draft, tree: NodeTree, built: readonly string[]): boolean =>
  tree.project?.devDependencies.size === 0 && draft.image === draft.stage.imageWord?.raw && built.length === 0;

/** A server of Node: everything of the project but the development packages, on the slim image. */
export function serveNode(draft: Draft): void {
  const tree = nodeTree(draft);
  const start = draft.start();
  if (tree === undefined || start === undefined) return;
  const raw = draft.stage.imageWord?.raw ?? '';
  const slim = slimOf(raw, draft.stage.image?.text);
  draft.image = slim ?? raw;
  const init = checkStart(draft, start, tree);
  prune(draft, tree);
  const packages = partPackages(draft, true);
  installWhatStays(draft, packages, slim === undefined ? [] : libraries(draft, tree));
  if (leavesNothing(draft, tree, packages.build)) draft.refuse(tree.install.command.program, 'The project has no development packages, so nothing would be left behind.');
  if (init !== undefined && !packages.run.some((name) => init.endsWith(name))) draft.refuse(start.command.program, `Where \`${init}\` comes from can't be told.`);
  takeUsers(draft, ['node', 'nobody']);
  draft.title = 'Build in a stage of its own and ship what is left without development packages';
  const owner = ownerOf(draft, tree.folder);
  if (owner === undefined) draft.refuse(draft.stage.from, `Who owns the files of \`${tree.folder}\` can't be told.`);
  draft.copies.push({ from: tree.folder, owner: owner === 'root' || owner === undefined || /^(?:0|root)(?::|$)/.test(owner) ? undefined : owner });
  draft.workdirLast = draft.commands.some((command) => command.name === 'chown' && foldersOf(draft, command)?.includes(tree.folder) === true);
  const isAlpine = draft.stage.facts?.distribution === 'alpine';
  checkHealth(draft, (program) => program === 'node' || packages.run.includes(program) || (isAlpine && program === 'wget') || (slim === undefined && draft.stage.facts?.programs.includes(program) === true), true);
}
