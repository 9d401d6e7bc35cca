import { mostMembers } from './members.ts';
import { below, code, folderOf, isRemote, type ManifestReading } from './reading.ts';
import { mayReadMore, tooManyMembers } from './sentences.ts';

/** The wrapper script that a command is, `./mvnw`: it is read too. */
function takeWrapper(reading: ManifestReading): void {
  const { program, name } = reading.invocation.command;
  if (name !== 'mvnw' && name !== 'gradlew') return;
  if (!program.text.includes('/')) {
    reading.refuse(`Where ${code(name)} lies can't be told.`);
    return;
  }
  const path = reading.wordPath(program);
  if (path !== undefined) reading.need(path);
}

/** The text of the first element of a name; empty for an empty one. */
function element(xml: string, name: string): string | undefined {
  const open = ['>', '/>', ' />', ' '].map((end) => xml.indexOf(`<${name}${end}`)).filter((at) => at !== -1);
  if (open.length === 0) return undefined;
  const end = xml.indexOf('>', Math.min(...open));
  if (end === -1 || xml[end - 1] === '/') return '';
  const close = xml.indexOf(`</${name}>`, end);
  return close === -1 ? undefined : xml.slice(end + 1, close);
}

/** Takes what stands between two marks out of a text. */
function without(xml: string, begin: string, end: string): string {
  let text = '';
  let at = 0;
  for (let open = xml.indexOf(begin); open !== -1; open = xml.indexOf(begin, at)) {
    text += xml.slice(at, open);
    const close = xml.indexOf(end, open + begin.length);
    if (close === -1) return text;
    at = close + end.length;
  }
  return text + xml.slice(at);
}

const pomText = (text: string): string => without(text, '<!--', '-->');

/** The texts of all elements of a name. */
function elements(xml: string, name: string): string[] {
  return xml.split(`<${name}>`).slice(1).map((rest) => rest.slice(0, Math.max(rest.indexOf(`</${name}>`), 0)).trim());
}

/** One build: every project file once, and the folders of its modules. */
class Reactor {
  readonly #seen = new Set<string>();
  /** The file of each project by its artifact. */
  readonly #artifacts = new Map<string, string>();

  constructor(readonly reading: ManifestReading) {}

