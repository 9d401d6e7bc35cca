import { readToml } from '../toml.ts';
import { below, code, type ManifestReading } from './reading.ts';
import { fromPath } from './sentences.ts';
import { isTable, itemsOf, tableAt, textsOf, valueAt, type Table } from './values.ts';

/**
 * Sources of `tool.uv` that lie on disk: paths and members of a workspace.
 * @param alone the members are not asked for
 */
export function readUvSources(reading: ManifestReading, project: Table, path: string, alone = false): void {
  for (const [name, source] of Object.entries(tableAt(project, 'tool', 'uv', 'sources'))) {
    for (const each of itemsOf(source)) {
      if (valueAt(each, 'path') !== undefined) reading.refuse(fromPath(path, name));
      if (!alone && valueAt(each, 'workspace') === true) reading.refuse(`${code(path)} takes ${code(name)} from its workspace.`);
    }
  }
  const indexes = itemsOf(valueAt(project, 'tool', 'uv', 'index')).map((index) => valueAt(index, 'url'));
  for (const url of [...indexes, ...textsOf(valueAt(project, 'tool', 'uv', 'find-links'))]) {
    if (typeof url === 'string' && !/^[a-z+]+:\/\/(?!\/)/i.test(url)) reading.refuse(`${code(path)} looks for packages in ${code(url)}, a folder.`);
  }
}

/** Settings of uv in the folder and those above it, the nearest: uv.toml, or `tool.uv` of a pyproject.toml. */
export function readUvSettings(reading: ManifestReading): void {
  if (reading.flag('--no-config') || reading.invocation.subcommandKey.startsWith('tool')) return;
  for (const folder of [reading.folder, ...reading.ancestors()]) {
    const settings = below(folder, 'uv.toml') ?? 'uv.toml';
    const project = below(folder, 'pyproject.toml') ?? 'pyproject.toml';
    if (reading.take(settings)) return;
    if (!reading.sends(project)) continue;
    const text = reading.context.read(project);
    const table = text === undefined ? undefined : readToml(text);
    if (table === undefined || isTable(valueAt(table, 'tool', 'uv'))) reading.take(project);
    if (table !== undefined) readUvSources(reading, { tool: { uv: { index: valueAt(table, 'tool', 'uv', 'index') } } }, project);
    return;
  }
}
