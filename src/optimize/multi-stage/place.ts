import type { Instruction } from '../../dockerfile/instruction.ts';
import { textAt } from '../../span.ts';
import { isVolatileName } from '../volatile.ts';
import type { Draft, Place } from './draft.ts';

export interface Placed {
  readonly instruction: Instruction;
  readonly place: Place;
}

/** Settings of compilers and package managers, which nothing asks for once the program is built. */
const buildOnly = new RegExp(`^(?:${[
  'CGO_\\w+', 'GO(?:OS|ARCH|ARM|PROXY|PRIVATE|FLAGS|SUMDB|NOSUMDB|NOSUMCHECK|NOPROXY|INSECURE|TOOLCHAIN|CACHE|MODCACHE|BIN|PATH|ROOT|EXPERIMENT|WORK)', 'GO111MODULE',
  'DEBIAN_FRONTEND', 'PIP_\\w+', 'UV_\\w+', 'POETRY_\\w+', 'CARGO_\\w+', 'RUST(?:FLAGS|UP_\\w+)', 'CC', 'CXX', 'CFLAGS', 'CXXFLAGS', 'LDFLAGS', 'MAKEFLAGS', 'CMAKE_\\w+',
  'MAVEN_\\w+', 'M2_HOME', 'GRADLE_\\w+', '(?:npm_config|NPM_CONFIG)_\\w+', 'YARN_\\w+', 'NUGET_\\w+', 'PKG_CONFIG_\\w+',
].join('|')})$`);

export const isBuildOnly = (name: string): boolean => buildOnly.test(name);

const isRun = ({ keyword }: Instruction): boolean => keyword === 'RUN';

const always: Readonly<Record<string, Place>> = {
  LABEL: 'run', MAINTAINER: 'run', EXPOSE: 'run', HEALTHCHECK: 'run', STOPSIGNAL: 'run', VOLUME: 'run', CMD: 'run', ENTRYPOINT: 'run',
};

/** The name of a variable stands in the text, as an expansion. */
const mentions = (text: string, name: string): boolean => new RegExp(`\\$\\{?${name.replace(/\W/g, '')}\\b`).test(text);

/** ARG goes where it is used; a RUN has it in its environment even where its text doesn't name it. */
function argumentPlace(draft: Draft, argument: Instruction, others: readonly Placed[]): Place {
  const { source } = draft.file;
  const uses = (...places: readonly Place[]): boolean => others.some(({ instruction, place }) => instruction.index > argument.index && places.includes(place) &&
    argument.pairs.some(({ name }) => mentions(draft.rewritten.get(instruction) ?? textAt(source, instruction.span), name)));
  const isForRun = uses('run', 'both') || draft.shippedFirst.some((text) => argument.pairs.some(({ name }) => mentions(text, name)));
  if (!isForRun) return 'build';
  // A build may read a variable it does not name, but hardly the commit or the date.
  if (argument.pairs.every(({ name }) => isVolatileName(name)) && !uses('build', 'both')) return 'run';
  return uses('build', 'both') || others.some(({ instruction, place }) => isRun(instruction) && instruction.index > argument.index && place !== 'run') ? 'both' : 'run';
}

function placeOf(draft: Draft, instruction: Instruction, lastBuild: number): Place {
  const { keyword, index, pairs } = instruction;
  const own = draft.places.get(instruction) ?? always[keyword];
  if (own !== undefined) return own;
  if (keyword === 'RUN') return 'build';
  if (keyword === 'SHELL') return draft.all('CMD', 'ENTRYPOINT', 'HEALTHCHECK').some((each) => (each.inner ?? each).json === undefined) ? 'both' : 'build';
  if (index > lastBuild) return 'run';
  if (keyword === 'COPY' || keyword === 'ADD') return 'build';
  if (keyword === 'ENV' && pairs.every(({ name }) => isBuildOnly(name))) return 'build';
  return 'both';
}

/** Where each instruction of the stage belongs. What stands behind the last RUN of the build is the business of the stage that ships. */
export function placesOf(draft: Draft): Placed[] {
  const { instructions } = draft.stage;
  const lastBuild = instructions.findLast((each) => isRun(each) && (draft.places.get(each) ?? 'build') !== 'run')?.index ?? -1;
  const settled = instructions.filter(({ keyword }) => keyword !== 'ARG').map((instruction) => ({ instruction, place: placeOf(draft, instruction, lastBuild) }));
  // The last first: an ARG may be there for a later one.
  for (const argument of instructions.filter(({ keyword }) => keyword === 'ARG').toReversed()) {
    settled.push({ instruction: argument, place: draft.places.get(argument) ?? argumentPlace(draft, argument, settled) });
  }
  return settled.sort((a, b) => a.instruction.index - b.instruction.index);
}

/** True for an instruction that may stand behind the beginning of the stage that ships as it is. */
export const isAtEnd = (_instruction: Instruction, place: Place): boolean => place === 'run' || place === 'none';
