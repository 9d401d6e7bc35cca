import { baseName } from '../dockerfile/command.ts';
import type { ShellKind } from './bases.ts';

/** Names that every shell of a RUN has. */
export const shellVariables: ReadonlySet<string> = new Set([
  'HOME', 'HOSTNAME', 'IFS', 'LINENO', 'OLDPWD', 'OPTARG', 'OPTIND', 'PATH', 'PPID', 'PS1', 'PS2', 'PS4', 'PWD', 'REPLY', 'SHLVL', 'TERM', '_',
]);

/** Names that bash sets by itself and dash does not. */
export const bashVariables: ReadonlySet<string> = new Set([
  'BASH', 'BASHPID', 'BASH_SOURCE', 'BASH_VERSINFO', 'BASH_VERSION', 'DIRSTACK', 'EPOCHREALTIME', 'EPOCHSECONDS', 'EUID', 'FUNCNAME', 'GROUPS',
  'HOSTTYPE', 'MACHTYPE', 'OSTYPE', 'PIPESTATUS', 'RANDOM', 'SECONDS', 'SHELL', 'SHELLOPTS', 'SRANDOM', 'UID', 'BASH_REMATCH', 'MAPFILE',
]);

/** Those that BusyBox's shell may set as well, as it was built. */
const alsoInAsh = new Set(['RANDOM', 'EPOCHSECONDS', 'EPOCHREALTIME', 'FUNCNAME']);

/** The shell a RUN's text is given to: by SHELL's words, `/bin/sh` being what the base image makes of it. */
export function shellKindOf(words: readonly string[], baseShell: ShellKind | undefined): 'bash' | 'sh' | 'ash' | undefined {
  const name = baseName(words[0] ?? '');
  if (name !== 'sh') return name === 'dash' ? 'sh' : name === 'ash' ? 'ash' : 'bash';
  return baseShell === 'dash' ? 'sh' : baseShell === 'ash' || baseShell === 'bash' ? baseShell : undefined;
}

/** Whether the shell sets the name itself; undefined where it depends on a shell nobody knows. */
export function setByShell(name: string, shell: ReturnType<typeof shellKindOf>): boolean | undefined {
  if (shellVariables.has(name)) return true;
  if (!bashVariables.has(name)) return false;
  if (shell === 'ash' && alsoInAsh.has(name)) return undefined;
  return shell === undefined ? undefined : shell === 'bash';
}

/** A login or interactive shell reads files that may define any name. */
export const readsProfiles = (words: readonly string[]): boolean => words.slice(1).some((word) => /^-[a-z]*[li]/.test(word) || word === '--login');