  /** The pom.xml at a path or in the folder there; undefined, with a refusal, where it can't be told. */
  #pomAt(name: string, from: string): string | undefined {
    if (name.includes('${')) {
      this.reading.refuse(`${code(from)} names ${code(name)}, which can't be told before the build runs.`);
      return undefined;
    }
    const path = below(folderOf(from), name);
    const inside = path !== undefined && (this.reading.root === '' || path === this.reading.root || path.startsWith(`${this.reading.root}/`));
    if (path === undefined || !inside) return undefined;
    return path.endsWith('.xml') && !this.reading.context.isFolder(path) ? path : below(path, 'pom.xml');
  }

  takePom(path: string): void {
    if (this.#seen.has(path)) return;
    this.#seen.add(path);
    const text = this.reading.needText(path);
    if (text === undefined) return;
    const xml = pomText(text);
    checkPom(this.reading, path, xml);
    const parent = element(xml, 'parent');
    if (parent !== undefined) this.#takeParent(path, parent);
    this.#artifacts.set(element(without(without(xml, '<parent>', '</parent>'), '<dependencies>', '</dependencies>'), 'artifactId')?.trim() ?? '', path);
    for (const name of ['modules', 'subprojects'].flatMap((list) => elements(xml, list))) this.#takeModules(path, name);
  }

  /** The modules of one list; those of profiles are taken as well, whether they are switched on or not. */
  #takeModules(path: string, list: string): void {
    for (const name of [...elements(list, 'module'), ...elements(list, 'subproject')]) {
      const pom = this.#pomAt(name, path);
      if (pom !== undefined && this.reading.sends(pom)) this.takePom(pom);
      else this.reading.doubt(`The module ${code(name)} of ${code(path)} is not in the build context.`);
    }
  }

  /** A parent that lies in the context: by default one folder up (maven.apache.org/pom.html#inheritance). */
  #takeParent(path: string, parent: string): void {
    const said = element(parent, 'relativePath')?.trim();
    if (said === '') return;
    const pom = this.#pomAt(said ?? '../pom.xml', path);
    if (pom !== undefined && this.reading.sends(pom)) this.takePom(pom);
  }

  /** The folders of the projects. */
  get folders(): string[] {
    return [...this.#seen].map(folderOf);
  }

  /** Modules that need each other are taken from what was built, or not found at all, which older plugins end with an error. */
  checkSiblings(): void {
    const { size } = this.#seen;
    if (size > mostMembers) this.reading.refuse(tooManyMembers([...this.#seen][0] ?? 'pom.xml', size));
    for (const path of this.#seen) {
      const xml = pomText(this.reading.context.read(path) ?? '');
      const needed = elements(xml, 'dependency').map((each) => element(each, 'artifactId')?.trim() ?? '');
      const sibling = needed.find((name) => name !== '' && this.#artifacts.has(name) && this.#artifacts.get(name) !== path);
      if (sibling !== undefined) this.reading.doubt(`${code(path)} needs the module ${code(sibling)}, which is not built yet.`);
    }
  }
}

function checkPom(reading: ManifestReading, path: string, xml: string): void {
  const local = /<systemPath>|<url>\s*(?:file:|\$\{(?:project\.)?basedir\})/.test(xml);
  if (local) reading.refuse(`${code(path)} takes a dependency from a path.`);
  if (/<exists>|<missing>/.test(xml)) reading.doubt(`${code(path)} switches profiles by files that are there or not.`);
  if (/<extension>|<extensions>\s*true/.test(xml)) reading.doubt(mayReadMore(path));
}

/** The `.mvn` folder: flags, extensions, the wrapper. */
function takeMavenSettings(reading: ManifestReading, folder: string): void {
  reading.takeBelow(folder);
  const flags = reading.context.read(`${folder}/maven.config`) ?? '';
  if (/(?:^|\s)-(?:f|s|gs|-file|-settings|-global-settings)(?:\s|=|$)/.test(flags)) {
    reading.refuse(`${code(`${folder}/maven.config`)} names further files.`);
  }
  if (reading.sends(`${folder}/extensions.xml`)) reading.doubt(mayReadMore(`${folder}/extensions.xml`));
}

/** Maven: pom.xml, those of its modules and parents, the settings in .mvn, and the wrapper where it is called. */
export function readMaven(reading: ManifestReading): void {
  const { action, command, manifestFlags, subcommandKey } = reading.invocation;
  takeWrapper(reading);
  if (action === 'install-named') return;
  if (command.words.some(({ text }) => /^-f(?!ae$|f$|n$)./.test(text)) || /(?:^|\s)-(?:f|s|gs)/.test(reading.variable('MAVEN_ARGS') ?? '')) {
    reading.refuse('Which project file Maven reads can\'t be told.');
  }
  let pom: string | undefined = reading.own('pom.xml');
  for (const word of manifestFlags) {
    const path = reading.wordPath(word);
    const isPom = reading.flagText('-f', '--file') === word.text;
    if (isPom) pom = path !== undefined && !path.endsWith('.xml') ? below(path, 'pom.xml') : path;
    else if (path !== undefined) reading.need(path);
  }
  const reactor = new Reactor(reading);
  if (pom !== undefined) reactor.takePom(pom);
  reactor.checkSiblings();
  const folders = new Set([reading.folder, ...reading.ancestors(), ...(pom === undefined ? [] : [folderOf(pom)])]);
  for (const folder of folders) takeMavenSettings(reading, below(folder, '.mvn') ?? '.mvn');
  if (subcommandKey === 'dependency:copy-dependencies') for (const each of reactor.folders) reading.output('target', each);
}

/** Takes comments out of a Gradle script; addresses keep their slashes. */
const gradleText = (text: string): string => without(text.replace(/(?:^|\s)\/\/.*$/gm, ' '), '/*', '*/').replace(/[ \t]+/g, ' ');

/** `apply from: 'x.gradle'`: a script of its own. */
function takeScripts(reading: ManifestReading, path: string, text: string): void {
  for (const match of text.matchAll(/\bapply ?\(? ?from ?[:=] ?(["'])([^"'\n]*)\1/g)) {
    const name = (match[2] ?? '').replace(/^\$\{?(?:rootDir|rootProject\.projectDir|projectDir|rootProject\.rootDir)\}?\//, './');
    if (isRemote(name)) continue;
    const file = name.includes('$') ? undefined : reading.path(name);
    if (file === undefined) reading.refuse(`${code(path)} applies ${code(name)}, which can't be told before the build runs.`);
    else if (reading.need(file)) reading.doubt(`${code(path)} applies ${code(file)}, a script that may read other files.`);
  }
  if (/\bapply ?\(? ?from ?[:=] ?[^"'\s]/.test(text)) reading.refuse(`${code(path)} applies a script that can't be told before the build runs.`);
}

function checkSettings(reading: ManifestReading, path: string, text: string): void {
  if (!/\binclude(?:Flat|Build)?\b ?\(?\s{0,80}["':]/.test(text)) return;
  reading.refuse(`${code(path)} includes other projects or builds, whose files Gradle reads.`);
}

/** Gradle: every script of the folder, its settings, properties, catalogues and wrapper. */
export function readGradle(reading: ManifestReading): void {
  takeWrapper(reading);
  for (const word of reading.invocation.manifestFlags) {
    const path = reading.wordPath(word);
    if (path !== undefined) reading.need(path);
  }
  const scripts = reading.filesIn(reading.folder).filter((path) => /\.gradle(?:\.kts)?$/.test(path));
  if (scripts.length === 0) reading.refuse('There is no Gradle script in the folder of the install.');
  for (const path of scripts) {
    const text = reading.needText(path);
    if (text === undefined) continue;
    takeScripts(reading, path, gradleText(text));
    if (/(?:^|\/)settings\.gradle/.test(path)) checkSettings(reading, path, gradleText(text));
  }
  reading.takeEach('gradle.properties', 'local.properties', '.java-version', 'gradle.lockfile', 'buildscript-gradle.lockfile', 'settings-gradle.lockfile');
  reading.takeBelow(reading.own('gradle'));
  if (reading.sendsBelow('buildSrc')) reading.refuse('Gradle builds `buildSrc` first, so it reads the sources there.');
  const hasSettings = scripts.some((path) => /(?:^|\/)settings\.gradle/.test(path));
  for (const folder of hasSettings ? [] : reading.ancestors()) {
    const settings = reading.filesIn(folder).find((path) => /(?:^|\/)settings\.gradle(?:\.kts)?$/.test(path));
    if (settings !== undefined) reading.refuse(`${code(settings)} makes the folder part of a larger build.`);
  }
  reading.doubt('A Gradle build is a program: what its scripts and plugins read is only likely to be all that is copied for them.');
}
