import { expand, type Lookup } from '../dockerfile/expand.ts';
import type { Instruction, Pair } from '../dockerfile/instruction.ts';

/** One definition; definitions form a chain, newest first. */
export interface Definition {
  readonly name: string;
  readonly kind: 'ARG' | 'ENV';
  /** A text, null for an ARG nothing gives a value, undefined where nobody can tell. */
  readonly value: string | null | undefined;
  readonly pair: Pair;
  readonly instruction: Instruction;
  readonly older: Definition | undefined;
}

/** Arguments BuildKit gives every stage without an ARG; not part of a cache key unless declared. */
export const proxyArguments: ReadonlySet<string> = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
);

/** Global platform arguments: in FROM always, in a stage once declared with ARG. */
export const platformArguments: ReadonlySet<string> = new Set([
  ...['BUILD', 'TARGET'].flatMap((side) => ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'].map((part) => side + part)),
  'TARGETSTAGE',
]);

/** The definition of a name that is in force: the newest, but for an ARG that nothing gives a value (seen with a real engine). */
export function findDefinition(chain: Definition | undefined, name: string): Definition | undefined {
  let declared: Definition | undefined;
  for (let at = chain; at !== undefined; at = at.older) {
    if (at.name !== name) continue;
    if (at.kind === 'ENV' || at.value !== null) return at;
    declared ??= at;
  }
  return declared;
}

/** All names defined, newest definitions first. */
export function* definitions(chain: Definition | undefined): Iterable<Definition> {
  for (let at = chain; at !== undefined; at = at.older) yield at;
}

/** A value may grow by doubling (`ENV A=$A$A`); beyond this it counts as unknown. */
const longestValue = 10_000;

const limited = (value: string | undefined): string | undefined => (value !== undefined && value.length > longestValue ? undefined : value);

/** Adds what an ENV or ARG defines; all its values are read with the definitions before it. */
export function define(instruction: Instruction, chain: Definition | undefined, lookup: Lookup, values: (pair: Pair) => string | null | undefined): Definition | undefined {
  const kind = instruction.keyword === 'ENV' ? 'ENV' : 'ARG';
  let result = chain;
  for (const pair of instruction.pairs) {
    const given = kind === 'ARG' ? values(pair) : undefined;
    const own = pair.raw === undefined ? (kind === 'ARG' ? given : '') : limited(expand(pair.raw, lookup));
    const value = kind === 'ARG' && typeof given === 'string' ? given : own;
    result = { name: pair.name, kind, value, pair, instruction, older: result };
  }
  return result;
}
