import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine } from './engine.ts';
import { textOf } from './host.ts';
import { lastLines } from './process.ts';
import { readProgress, type Vertex } from './progress.ts';

export interface BuildRequest {
  /** The folder of the build context. */
  readonly context: string;
  /** The text of the Dockerfile; the context may hold another. */
  readonly dockerfile: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
  readonly target?: string | undefined;
  /** Nothing is taken from the cache. */
  readonly fresh?: boolean;
  /** The steps are built, and no image of them. */
  readonly imageless?: boolean;
}

export interface Build {
  /** The image's id; undefined when the build failed or makes none. */
  readonly image: string | undefined;
  /** Why it failed: the last lines of what it said; empty when it did not. */
  readonly failure: string;
  readonly seconds: number;
  readonly log: string;
  /** Every step with what became of it, the engine's own among them. */
  readonly vertices: readonly Vertex[];
}

/**
 * A line that asks for a frontend from a registry: a private engine reaches none and reads the file by the one it has,
 * which knows what `docker/dockerfile:1.7` does.
 */
const externalFrontend = /^#[ \t]*syntax[ \t]*=[ \t]*(?:docker\.io\/)?docker\/dockerfile:1(?:\.[0-7])?(?:\.\d+)?[ \t]*\r?\n/i;

/** Builds an image; never throws for a Dockerfile that does not build. */
export async function build(engine: Engine, { context, dockerfile, buildArguments = {}, target, fresh = false, imageless = false }: BuildRequest): Promise<Build> {
  const folder = mkdtempSync(join(engine.scratch, 'build-'));
  const file = join(folder, 'Dockerfile');
  const id = join(folder, 'id');
  writeFileSync(file, engine.storage === undefined ? dockerfile : dockerfile.replace(externalFrontend, ''));
  // An ignore file of the Dockerfile's own is looked for beside it.
  const ignoreFile = join(context, 'Dockerfile.dockerignore');
  if (existsSync(ignoreFile)) copyFileSync(ignoreFile, `${file}.dockerignore`);
  const start = performance.now();
  const { code, stdout, stderr } = await engine.docker([
    'build', '--network', 'host', '--progress', 'plain', ...(imageless ? ['--output', 'type=cacheonly'] : ['--iidfile', id]), '--file', file,
    ...Object.entries(buildArguments).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
    ...(target === undefined ? [] : ['--target', target]), ...(fresh ? ['--no-cache'] : []), context,
  ], { seconds: 900 });
  const seconds = (performance.now() - start) / 1000;
  const image = code === 0 && !imageless ? textOf(id).trim() : undefined;
  rmSync(folder, { recursive: true });
  const log = stdout + stderr;
  const vertices = readProgress(log);
  return { image, failure: code === 0 ? '' : failureOf(log, vertices), seconds, log, vertices };
}

/** What the step that failed said last, and what the engine says of it. */
function failureOf(log: string, vertices: readonly Vertex[]): string {
  const step = vertices.find(({ failed }) => failed);
  return [step?.name ?? '', lastLines(step?.log ?? '', 6), lastLines(log, 1)].filter((each) => each !== '').join('\n');
}
