import { flagValue } from '../../dockerfile/command.ts';
import { readToml } from '../toml.ts';
import { below, code, folderOf, isRemote, type ManifestReading } from './reading.ts';
import { buildsProject, fromPath, unreadable, workedOut } from './sentences.ts';
import { readUvSettings, readUvSources } from './uv-settings.ts';
import { allTexts, dynamicOf, isTable, itemsOf, requirementsOf, tableAt, valueAt } from './values.ts';

const archive = /\.(?:whl|zip|tar|tar\.\w+|tgz|tbz2?|txz|egg)(?:\[[^\]]{0,200}\])?$/;

/** The part of a requirement that is a path or an address: what stands behind `name @`, or all of it. */
function location(requirement: string): string {
  const plain = requirement.replace(/\s+/g, ' ').trim();
  const named = /^[\w.-]+ ?(?:\[[^\]]*\])? ?@ ?(\S+)/.exec(plain);
  return named?.[1] ?? plain.split(/\s*;|\s+--/)[0]?.trim() ?? '';
}

/**
 * True where pip would look for a project or an archive on disk: any text with a slash that is no address,
 * a leading dot, the name of an archive, `file:`.
 */
export function isLocalRequirement(requirement: string): boolean {
  const place = location(requirement);
  if (isRemote(place)) return false;
  return /^(?:[a-z]+\+)?file:/i.test(place) || /^\.|\//.test(place) || archive.test(place);
}

/** Refuses a requirement that is a path; `where` names it. */
export function checkRequirement(reading: ManifestReading, requirement: string, where: string): void {
  if (!isLocalRequirement(requirement)) return;
  reading.refuse(`${where} names ${code(location(requirement))}, a path, so the install reads what lies there.`);
}

const nested = new Set(['-r', '--requirement', '-c', '--constraint']);
const editable = new Set(['-e', '--editable']);
const links = new Set(['-f', '--find-links', '-i', '--index-url', '--extra-index-url']);

