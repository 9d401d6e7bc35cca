import { flag, flagValues, readInstruction, type Instruction } from '../../src/dockerfile/instruction.ts';
import { parseRaw } from '../../src/dockerfile/parse.ts';
import { actorOf } from './accounts.ts';
import { copyInto } from './copy.ts';
import { runInstruction } from './run.ts';
import { expandWhole } from './shell.ts';
import { sentFiles, type ContextFiles } from './sources.ts';
import { beginStage, describe, valueOf, type Stage } from './stage.ts';
import { Failure, normal, parentOf, root, Tree, type Actor, type Entry } from './tree.ts';

/** What a build came to. */
export interface Built {
  /** Why it failed, with the instruction that did; undefined where it did not. */
  readonly failure: string | undefined;
  /** Each stage in lines, told when it was finished. */
  readonly stages: readonly (readonly string[])[];
}

/** A build that is under way. */
export interface Build {
  readonly source: string;
  readonly context: Tree;
  readonly given: Readonly<Record<string, string>>;
  readonly defaults: Map<string, string>;
  readonly stages: Stage[];
  /** What cache mounts hold, by their ids: it outlives the RUN. */
  readonly caches: Map<string, readonly (readonly [string, Entry])[]>;
}

const programMode = (path: string): number => (/\.sh$|(?:^|\/)bin\/|gradlew$/.test(path) ? 0o755 : 0o644);

/** The context as a tree, all of it root's, as BuildKit sends it. */
function contextTree(files: ContextFiles): Tree {
  const tree = new Tree();
  for (const [path, text] of sentFiles(files)) {
    const entry: Entry = text === undefined ? { kind: 'folder', text: '', owner: '0:0', mode: 0o755 } : { kind: 'file', text, owner: '0:0', mode: programMode(path) };
    tree.makeFolders(parentOf(`/${path}`), root);
    tree.entries.set(`/${path}`, entry);
  }
  return tree;
}

const values = (stage: Stage) => (name: string): string | undefined => valueOf(stage, name);

/** The stage or image that `--from` names. */
export function treeOf(build: Build, from: string): Tree {
  const stage = build.stages.findLast(({ name }) => name !== '' && name === from.toLowerCase()) ?? (/^\d+$/.test(from) ? build.stages[Number(from)] : undefined);
  return stage?.tree ?? beginStage('', undefined, from).tree;
}

/** A number alone is taken for the group too, whatever group that account has. */
const copyOwner = (stage: Stage, text: string): Actor => (/^\d+$/.test(text) ? { user: text, group: text } : actorOf(stage.tree, text));

function copy(build: Build, stage: Stage, instruction: Instruction): void {
  const words = instruction.words.map((word) => expandWhole(instruction.json === undefined ? word.raw : word.text, values(stage)));
  const from = flag(instruction, 'from')?.value;
  const owner = flag(instruction, 'chown')?.value;
  const mode = flag(instruction, 'chmod')?.value;
  copyInto(stage.tree, from === undefined ? build.context : treeOf(build, from), {
    sources: words.slice(0, -1), destination: words.at(-1) ?? '', workdir: stage.workdir,
    owner: owner === undefined ? undefined : copyOwner(stage, expandWhole(owner, values(stage))),
    mode: mode === undefined ? undefined : Number.parseInt(mode, 8),
    link: flag(instruction, 'link') !== undefined, excluded: flagValues(instruction, 'exclude'), unpacks: instruction.keyword === 'ADD' && from === undefined,
  });
}

/** The pairs of ENV, LABEL and ARG, all expanded with what was in force above. */
const pairsOf = (stage: Stage, { pairs }: Instruction): (readonly [string, string | undefined])[] =>
  pairs.map(({ name, raw }) => [name, raw === undefined ? undefined : expandWhole(raw, values(stage))]);

function declare(build: Build, stage: Stage, instruction: Instruction): void {
  for (const [name, value] of pairsOf(stage, instruction)) {
    const found = build.given[name] ?? value ?? build.defaults.get(name);
    if (found === undefined) continue;
    stage.arguments.set(name, found);
    stage.latest.set(name, 'ARG');
  }
}

const text = ({ logical, bodyIndex }: Instruction): string => logical.text.slice(bodyIndex).trim();

type Step = (build: Build, stage: Stage, instruction: Instruction) => void;

const setsOther: Step = (_build, stage, instruction) => {
  const shell = instruction.json === undefined ? stage.shell.join(' ') : '';
  stage.other.set(instruction.keyword, `${shell} ${text(instruction)}`);
};

