import { readToml } from '../toml.ts';
import { readYaml, type YamlValue } from '../yaml.ts';
import { code, folderOf, isRemote, type ManifestReading } from './reading.ts';
import { checkRequirement, checkRequirementTexts, readRequirementFile } from './requirements.ts';
import { buildsProject, fromPath, laysOver, mayRelock, unreadable, workedOut, workspaceRoot } from './sentences.ts';
import { dynamicOf, isTable, itemsOf, requirementsOf, tableAt, textAt, textsOf, valueAt, type Table } from './values.ts';

/** Reads a TOML file of the install's folder that must be there. */
function needToml(reading: ManifestReading, name: string): { path: string; table: Table } | undefined {
  const path = reading.own(name);
  const text = reading.needText(path);
  const table = text === undefined ? undefined : readToml(text);
  if (text !== undefined && table === undefined) reading.refuse(unreadable(path, 'TOML'));
  return table === undefined ? undefined : { path, table };
}

/** Dependencies written as tables: those with a path, or an address that is one. */
function checkTables(reading: ManifestReading, dependencies: Table, path: string): void {
  for (const [name, dependency] of Object.entries(dependencies)) {
    for (const each of itemsOf(dependency)) {
      const places = [textAt(each, 'path'), textAt(each, 'file'), textAt(each, 'url'), textAt(each, 'git')];
      if (places.some((place) => place !== undefined && !isRemote(place) && !/^[\w.-]+@[\w.-]+:/.test(place))) {
        reading.refuse(fromPath(path, name));
      }
    }
  }
}

/** Takes a lock file; `needed`: the install fails without one. */
function takeLock(reading: ManifestReading, name: string, needed: boolean): boolean {
  const path = reading.own(name);
  return needed ? reading.need(path) : reading.take(path);
}

/** Poetry. Without a lock file it makes one, which no COPY overwrites; a stale one makes it stop. */
export function readPoetry(reading: ManifestReading): void {
  const { subcommandKey, action } = reading.invocation;
  if (subcommandKey === 'add') reading.refuse(laysOver('poetry add', 'pyproject.toml and poetry.lock'));
  if (action === 'install-named') return;
  const found = needToml(reading, 'pyproject.toml');
  if (found === undefined) return;
  const poetry = tableAt(found.table, 'tool', 'poetry');
  const groups = Object.values(tableAt(poetry, 'group')).map((group) => tableAt(group, 'dependencies'));
  for (const table of [tableAt(poetry, 'dependencies'), tableAt(poetry, 'dev-dependencies'), ...groups]) checkTables(reading, table, found.path);
  checkRequirementTexts(reading, requirementsOf(found.table), found.path);
  if (action === 'install-project' && poetry['package-mode'] !== false) {
    reading.refuse(`The install links the project of ${code(found.path)} itself; \`--no-root\` would leave it out.`);
  }
  takeLock(reading, 'poetry.lock', false);
  reading.takeEach('poetry.toml');
}

/** Pipenv: tables of the Pipfile that are no settings hold packages. */
export function readPipenv(reading: ManifestReading): void {
  const { subcommandKey, action, manifestFlags, packages } = reading.invocation;
  if (packages.length > 0 || manifestFlags.length > 0) {
    reading.refuse(laysOver('pipenv install', 'Pipfile and Pipfile.lock'));
  }
  const found = needToml(reading, 'Pipfile');
  if (found === undefined) return;
  for (const [name, table] of Object.entries(found.table)) {
    if (!['source', 'requires', 'scripts', 'pipenv'].includes(name) && isTable(table)) checkTables(reading, table, found.path);
  }
  if (action === 'install-project') reading.refuse(buildsProject);
  const strict = subcommandKey === 'sync' || reading.flag('--deploy') || reading.flag('--ignore-pipfile') || reading.isOn('PIPENV_IGNORE_PIPFILE');
  const locked = takeLock(reading, 'Pipfile.lock', strict && !reading.flag('--skip-lock'));
  if (locked && !strict && !reading.flag('--skip-lock')) reading.doubt(mayRelock(reading.own('Pipfile.lock'), '`--deploy`'));
}

