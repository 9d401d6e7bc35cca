import type { Command, Script } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { newlineOf } from '../edits.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { readInvocation } from '../model/packages.ts';
import { readsProfiles } from '../model/shell-variables.ts';
import { mounts } from '../model/stages.ts';
import { findDefinition } from '../model/variables.ts';
import type { Edit } from '../rule.ts';
import { span, textAt, type Span } from '../span.ts';

/** Programs that change the shell itself: what follows in the same RUN would see it. */
const leaks = new Set([
  'cd', 'pushd', 'popd', 'export', 'set', 'unset', 'umask', 'trap', 'ulimit', 'source', '.', 'eval', 'exec', 'exit', 'return', 'alias', 'shopt',
  'declare', 'local', 'readonly', 'typeset', 'read', 'hash', 'enable', 'nvm', 'conda', 'sdk', 'pyenv', 'rvm', 'wait', 'break', 'continue', 'getopts',
]);

/** Programs that leave something running; it would still run beside what is joined on. */
const daemons = /^(?:service|systemctl|dockerd|mysqld\w*|postgres|pg_ctl\w*|redis-server|start-stop-daemon|nohup|supervisord|ssh-agent|gpg-agent|Xvfb)$|^(?:\/etc)?\/init\.d\//;

export function leaksState(command: Command): boolean {
  if (command.name === '' && command.assignments.length > 0) return true;
  if (command.words.some(({ variables }) => variables.some(({ operator }) => operator.includes('=')))) return true;
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

export const isRun = (instruction: Instruction): boolean => instruction.keyword === 'RUN' && instruction.json === undefined && instruction.heredocs.length === 0 && !instruction.unfinished;

/** Comments between two instructions that speak to a linter would no longer stand above theirs. */
const pragmaBetween = (text: string): boolean => /#\s*(?:hadolint|shipshape|check\s*=|checkov|nosemgrep|trivy|kics)/i.test(text);

/** Programs that change the user who runs the build: a process that runs already keeps its groups. */
const changesUsers = new Set(['usermod', 'groupmod', 'gpasswd', 'chsh', 'newgrp', 'newusers', 'deluser', 'delgroup']);

/** The shell itself is exchanged, which the next RUN would start. */
export const changesShell = ({ name, words }: Command): boolean =>
  changesUsers.has(name) || name === 'dpkg-reconfigure' || words.some(({ text }) => /^(?:\/usr)?\/bin\/(?:ba|da|a|z|k)?sh$|^\/etc\/(?:passwd|group|profile|environment)/.test(text));

/** Each RUN starts a shell that reads files of its own: what the first one writes there counts for the next one only. */
export const shellReadsFiles = (file: Dockerfile, instruction: Instruction): boolean => {
  const { shell, definitions } = file.stateAt(instruction);
  return readsProfiles(shell) || ['BASH_ENV', 'ENV'].some((name) => findDefinition(definitions, name) !== undefined);
};

/** What a RUN writes here is gone when it ends: empty file systems, writable binds, devices. */
export const hasScratch = (file: Dockerfile, instruction: Instruction): boolean =>
  mounts(instruction).some(({ type, options }) => type === 'tmpfs' || (type === 'bind' && (options.has('rw') || options.has('readwrite')))) ||
  /\/etc\/(?:hosts|hostname|resolv\.conf)\b|\/proc\/|\/dev\/(?!null\b|std(?:in|out|err)\b|tty\b|zero\b|u?random\b|fd\b)/.test(textAt(file.source, instruction.body));

/** True when the two RUNs do the same as one RUN of both, joined by `&&`. */
export function canJoin(file: Dockerfile, first: Instruction, second: Instruction): boolean {
  if (!isRun(first) || !isRun(second) || flagsText(file, first) !== flagsText(file, second)) return false;
  const [a] = file.scripts(first);
  const [b] = file.scripts(second);
  if (a === undefined || b === undefined || !isPlainChain(a) || !isPlainChain(b) || a.commands.some((each) => leaksState(each) || changesShell(each))) return false;
  if (shellReadsFiles(file, first) || hasScratch(file, first)) return false;
  if (endsInComment(file, a, first) || renewsItself(file, first, second)) return false;
  const between = file.source.slice(first.span.end, second.span.start);
  return !pragmaBetween(between) && between.split('\n').every((line) => /^\s*(?:#.*)?$/.test(line));
}

/** How a script that is written over several lines joins its steps. */
interface Layout {
  /** `a && \\` at the ends of lines, rather than `&& b` at their beginnings. */
  readonly atEnds: boolean;
  readonly indent: string;
}

/** The layout of a script by its last joint that breaks the line; undefined where none does. */
function layoutOf(file: Dockerfile, script: Script): Layout | undefined {
  const step = script.steps.findLast(({ joint }) => textAt(file.source, joint).includes('\n'));
  if (step === undefined) return undefined;
  const joint = textAt(file.source, step.joint);
  return { atEnds: /^\s*&&/.test(joint.split('\n')[0] ?? ''), indent: /\n([ \t]*)[^\n]*$/.exec(joint)?.[1] ?? '' };
}

/** The indentation of an instruction's continued lines. */
function indentation(file: Dockerfile, instruction: Instruction): string {
  const lines = textAt(file.source, instruction.span).split('\n').slice(1).filter((line) => line.trim() !== '' && !line.trim().startsWith('#'));
  return /^[ \t]+/.exec(lines[0] ?? '')?.[0] ?? '    ';
}

const textOf = (file: Dockerfile, command: Command): string => textAt(file.source, command.span).replace(/[\s\\`]+/g, ' ').trim();

/** The last command of a chain where it does nothing but clean up behind a package manager. */
function cleanupOf(script: Script | undefined): Command | undefined {
  const step = script?.steps.at(-1);
  const [command, another] = step?.commands ?? [];
  if (command === undefined || another !== undefined || step?.kind !== 'command' || command.redirects.length > 0) return undefined;
  const removesLists = command.name === 'rm' && command.words.length > 1 && command.words.every(({ text }) => /^-[rf]+$|^\/var\/(?:lib\/apt\/lists|cache\/(?:apk|dnf|yum))\b/.test(text));
  return removesLists || readInvocation(command)?.action === 'clean' ? command : undefined;
}

/** Where the text of the first RUN ends once a cleanup is left out that the second RUN ends with as well. */
function endOfFirst(file: Dockerfile, first: Instruction, second: Instruction): number {
  const [script] = file.scripts(first);
  const own = cleanupOf(script);
  const other = cleanupOf(file.scripts(second)[0]);
  const kept = script?.steps.at(-2);
  if (own === undefined || other === undefined || kept === undefined || textOf(file, own) !== textOf(file, other)) return first.body.end;
  const dropped = span(kept.span.end, first.body.end);
  return first.comments.some((comment) => comment.end > dropped.start) ? first.body.end : endOfText(file, kept.span);
}

/** A step's span may take in the line break behind it. */
const endOfText = (file: Dockerfile, at: Span): number => at.start + textAt(file.source, at).replace(/[\s\\`]+$/, '').length;

/** True when the first RUN throws away the package lists that an install of the second would need. */
export const cleansListsAway = (file: Dockerfile, first: Instruction): boolean =>
  cleanupOf(file.scripts(first)[0])?.words.some(({ text }) => text.startsWith('/var/lib/apt/lists')) === true;

/**
 * The edit that makes one RUN of two that `canJoin` allows, in the layout of either. Comment lines between them stay, between
 * the lines of the new RUN; a cleanup that ends both is left at the end only.
 */
export function joinEdit(file: Dockerfile, first: Instruction, second: Instruction): Edit {
  const newline = newlineOf(file.source);
  const layouts = [first, second].map((run) => file.scripts(run)[0]).map((script) => script && layoutOf(file, script));
  const { atEnds, indent } = layouts.find((layout) => layout !== undefined) ?? { atEnds: false, indent: indentation(file, first) };
  const between = file.source.slice(first.span.end, second.span.start).split(/\r?\n/);
  const comments = between.filter((line) => line.trim() !== '').map((line) => indent + line.trim() + newline).join('');
  const text = atEnds ? ` && ${file.escape}${newline}${comments}${indent}` : ` ${file.escape}${newline}${comments}${indent}&& `;
  return { span: span(endOfFirst(file, first, second), second.body.start), text };
}