const steps: Readonly<Record<string, Step>> = {
  RUN: runInstruction, COPY: copy, ADD: copy, ARG: declare,
  ENV: (_build, stage, instruction) => {
    for (const [name, value = ''] of pairsOf(stage, instruction)) {
      stage.environment.set(name, value);
      stage.latest.set(name, 'ENV');
    }
  },
  LABEL: (_build, stage, instruction) => {
    for (const [name, value = ''] of pairsOf(stage, instruction)) stage.labels.set(name, value);
  },
  USER: (_build, stage, { words: [word] }) => { stage.user = expandWhole(word?.raw ?? '', values(stage)); },
  WORKDIR: (_build, stage, { words: [word] }) => {
    stage.workdir = normal(stage.workdir, expandWhole(word?.raw ?? '', values(stage)));
    stage.tree.makeFolders(stage.workdir, root, actorOf(stage.tree, stage.user));
  },
  SHELL: (_build, stage, { words }) => { stage.shell = words.map(({ text: word }) => word); },
  EXPOSE: (_build, stage, { words }) => { for (const word of words) stage.ports.add(expandWhole(word.raw, values(stage))); },
  VOLUME: (_build, stage, { words }) => { for (const word of words) stage.volumes.add(word.text); },
  ENTRYPOINT: setsOther, CMD: setsOther, STOPSIGNAL: setsOther, HEALTHCHECK: setsOther,
  ONBUILD: (_build, stage, instruction) => { stage.other.set('ONBUILD', `${stage.other.get('ONBUILD') ?? ''}\n${text(instruction)}`); },
};

/** `FROM image AS name`, variables of the ARGs above put in. */
function begin(build: Build, instruction: Instruction): Stage {
  const [image = '', , name = ''] = text(instruction).replace(/^--\S+\s+/, '').split(/\s+/);
  const wanted = expandWhole(image, (each) => build.defaults.get(each));
  const parent = build.stages.findLast((stage) => stage.name !== '' && stage.name === wanted.toLowerCase());
  return beginStage(name.toLowerCase(), parent, wanted);
}

/** Does one instruction. @throws Failure where it would fail */
function step(state: Build, instruction: Instruction): void {
  const stage = state.stages.at(-1);
  if (instruction.keyword === 'FROM') state.stages.push(begin(state, instruction));
  else if (stage !== undefined) steps[instruction.keyword]?.(state, stage, instruction);
  else for (const { name, raw } of instruction.pairs) {
    const found = state.given[name] ?? (raw === undefined ? undefined : expandWhole(raw, (one) => state.defaults.get(one)));
    if (found !== undefined) state.defaults.set(name, found);
  }
}

function instructionsOf(source: string): Instruction[] | undefined {
  const raw = parseRaw(source);
  return raw.problems.length > 0 ? undefined : raw.instructions.map((each, index) => readInstruction(each, index, raw.escape));
}

const beginBuild = (source: string, files: ContextFiles, given: Build['given']): Build => ({ source, context: contextTree(files), given, defaults: new Map(), stages: [], caches: new Map() });

/**
 * Builds a Dockerfile, every stage of it, as a real build would with these files and arguments. It knows nothing of how our rules
 * see a file: it only shares the reading of instructions.
 */
export function build(source: string, files: ContextFiles, given: Build['given']): Built {
  const state = beginBuild(source, files, given);
  const instructions = instructionsOf(source);
  if (instructions === undefined) return { failure: 'it is no Dockerfile', stages: [] };
  for (const instruction of instructions) {
    try {
      step(state, instruction);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { failure: `${instruction.keyword} ${text(instruction).slice(0, 80)}: ${error.message}`, stages: state.stages.map(describe) };
    }
  }
  return { failure: undefined, stages: state.stages.map(describe) };
}

/** The text without the instructions that fail when it is built. */
export function withoutFailures(source: string, files: ContextFiles, given: Build['given']): string {
  const state = beginBuild(source, files, given);
  let result = '';
  let done = 0;
  for (const instruction of instructionsOf(source) ?? []) {
    const stage = state.stages.at(-1);
    const before = stage && beginStage(stage.name, stage, '');
    try {
      step(state, instruction);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (before !== undefined) state.stages.splice(-1, 1, before);
      result += source.slice(done, instruction.span.start);
      done = source.indexOf('\n', instruction.span.end) + 1 || source.length;
    }
  }
  return result + source.slice(done);
}
