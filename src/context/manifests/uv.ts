import { readToml } from '../toml.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { checkRequirementTexts, readPip } from './requirements.ts';
import { readUvSources } from './uv-settings.ts';
import { isTable, textsOf, valueAt, type Table } from './values.ts';

/** A project is built and installed when it says how, unless `tool.uv.package` says otherwise (docs.astral.sh/uv/concepts/projects/config). */
function isPackage(project: Table): boolean {
  const said = valueAt(project, 'tool', 'uv', 'package');
  return typeof said === 'boolean' ? said : isTable(project['build-system']);
}

const isFrozen = (reading: ManifestReading): boolean => reading.flag('--frozen') || reading.isOn('UV_FROZEN');
const isLocked = (reading: ManifestReading): boolean => reading.flag('--locked') || reading.isOn('UV_LOCKED');

function readProject(reading: ManifestReading, project: Table, path: string): void {
  const frozen = isFrozen(reading);
  // With --frozen uv does not look at the members, and without their install it needs none (docs.astral.sh/uv/guides/integration/docker).
  const alone = frozen && reading.flag('--no-install-workspace');
  if (valueAt(project, 'tool', 'uv', 'workspace') !== undefined && !alone) reading.refuse(`${code(path)} is the root of a workspace, whose members the install reads.`);
  if (!alone) readUvSources(reading, project, path);
  checkRequirementTexts(reading, [valueAt(project, 'project', 'dependencies'), valueAt(project, 'project', 'optional-dependencies'), project['dependency-groups']], path);
  if (reading.invocation.action === 'install-project' && isPackage(project)) {
    reading.refuse(`The install builds the project of ${code(path)} itself; \`--no-install-project\` would leave it out.`);
  }
  const dynamic = textsOf(valueAt(project, 'project', 'dynamic'));
  if (!frozen && dynamic.some((name) => /dependencies/.test(name))) reading.refuse(`The dependencies in ${code(path)} are worked out by a build of the project.`);
  else if (!frozen && dynamic.length > 0 && isPackage(project)) {
    reading.doubt(`${code(path)} leaves ${code(dynamic.join(', '))} to its build, which uv may run unless it is called with \`--frozen\`.`);
  }
}

/** True when a folder above holds the root of a workspace. */
function refuseMembership(reading: ManifestReading): void {
  for (const folder of reading.ancestors()) {
    const path = below(folder, 'pyproject.toml') ?? 'pyproject.toml';
    const text = reading.sends(path) ? reading.context.read(path) : undefined;
    if (text !== undefined && /^[ \t]*\[tool\.uv\.workspace\]|\bworkspace[ \t]*=[ \t]*\{/m.test(text)) reading.refuse(`${code(folderOf(path) === '' ? path : folder)} is the root of a workspace above the install.`);
  }
}

function readSync(reading: ManifestReading): void {
  const path = reading.own('pyproject.toml');
  const text = reading.needText(path);
  const project = text === undefined ? undefined : readToml(text);
  if (text !== undefined && project === undefined) reading.refuse(`${code(path)} can't be read as TOML.`);
  if (project !== undefined) readProject(reading, project, path);
  refuseMembership(reading);
  const lock = reading.own('uv.lock');
  const held = isFrozen(reading) || isLocked(reading);
  if (held) reading.need(lock);
  else if (reading.take(lock)) {
    reading.doubt(`Without \`--locked\` or \`--frozen\`, uv may bring ${code(lock)} up to date, and the later COPY would lay the old one over it.`);
  }
  reading.takeEach('.python-version', '.python-versions', 'uv.toml');
  if (reading.flag('--script')) reading.refuse('The install reads the dependencies of a script.');
}

/** uv: projects (`uv sync`), and what it does in pip's place. */
export function readUv(reading: ManifestReading): void {
  const { subcommandKey } = reading.invocation;
  if (subcommandKey === 'sync') readSync(reading);
  else if (subcommandKey === 'add') reading.refuse('`uv add` writes pyproject.toml and uv.lock, and the later COPY would lay the old ones over them.');
  else readPip(reading);
}
