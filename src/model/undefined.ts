import type { Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { variableUses, type VariableUse } from './references.ts';
import { readsProfiles, setByShell, shellKindOf } from './shell-variables.ts';
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
  /** All places of the stage that have the same cause, in source order. */
  readonly uses: readonly [VariableUse, ...VariableUse[]];
}

const plain = (name: string): string => name.toLowerCase().replaceAll('_', '');

/** One letter added, missing, changed or swapped with its neighbour; digits tell versions apart and don't count. */
function isOneLetterOff(one: string, other: string): boolean {
  const [short, long] = one.length <= other.length ? [one, other] : [other, one];
  if (short.length < 4 || long.length - short.length > 1) return false;
  let at = 0;
  while (at < short.length && short[at] === long[at]) at += 1;
  if (/\d/.test(long[at] ?? '') || /\d/.test(short[at] ?? '')) return false;
  if (short.length < long.length) return short.slice(at) === long.slice(at + 1);
  const changed = short.length > 4 && short.slice(at + 1) === long.slice(at + 1);
  const swapped = short[at] === long[at + 1] && short[at + 1] === long[at] && short.slice(at + 2) === long.slice(at + 2);
  return changed || swapped;
}

const isNear = (name: string, candidate: string): boolean => name !== candidate && (plain(name) === plain(candidate) || isOneLetterOff(name, candidate));

/** What may be meant besides: a defined name this one is the end of, such as `USER_UID` for `UID`. */
const isEndOf = (name: string, candidate: string): boolean => name.length >= 3 && candidate.endsWith(`_${name}`);

/** What is known where a variable is used. */
interface Scope {
  readonly file: Dockerfile;
  readonly stage: Stage | undefined;
  /** Names of the base image's ENV; undefined where they are unknown. */
  readonly base: readonly string[] | undefined;
  readonly defined: readonly string[];
  readonly globals: readonly string[];
}

function rootOf(stage: Stage | undefined): Stage | undefined {
  let root = stage;
  while (root?.parent !== undefined) root = root.parent;
  return root;
}

const namesIn = (instructions: readonly Instruction[]): string[] =>
  instructions.flatMap(({ keyword, pairs }) => (keyword === 'ARG' || keyword === 'ENV' ? pairs.map(({ name }) => name) : []));

function scopeOf(file: Dockerfile, instruction: Instruction): Scope {
  const stage = file.stageOf(instruction);
  const root = rootOf(stage);
  const globals = namesIn(file.globalArguments);
  // Without any FROM the text is a fragment: what stands in it is all there is.
  const defined = stage === undefined
    ? namesIn(file.instructions.slice(0, instruction.index))
    : [...definitions(file.stateAt(instruction).definitions)].map(({ name }) => name);
  return { file, stage, globals, defined, base: root?.fromScratch === true ? [] : root?.facts?.environment };
}

const isOwn = (name: string): boolean => name === 'PATH' || proxyArguments.has(name);

/** A name the RUN's text may set itself, or tests for being set. */
function mayBeSetBy(script: Script, name: string, text: string, strict: boolean): boolean {
  if (script.assigned.has(name) || script.commands.some((command) => command.name === '.' || command.name === 'source' || command.name === 'eval')) return true;
  if (new RegExp(`\\$\\{${name}:?=|-[zn]\\s+["']?(?:\\$|x\\$)\\{?${name}\\b`).test(text)) return true;
  return strict && new RegExp(`(?:^|[^$\\w{]|[^$]\\{)${name}\\b`).test(text);
}

function givenByMount(instruction: Instruction, name: string): boolean {
  return mounts(instruction).some(({ type, options }) =>
    (type === 'secret' && options.has('env') && (options.get('env') === name || options.get('id') === name)) || (type === 'ssh' && name === 'SSH_AUTH_SOCK'));
}

/** True where a RUN's shell may know the name from elsewhere. `strict`: a name that merely occurs may be set there too. */
function knownToShell({ file, stage }: Scope, { name, instruction }: VariableUse, strict: boolean): boolean {
  const { shell, definitions: chain } = file.stateAt(instruction);
  const kind = shellKindOf(shell, rootOf(stage)?.facts?.shell);
  if (setByShell(name, kind) !== false && !(stage === undefined && setByShell(name, 'sh') === false)) return true;
  if (readsProfiles(shell) || findDefinition(chain, 'BASH_ENV') !== undefined || givenByMount(instruction, name)) return true;
  return file.scripts(instruction).some((script) => {
    const text = textAt(file.source, script.span);
    const otherShell = script.heredoc && /^#!.*(?:bash|zsh|ksh)/.test(text) && setByShell(name, 'bash') === true;
    return otherShell || mayBeSetBy(script, name, text, strict);
  });
}

