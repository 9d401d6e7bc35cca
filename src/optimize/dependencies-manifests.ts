import type { BuildContext } from '../context/context.ts';
import { code } from '../context/manifests/reading.ts';
import { tableAt, textsOf, valueAt, type Table } from '../context/manifests/values.ts';
import { readToml } from '../context/toml.ts';
import { cleanContextPath, copySources, readsContext } from '../model/copy.ts';
import type { Dockerfile } from '../model/dockerfile.ts';
import { mounts, type Stage } from '../model/stages.ts';
import type { Form } from './dependencies-form.ts';
import type { SinkPlan } from './sink.ts';

interface Judgement {
  readonly refusals: string[];
  readonly doubts: string[];
}

/** The manifests an install may read, by the names of files: those it needs, those that are mounted, those that were copied. */
function manifestPaths(file: Dockerfile, stage: Stage, { copies, run }: SinkPlan): string[] {
  const needed = copies.flatMap((each) => each.needed.map(({ path }) => path));
  const bound = mounts(run).flatMap(({ from, source }) => (from === undefined && source !== undefined ? [cleanContextPath(source)] : []));
  const copied = stage.instructions.filter(readsContext).flatMap((copy) => copySources(file, copy).flatMap(({ path }) => path ?? []));
  return [...new Set([...needed, ...bound, ...copied])].filter((path) => /(?:^|\/)pyproject\.toml$/.test(path));
}

/** Poetry's plugins that ask the history for the version also do so without the project (github.com/mtkennerly/poetry-dynamic-versioning). */
const versionPlugins = /^poetry-.*version|^vcs-version/;

/** Scripts PDM runs around an install, whichever it is (pdm-project.org/en/latest/usage/hooks). */
const installHooks = /^(?:pre|post)_(?:install|lock)$/;

/** What a pyproject.toml says that an install without the project does not get by. */
function judgeProject(project: Table, path: string, { extras }: Form, { refusals, doubts }: Judgement): void {
  const plugin = Object.keys(tableAt(project, 'tool')).find((name) => versionPlugins.test(name));
  if (plugin !== undefined) refusals.push(`${code(path)} uses ${code(plugin)}, which reads the history.`);
  const hook = Object.keys(tableAt(project, 'tool', 'pdm', 'scripts')).find((name) => installHooks.test(name));
  if (hook !== undefined) refusals.push(`${code(path)} runs ${code(hook)} with each install.`);
  if (valueAt(project, 'tool', 'pdm', 'version', 'source') !== undefined) doubts.push(`${code(path)} lets the build work out its version.`);
  const known = Object.keys(tableAt(project, 'project', 'optional-dependencies'));
  const unknown = extras.find((extra) => !known.includes(extra));
  if (unknown !== undefined) refusals.push(`${code(path)} has no extra ${code(unknown)}.`);
  const apart = valueAt(project, 'tool', 'uv', 'no-build-isolation') === true || textsOf(valueAt(project, 'tool', 'uv', 'no-build-isolation-package')).length > 0;
  if (apart) doubts.push(`${code(path)} builds packages with what is installed already, which is less without the project.`);
}

/**
 * What manifests say for or against installing the dependencies without the project, besides what every install reads.
 * @param form how they would be installed
 */
export function judgeManifests(file: Dockerfile, stage: Stage, plan: SinkPlan, form: Form, context: BuildContext | undefined): Judgement {
  const judgement: Judgement = { refusals: [], doubts: [] };
  if (context === undefined) return judgement;
  let workspace = false;
  for (const path of manifestPaths(file, stage, plan)) {
    const text = context.read(path);
    const table = text === undefined ? undefined : readToml(text);
    if (table === undefined) continue;
    judgeProject(table, path, form, judgement);
    workspace ||= valueAt(table, 'tool', 'uv', 'workspace') !== undefined;
  }
  if (form.workspace && !workspace) judgement.refusals.push('There is no workspace.');
  return judgement;
}
