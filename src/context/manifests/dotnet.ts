import { mostMembers } from './members.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { tooManyMembers } from './sentences.ts';

const projectName = /\.(?:cs|fs|vb)proj$/i;
const solutionName = /\.slnx?$/i;
/** Project files that a solution may list and that are read like the others, though nothing is restored for them. */
const plainProject = /\.(?:dcproj|shproj|proj|sqlproj|pyproj)$/i;

/** Files that MSBuild and NuGet look for in a project's folder and every folder above it. */
const shared = /^(?:Directory\.(?:Build|Packages)\.(?:props|targets|rsp)|Directory\.Packages\.props|nuget\.config|global\.json|MSBuild\.rsp)$/i;

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** The longest tag that is looked at; project files are written by tools and people, not to be long. */
const longestTag = 4000;

/** The tags of an element, without `<name`; MSBuild's are not nested in each other. */
function tagsOf(xml: string, element: string): string[] {
  const found: string[] = [];
  for (let at = xml.indexOf(`<${element}`); at !== -1; at = xml.indexOf(`<${element}`, at + 1)) {
    const tag = xml.slice(at + element.length + 1, at + longestTag).split('>', 1)[0] ?? '';
    if (/^[\s/]/.test(tag)) found.push(tag);
  }
  return found;
}

/** The value of an attribute of a tag. */
function attribute(tag: string, name: string): string | undefined {
  for (let at = tag.indexOf(name); at !== -1; at = tag.indexOf(name, at + 1)) {
    const value = /^\s?=\s?(?:"([^"]*)"|'([^']*)')/.exec(tag.slice(at + name.length));
    if (value !== null && /\s/.test(tag[at - 1] ?? '')) return value[1] ?? value[2] ?? '';
  }
  return undefined;
}

/** The values of an attribute on all elements of a name. */
const attributes = (xml: string, element: string, name: string): string[] => tagsOf(xml, element).flatMap((tag) => attribute(tag, name) ?? []);

