import { readToml } from '../toml.ts';
import { findMembers } from './members.ts';
import { below, code, type ManifestReading } from './reading.ts';
import { checkRequirementTexts, readPip } from './requirements.ts';
import { laysOver, mayRelock, unreadable, workedOut, workspaceAbove, workspaceRoot } from './sentences.ts';
import { readUvSources } from './uv-settings.ts';
import { dynamicOf, isTable, requirementsOf, textsOf, valueAt, type Table } from './values.ts';

/** A project is built and installed when it says how, unless `tool.uv.package` says otherwise (docs.astral.sh/uv/concepts/projects/config). */
function isPackage(project: Table): boolean {
  const said = valueAt(project, 'tool', 'uv', 'package');
  return typeof said === 'boolean' ? said : isTable(project['build-system']);
}

const isFrozen = (reading: ManifestReading): boolean => reading.flag('--frozen') || reading.isOn('UV_FROZEN');
const isLocked = (reading: ManifestReading): boolean => reading.flag('--locked') || reading.isOn('UV_LOCKED');

/**
 * Takes the manifests of a workspace's members, of which none is installed. With --frozen uv takes nothing of them but the versions
 * of Python they need; otherwise it compares the lock file with each (docs.astral.sh/uv/concepts/projects/workspaces).
 */
function readMembers(reading: ManifestReading, project: Table, path: string): void {
  const patterns = textsOf(valueAt(project, 'tool', 'uv', 'workspace', 'members'));
  const excluded = textsOf(valueAt(project, 'tool', 'uv', 'workspace', 'exclude')).map((pattern) => `!${pattern}`);
  for (const member of findMembers(reading, { path, patterns: [...patterns, ...excluded] }, ['pyproject.toml'], true)) {
    const text = reading.needText(member);
    const table = text === undefined ? undefined : readToml(text);
    if (text !== undefined && table === undefined) reading.refuse(unreadable(member, 'TOML'));
    if (table !== undefined) readProject(reading, table, member);
  }
}

function readProject(reading: ManifestReading, project: Table, path: string): void {
  const frozen = isFrozen(reading);
  const alone = reading.flag('--no-install-workspace');
  if (valueAt(project, 'tool', 'uv', 'workspace') !== undefined) {
    if (alone && path === reading.own('pyproject.toml')) readMembers(reading, project, path);
    else reading.refuse(workspaceRoot(path));
  }
  readUvSources(reading, project, path, alone);
  checkRequirementTexts(reading, requirementsOf(project), path);
  if (reading.invocation.action === 'install-project' && isPackage(project)) {
    reading.refuse(`The install builds the project of ${code(path)} itself; \`--no-install-project\` would leave it out.`);
  }
  const dynamic = dynamicOf(project);
  if (!frozen && dynamic.some((name) => /dependencies/.test(name))) reading.refuse(workedOut(path));
  else if (!frozen && dynamic.length > 0 && isPackage(project)) {
    reading.doubt(`${code(path)} leaves ${code(dynamic.join(', '))} to its build, which uv may run unless it is called with \`--frozen\`.`);
  }
}

/** True when a folder above holds the root of a workspace. */
function refuseMembership(reading: ManifestReading): void {
  for (const folder of reading.ancestors()) {
    const path = below(folder, 'pyproject.toml') ?? 'pyproject.toml';
    const text = reading.sends(path) ? reading.context.read(path) : undefined;
    if (valueAt(readToml(text ?? ''), 'tool', 'uv', 'workspace') !== undefined) reading.refuse(workspaceAbove(path));
  }
}

function readSync(reading: ManifestReading): void {
  const path = reading.own('pyproject.toml');
  const text = reading.needText(path);
  const project = text === undefined ? undefined : readToml(text);
  if (text !== undefined && project === undefined) reading.refuse(unreadable(path, 'TOML'));
  if (project !== undefined) readProject(reading, project, path);
  refuseMembership(reading);
  const lock = reading.own('uv.lock');
  const held = isFrozen(reading) || isLocked(reading);
  if (held) reading.need(lock);
  else if (reading.take(lock)) {
    reading.doubt(mayRelock(lock, '`--locked` or `--frozen`'));
  }
  reading.takeEach('.python-version', '.python-versions', 'uv.toml');
  if (reading.flag('--script')) reading.refuse('The install reads the dependencies of a script.');
}

/** uv: projects (`uv sync`), and what it does in pip's place. */
export function readUv(reading: ManifestReading): void {
  const { subcommandKey } = reading.invocation;
  if (subcommandKey === 'sync') readSync(reading);
  else if (subcommandKey === 'add') reading.refuse(laysOver('uv add', 'pyproject.toml and uv.lock'));
  else readPip(reading);
}
