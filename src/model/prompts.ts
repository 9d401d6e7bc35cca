import { hasFlag, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { instructionsUpTo } from './shipped.ts';

/** How a manager asks before it changes anything, and how it is told not to. */
interface Asking {
  /** Subcommands that ask. */
  readonly asks: ReadonlySet<string>;
  /** Words that answer, or make it do nothing that asks. */
  readonly answers: (words: readonly ShellWord[]) => boolean;
  readonly flag: string;
  /** The flag stands in front of the subcommand. */
  readonly global?: true;
  /** Settings that answer: what writes them, and where they are. */
  readonly settings: RegExp;
  readonly folders: RegExp;
}

/** apt takes two `q` as yes, however they are given: `-qq`, `-q -q`, `-q=2`. */
function quietness(words: readonly ShellWord[]): number {
  let level = 0;
  for (const { text } of words) {
    const set = /^(?:-q|--quiet)=(\d)/.exec(text)?.[1];
    if (set !== undefined) level = Number(set);
    else if (text === '--quiet') level += 1;
    else if (/^-[a-zA-Z]+$/.test(text)) level += text.split('q').length - 1;
  }
  return level;
}

const aptAnswers: readonly RegExp[] = [
  /^(?:-o|--option=)?APT::Get::Assume-(?:Yes|No)=/i,
  /^--(?:yes|assume-yes|assume-no|trivial-only|simulate|just-print|dry-run|recon|no-act|print-uris)$/,
  /^-[a-zA-Z]*[ys][a-zA-Z]*$/,
];

const apt: Asking = {
  asks: new Set([
    'install', 'reinstall', 'remove', 'purge', 'autoremove', 'autopurge', 'upgrade', 'dist-upgrade', 'full-upgrade', 'safe-upgrade',
    'dselect-upgrade', 'build-dep', 'satisfy',
  ]),
  answers: (words) => words.some(({ text }) => aptAnswers.some((pattern) => pattern.test(text))) || quietness(words) >= 2,
  flag: '-y',
  settings: /Assume-Yes/i,
  folders: /^\/etc\/apt(?:\/apt\.conf|\/?$)/,
};

const rpm: Asking = {
  asks: new Set([
    'install', 'in', 'localinstall', 'reinstall', 'rei', 'groupinstall', 'group install', 'groups install', 'builddep', 'swap', 'downgrade',
    'update', 'upgrade', 'up', 'upgrade-minimal', 'update-minimal', 'up-min', 'distro-sync', 'groupupdate', 'remove', 'rm', 'erase',
    'autoremove', 'groupremove', 'module install', 'module enable', 'module disable', 'module reset', 'module remove', 'module switch-to',
  ]),
  answers: (words) => hasFlag(words, '-y', '--assumeyes', '--assumeno') || words.some(({ text }) => /^(?:--setopt=)?assumeyes=/.test(text)),
  flag: '-y',
  settings: /assumeyes/,
  folders: /^\/etc\/(?:yum\.conf|dnf\/dnf\.conf|dnf\/?$|yum\/?$|tdnf)/,
};

const zypper: Asking = {
  asks: new Set(['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch', 'update', 'up', 'dist-upgrade', 'dup']),
  answers: (words) => hasFlag(words, '-n', '--non-interactive', '-y', '--no-confirm', '-D', '--dry-run'),
  flag: '--non-interactive',
  global: true,
  settings: /zypper\.conf|zypp\.conf/,
  folders: /^\/etc\/zypp/,
};

/** By the manager's name. */
const askers: Readonly<Record<string, Asking>> = { 'apt-get': apt, yum: rpm, dnf: rpm, microdnf: rpm, tdnf: rpm, zypper };

/** An instruction that writes settings which answer, or brings some that may. */
function setsAnswer(file: Dockerfile, { settings, folders }: Asking, instruction: Instruction): boolean {
  const { keyword } = instruction;
  if (keyword === 'RUN') return settings.test(textAt(file.source, instruction.span));
  if (keyword === 'ENV') return instruction.pairs.some(({ name }) => name === 'APT_CONFIG');
  return (keyword === 'COPY' || keyword === 'ADD') && folders.test(destination(file, instruction)?.path ?? '');
}

/** `yes | apt-get install`, `apt-get install < answers`: something is there to be read. */
const isFed = ({ step, redirects, ...command }: Command): boolean =>
  (step.kind !== 'command' && step.commands[0]?.span.start !== command.span.start &&
    step.commands.some(({ name }) => /^(?:yes|echo|printf|cat)$/.test(name))) ||
  redirects.some(({ operator }) => operator.startsWith('<'));

/** A variable may hold the answer, unless what it holds is known to be no flag. */
const mayAnswer = (file: Dockerfile, { unknown, command }: Invocation): boolean => unknown.some(({ text }) => {
  const known = file.expand(text, command.instruction);
  return known === undefined || /(?:^|\s)-/.test(known);
});

/** The flag that makes a command go on without asking, and the word it goes behind. */
export interface MissingAnswer {
  readonly flag: string;
  readonly behind: ShellWord;
}

/** What is missing of a command that asks before it changes anything; undefined where it does not, or where somebody may answer. */
export function missingAnswer(file: Dockerfile, invocation: Invocation): MissingAnswer | undefined {
  const { manager, command, subcommand, subcommandKey, action } = invocation;
  const asking = Object.hasOwn(askers, manager.name) ? askers[manager.name] : undefined;
  if (asking === undefined || subcommand === undefined || action === 'query' || !asking.asks.has(subcommandKey)) return undefined;
  if (asking.answers(command.words) || mayAnswer(file, invocation) || isFed(command)) return undefined;
  const earlier = [...instructionsUpTo(file.stageOf(command.instruction), command.instruction), command.instruction];
  if (earlier.some((each) => setsAnswer(file, asking, each))) return undefined;
  return { flag: asking.flag, behind: asking.global === true ? command.program : subcommand };
}