/** `Project("{kind}") = "Name", "path\\Name.csproj", "{id}"` of a solution file. */
const listedProjects = (text: string): string[] =>
  [...text.matchAll(/^Project\("[^"]*"\)\s*=\s*"[^"]*"\s*,\s*"([^"]*)"/gm)].map((match) => match[1] ?? '');

/** One restore: the files taken so far, to go through each once. */
class Restore {
  readonly #seen = new Set<string>();
  readonly #folders = new Set<string>();

  constructor(readonly reading: ManifestReading) {}

  /** The path that a file names: backslashes, `$(MSBuildThisFileDirectory)`; undefined, with a refusal, where it can't be told. */
  #resolve(name: string, from: string): string | undefined {
    const plain = name.replace(/\\/g, '/').replace(/^\$\((?:MSBuildThisFileDirectory|MSBuildProjectDirectory)\)\/?/i, '');
    if (/[$%*?;]/.test(plain) || /^(?:\/|[a-z]:)/i.test(plain)) {
      this.reading.refuse(`${code(from)} names ${code(name)}, which can't be told before the build runs.`);
      return undefined;
    }
    return this.reading.path(plain, folderOf(from));
  }

  /** The files MSBuild and NuGet find by themselves in a folder and above. */
  takeShared(folder: string): void {
    for (let at = folder; !this.#folders.has(at); at = folderOf(at)) {
      this.#folders.add(at);
      for (const path of this.reading.filesIn(at).filter((file) => shared.test(nameOf(file)))) this.#takeSettings(path);
      if (at === '' || at === this.reading.root) return;
    }
  }

  #takeSettings(path: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const text = this.reading.needText(path);
    if (text === undefined) return;
    if (/nuget\.config$/i.test(path)) {
      const sources = text.slice(Math.max(text.indexOf('<packageSources'), 0));
      for (const value of attributes(sources.slice(0, sources.indexOf('</packageSources>')), 'add', 'value')) {
        if (!/^https?:\/\//i.test(value)) this.reading.refuse(`${code(path)} names the source ${code(value)}, a folder.`);
      }
    } else if (!path.endsWith('.json')) {
      this.#checkSources(path, text);
      this.#takeImports(path, text);
    }
  }

  #checkSources(path: string, text: string): void {
    if (/<(?:RestoreSources|RestoreAdditionalProjectSources|RestoreConfigFile|NuGetLockFilePath|RestorePackagesPath)>/.test(text)) {
      this.reading.refuse(`${code(path)} sets where packages come from or go to.`);
    }
  }

  #takeImports(path: string, text: string): void {
    for (const tag of tagsOf(text, 'Import')) {
      const name = attribute(tag, 'Project') ?? '';
      const ofTools = attribute(tag, 'Sdk') !== undefined || /\$\((?:MSBuild(?!ThisFileDirectory|ProjectDirectory)|VSTools|NuGet)/i.test(name);
      // `GetPathOfFileAbove` finds a file of the same name in a folder above, which is taken as it is.
      if (ofTools || /GetPathOfFileAbove|GetDirectoryNameOfFileAbove/.test(name)) continue;
      const file = this.#resolve(name, path);
      if (file !== undefined && !this.#seen.has(file)) this.#takeSettings(file);
    }
  }

  takeProject(path: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const text = this.reading.needText(path);
    if (text === undefined) return;
    const folder = folderOf(path);
    this.takeShared(folder);
    this.#takeImports(path, text);
    this.reading.take(below(folder, 'packages.lock.json') ?? '');
    this.reading.output('obj', folder);
    this.#checkSources(path, text);
    for (const name of attributes(text, 'ProjectReference', 'Include')) {
      const file = this.#resolve(name, path);
      if (file !== undefined) this.takeProject(file);
    }
  }

  takeSolution(path: string): void {
    const text = this.reading.needText(path) ?? '';
    this.takeShared(folderOf(path));
    const listed = path.endsWith('x') ? attributes(text, 'Project', 'Path') : listedProjects(text);
    for (const name of listed) {
      if (!/\.\w*proj$/i.test(name)) continue;
      const file = this.#resolve(name, path);
      if (file === undefined) continue;
      if (projectName.test(file) || plainProject.test(file)) this.takeProject(file);
      else this.reading.refuse(`${code(path)} lists ${code(name)}, a project of another kind.`);
    }
  }

  /** A project or solution file, or the one in a folder. */
  takeTarget(path: string): void {
    if (projectName.test(path)) this.takeProject(path);
    else if (solutionName.test(path)) this.takeSolution(path);
    else this.takeFolder(path);
  }

  takeFolder(folder: string): void {
    const files = this.reading.filesIn(folder);
    const solutions = files.filter((path) => solutionName.test(path));
    const projects = files.filter((path) => /\.\w+proj$/i.test(path));
    const [only, ...others] = solutions.length > 0 ? solutions : projects;
    if (only === undefined) this.reading.refuse(`There is no project or solution in ${code(folder === '' ? '.' : folder)}.`);
    else if (others.length > 0) this.reading.refuse(`There are several projects or solutions in ${code(folder === '' ? '.' : folder)}.`);
    else this.takeTarget(only);
  }
}

/** .NET: projects and what they refer to, each in its place, and the settings in the folders above them. */
export function readDotnet(reading: ManifestReading): void {
  const { subcommandKey, action, manifestFlags } = reading.invocation;
  const restore = new Restore(reading);
  if (action === 'install-named') {
    const apart = subcommandKey === 'tool install' && (reading.flag('-g', '--global', '--tool-path'));
    if (apart) restore.takeShared(reading.folder);
    else reading.refuse(`${code(`dotnet ${subcommandKey}`)} writes files of the project, and the later COPY would lay the old ones over them.`);
    return;
  }
  if (subcommandKey !== 'restore') {
    restore.takeShared(reading.folder);
    const tools = ['.config/dotnet-tools.json', 'dotnet-tools.json'].filter((name) => reading.take(reading.own(name)));
    if (subcommandKey !== 'tool restore' || tools.length === 0) reading.refuse('The list of tools is not in the folder of the install.');
    return;
  }
  const paths = manifestFlags.flatMap((word) => reading.wordPath(word) ?? []);
  const targets = paths.filter((path) => projectName.test(path) || solutionName.test(path) || reading.context.isFolder(path));
  for (const path of paths.filter((each) => !targets.includes(each))) reading.need(path);
  if (manifestFlags.length === 0) restore.takeFolder(reading.folder);
  for (const path of targets) restore.takeTarget(path);
  const projects = new Set(reading.files.filter((path) => projectName.test(path)).map(folderOf));
  if (projects.size > mostMembers) reading.refuse(tooManyMembers(targets[0] ?? reading.folder, projects.size));
  if (manifestFlags.length > 0 && targets.length === 0) reading.refuse('Which project is restored can\'t be told.');
}
