import type { BuildContext } from '../context/context.ts';
import { readIgnoreFile } from '../context/dockerignore.ts';
import { factOf } from '../fact.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { copySources, isWholeContext, matchesGlob } from './copy.ts';
import { readDockerfile, type Dockerfile } from './dockerfile.ts';
import { effectsOf } from './effects.ts';
import { excludedBy, heldNames, patternOf, projectKinds, unwanted, type Unwanted } from './ignore-patterns.ts';
import { readInvocation } from './packages.ts';
import { holdsSecrets } from './secret-files.ts';
import { mounts } from './stages.ts';

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Context paths and globs that a Dockerfile names: sources of COPY and ADD, bind mounts. */
const namedPaths = factOf((file: Dockerfile) =>
  file.instructions.flatMap((instruction) => {
    const named = copySources(file, instruction).filter((source) => !isWholeContext(source));
    const sources = named.map(({ path, glob, word }) => ({ path: path ?? word.text, glob }));
    const bound = mounts(instruction).filter(({ type, from, source }) => type === 'bind' && from === undefined && source !== undefined);
    return [...sources, ...bound.map(({ source }) => ({ path: (source ?? '').replace(/^\.?\/+/, ''), glob: false }))];
  }));

/** The texts of a Dockerfile that run, or say how: all but what copies. */
const runTexts = factOf((file: Dockerfile) =>
  file.instructions.filter(({ keyword }) => !/^(?:FROM|COPY|ADD|LABEL|WORKDIR)$/.test(keyword)).map(({ span }) => file.source.slice(span.start, span.end)));

/** Which paths are the thing, or lie in it. */
const rulesOf = factOf((entry: Unwanted) => readIgnoreFile(patternOf(entry)));

/** Its name as a word of its own. */
const mentionOf = factOf(({ name }: Unwanted) => new RegExp(`(?:^|[\\s/'"=:,(\\[])${name.replaceAll('.', '\\.')}(?![\\w.-])`));

