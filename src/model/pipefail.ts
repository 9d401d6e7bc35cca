import { baseName, type Pipe, type Script } from '../dockerfile/command.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { shellOf } from './run-shell.ts';

const isAsked = (words: readonly string[]): boolean => words.some((word, index) => word === 'pipefail' && /^-[a-zA-Z]*o$/.test(words[index - 1] ?? ''));

/** SHELL says so to a shell that knows it: dash does not. */
function isSetByShell(file: Dockerfile, script: Script): boolean {
  const { shell } = file.stateAt(script.instruction);
  const name = baseName(shell[0] ?? '');
  if (/^(?:pwsh|powershell|cmd)/.test(name)) return true;
  return isAsked(shell) && (/^(?:ba|z|a|k)sh$/.test(name) || shellOf(file, script) === 'bash' || shellOf(file, script) === 'ash');
}

const isSetIn = (script: Script, { span }: Pipe, source: string): boolean =>
  script.commands.some(({ name, words, span: at }) => name === 'set' && at.start < span.start && isAsked(words.map(({ text }) => text))) ||
  (script.heredoc && /^#!.*-[a-z]*o\s+pipefail/.test(textAt(source, script.span)));

/** True where a pipe fails with any of its programs, or the shell has pipes of another kind. */
export const hasPipefail = (file: Dockerfile, script: Script, pipe: Pipe): boolean => isSetByShell(file, script) || isSetIn(script, pipe, file.source);
