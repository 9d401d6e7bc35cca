import type { Command, Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { newlineOf } from '../edits.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { readInvocation } from '../model/packages.ts';
import type { Edit } from '../rule.ts';
import { span, textAt } from '../span.ts';

/** Programs that change the shell itself: what follows in the same RUN would see it. */
const leaks = new Set([
  'cd', 'pushd', 'popd', 'export', 'set', 'unset', 'umask', 'trap', 'ulimit', 'source', '.', 'eval', 'exec', 'exit', 'return', 'alias', 'shopt',
  'declare', 'local', 'readonly', 'typeset', 'read', 'hash', 'enable', 'nvm', 'conda', 'sdk', 'pyenv', 'rvm', 'wait', 'break', 'continue', 'getopts',
]);

/** Programs that leave something running; it would still run beside what is joined on. */
const daemons = /^(?:service|systemctl|dockerd|mysqld\w*|postgres|pg_ctl\w*|redis-server|start-stop-daemon|nohup|supervisord|ssh-agent|gpg-agent|Xvfb)$|^(?:\/etc)?\/init\.d\//;

function leaksState(command: Command): boolean {
  if (command.name === '' && command.assignments.length > 0) return true;
  return leaks.has(command.name) || command.wrappers.some(({ text }) => text === 'exec' || text === 'nohup') || daemons.test(command.program.text) || command.program.value === undefined;
}

/** One plain chain of `&&`: no `;`, no `||`, nothing in the background, no branch, no function. */
const isPlainChain = (script: Script): boolean =>
  !script.unreadable && !script.exec && !script.heredoc && script.steps.length > 0 &&
  script.steps.every((step) => (step.operator === '' || step.operator === '&&') && !step.negated && !step.background && step.kind !== 'compound');

const flagsText = (file: Dockerfile, instruction: Instruction): string => instruction.flags.map((each) => textAt(file.source, each.span)).sort().join(' ');

/** Text behind the last step is a shell comment: what is joined on would become part of it. */
const endsInComment = (file: Dockerfile, script: Script, instruction: Instruction): boolean =>
  file.source.slice(script.steps.at(-1)?.span.end ?? 0, instruction.body.end).trim() !== '' || /(?:^|\s)#/.test(textAt(file.source, instruction.body).split('\n').at(-1) ?? '');

/** A shell remembers where it found a program; a program that installs itself elsewhere would be missed. */
function renewsItself(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  const later = new Set(file.commandsOf(second).map(({ name }) => name));
  return file.commandsOf(first).some((command) => {
    const packages = readInvocation(command)?.packages.map(({ text }) => text.replace(/[@=<>~[].*$/, '')) ?? [];
    return packages.some((name) => later.has(name) || later.has(`${name}3`)) && (later.has(command.name) || packages.includes(command.name));
  });
}

const isRun = (instruction: Instruction): boolean => instruction.keyword === 'RUN' && instruction.json === undefined && instruction.heredocs.length === 0 && !instruction.unfinished;

/** Comments between two instructions that speak to a linter would no longer stand above theirs. */
const pragmaBetween = (text: string): boolean => /#\s*(?:hadolint|shipshape|check\s*=|checkov|nosemgrep|trivy|kics)/i.test(text);

/** True when the two RUNs do the same as one RUN of both, joined by `&&`. */
export function canJoin(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  if (!isRun(first) || !isRun(second) || flagsText(file, first) !== flagsText(file, second)) return false;
  const [a] = file.scripts(first);
  const [b] = file.scripts(second);
  if (a === undefined || b === undefined || !isPlainChain(a) || !isPlainChain(b) || a.commands.some(leaksState)) return false;
  if (endsInComment(file, a, first) || renewsItself(file, first, second)) return false;
  const between = file.source.slice(first.span.end, second.span.start);
  return !pragmaBetween(between) && between.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
}

/** `a && \` at the ends of lines, rather than `&& b` at their beginnings. */
const joinsAtLineEnds = (file: Dockerfile, script: Script): boolean =>
  script.steps.some(({ joint }) => /&&\s*\\?[ \t]*\r?\n/.test(textAt(file.source, joint)));

/** The indentation of an instruction's continued lines. */
function indentation(file: Dockerfile, instruction: Instruction): string {
  const lines = textAt(file.source, instruction.span).split('\n').slice(1).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return /^[ \t]+/.exec(lines[0] ?? '')?.[0] ?? '    ';
}

/**
 * The edit that makes one RUN of two that `canJoin` allows. Comment lines between them stay, between the lines of the
 * new RUN.
 */
export function joinEdit(file: Dockerfile, first: Instruction, second: Instruction): Edit {
  const newline = newlineOf(file.source);
  const indent = indentation(file, first);
  const between = file.source.slice(first.span.end, second.span.start).split(/\r?\n/);
  const comments = between.filter((line) => line.trim() !== '').map((line) => indent + line.trim() + newline).join('');
  const [script] = file.scripts(first);
  const atEnds = script !== undefined && joinsAtLineEnds(file, script);
  const text = atEnds ? ` && ${file.escape}${newline}${comments}${indent}` : ` ${file.escape}${newline}${comments}${indent}&& `;
  return { span: span(first.body.end, second.body.start), text };
}