/** A COPY, bind mount or script names the thing, or something in it. */
function isNamed(file: Dockerfile, entry: Unwanted): boolean {
  const folderOfGlob = (path: string): string => path.replace(/\/?[^/]*[*?[].*$/, '') || '-';
  const named = namedPaths(file).some(({ path, glob }) => (glob ? matchesGlob(path, entry.name) || rulesOf(entry).ignores(folderOfGlob(path)) : rulesOf(entry).ignores(path)));
  // What a build makes anew may be named behind it.
  if (named || entry.madeBy !== undefined || makesEnvironment(file, entry.name)) return named;
  return runTexts(file).some((text) => text.includes(entry.name) && mentionOf(entry).test(text));
}

/** The build makes its own virtual environment under this name. */
function makesEnvironment(file: Dockerfile, name: string): boolean {
  if (!name.endsWith('env') || name === '.env') return false;
  const bare = name.replace('.', '\\.');
  const makes = new RegExp(`(?:-m\\s+venv|\\bvirtualenv|\\buv\\s+venv)\\s+(?:-\\S+\\s+)*(?:\\S*/)?${bare}(?![\\w.-])`);
  const inProject = name === '.venv' ? /\buv\s+(?:sync|venv)\b|POETRY_VIRTUALENVS_IN_PROJECT|PIPENV_VENV_IN_PROJECT|virtualenvs\.in-project/ : makes;
  return runTexts(file).some((text) => makes.test(text) || inProject.test(text));
}

const made = new Set(['install-manifest', 'install-project', 'build']);

/** How many times one of the managers makes its output during the build. */
const timesMade = (file: Dockerfile, managers: readonly string[]): number =>
  file.commands.map(readInvocation).filter((each) => each !== undefined && managers.includes(each.manager.name) && made.has(each.action)).length;

/** Files that say how a project is built. */
const buildFiles = new RegExp([
  /^(?:pyproject\.toml|setup\.(?:py|cfg)|requirements[\w.-]*\.txt|package\.json|(?:GNU)?[Mm]akefile|justfile|Taskfile\.ya?ml|pom\.xml|Rakefile)$/,
  /^(?:(?:build|settings)\.gradle(?:\.kts)?|build\.rs|Cargo\.toml|mkdocs\.ya?ml|hugo\.\w+|CMakeLists\.txt|\.goreleaser\.ya?ml)$/,
  /\.(?:mk|gemspec|sh|[a-z]+proj|props|targets)$/, /\.config\.[cm]?[jt]s$/,
].map(({ source }) => source).join('|'));

/** Ways in which a build reads the history of the sources, or needs it to be there. */
const readsHistory = new RegExp([
  /\bgit['"]?,?\s+['"]?(?:-\S+\s+)*(?:describe|rev-parse|rev-list|log|show|diff|status|branch|tag|ls-files|submodule|archive|symbolic-ref|name-rev)\b/,
  /setuptools[-_]scm|hatch-vcs|versioningit|dunamai|dynamic-versioning|versioneer|\bpbr\b|flit[-_]scm|setuptools-git|source\s*=\s*"scm"/,
  /git-revision|git-rev-sync|git-commit|git-describe|gitinfo|enableGitInfo|showLastUpdate/,
  /vergen|shadow-rs|git-version|\bgit2\b|^built\b/,
  /jgitver|buildnumber-maven|git-properties|grgit|axion-release|nebula\.release|MinVer|GitVersion|Nerdbank|GitInfo/,
  /\b(?:husky|lefthook|pre-commit)\s+install\b|simple-git-hooks['"]?\s*["&]/,
].map(({ source }) => source).join('|'), 'im');

/** `go build` writes the commit into the program where it finds git and a history. */
function stampsCommit(file: Dockerfile): boolean {
  return file.commands.some((command) => {
    const invocation = readInvocation(command);
    if (invocation?.manager.name !== 'go' || !/^(?:build|install)$/.test(invocation.subcommandKey)) return false;
    if (runTexts(file).some((text) => text.includes('-buildvcs=false'))) return false;
    const facts = file.stageOf(command.instruction)?.facts;
    return facts === undefined || facts.programs.includes('git') || runTexts(file).some((text) => /\bgit\b/.test(text));
  });
}

/** A script of the project that a RUN starts and nobody can read: it may do anything. */
function runsUnknownScript(file: Dockerfile, context: BuildContext): boolean {
  const names = runTexts(file).flatMap((text) => [...text.matchAll(/(?:^|[\s/])([\w.-]+\.(?:sh|bash))\b/g)].map((match) => match[1] ?? ''));
  const needsMake = runTexts(file).some((text) => /(?:^|[\s;&|])make(?:\s|$)/.test(text));
  const named = filesByName(context);
  const isKnown = (name: string): boolean => named.get(name)?.some((path) => context.read(path) !== undefined) === true;
  return names.some((name) => named.has(name) && !isKnown(name)) || (needsMake && !makefiles.some(isKnown));
}

const makefiles = ['Makefile', 'makefile', 'GNUMakefile', 'GNUmakefile'];

const filesByName = factOf((context: BuildContext) => {
  const files = new Map<string, string[]>();
  for (const path of context.files) {
    const same = files.get(baseOf(path));
    if (same === undefined) files.set(baseOf(path), [path]);
    else same.push(path);
  }
  return files;
});

const mostBuildFiles = 300;

/** A file that says how a project is built reads the history. */
const projectReadsHistory = factOf((context: BuildContext) => {
  const files = context.files.filter((path) => buildFiles.test(baseOf(path)) && path.split('/').length <= 4).slice(0, mostBuildFiles);
  return files.some((path) => readsHistory.test(context.read(path) ?? ''));
});

/** The build may read the history in `.git`. */
const wantsHistory = (file: Dockerfile, context: BuildContext): boolean =>
  runTexts(file).some((text) => readsHistory.test(text)) || stampsCommit(file) || runsUnknownScript(file, context) || projectReadsHistory(context);

/** A RUN behind a copy that takes one of the paths does more than install: it may read them. */
function mayRead(file: Dockerfile, paths: readonly string[]): boolean {
  const takes = (copy: Instruction): boolean => copySources(file, copy).some((source) =>
    isWholeContext(source) || paths.some((path) => source.path === undefined || source.glob || path.startsWith(`${source.path}/`)));
  const first = file.instructions.find(takes);
  return first !== undefined && file.instructions.some((run) => run.keyword === 'RUN' && run.index > first.index && effectsOf(file, run).opaque !== undefined);
}

type Judge = (file: Dockerfile, context: BuildContext, held: readonly string[]) => boolean;

/** Why a build may want what it mostly does not. */
const wanted: Readonly<Record<string, Judge>> = {
  '.git': wantsHistory,
  // Settings without a secret are part of the program.
  '.env': (file, context, held) => held.length > 0 && (mayRead(file, held) || held.some((path) => !holdsSecrets(context.read(path) ?? ''))),
};

const isWorkspace = factOf((context: BuildContext) => context.has('pnpm-workspace.yaml') || (context.read('package.json') ?? '').includes('"workspaces"'));

/** True where no build of these files can miss it. */
function nobodyWants(files: readonly Dockerfile[], context: BuildContext, entry: Unwanted, held: readonly string[]): boolean {
  const { madeBy } = entry;
  const [own] = files;
  // Packages of several projects are made by several installs, unless they are one workspace.
  const times = entry.kind === 'node' && !isWorkspace(context) ? Math.max(held.length, 1) : 1;
  if (madeBy !== undefined && (own === undefined || timesMade(own, madeBy) < times)) return false;
  return files.every((file) => !isNamed(file, entry) && wanted[entry.name]?.(file, context, held) !== true);
}

/** A thing of the table that an ignore file may exclude without any build missing it. */
export interface Excludable {
  readonly entry: Unwanted;
  readonly pattern: string;
  /** What of the context it excludes now. */
  readonly held: readonly string[];
}

const mostOthers = 20;

/** The Dockerfiles of a context, which the same ignore file serves. */
const dockerfiles = factOf((context: BuildContext): readonly Dockerfile[] => {
  const paths = context.files.filter((path) => /^(?:Dockerfile|Containerfile)(?:\..+)?$|\.Dockerfile$/i.test(baseOf(path)) && !path.endsWith('.dockerignore'));
  return paths.slice(0, mostOthers).flatMap((path) => {
    const text = context.read(path);
    return text === undefined ? [] : [readDockerfile(text)];
  });
});

/**
 * What the ignore file of a context may exclude and no build misses.
 * @param folders what COPY and ADD take whole, relative to the context
 * @param shared the ignore file serves the other Dockerfiles of the context too
 */
export function excludable(file: Dockerfile, context: BuildContext, folders: readonly string[], shared: boolean): Excludable[] {
  const held = heldNames(context, folders);
  const kinds = projectKinds(context);
  const others = shared ? dockerfiles(context).filter(({ source }) => source !== file.source) : [];
  const files = [file, ...others];
  const found = unwanted.flatMap((entry) => {
    const paths = excludedBy(context, entry, held);
    if (paths === undefined || (entry.holds !== undefined && paths.length === 0)) return [];
    if (paths.length === 0 && entry.kind !== undefined && !kinds.has(entry.kind)) return [];
    return nobodyWants(files, context, entry, paths) ? [{ entry, pattern: patternOf(entry), held: paths }] : [];
  });
  return found.filter(({ pattern }, index) => found.findIndex((other) => other.pattern === pattern) === index);
}
