import { flagValues, type Instruction } from '../../src/dockerfile/instruction.ts';
import { actorOf, homeOf } from './accounts.ts';
import { treeOf, type Build } from './build.ts';
import { runScript, runWords, type Process } from './process.ts';
import { findProgram } from './programs.ts';
import { expandWhole } from './shell.ts';
import { valueOf, variablesOf, type Stage } from './stage.ts';
import { normal, parentOf, root, type Entry, type Tree } from './tree.ts';

interface Mount {
  readonly options: ReadonlyMap<string, string>;
  readonly target: string;
}

function mountsOf(stage: Stage, instruction: Instruction): Mount[] {
  return flagValues(instruction, 'mount').map((value) => {
    const options = new Map(expandWhole(value, (name) => valueOf(stage, name)).split(',').map((part) => {
      const [name = '', ...rest] = part.split('=');
      return [name, rest.join('=')] as const;
    }));
    return { options, target: normal(stage.workdir, options.get('target') ?? options.get('dst') ?? options.get('destination') ?? '') };
  });
}

/** What is at a place and below it, taken out of the tree. */
function take(tree: Tree, place: string): (readonly [string, Entry])[] {
  const paths = [place, ...tree.below(place)];
  const taken = paths.flatMap((path) => { const entry = tree.entries.get(path); return entry === undefined ? [] : [[path, entry] as const]; });
  for (const [path] of taken) tree.entries.delete(path);
  return taken;
}

/** Lays a mount over the image; gives what takes it away again, with the folders that were made for it. */
function mount(build: Build, { tree }: Stage, { options, target }: Mount): () => void {
  const made = [...ancestors(target)].filter((path) => !tree.entries.has(path));
  tree.makeFolders(parentOf(target), root);
  const hidden = take(tree, target);
  const type = options.get('type') ?? 'bind';
  const id = options.get('id') ?? target;
  const from = options.get('from');
  const source = from === undefined ? build.context : treeOf(build, from);
  const path = normal('/', options.get('source') ?? options.get('src') ?? '/');
  const brought = type === 'bind' ? [path, ...source.below(path)].flatMap((each) => {
    const entry = source.entries.get(each);
    return entry === undefined ? [] : [[normal('/', `${target}/${each.slice(path === '/' ? 0 : path.length)}`), entry] as const];
  }) : [];
  const kept = type === 'cache' ? build.caches.get(id) ?? [] : [];
  if (brought.length === 0) tree.entries.set(target, { kind: 'folder', text: '', owner: '0:0', mode: type === 'tmpfs' ? 0o1777 : 0o755 });
  for (const [place, entry] of [...brought, ...kept]) tree.entries.set(place, entry);
  return () => {
    const left = take(tree, target);
    if (type === 'cache') build.caches.set(id, left);
    for (const [place, entry] of hidden) tree.entries.set(place, entry);
    for (const place of made.toReversed()) if (tree.below(place).length === 0) tree.entries.delete(place);
  };
}

function* ancestors(path: string): Generator<string> {
  const parts = path.split('/').filter((part) => part !== '');
  for (const [index] of parts.entries()) yield `/${parts.slice(0, index + 1).join('/')}`;
}

function run(build: Build, stage: Stage, instruction: Instruction): void {
  const actor = actorOf(stage.tree, stage.user);
  const environment = variablesOf(stage);
  if (!environment.has('HOME')) environment.set('HOME', homeOf(stage.tree, actor));
  const process: Process = {
    tree: stage.tree, actor, environment, folder: stage.tree.real(stage.workdir), stopsOnErrors: stage.shell.some((word) => /^-[a-z]*e[a-z]*$/.test(word)),
  };
  const [heredoc] = instruction.heredocs;
  if (instruction.json !== undefined) return runWords(process, instruction.words.map(({ text }) => text), findProgram);
  const text = heredoc === undefined ? instruction.logical.text.slice(instruction.bodyIndex) : build.source.slice(heredoc.body.start, heredoc.body.end);
  return runScript(process, text, findProgram);
}

/**
 * RUN: with its mounts, as its user, in its folder.
 * @throws Failure when it ends without success
 */
export function runInstruction(build: Build, stage: Stage, instruction: Instruction): void {
  const undo = mountsOf(stage, instruction).map((each) => mount(build, stage, each));
  try {
    run(build, stage, instruction);
  } finally {
    for (const each of undo.toReversed()) each();
  }
}
