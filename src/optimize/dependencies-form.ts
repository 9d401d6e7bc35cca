import { hasFlag, type Command, type ShellWord } from '../dockerfile/command.ts';
import { insertAfter, replace } from '../edits.ts';
import type { Invocation } from '../model/packages.ts';
import type { Edit } from '../rule.ts';
import { span } from '../span.ts';

/** A way to install the dependencies of a project without the project. */
export interface Form {
  readonly edits: readonly Edit[];
  /** Extras it asks for by name: the project must have them. */
  readonly extras: readonly string[];
  /** It leaves out every member of a workspace. */
  readonly workspace: boolean;
  readonly doubts: readonly string[];
}

/** Flags with which a second install would do the first one's work again, or is none. */
const pointless = [
  '--reinstall', '--reinstall-package', '--force-reinstall', '--upgrade', '--upgrade-package', '-U', '-P', '--refresh', '--only-root', '--no-deps', '--script', '--dry-run',
  '--check', '--clean', '--clean-unselected',
];

const form = (edits: readonly Edit[], more: Partial<Form> = {}): Form => ({ edits, extras: [], workspace: false, doubts: [], ...more });

/** The flag stands where people write it: behind `--frozen` or `--locked`, else behind the subcommand. */
function withFlag({ command, subcommand }: Invocation, flag: string): Edit[] {
  const behind = command.words.find(({ text }) => text === '--frozen' || text === '--locked') ?? subcommand;
  return behind === undefined ? [] : [insertAfter(behind, ` ${flag}`)];
}

/** `uv sync`: the project is left out, or all of its workspace (docs.astral.sh/uv/guides/integration/docker). */
const syncForms = (invocation: Invocation): Form[] =>
  [form(withFlag(invocation, '--no-install-project')), form(withFlag(invocation, '--no-install-workspace'), { workspace: true })];

/** The project in the folder itself, with extras: `.`, `.[all,dev]`. */
const ownProject = /^\.\/?(?:\[([\w.\s,-]{1,200})\])?$/;

/** The words that name the project: `.` with the `-e` in front of it. */
function projectWords({ words }: Command, named: ShellWord): { readonly first: ShellWord; readonly last: ShellWord } | undefined {
  const at = words.findIndex((word) => word.span.start <= named.span.start && named.span.end <= word.span.end);
  const [before, own] = [words[at - 1], words[at]];
  if (own === undefined) return undefined;
  return { first: before !== undefined && /^(?:-e|--editable)$/.test(before.text) ? before : own, last: own };
}

const keeps = '`uv pip install` keeps what is installed, so dependencies without an exact version are looked for again only when `pyproject.toml` changes.';

/** `uv pip install .`: uv reads the dependencies off a pyproject.toml (docs.astral.sh/uv/pip/packages). */
function pipForms({ command, packages }: Invocation): Form[] {
  const [named, ...others] = packages.filter(({ text }) => /^\.|\//.test(text));
  const extras = named === undefined || named.value === undefined || others.length > 0 ? null : ownProject.exec(named.value);
  const words = named === undefined || extras === null ? undefined : projectWords(command, named);
  if (words === undefined || extras === null) return [];
  const names = (extras[1] ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  const text = ['-r pyproject.toml', ...names.map((name) => `--extra ${name}`)].join(' ');
  return [form([replace(span(words.first.span.start, words.last.span.end), text)], { extras: names, doubts: [keeps] })];
}

const byFlag = (flag: string) => (invocation: Invocation): Form[] => [form(withFlag(invocation, flag))];

const writers: Readonly<Record<string, (invocation: Invocation) => Form[]>> = {
  'uv sync': syncForms, 'uv pip install': pipForms,
  'poetry install': byFlag('--no-root'), 'poetry sync': byFlag('--no-root'),
  'pdm install': byFlag('--no-self'), 'pdm sync': byFlag('--no-self'),
};

/** The ways in which an install of a project can leave the project out, the best first; none where its manager has none. */
export function formsWithoutProject(invocation: Invocation): Form[] {
  const key = `${invocation.manager.name} ${invocation.subcommandKey}`;
  // What a variable holds may be the same flag, which can't be given twice.
  if (invocation.unknown.length > 0 || hasFlag(invocation.command.words, ...pointless)) return [];
  const write = Object.hasOwn(writers, key) ? writers[key] : undefined;
  return write?.(invocation).filter(({ edits }) => edits.length > 0) ?? [];
}

/** What to do about an install of a project, in a clause. */
export function adviceFor({ manager }: Invocation): string {
  if (manager.name !== 'pip') return 'install the dependencies from the manifest alone first, and the project below';
  return 'install the dependencies from a requirements file first, for pip can\'t take those of a project alone, and the project below';
}
