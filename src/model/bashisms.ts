import type { BashKind } from '../dockerfile/command.ts';
import type { RunShell } from './run-shell.ts';

/** What a shell makes of a piece that bash understands. */
export interface Bashism {
  /** As ShellCheck numbers it. */
  readonly code: string;
  /** What it is, for a message. */
  readonly name: string;
  /** What to write instead. */
  readonly instead: string;
  /** BusyBox's shell, as Alpine builds it, understands it. */
  readonly inAsh: boolean;
}

const row = (code: string, name: string, instead: string, inAsh = false): Bashism => ({ code: `shellcheck/${code}`, name, instead, inAsh });

/** Syntax. BusyBox: what its shell/ash.c has under ASH_BASH_COMPAT; where releases differ, it counts as understood. */
export const syntaxes: Readonly<Record<BashKind, Bashism>> = {
  test: row('SC3010', '`[[ … ]]`', 'use `[ … ]`', true),
  function: row('SC2112', 'the word `function`', 'write `name() { … }`', true),
  array: row('SC3030', 'an array', 'use several variables, or `set -- a b`'),
  element: row('SC3054', 'an element of an array', 'use several variables, or `"$@"`'),
  append: row('SC3024', '`+=`', 'write `a="${a}b"`', true),
  process: row('SC3001', 'process substitution', 'use a pipe or a file', true),
  'redirect-both': row('SC3020', '`&>`', 'write `> file 2>&1`', true),
  'here-string': row('SC3011', 'a here-string', 'pipe the text in with `printf`'),
  'pipe-both': row('SC3029', '`|&`', 'write `2>&1 |`'),
  'fall-through': row('SC2127', 'a `case` that falls through', 'name both patterns', true),
  braces: row('SC3009', 'brace expansion', 'write the words out'),
  'loop-braces': row('SC3009', 'brace expansion', 'use `$(seq 1 5)`, or write the words out'),
  replace: row('SC3060', 'replacement in a variable', 'use `sed`', true),
  slice: row('SC3057', 'a piece of a variable', 'use `cut`', true),
  'case-change': row('SC3059', 'change of case in a variable', 'use `tr`'),
  indirect: row('SC3053', 'a variable named by a variable', 'use `eval`, or `case`'),
  arithmetic: row('SC3006', '`((…))`', 'use `$((…))`, or `[ … ]`'),
  select: row('SC3008', 'this loop', 'write it another way'),
};

/** Commands that only bash has. */
export const commands: ReadonlyMap<string, Bashism> = new Map([
  ['source', row('SC3046', '`source`', 'write `.`', true)],
  ['let', row('SC3039', '`let`', 'use `$((…))`', true)],
  ...['pushd', 'popd', 'dirs', 'shopt', 'declare', 'mapfile', 'readarray', 'disown'].map((name) =>
    [name, row('SC3044', `\`${name}\``, name === 'pushd' || name === 'popd' ? 'use `cd` in a subshell' : 'do without')] as const),
]);

export const equals = row('SC3014', '`==`', 'write `=`', true);
export const echoOption = row('SC3037', 'the option `-e` of `echo`', 'leave it out: `\\n` is read anyway', true);

/** How messages name the shell. */
export const shellNames: Readonly<Record<Exclude<RunShell, 'bash'>, string>> = { sh: 'dash', ash: 'BusyBox\'s ash' };