/** The options of a line and their values: `-r x`, `-rx`, `--requirement=x`. */
function* optionsOf(line: string): Generator<readonly [string, string]> {
  const words = line.split(/\s+/).map((word) => word.replace(/^(["'])(.*)\1$/, '$2'));
  for (const [index, word] of words.entries()) {
    const glued = /^(--[a-z-]+)=(.*)$/.exec(word) ?? /^(-[a-z])=?(.+)$/.exec(word);
    const option = word.startsWith('--') && glued === null ? word : (glued?.[1] ?? word);
    yield [option, (glued?.[2] ?? words[index + 1] ?? '').replace(/^(["'])(.*)\1$/, '$2')];
  }
}

function readOptions(reading: ManifestReading, line: string, path: string, seen: Set<string>): void {
  for (const [option, value] of optionsOf(line)) {
    if (nested.has(option)) readNested(reading, value, path, seen);
    if (isRemote(value)) continue;
    if (editable.has(option)) reading.refuse(`${code(path)} installs ${code(value)} editable, so the install reads the sources.`);
    else if (links.has(option)) reading.refuse(`${code(path)} looks for packages in ${code(value)}, a folder.`);
  }
}

function readNested(reading: ManifestReading, name: string, from: string, seen: Set<string>): void {
  if (isRemote(name)) return;
  if (name.includes('$')) reading.refuse(`${code(from)} names ${code(name)}, which can't be told before the build runs.`);
  else {
    const path = name.startsWith('/') ? reading.fromImage(name) : reading.path(name, folderOf(from));
    if (path !== undefined) readRequirementFile(reading, path, seen);
  }
}

/**
 * Takes a requirements or constraints file and every file it names.
 * pip.pypa.io/en/stable/reference/requirements-file-format: `-r` and `-c` are relative to the file, paths to the folder.
 */
export function readRequirementFile(reading: ManifestReading, path: string, seen = new Set<string>()): void {
  if (seen.has(path)) return;
  seen.add(path);
  const text = reading.needText(path);
  if (text === undefined) return;
  const lines = text.replace(/^\uFEFF/, '').replace(/\\\r?\n/g, ' ').split(/\r\n|\r|\n/);
  for (const raw of lines) {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    if (line.startsWith('-')) readOptions(reading, line, path, seen);
    else if (line !== '') checkRequirement(reading, line, code(path));
  }
}

/** Strings of a pyproject.toml that are requirements. */
export function checkRequirementTexts(reading: ManifestReading, value: unknown, path: string): void {
  for (const text of allTexts(value)) checkRequirement(reading, text, code(path));
}

/** `uv pip install -r pyproject.toml`: the dependencies it lists; what is dynamic is built from the sources. */
function readProjectFile(reading: ManifestReading, path: string): void {
  const text = reading.needText(path);
  const project = text === undefined ? undefined : readToml(text);
  if (text !== undefined && project === undefined) reading.refuse(unreadable(path, 'TOML'));
  if (project === undefined) return;
  if (dynamicOf(project).some((name) => /dependencies/.test(name)) || !isTable(project['project'])) reading.refuse(workedOut(path));
  checkRequirementTexts(reading, requirementsOf(project), path);
  readUvSources(reading, project, path);
}

/** pylock.toml (PEP 751): packages may lie in folders. */
function readLockFile(reading: ManifestReading, path: string): void {
  const text = reading.needText(path);
  const lock = text === undefined ? undefined : readToml(text);
  for (const entry of itemsOf(lock?.['packages'])) {
    const place = ['directory', 'vcs', 'archive'].map((key) => valueAt(entry, key, 'path')).find((each) => each !== undefined);
    if (typeof place === 'string') reading.refuse(fromPath(path, place));
  }
  if (text !== undefined && lock === undefined) reading.refuse(unreadable(path, 'TOML'));
}

function readNamedFile(reading: ManifestReading, path: string): void {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'pyproject.toml') readProjectFile(reading, path);
  else if (/^pylock\..*toml$/.test(name)) readLockFile(reading, path);
  else if (name.endsWith('.toml')) reading.need(path);
  else if (name === 'setup.py' || name === 'setup.cfg') reading.refuse(workedOut(path));
  else readRequirementFile(reading, path);
}

/** `--group name` and `--group path/pyproject.toml:name` read dependency groups. */
function readGroups(reading: ManifestReading): void {
  const group = flagValue(reading.invocation.command.words, '--group');
  if (group === undefined) return;
  const file = group.text.includes(':') ? group.text.slice(0, group.text.lastIndexOf(':')) : 'pyproject.toml';
  const path = reading.path(file);
  const text = path === undefined ? undefined : reading.needText(path);
  if (path !== undefined && text !== undefined) checkRequirementTexts(reading, tableAt(readToml(text), 'dependency-groups'), path);
}

/** Folders that `pip install --target` and its like fill. */
const fills = ['-t', '--target', '--prefix', '--root', '--src', '-d', '--dest', '-w', '--wheel-dir'];

const fillsByVariable = ['PIP_TARGET', 'PIP_PREFIX', 'PIP_ROOT', 'PIP_SRC', 'VIRTUAL_ENV'];

/** Names of virtual environments in a project, where this file shows that they are some; the PATH may lead into one. */
const environments = ['.venv', 'venv', 'env'];

function readTargets(reading: ManifestReading): void {
  for (const flag of fills) {
    const value = flagValue(reading.invocation.command.words, flag)?.value;
    if (value !== undefined) reading.wordOutput(value);
  }
  for (const value of fillsByVariable.map((name) => reading.variable(name))) if (value !== undefined && value !== '') reading.wordOutput(value);
  for (const name of environments) if (reading.context.has(below(reading.folder, `${name}/pyvenv.cfg`) ?? '')) reading.output(name);
}

function readFindLinks(reading: ManifestReading): void {
  for (const flag of ['-f', '--find-links', '-i', '--index-url', '--extra-index-url']) {
    const word = flagValue(reading.invocation.command.words, flag);
    const value = word?.text ?? '';
    const elsewhere = value.startsWith('/') && reading.place.directory !== undefined && reading.imagePath(value) === undefined;
    if (value === '' || isRemote(value) || value.startsWith('$') || elsewhere) continue;
    reading.refuse(`The install looks for packages in ${code(value)}, a folder.`);
  }
}

/** pip, and what uv does in its place: files named by flags, and what they name. */
export function readPip(reading: ManifestReading): void {
  const { packages, manifestFlags, action, manager } = reading.invocation;
  if (action === 'install-project') reading.refuse(buildsProject);
  for (const word of manifestFlags) {
    const path = reading.wordPath(word);
    if (path !== undefined) readNamedFile(reading, path);
  }
  for (const { text } of packages) {
    const isFile = /^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/.test(text);
    if (isFile) reading.refuse(`${code(text)} is taken for the name of a package, for lack of \`-r\`.`);
    else checkRequirement(reading, text, 'The command');
  }
  readGroups(reading);
  readTargets(reading);
  if (manager.name !== 'pipx') readFindLinks(reading);
  if (manager.name === 'uv') readUvSettings(reading);
}
