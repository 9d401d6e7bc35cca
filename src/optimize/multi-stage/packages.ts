import { bringsCompiler } from '../../model/native.ts';
import { readInvocation } from '../../model/packages.ts';
import { runtimeLibrary } from '../../model/runtime-libraries.ts';
import { isOnly } from './common.ts';
import type { Draft } from './draft.ts';

/** Packages that bring no program and no library to what runs: tools of builds, headers of the system, helpers of the package manager. */
const builders = new RegExp(`^(?:${[
  'make', 'cmake', 'ninja(?:-build)?', 'pkg-?conf(?:ig)?', 'autoconf', 'automake', 'libtool', 'musl-dev', 'libc6?-dev', 'linux-headers', 'binutils', 'gfortran', 'patch', 'nasm', 'yasm',
  'python3?(?:\\.\\d+)?-dev', 'apt-utils', 'software-properties-common', 'apt-transport-https', 'rustc', 'cargo', 'rust', 'py3-pip', 'swig', 'flex', 'bison', 'm4',
].join('|')})$`);

/** System packages of the file: what a build needs, and what stays. */
export interface SystemPackages {
  readonly build: readonly string[];
  readonly run: readonly string[];
}

/** What stays of one named package: nothing of a compiler, of headers the library, of anything else itself; undefined where nobody can tell. */
function staysOf(draft: Draft, name: string, isCompiler: boolean, forNode: boolean): readonly string[] | undefined {
  if (isCompiler || builders.test(name) || (forNode && /^python3?(?:-minimal|-pip|-setuptools|-distutils)?$/.test(name))) return [];
  if (!/-dev(?:el)?$/.test(name)) return [name];
  return runtimeLibrary(name, draft.stage.facts?.distribution, draft.stage.facts?.release);
}

/**
 * Parts the system packages the file installs into those of the build and those that stay.
 * @param forNode Python is there for node-gyp
 */
export function partPackages(draft: Draft, forNode: boolean): SystemPackages {
  const build: string[] = [];
  const run: string[] = [];
  for (const command of draft.commands) {
    const invocation = readInvocation(command);
    if (invocation?.manager.kind !== 'system' || draft.places.get(command.instruction) === 'run') continue;
    if (command.conditional) draft.refuse(command.program, 'Whether these packages are installed is decided by the build.');
    if (/^(?:remove|configure|download)$/.test(invocation.action)) draft.refuse(command.program, 'Which system packages are left can\'t be told.');
    for (const word of invocation.action === 'install-named' ? invocation.packages : []) {
      const name = word.value?.replace(/[=~<>].*$/, '');
      const isVirtual = word.text.startsWith('.');
      const stays = name === undefined || /[/@*]/.test(name) ? undefined : isVirtual ? [] : staysOf(draft, name, bringsCompiler({ ...invocation, packages: [word] }), forNode);
      if (stays === undefined) draft.refuse(word, `Which library of \`${word.text.slice(0, 60)}\` is needed when the program runs can't be told.`);
      else if (stays.length === 1 && stays[0] === name) run.push(word.text);
      else {
        build.push(word.text);
        run.push(...stays);
      }
    }
  }
  return { build, run: [...new Set(run)] };
}

const install: Readonly<Record<string, (names: string) => string>> = {
  debian: (names) => `RUN apt-get update && apt-get install -y --no-install-recommends ${names} && rm -rf /var/lib/apt/lists/*`,
  alpine: (names) => `RUN apk add --no-cache ${names}`,
};

/** Packages that are of no use, or less than they were, without what Debian recommends with them. */
const recommended: Readonly<Record<string, readonly string[]>> = { curl: ['ca-certificates'], wget: ['ca-certificates'], git: ['ca-certificates'] };

/** Installs what stays in the stage that ships too: in the file's own words where its instruction does nothing else, else in one of its own. */
export function installWhatStays(draft: Draft, { build, run }: SystemPackages, more: readonly string[] = []): void {
  const installers = draft.runs.filter((each) => draft.places.get(each) !== 'run' && draft.file.commandsOf(each).some((command) => readInvocation(command)?.manager.kind === 'system'));
  if (build.length === 0 && run.length > 0 && more.length === 0 && installers.every((each) => isOnly(draft, each, 'system', 'quiet', 'removal'))) {
    for (const each of installers) draft.places.set(each, 'both');
    return;
  }
  const named = [...run, ...more];
  const names = [...new Set([...named, ...named.flatMap((name) => (draft.stage.facts?.distribution === 'debian' && Object.hasOwn(recommended, name) ? recommended[name] ?? [] : []))])];
  const write = install[draft.stage.facts?.distribution ?? ''];
  if (names.length === 0) return;
  if (write === undefined) draft.refuse(draft.stage.from, 'How the image that ships installs packages is not known.');
  else draft.shippedFirst.push(write(names.join(' ')));
}