/** PDM: the project itself is installed unless `distribution` says it is none. */
export function readPdm(reading: ManifestReading): void {
  const { subcommandKey, action } = reading.invocation;
  if (subcommandKey === 'add') reading.refuse(laysOver('pdm add', 'pyproject.toml and pdm.lock'));
  if (action === 'install-named') return;
  const found = needToml(reading, 'pyproject.toml');
  if (found === undefined) return;
  checkRequirementTexts(reading, [...requirementsOf(found.table), valueAt(found.table, 'tool', 'pdm', 'dev-dependencies')], found.path);
  if (valueAt(found.table, 'tool', 'pdm', 'workspace') !== undefined) reading.refuse(workspaceRoot(found.path));
  if (action === 'install-project' && valueAt(found.table, 'tool', 'pdm', 'distribution') !== false) {
    reading.refuse(`The install builds the project of ${code(found.path)} itself; \`--no-self\` would leave it out.`);
  }
  if (dynamicOf(found.table).some((name) => /dependencies/.test(name))) reading.refuse(workedOut(found.path));
  const strict = subcommandKey === 'sync' || reading.flag('--frozen-lockfile', '--no-lock') || reading.isOn('PDM_FROZEN_LOCKFILE');
  if (takeLock(reading, 'pdm.lock', subcommandKey === 'sync') && !strict) reading.doubt(mayRelock(reading.own('pdm.lock'), '`--frozen-lockfile`'));
  reading.takeEach('pdm.toml', '.pdm-python', '.python-version');
}

/** The pip part of an environment file; `-r` is relative to that file. */
function checkPipLine(reading: ManifestReading, line: string, path: string): void {
  const named = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)$/.exec(line)?.[1];
  if (named !== undefined && !isRemote(named)) {
    const file = named.startsWith('/') ? reading.fromImage(named) : reading.path(named, folderOf(path));
    if (file !== undefined) readRequirementFile(reading, file);
  } else if (/^(?:-e|--editable)/.test(line)) {
    if (!isRemote(line.replace(/^\S+?[\s=]+/, ''))) reading.refuse(`${code(path)} installs a path editable, so the install reads the sources.`);
  } else if (/^(?:-f|--find-links)/.test(line)) {
    if (!isRemote(line.replace(/^\S+?[\s=]+/, ''))) reading.refuse(`${code(path)} looks for packages in a folder.`);
  } else if (!line.startsWith('-')) checkRequirement(reading, line, code(path));
}

function readEnvironmentFile(reading: ManifestReading, path: string): void {
  const text = reading.needText(path);
  const environment: YamlValue | undefined = text === undefined ? undefined : readYaml(text);
  if (text !== undefined && environment === undefined) reading.refuse(`${code(path)} can't be read with certainty.`);
  for (const channel of textsOf(valueAt(environment, 'channels'))) {
    if (/^(?:file:|[./])/.test(channel)) reading.refuse(`${code(path)} names the channel ${code(channel)}, a folder.`);
  }
  for (const dependency of itemsOf(valueAt(environment, 'dependencies'))) {
    if (typeof dependency === 'string' && /^(?:file:|[./])/.test(dependency)) reading.refuse(`${code(path)} names ${code(dependency)}, a path.`);
    for (const line of textsOf(valueAt(dependency, 'pip'))) checkPipLine(reading, line.trim(), path);
  }
}

/** A list of packages for `conda install --file`, one a line. */
function readCondaList(reading: ManifestReading, path: string): void {
  for (const line of reading.needText(path)?.split(/\r?\n/) ?? []) {
    if (/^\s*(?:file:|[./])/.test(line)) reading.refuse(`${code(path)} names ${code(line)}, a path.`);
  }
}

/** conda and mamba: environment files and lists. */
export function readConda(reading: ManifestReading): void {
  const { subcommandKey, manifestFlags, packages } = reading.invocation;
  const paths = manifestFlags.flatMap((word) => reading.wordPath(word) ?? []);
  for (const path of paths) {
    if (/\.ya?ml$/.test(path)) readEnvironmentFile(reading, path);
    else readCondaList(reading, path);
  }
  for (const { text } of packages) if (/^(?:\.{0,2}\/|file:)/.test(text)) reading.refuse(`${code(text)} is a path.`);
  if (subcommandKey.startsWith('env ') && manifestFlags.length === 0) {
    const other = reading.own('environment.yaml');
    readEnvironmentFile(reading, reading.sends(other) ? other : (reading.own('environment.yml')));
  }
}
