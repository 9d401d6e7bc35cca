import type { Command, Script } from '../dockerfile/command.ts';
import { references } from '../dockerfile/expand.ts';
import type { Instruction, Pair } from '../dockerfile/instruction.ts';
import { overlaps, textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { variableUses, type VariableUse } from './references.ts';
import { readsProfiles, setByShell, shellKindOf } from './shell-variables.ts';
import { longerName, nearName } from './similar.ts';
import { mounts, type Stage } from './stages.ts';
import { definitions, findDefinition, platformArguments, proxyArguments } from './variables.ts';

/** Why a variable has no value where it is used. */
export type Cause =
  | 'from' // only global arguments can be used in FROM
  | 'same-instruction' // the ENV that sets it uses it too
  | 'global' // an ARG in front of the first FROM, not declared in the stage
  | 'platform' // one of BuildKit's own arguments, not declared in the stage
  | 'typo' // another name, nearly the same, is defined
  | 'bash' // bash sets it, the shell here is another
  | 'lost' // an earlier RUN set it in its shell
  | 'later' // it is defined further down
  | 'other-stage' // another stage defines it
  | 'nothing'; // nothing defines it

/** A name that has no value in one stage. */
export interface UndefinedVariable {
  readonly name: string;
  readonly cause: Cause;
  /** The defined name that was probably meant. */
  readonly meant: string | undefined;
  readonly first: VariableUse;
  /** All places of the stage that have the same cause, in source order. */
  readonly uses: readonly VariableUse[];
}

/** Where names are defined, in the whole file. */
interface Places {
  /** ENV and ARG, the global ones left out. */
  readonly defined: ReadonlyMap<string, readonly Instruction[]>;
  /** RUNs whose shell text sets the name. */
  readonly assigned: ReadonlyMap<string, readonly Instruction[]>;
  readonly globals: readonly string[];
  /** Names that choose an image. */
  readonly inImages: ReadonlySet<string>;
}

/** `ENV TOKEN=$TOKEN` gives a name no value that it had not. */
const passesOn = ({ name, value }: Pair): boolean => value === `$${name}` || value === `\${${name}}`;

const namesIn = (instructions: readonly Instruction[]): string[] =>
  instructions.flatMap(({ keyword, pairs }) => (keyword === 'ARG' || keyword === 'ENV' ? pairs.map(({ name }) => name) : []));

function readPlaces(file: Dockerfile): Places {
  const defined = new Map<string, Instruction[]>();
  const assigned = new Map<string, Instruction[]>();
  const note = (map: Map<string, Instruction[]>, name: string, instruction: Instruction): void => {
    const known = map.get(name);
    if (known === undefined) map.set(name, [instruction]);
    else known.push(instruction);
  };
  for (const instruction of file.stages.flatMap(({ instructions }) => instructions)) {
    for (const pair of /^(?:ARG|ENV)$/.test(instruction.keyword) ? instruction.pairs : []) if (!passesOn(pair)) note(defined, pair.name, instruction);
    if (instruction.keyword !== 'RUN') continue;
    for (const script of file.scripts(instruction)) for (const name of script.assigned) note(assigned, name, instruction);
  }
  const words = file.stages.map(({ imageWord }) => imageWord?.raw ?? '');
  return { defined, assigned, globals: namesIn(file.globalArguments), inImages: new Set(words.flatMap((raw) => references(raw).map(({ name }) => name))) };
}

/** What is known where a variable is used. */
interface Scope {
  readonly file: Dockerfile;
  readonly places: Places;
  readonly stage: Stage | undefined;
  /** The stage at the bottom: its image is the base of all. */
  readonly root: Stage | undefined;
  /** Names of the base image's ENV; undefined where they are unknown. */
  readonly base: readonly string[] | undefined;
  readonly defined: readonly string[];
}

function scopeOf(file: Dockerfile, places: Places, instruction: Instruction): Scope {
  const stage = file.stageOf(instruction);
  let root = stage;
  while (root?.parent !== undefined) root = root.parent;
  // Without any FROM the text is a fragment: what stands in it is all there is.
  const defined = stage === undefined
    ? namesIn(file.instructions.slice(0, instruction.index))
    : [...definitions(file.stateAt(instruction).definitions)].map(({ name }) => name);
  return { file, places, stage, root, defined, base: root?.fromScratch === true ? [] : root?.facts?.environment };
}

const inShell = ({ place }: VariableUse): boolean => place === 'shell' || place === 'shell-heredoc';

/** `. FILE`, `eval TEXT` and `export $(cat .env)` may set any name. */
const setsAnything = ({ name, words }: Command): boolean =>
  name === '.' || name === 'source' || name === 'eval' || ((name === 'export' || name === 'declare') && words.some(({ text }) => /^["']?[$`]/.test(text)));

/** A name the RUN's text may set itself, or tests for being set. */
function mayBeSetBy(script: Script, name: string, text: string, strict: boolean): boolean {
  if (script.assigned.has(name) || script.commands.some(setsAnything)) return true;
  if (new RegExp(`\\$\\{${name}:?=|-[zn]\\s+["']?(?:\\$|x\\$)\\{?${name}\\b`).test(text)) return true;
  return strict && new RegExp(`(?:^|[^$\\w{]|[^$]\\{)${name}\\b`).test(text);
}

function givenByMount(instruction: Instruction, name: string): boolean {
  return mounts(instruction).some(({ type, options }) =>
    (type === 'secret' && options.has('env') && (options.get('env') === name || options.get('id') === name)) || (type === 'ssh' && name === 'SSH_AUTH_SOCK'));
}

/** True where a RUN's shell may know the name from elsewhere. `strict`: a name that merely occurs may be set there too. */
function knownToShell({ file, stage, root }: Scope, { name, instruction }: VariableUse, strict: boolean): boolean {
  const { shell, definitions: chain } = file.stateAt(instruction);
  const kind = stage === undefined ? 'sh' : shellKindOf(shell, root?.facts?.shell);
  if (setByShell(name, kind) !== false) return true;
  if (readsProfiles(shell) || findDefinition(chain, 'BASH_ENV') !== undefined || givenByMount(instruction, name)) return true;
  return file.scripts(instruction).some((script) => {
    const text = textAt(file.source, script.span);
    const ownShell = script.heredoc && /^#!.*(?:bash|zsh|ksh)/.test(text) && setByShell(name, 'bash') === true;
    return ownShell || mayBeSetBy(script, name, text, strict);
  });
}

/** The cause where the name gives it away, whatever the base image sets. */
function certainCause({ places, defined }: Scope, { name, instruction, pair }: VariableUse): Cause | undefined {
  if (instruction.keyword === 'ENV' && pair?.name !== name && instruction.pairs.some((each) => each.name === name)) return 'same-instruction';
  if (platformArguments.has(name)) return 'platform';
  if (places.globals.includes(name)) return 'global';
  return nearName(name, defined) === undefined ? undefined : 'typo';
}

/** The cause where every name is known, or where no image would set such a name. */
function causeOfUnknown(scope: Scope, use: VariableUse): Cause | undefined {
  const { file, places, stage } = scope;
  const { name, instruction } = use;
  const fragment = stage === undefined && longerName(name, scope.defined) !== undefined;
  if (scope.base === undefined && !fragment && !/^[a-z][a-z\d_]*$/.test(name)) return undefined;
  if (inShell(use) && knownToShell(scope, use, true)) return undefined;
  if (inShell(use) && setByShell(name, 'bash') === true) return 'bash';
  const earlierRun = places.assigned.get(name)?.some((each) => each.index < instruction.index && file.stageOf(each) === stage);
  if (inShell(use) && earlierRun === true) return 'lost';
  const others = places.defined.get(name)?.filter((each) => each !== instruction) ?? [];
  if (others.some((each) => each.index > instruction.index && file.stageOf(each) === stage)) return 'later';
  return others.some((each) => file.stageOf(each) !== stage) ? 'other-stage' : 'nothing';
}

/** `PATH=/app:$PATH` adds to what may be there; `ENV TOKEN=$TOKEN` means to pass something in. An ARG gets its value from outside. */
const addsTo = ({ name, instruction, pair }: VariableUse): boolean =>
  pair?.name === name && (instruction.keyword === 'ARG' || !/^\$(?:\w+|\{\w+\})$/.test(pair.value ?? ''));

/** An image name that is none without the value is a problem of the file already. */
const isRefused = ({ file }: Scope, { span }: VariableUse): boolean => file.problems.some(({ at }) => overlaps(at, span));

function judge(scope: Scope, use: VariableUse): Cause | undefined {
  const { name } = use;
  const { globals, inImages } = scope.places;
  if (name === 'PATH' || proxyArguments.has(name) || addsTo(use)) return undefined;
  if (use.place === 'from') return globals.includes(name) || platformArguments.has(name) || isRefused(scope, use) ? undefined : 'from';
  if (scope.defined.includes(name)) return undefined;
  // An image that a variable chooses may set that very name: `FROM python:${PYTHON_VERSION}`.
  if (scope.base?.includes(name) ?? (globals.includes(name) && inImages.has(name))) return undefined;
  const cause = certainCause(scope, use);
  if (cause === undefined) return causeOfUnknown(scope, use);
  return inShell(use) && knownToShell(scope, use, false) ? undefined : cause;
}

function meantBy({ defined, base, places }: Scope, { name, place }: VariableUse): string | undefined {
  const candidates = place === 'from' ? places.globals : [...defined, ...(base ?? [])];
  return nearName(name, candidates) ?? longerName(name, candidates);
}

/** The uses of an instruction by name and place: what holds for one holds for all. */
function* groups(uses: readonly VariableUse[]): Generator<readonly [VariableUse, ...VariableUse[]]> {
  const found = new Map<string, [VariableUse, ...VariableUse[]]>();
  for (const use of uses) {
    const key = `${use.name} ${use.place} ${use.pair?.span.start ?? ''}`;
    const known = found.get(key);
    if (known === undefined) found.set(key, [use]);
    else known.push(use);
  }
  yield* found.values();
}

/** Names without a value, in the stages a build needs, each with all its places; only what is as good as certain. */
export function undefinedVariables(file: Dockerfile): UndefinedVariable[] {
  const found = new Map<string, UndefinedVariable & { readonly uses: VariableUse[] }>();
  let places: Places | undefined;
  for (const instruction of file.instructions) {
    const uses = variableUses(file, instruction);
    if (uses.length === 0) continue;
    const scope = scopeOf(file, (places ??= readPlaces(file)), instruction);
    if (scope.stage !== undefined && !file.neededStages.has(scope.stage)) continue;
    for (const group of groups(uses)) {
      const [first] = group;
      const cause = judge(scope, first);
      if (cause === undefined) continue;
      const key = `${scope.stage?.index ?? ''} ${first.name} ${cause}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { name: first.name, cause, meant: meantBy(scope, first), first, uses: [...group] });
      else known.uses.push(...group);
    }
  }
  return [...found.values()];
}
