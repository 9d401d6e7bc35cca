import type { BuildContext } from '../context/context.ts';
import type { Command, ShellWord } from '../dockerfile/command.ts';
import { readImage } from '../dockerfile/image.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { imageFacts, slimOf } from './bases.ts';
import type { Dockerfile } from './dockerfile.ts';
import { bringsCompiler, compiledPackage, compiles } from './native.ts';
import { readInvocation } from './packages.ts';
import { requirementFiles } from './python-packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';

/** Programs of buildpack-deps, which full images are built on, besides those the tables name. */
const buildpackPrograms = [
  'hg', 'svn', 'ssh', 'ssh-keyscan', 'ssh-keygen', 'scp', 'gpg', 'patch', 'autoconf', 'automake', 'file', 'pkg-config', 'mysql_config', 'pg_config',
  'convert', 'bzip2', 'ps', 'cc', 'c++',
];

/** What packages bring a program, where they have another name. */
const packagesOf: Readonly<Record<string, readonly string[]>> = {
  gcc: ['build-essential'], 'g++': ['build-essential'], make: ['build-essential'], cc: ['gcc', 'build-essential'], 'c++': ['g++', 'build-essential'],
  ssh: ['openssh-client'], 'ssh-keyscan': ['openssh-client'], 'ssh-keygen': ['openssh-client'], scp: ['openssh-client'], gpg: ['gnupg', 'gnupg2'],
  xz: ['xz-utils'], svn: ['subversion'], hg: ['mercurial'], 'pkg-config': ['pkgconf'], convert: ['imagemagick'], ps: ['procps'],
  python3: ['python3-minimal', 'python3-pip', 'python3-dev'],
  pg_config: ['libpq-dev'], mysql_config: ['libmysqlclient-dev', 'default-libmysqlclient-dev'],
};

/** A use of what only the full image has. */
export interface FullUse {
  /** The program, or the package that is compiled. */
  readonly what: string;
  readonly command: Command;
}

/** A full image that has a slim twin, with what the file does with what only the full one has. */
export interface FullImage {
  readonly stage: Stage;
  readonly saves: number;
  /** The slim image, as the file would write it. */
  readonly slim: string;
  /** Uses of programs that the slim image lacks and nothing installs. */
  readonly uses: readonly FullUse[];
  /** Something that is compiled here. */
  readonly compiled: FullUse | undefined;
  /** A package of headers that is installed. */
  readonly headers: FullUse | undefined;
  readonly installsCompiler: boolean;
}

/** Programs the full image has and the slim one has not. */
function missingPrograms(stage: Stage, slim: string): Set<string> {
  const left = new Set(imageFacts(readImage(slim))?.programs);
  return new Set([...(stage.facts?.programs ?? []).filter((program) => !left.has(program)), ...buildpackPrograms]);
}

/** The program a word stands for: `git+https://…` makes pip and npm call git. */
const calledBy = (word: ShellWord): string | undefined => /(?:^|@\s*|\s)(git|hg|svn)\+(?:https?|ssh|file|git):/.exec(word.text)?.[1];

function programsUsed(file: Dockerfile, context: BuildContext | undefined, command: Command): string[] {
  const invocation = readInvocation(command);
  const listed = invocation === undefined ? [] : requirementFiles(file, context, invocation).flatMap(({ lines }) => lines);
  const fromLines = listed.flatMap((line) => /(?:^|\s)(git|hg|svn)\+/.exec(line)?.[1] ?? []);
  const fromWords = invocation?.action.startsWith('install') === true ? command.words.flatMap((word) => calledBy(word) ?? []) : [];
  return [command.name, ...fromWords, ...fromLines];
}

const scripted = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

interface Found {
  readonly installed: Set<string>;
  readonly uses: FullUse[];
  compiled: FullUse | undefined;
  headers: FullUse | undefined;
  installsCompiler: boolean;
}

function readCommand(file: Dockerfile, context: BuildContext | undefined, missing: ReadonlySet<string>, command: Command, found: Found): void {
  const invocation = readInvocation(command);
  if (invocation?.manager.kind === 'system') {
    for (const { text } of invocation.packages) found.installed.add(text.replace(/[=:/].*$/, ''));
    if (bringsCompiler(invocation)) found.installsCompiler = true;
    const headers = invocation.packages.find(({ text }) => /-dev(?:el)?$/.test(text));
    if (headers !== undefined) found.headers ??= { what: headers.text, command };
    return;
  }
  const own = invocation === undefined ? undefined : compiledPackage(file, context, invocation);
  const builds = invocation?.action === 'build' && /^(?:cargo|go)$/.test(invocation.manager.name);
  if (own !== undefined || builds || compiles(command)) found.compiled ??= { what: own ?? command.name, command };
  for (const program of programsUsed(file, context, command)) {
    const brought = [program, ...(packagesOf[program] ?? [])].some((name) => found.installed.has(name));
    if (missing.has(program) && !brought && !found.uses.some(({ what }) => what === program)) found.uses.push({ what: program, command });
  }
}

/** Every instruction that runs something in a stage that is built on `root`, in order. */
const runsOn = (file: Dockerfile, root: Stage): Instruction[] =>
  file.stages.filter((stage) => file.neededStages.has(stage) && lineage(stage).includes(root))
    .flatMap((stage) => stage.instructions.filter(({ keyword }) => scripted.has(keyword)));

/** The full image that what ships begins with; undefined where it is none that has a slim twin. */
export function fullImage(file: Dockerfile, context: BuildContext | undefined): FullImage | undefined {
  const stage = lineage(file.targetStage).at(-1);
  const { facts, image, imageWord } = stage ?? {};
  if (stage === undefined || facts?.slim === undefined || image === undefined || imageWord === undefined) return undefined;
  const slim = slimOf(imageWord.raw, image.text);
  if (slim === undefined) return undefined;
  const missing = missingPrograms(stage, facts.slim.text);
  const found: Found = { installed: new Set(), uses: [], compiled: undefined, headers: undefined, installsCompiler: false };
  for (const instruction of runsOn(file, stage)) {
    for (const command of file.commandsOf(instruction)) readCommand(file, context, missing, command, found);
  }
  const { uses, compiled, headers, installsCompiler } = found;
  return { stage, slim, saves: facts.slim.saves, uses, compiled, headers, installsCompiler };
}
