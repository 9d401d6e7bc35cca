import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Build } from './build.ts';
import { obstacle } from './buildable.ts';
import { ask } from './checks.ts';
import { docker } from './engine.ts';
import { inspect } from './image.ts';
import { ProofError } from './process.ts';
import { copyContext, writeFiles, type Project } from './project.ts';
import type { Workshop } from './prove-project.ts';
import type { TableRow } from './table-report.ts';
import { mendStepwise, type Mended } from './table-steps.ts';

/** How often a project is built again, each time after another change. */
const changes = 3;

/** The image of a build that must succeed; it goes at the end at the latest. */
function imageOf({ engine }: Workshop, what: string, { image, failure }: Build): string {
  if (image === undefined) throw new ProofError(`${what} does not build: ${failure}`);
  engine.built.add(image);
  return image;
}

/** What is wrong with an image: each check that is not answered as it must be. */
async function failuresOf({ engine, ports }: Workshop, project: Project, image: string): Promise<string[]> {
  const failures: string[] = [];
  for (const check of project.checks) {
    const { failure } = await ports.run(() => ask(engine, image, check));
    if (failure !== '') failures.push(failure);
  }
  return failures;
}

/** Builds again after changes of a source; the source is as before at the end. */
async function rebuild(shop: Workshop, project: Project, folder: string, text: string, first: string): Promise<{ seconds: number[]; images: string[] }> {
  const { change } = project;
  if (change === undefined) throw new ProofError(`${project.folder}/proof.json: the table needs a \`change\` of a source.`);
  const source = readFileSync(join(folder, change.file), 'utf8');
  const seconds: number[] = [];
  const images = [first];
  for (let count = 1; count <= changes; count += 1) {
    writeFiles(folder, [[change.file, source.replace(change.from, () => `${change.to} ${count}`)]]);
    const built = await build(shop.engine, { context: folder, dockerfile: text });
    const image = imageOf(shop, `${project.name}, changed,`, built);
    if (images.includes(image)) throw new ProofError(`${project.name}: the change of \`${change.file}\` did not come into the image.`);
    seconds.push(built.seconds);
    images.push(image);
  }
  writeFiles(folder, [[change.file, source]]);
  return { seconds, images };
}

async function removeImages({ engine }: Workshop, images: readonly string[]): Promise<void> {
  await engine.docker(['image', 'rm', '--force', ...images]);
  for (const id of images) engine.built.delete(id);
}

/** Measures a project as a step leaves it: with nothing in the cache, caches of package managers among it, then after changes. */
async function measure(shop: Workshop, project: Project, folder: string, { step, text, rules, bugs }: Mended): Promise<TableRow> {
  const { engine, standIns } = shop;
  const reason = await obstacle(engine, standIns, project, text);
  if (reason !== undefined) throw new ProofError(`${project.name}, ${step}: ${reason}.`);
  await docker(engine, ['builder', 'prune', '--all', '--force']);
  const built = await build(engine, { context: folder, dockerfile: text });
  const image = imageOf(shop, `${project.name}, ${step},`, built);
  const { bytes } = await inspect(engine, image);
  const { seconds, images } = await rebuild(shop, project, folder, text, image);
  const failures = [...bugs];
  for (const each of [image, images.at(-1) ?? image]) failures.push(...(await failuresOf(shop, project, each)));
  await removeImages(shop, images);
  return { project: project.name, step, rules, dockerfile: text, firstBuild: built.seconds, rebuilds: seconds, bytes, failures };
}

/**
 * Measures a project step by step. A step that finds nothing to mend has the figures of the one before it.
 * @throws {ProofError} when the engine is somebody else's, whose cache is not ours to empty, or when a step does not build
 */
export async function* measureSteps(shop: Workshop, project: Project): AsyncGenerator<TableRow> {
  if (shop.engine.storage === undefined) throw new ProofError('The table empties the cache of the engine, so it needs one of its own: run this as root on Debian, without DOCKER_HOST.');
  const folder = await copyContext(shop.engine, project);
  const trial = await copyContext(shop.engine, project);
  try {
    let last: TableRow | undefined;
    for (const mended of mendStepwise(project, trial)) {
      writeFiles(folder, [['Dockerfile', mended.text], ...mended.otherFiles]);
      const isSame = last !== undefined && mended.rules.length === 0 && mended.bugs.length === 0;
      last = last !== undefined && isSame ? { ...last, step: mended.step, rules: [] } : await measure(shop, project, folder, mended);
      yield last;
    }
  } finally {
    for (const each of [folder, trial]) rmSync(each, { recursive: true, force: true });
  }
}
