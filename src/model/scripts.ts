import { baseName, type Script } from '../dockerfile/command.ts';
import type { Heredoc } from '../dockerfile/heredoc.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { maskedShellText } from '../dockerfile/mask.ts';
import { execScript, readScript, unreadableScript } from '../dockerfile/shell.ts';
import { span, textAt } from '../span.ts';

const shells = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh', 'busybox']);

/** True when SHELL names a POSIX shell: PowerShell and cmd are left alone. */
export const isPosix = (shell: readonly string[]): boolean => shells.has(baseName(shell[0] ?? 'sh').replace(/\.exe$/i, ''));

/** The interpreter a heredoc's first line names; undefined without one. */
function shebang(body: string): string | undefined {
  const words = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(body);
  const first = baseName(words?.[1] ?? '');
  return words === null ? undefined : first === 'env' ? (words[2] ?? '') : first;
}

/** `RUN <<EOF` and nothing else: the body is the script. */
function wholeHeredoc(instruction: Instruction): Heredoc | undefined {
  const [only, another] = instruction.heredocs;
  if (only === undefined || another !== undefined) return undefined;
  return only.word.start === instruction.body.start && only.word.end === instruction.body.end ? only : undefined;
}

function heredocScript(source: string, instruction: Instruction, heredoc: Heredoc): Script {
  const body = textAt(source, heredoc.body);
  const interpreter = shebang(body);
  if (interpreter !== undefined && !shells.has(interpreter)) return unreadableScript(heredoc.body, instruction, true);
  return readScript(body, heredoc.body, instruction, true);
}

/** The shell texts of an instruction; none for instructions that run nothing. */
export function readScripts(source: string, instruction: Instruction, shell: readonly string[], escape: string): Script[] {
  const { keyword, inner } = instruction;
  if ((keyword === 'ONBUILD' || keyword === 'HEALTHCHECK') && inner !== undefined) return readScripts(source, inner, shell, escape);
  if (keyword !== 'RUN' && keyword !== 'CMD' && keyword !== 'ENTRYPOINT') return [];
  if (instruction.json !== undefined) return [execScript(instruction)];
  if (!isPosix(shell)) return [unreadableScript(instruction.body, instruction, false)];
  const whole = keyword === 'RUN' ? wholeHeredoc(instruction) : undefined;
  if (whole !== undefined) return [heredocScript(source, instruction, whole)];
  const where = instruction.heredocs.length > 0 ? span(instruction.body.start, instruction.span.end) : instruction.body;
  return [readScript(maskedShellText(source, where, instruction, escape), where, instruction, false)];
}
