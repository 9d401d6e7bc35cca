import type { Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { costClass, isExpensive } from '../model/cost.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { readInvocation } from '../model/packages.ts';
import { effectsOf } from '../model/effects.ts';
import type { Stage } from '../model/stages.ts';
import { textAt } from '../span.ts';

/** Instructions that only carry a value on: they may sink together with the ARG they use. */
const carriers = new Set(['LABEL', 'ENV', 'ARG']);

/** An ARG or ENV above work that does not use it. */
export interface VolatilePlan {
  readonly stage: Stage;
  readonly declaration: Instruction;
  readonly name: string;
  /** The declaration and what carries its value on, in order: all sink. */
  readonly moved: readonly Instruction[];
  /** The expensive RUNs that would no longer be run again. */
  readonly passed: readonly Instruction[];
  /** They come to stand in front of this; undefined: behind `last`. */
  readonly before: Instruction | undefined;
  readonly last: Instruction;
  /** Nothing in the stage names it. */
  readonly unused: boolean;
  /** Why the move is only likely to change nothing. */
  readonly doubts: readonly string[];
}

const volatileWords = new Set(['commit', 'sha', 'hash', 'revision', 'rev', 'timestamp', 'buildtime', 'builddate']);
const volatileNames = /^(?:(?:CI_|GIT_|VCS_|BUILD_|APP_|IMAGE_|RELEASE_|DOCKER_)*(?:COMMIT|SHA|SHA1|REF|REVISION|REV|TIMESTAMP|BUILD_?DATE|BUILD_?TIME|BUILD_?NUMBER|BUILD_?ID|DESCRIBE)(?:_(?:SHA|HASH|ID|REF|SHORT|DATE|TIME))?|BUILD_?(?:DATE|TIME|NUMBER|ID|VERSION|REVISION)|(?:GIT|VCS)_(?:BRANCH|TAG|VERSION|HASH|DATE)|CACHE_?BUST(?:ER)?)$/i;

/**
 * True for names whose value changes with every build: commits, dates, build numbers. A version pinned in
 * the file (`NODE_VERSION=22`) is none.
 */
export function isVolatileName(name: string): boolean {
  return volatileNames.test(name) || (/^(?:git|vcs|build|ci)_/i.test(name) && name.toLowerCase().split('_').some((word) => volatileWords.has(word)));
}

/** A cache buster is there to run what follows again. */
const isCacheBuster = (name: string): boolean => /cache_?bust/i.test(name);

/** Names that programs look up on their own: RUNs need not name them to use them. */
const isLookedUp = (name: string): boolean => /^(?:PATH|HOME|TMPDIR|SHELL|USER|TERM|IFS|LANG|LANGUAGE|(?:LC|LD|DEBIAN|APT|SSL|CURL|GIT_SSL)_\w+|\w+_proxy)$/i.test(name);

/** `env`, `printenv`, `set`, `export -p`: every variable is written out. */
const listsVariables = ({ name, wrappers, program, words }: Command): boolean =>
  name === 'printenv' || (name === 'env' && words.length === 0 && wrappers.length === 0) || (name === 'set' && words.length === 0) ||
  (/^(?:export|declare)$/.test(program.text) && words.every(({ text }) => text.startsWith('-')));

/** True when one of the names stands in an instruction's text as a word of its own, or all variables are written out. */
function mentions(file: Dockerfile, instruction: Instruction, names: ReadonlySet<string>): boolean {
  if (instruction.keyword === 'RUN' && file.commandsOf(instruction).some(listsVariables)) return true;
  const words = textAt(file.source, instruction.span).split(/[^A-Za-z0-9_]+/);
  return words.some((word) => names.has(word));
}

const oneLine = (text: string): string => (text.includes('\n') ? `${(text.split('\n')[0] ?? '').replace(/[\s\\]+$/, '')} …` : text);

/** True for a RUN that builds the project: it may well read the value without naming it. */
const mayBuild = (file: Dockerfile, run: Instruction): boolean =>
  run.keyword === 'RUN' && (costClass(file, run) === 'build' || file.commandsOf(run).some(({ program }) => /^\.{1,2}\/|\.sh$/.test(program.text)));

/** Why a RUN could see a variable that its text does not name. */
function doubtsOf(file: Dockerfile, run: Instruction): string[] {
  const { opaque } = effectsOf(file, run);
  if (opaque !== undefined) return [`\`${oneLine(opaque)}\` may read any variable of its environment.`];
  const language = file.commandsOf(run).map(readInvocation).find((each) => each !== undefined && each.manager.kind !== 'system');
  return language === undefined ? [] : [`Scripts of packages that \`${language.manager.name}\` installs may read any variable of their environment.`];
}

interface Walk {
  readonly moved: Instruction[];
  readonly passed: Instruction[];
  readonly names: Set<string>;
  before: Instruction | undefined;
  last: Instruction;
}

/** What nothing names but ENV, or nothing at all, is there for the environment of a build or of the service. */
const isForEnvironment = ({ before, moved }: Walk): boolean => before === undefined && (moved.length === 1 || moved.some(({ keyword }) => keyword === 'ENV'));

/**
 * Walks down from a declaration to the first instruction that uses its value.
 * @param untilBuild stops at a RUN that builds the project, too
 */
function walk(file: Dockerfile, stage: Stage, declaration: Instruction, name: string, untilBuild: boolean): Walk | undefined {
  const result: Walk = { moved: [declaration], passed: [], names: new Set([name]), before: undefined, last: declaration };
  for (const instruction of stage.instructions) {
    if (instruction.index <= declaration.index) continue;
    if (carriers.has(instruction.keyword) && instruction.pairs.some((pair) => result.names.has(pair.name) && pair.raw === undefined)) return undefined;
    if (mentions(file, instruction, result.names)) {
      if (!carriers.has(instruction.keyword)) {
        result.before = instruction;
        return result;
      }
      if (instruction.keyword !== 'LABEL' && instruction.pairs.some((pair) => isLookedUp(pair.name))) return undefined;
      result.moved.push(instruction);
      for (const pair of instruction.pairs) if (instruction.keyword !== 'LABEL') result.names.add(pair.name);
    } else if (untilBuild && mayBuild(file, instruction)) {
      result.before = instruction;
      return result;
    } else {
      if (isExpensive(file, instruction)) result.passed.push(instruction);
      // Behind an ARG that stands there already, so that several keep their order.
      const follows = instruction.keyword === 'ARG' && instruction.index === result.last.index + 1;
      if (follows || instruction.keyword === 'RUN' || instruction.keyword === 'COPY' || instruction.keyword === 'ADD') result.last = instruction;
    }
  }
  return result;
}

/** The value a carrier gets must be the same below: nothing it uses, and nothing it sets, is defined anew on the way. */
function redefined(file: Dockerfile, stage: Stage, moved: readonly Instruction[], until: Instruction): boolean {
  const defined = new Set(moved.flatMap(({ pairs }) => pairs.map((pair) => pair.name)));
  const labels = new Set(moved.filter(({ keyword }) => keyword === 'LABEL').flatMap(({ pairs }) => pairs.map((pair) => pair.name)));
  const between = stage.instructions.filter((each) => each.index > (moved[0]?.index ?? 0) && each.index <= until.index && !moved.includes(each));
  return between.some((each) => (each.keyword === 'LABEL' ? each.pairs.some((pair) => labels.has(pair.name)) : each.pairs.some((pair) => defined.has(pair.name) || moved.some((one) => mentions(file, one, new Set([pair.name]))))));
}

/** `ENV BUILD_ID=$ID`: the argument changes with every build, whatever its own name. */
const feedsVolatile = (stage: Stage, name: string): boolean =>
  stage.instructions.some(({ keyword, pairs }) => keyword === 'ENV' && pairs.some((pair) => isVolatileName(pair.name) && [`$${name}`, `\${${name}}`].includes((pair.raw ?? '').replace(/^"|"$/g, ''))));

/** The name a declaration gives a value that changes with every build. An ENV gets it from an ARG, and moves with that. */
function volatileName(stage: Stage, { keyword, pairs }: Instruction): string | undefined {
  const [pair, another] = pairs;
  if (keyword !== 'ARG' || pair === undefined || another !== undefined || isCacheBuster(pair.name)) return undefined;
  return isVolatileName(pair.name) || (pair.raw === undefined && feedsVolatile(stage, pair.name)) ? pair.name : undefined;
}

/** The arguments of a file whose values are taken to change with every build. */
export const volatileArguments = (file: Dockerfile): string[] =>
  [...new Set(file.stages.flatMap((stage) => stage.instructions.flatMap((instruction) => volatileName(stage, instruction) ?? [])))];

function planOf(file: Dockerfile, stage: Stage, declaration: Instruction, name: string): VolatilePlan | undefined {
  const whole = walk(file, stage, declaration, name, false);
  const found = whole !== undefined && isForEnvironment(whole) ? walk(file, stage, declaration, name, true) : whole;
  if (found === undefined || found.passed.length === 0) return undefined;
  const { before, last, passed } = found;
  const until = before ?? last;
  // Behind a line that ends in a continuation, the declaration would be part of it.
  if (before === undefined && last.unfinished) return undefined;
  // What carries the value on and stands below already stays where it is.
  const moved = found.moved.filter(({ index }) => index < until.index);
  if (redefined(file, stage, moved, until)) return undefined;
  const crossed = stage.instructions.filter((each) => each.keyword === 'RUN' && each.index > declaration.index && each.index < until.index + (before === undefined ? 1 : 0));
  const doubts = [...new Set(crossed.flatMap((run) => doubtsOf(file, run)))];
  return { stage, declaration, name, moved, passed, before, last, unused: before === undefined && found.moved.length === 1, doubts };
}

/** Declarations of a stage that make expensive steps below them run again at every build. */
export function volatilePlans(file: Dockerfile, stage: Stage): VolatilePlan[] {
  const plans: VolatilePlan[] = [];
  for (const declaration of stage.instructions) {
    const name = plans.some(({ moved }) => moved.includes(declaration)) ? undefined : volatileName(stage, declaration);
    const plan = name === undefined ? undefined : planOf(file, stage, declaration, name);
    if (plan !== undefined) plans.push(plan);
  }
  return plans;
}
