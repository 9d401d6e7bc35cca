import { isVersion } from './text.ts';

/** Versions of an image that there are, the newest first, and the one to take where the project states none. */
interface Versions {
  readonly usual: string;
  readonly all: readonly string[];
}

/**
 * What is taken where a project states nothing: releases under long support as of November 2026.
 * A range of the project takes the usual one where it allows it, else the newest of the list.
 */
export const versions = {
  python: { usual: '3.13', all: ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9', '3.8'] },
  node: { usual: '24', all: ['26', '24', '22', '20', '18', '16', '14'] },
  go: { usual: '1.25', all: [] },
  rust: { usual: '1', all: [] },
  java: { usual: '21', all: ['25', '21', '17', '11', '8'] },
  maven: { usual: '3.9', all: [] },
  gradle: { usual: '8', all: [] },
  dotnet: { usual: '10.0', all: [] },
  php: { usual: '8.4', all: ['8.5', '8.4', '8.3', '8.2', '8.1'] },
  ruby: { usual: '3.4', all: [] },
  composer: { usual: '2', all: [] },
  phpExtensions: { usual: '2', all: [] },
  nginx: { usual: '1.28', all: [] },
  uv: { usual: '0.9', all: [] },
  poetry: { usual: '2', all: [] },
  pnpm: { usual: '10', all: [] },
  yarn: { usual: '1', all: [] },
} as const satisfies Readonly<Record<string, Versions>>;

type Bound = readonly [operator: string, version: readonly number[]];

const numbers = (version: string): number[] => version.split('.').map(Number);

/** Compares as many parts as both have. */
function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, number] of left.slice(0, right.length).entries()) {
    if (number !== right[index]) return number - (right[index] ?? 0);
  }
  return 0;
}

/** `^3.11`: up to the next major; `~=3.11` and `~3.11`: what the length says; upper bounds of other forms are exact. */
function meets(version: readonly number[], [operator, bound]: Bound): boolean {
  const order = compare(version, bound);
  if (operator === '>=' || operator === '>') return order >= 0;
  if (operator === '<') return order < 0 && compare(version, bound) !== 0;
  if (operator === '<=') return order <= 0;
  if (operator === '!=') return bound.length > version.length || order !== 0;
  if (operator === '^') return order >= 0 && version[0] === bound[0];
  if (operator === '~' || operator === '~>') {
    return order >= 0 && version[0] === bound[0] && (bound.length < 2 || version[1] === bound[1] || version.length === 1);
  }
  if (operator === '~=') return order >= 0 && compare(version, bound.slice(0, -1)) === 0;
  return order === 0;
}

/** Reads `>=3.9,<3.13`, `^8.2`, `>= 18 < 21`; undefined for what it does not know. */
function boundsOf(range: string): Bound[] | undefined {
  const parts = range.trim().split(/\s*,\s*|(?<=[\dx*])\s+(?=[<>=^~!])/).filter((part) => part !== '');
  const bounds: Bound[] = [];
  for (const part of parts) {
    const [, operator = '', version = ''] = /^(>=|<=|!=|==|~=|~>|[<>^~=]?)\s*v?(\d+(?:\.\d+){0,2})(?:\.[*x])*$/.exec(part) ?? [];
    if (version === '') return undefined;
    bounds.push([operator, numbers(version)]);
  }
  return bounds.length === 0 ? undefined : bounds;
}

/**
 * The version a range allows: the usual one, else the newest there is.
 * @param range as Python, npm and Composer write it; alternatives stand between `||` or `|`
 * @returns undefined where the range is not understood, or allows none that we know
 */
export function inRange(range: string, { usual, all }: Versions): string | undefined {
  const alternatives = range.slice(0, 200).split(/\s*\|\|?\s*/).map(boundsOf).filter((bounds) => bounds !== undefined);
  const allowed = (version: string): boolean => alternatives.some((bounds) => bounds.every((bound) => meets(numbers(version), bound)));
  return [usual, ...all].find(allowed);
}

/** A version as a file states it alone (`v22.11.0`, `3.12`); undefined for anything else. */
export function stated(text: string | undefined): string | undefined {
  const version = text?.trim().split(/\s+/, 1)[0]?.replace(/^(?:v|python-|ruby-|node\/)/, '') ?? '';
  return isVersion(version) ? version : undefined;
}

/** The version that `.tool-versions` of asdf and mise states. */
export const toolVersion = (text: string | undefined, tool: string): string | undefined =>
  stated(text?.split('\n').find((line) => line.startsWith(`${tool} `))?.slice(tool.length + 1));

/** A version to build on, and what to say of it. */
export interface Version {
  readonly version: string;
  readonly notes: readonly string[];
}

/**
 * The version the project states, else one that its range allows, else the usual one; of what it does not state there is a note.
 * @param file where it may be stated
 */
export function versionFor(title: string, exact: string | undefined, range: string | undefined, known: Versions, file: string): Version {
  if (exact !== undefined) return { version: exact, notes: [] };
  const version = (range === undefined ? undefined : inRange(range, known)) ?? known.usual;
  const why = range === undefined ? `The project states no version of ${title}` : `The project allows several versions of ${title}`;
  return { version, notes: [`${why}: ${version} is taken; \`${file}\` can name another.`] };
}