/** An image that a variable names may set that very name itself: `FROM python:${PYTHON_VERSION}`. */
const namesImage = ({ file }: Scope, name: string): boolean => file.stages.some(({ imageWord }) => new RegExp(`\\$\\{?${name}\\b`).test(imageWord?.raw ?? ''));

const defines = (instruction: Instruction, name: string): boolean => namesIn([instruction]).includes(name);

const definedBehind = ({ stage }: Scope, { instruction, name }: VariableUse): boolean =>
  stage?.instructions.some((each) => each.index > instruction.index && defines(each, name)) === true;

const setInEarlierRun = ({ file, stage }: Scope, { instruction, name }: VariableUse): boolean =>
  stage?.instructions.some((each) => each.index < instruction.index && each.keyword === 'RUN' && file.scripts(each).some((script) => script.assigned.has(name))) === true;

/** The cause where the name gives it away, whatever the base image sets. */
function certainCause(scope: Scope, use: VariableUse): Cause | undefined {
  const { name, instruction, pair } = use;
  if (instruction.keyword === 'ENV' && pair?.name !== name && defines(instruction, name)) return 'same-instruction';
  if (platformArguments.has(name)) return 'platform';
  if (scope.globals.includes(name)) return 'global';
  return scope.defined.some((candidate) => isNear(name, candidate)) ? 'typo' : undefined;
}

/** The cause where every name is known, or where no image would set such a name. */
function causeOfUnknown(scope: Scope, use: VariableUse): Cause | undefined {
  const { name, place } = use;
  const inShell = place === 'shell' || place === 'shell-heredoc';
  const fragment = scope.stage === undefined && scope.defined.some((candidate) => isEndOf(name, candidate));
  if (scope.base === undefined && !fragment && !/^[a-z][a-z\d_]*$/.test(name)) return undefined;
  if (inShell && knownToShell(scope, use, true)) return undefined;
  if (inShell && setByShell(name, 'bash') === true) return 'bash';
  if (inShell && setInEarlierRun(scope, use)) return 'lost';
  if (definedBehind(scope, use)) return 'later';
  const others = scope.file.stages.filter((stage) => stage !== scope.stage);
  return others.some(({ instructions }) => instructions.some((each) => defines(each, name))) ? 'other-stage' : 'nothing';
}

/** `PATH=/app:$PATH` adds to what may be there; `ENV TOKEN=$TOKEN` means to pass something in. An ARG gets its value from outside. */
const addsTo = ({ name, instruction, pair }: VariableUse): boolean =>
  pair?.name === name && (instruction.keyword === 'ARG' || !/^\$(?:\w+|\{\w+\})$/.test(pair.value ?? ''));

function judge(scope: Scope, use: VariableUse): Cause | undefined {
  const { name, place } = use;
  if (isOwn(name) || addsTo(use)) return undefined;
  if (place === 'from') return scope.globals.includes(name) || platformArguments.has(name) ? undefined : 'from';
  if (scope.defined.includes(name)) return undefined;
  if (scope.base?.includes(name) ?? (scope.globals.includes(name) && namesImage(scope, name))) return undefined;
  const cause = certainCause(scope, use);
  if (cause === undefined) return causeOfUnknown(scope, use);
  return (place === 'shell' || place === 'shell-heredoc') && knownToShell(scope, use, false) ? undefined : cause;
}

function meantBy({ defined, globals, base }: Scope, { name, place }: VariableUse): string | undefined {
  const candidates = place === 'from' ? globals : [...defined, ...(base ?? [])];
  return candidates.find((candidate) => isNear(name, candidate)) ?? candidates.find((candidate) => isEndOf(name, candidate));
}

/** Names without a value, in the stages a build needs, each with all its places; only what is as good as certain. */
export function undefinedVariables(file: Dockerfile): UndefinedVariable[] {
  const found = new Map<string, { -readonly [Key in keyof UndefinedVariable]: UndefinedVariable[Key] }>();
  for (const instruction of file.instructions) {
    const uses = variableUses(file, instruction);
    if (uses.length === 0) continue;
    const scope = scopeOf(file, instruction);
    if (scope.stage !== undefined && !file.neededStages.has(scope.stage)) continue;
    for (const use of uses) {
      const cause = judge(scope, use);
      if (cause === undefined) continue;
      const key = `${scope.stage?.index ?? ''} ${use.name} ${cause}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { name: use.name, cause, meant: meantBy(scope, use), uses: [use] });
      else known.uses = [...known.uses, use];
    }
  }
  return [...found.values()];
}
