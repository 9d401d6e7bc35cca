import { operands, type Command, type Script, type ShellWord } from '../dockerfile/command.ts';
import { contains, textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';

/** How a manager's command line says which version is meant. */
interface Pinning {
  /** hadolint's code for it, where it has one. */
  readonly code?: string;
  /** Subcommands that install packages by their names. */
  readonly installs: RegExp;
  readonly isPinned: (text: string) => boolean;
  /** A flag that gives the version for the whole command, or takes the package from a place of its own. */
  readonly byFlag?: RegExp;
}

/** What stands behind the host of an address: `git+ssh://git@host/path@ref` is `/path@ref`. */
const behindHost = (text: string): string => text.replace(/^[^:]*:\/\/[^/]*/, '');

/** A repository's address moves with its branch, unless a commit or tag is named; any other address names a file. */
const python = (text: string): boolean => {
  const [, repository] = /(?:^|@\s*)((?:git|hg|svn|bzr)\+.*)/.exec(text) ?? [];
  return repository === undefined ? /[=<>~!]=|[<>@/]|^\.|\.(?:whl|zip|tar\.\w+|tgz)$/.test(text) : behindHost(repository).includes('@');
};

/** `name@1.2`, `@scope/name@1.2`, an archive, a path; a repository needs a commit behind `#`. */
const node = (text: string): boolean =>
  (/^(?:git[+:]|github:|gitlab:|bitbucket:)|\.git(?:#|$)/.test(text)
    ? text.includes('#')
    : /.@(?!(?:latest|next)$)[^/]+$|#|:\/\/|^[./~]|\.(?:tar|tar\.gz|tgz)$/.test(text));

/**
 * `name-version`, `name-version-release`, with an epoch or an architecture: the version begins with a digit and stands
 * last, or in front of a release that begins with one too. `java-1.8.0-openjdk` and `xorg-x11-fonts-75dpi` are names.
 */
const rpm = (text: string): boolean =>
  /\.rpm$|:\/\/|^[@./~]/.test(text) || /-(?:\d+(?:[.:~^+_*][^-]*|[a-z]+\d[^-]*)?(?:-\d[^-]*)?|[^-]*[$*][^-]*(?:-[^-]*)?)$/.test(text);

const rpmPinning = (code: string): Pinning => ({ code, installs: /^(?:install|in)$/, isPinned: rpm });

const matches = (pattern: RegExp) => (text: string): boolean => pattern.test(text);

/** By the manager's name. */
const pinnings: Readonly<Record<string, Pinning>> = {
  pip: { code: 'DL3013', installs: /^install$/, isPinned: python },
  pipx: { code: 'DL3013', installs: /^install$/, isPinned: python },
  uv: { installs: /^(?:pip install|tool install|add)$/, isPinned: python, byFlag: /^--from\b/ },
  npm: { code: 'DL3016', installs: /^(?:i|in|ins|inst|insta|instal|isnt|isnta|isntal|isntall|install|add)$/, isPinned: node },
  yarn: { installs: /add$/, isPinned: node },
  pnpm: { installs: /^(?:add|install|i)$/, isPinned: node },
  bun: { installs: /^(?:add|a|install|i)$/, isPinned: node },
  gem: { code: 'DL3028', installs: /^(?:install|i)$/, isPinned: matches(/:|^[./~]|\.gem$/), byFlag: /^(?:-v|--version\b)/ },
  go: { code: 'DL3062', installs: /^(?:install|get|run)$/, isPinned: matches(/@(?!latest$)|^[./]/) },
  cargo: { installs: /^install$/, isPinned: matches(/@/), byFlag: /^--(?:version|vers|locked|git|path)\b/ },
  // `name+` and `name-` install and remove.
  'apt-get': { code: 'DL3008', installs: /^install$/, isPinned: matches(/[=/]|\.deb$|.-$/) },
  // `!name` keeps a package out.
  apk: { code: 'DL3018', installs: /^add$/, isPinned: matches(/[=~<>]|^[!./]|\.apk$/) },
  yum: rpmPinning('DL3033'),
  dnf: rpmPinning('DL3041'),
  microdnf: rpmPinning('DL3041'),
  tdnf: rpmPinning('DL3041'),
  zypper: { code: 'DL3037', installs: /^(?:install|in)$/, isPinned: matches(/[=<>]|\.rpm$|^[./]/) },
};

/** A variable's value where the script sets it once, to a literal text; undefined where nobody can tell. */
function setInScript({ commands }: Script, name: string): string | undefined {
  const [only, another] = commands.flatMap(({ assignments }) => assignments.filter((each) => each.name === name));
  return another === undefined ? only?.value?.value : undefined;
}

/** The texts of a word, variables put in; none where nobody can tell. */
function textsOf(file: Dockerfile, word: ShellWord, { instruction }: Command): string[] {
  if (/\$\(|`/.test(word.text)) return [];
  let { text } = word;
  const script = file.scripts(instruction).find(({ span }) => contains(span, word.span));
  for (const { name, operator, span } of word.variables) {
    if (script?.assigned.has(name) !== true) continue;
    const value = operator === '' ? setInScript(script, name) : undefined;
    if (value === undefined) return [];
    text = text.replace(textAt(file.source, span), () => value);
  }
  const known = word.variables.length === 0 ? text : file.expand(text, instruction) ?? '';
  return (word.quoted ? [known] : known.split(/\s+/)).filter((part) => part !== '');
}

/** `pip install -e sources`: a folder, but for an address. */
const isEditableFolder = ({ command, manager }: Invocation, word: ShellWord): boolean =>
  manager.packageFlags?.includes(command.words[command.words.indexOf(word) - 1]?.text ?? '') === true && !word.text.includes('+');

/** What a command installs: `go run` what it is given first. */
function installed(invocation: Invocation): readonly ShellWord[] {
  const { command, manager, subcommandKey, packages } = invocation;
  if (subcommandKey !== 'run') return packages.filter((word) => !isEditableFolder(invocation, word));
  const program = operands(command.words, manager.valueFlags)[1];
  return program?.text.includes('@') === true ? [program] : [];
}

/** The packages a command installs without a version, and the check of hadolint's that tells of them. */
export interface LoosePackages {
  readonly words: readonly ShellWord[];
  readonly code: string | undefined;
}

/** npm's `@latest` is no version, but hadolint takes it for one. */
const passesElsewhere = ({ text }: ShellWord, code: string | undefined): boolean => code === 'DL3016' && /.@/.test(text);

/**
 * What a command installs without saying which version.
 * @param renewed names that are left out: tools that are renewed on purpose
 * @returns undefined where all is pinned, where a manifest or constraints say the versions, or where nobody can tell
 */
export function loosePackages(file: Dockerfile, invocation: Invocation, renewed: ReadonlySet<string>): LoosePackages | undefined {
  const { manager, action, subcommandKey, command } = invocation;
  const pinning = Object.hasOwn(pinnings, manager.name) ? pinnings[manager.name] : undefined;
  if (pinning === undefined || !pinning.installs.test(subcommandKey) || !/^install-(?:named|project)$|^build$/.test(action)) return undefined;
  if (invocation.manifestFlags.length > 0 || command.words.some(({ text }) => pinning.byFlag?.test(text) === true)) return undefined;
  const { isPinned, code } = pinning;
  const words = installed(invocation).filter((word) => textsOf(file, word, command).some((text) => !renewed.has(text) && !isPinned(text)));
  if (words.length === 0) return undefined;
  return { words, code: words.every((word) => passesElsewhere(word, code)) ? undefined : code };
}
