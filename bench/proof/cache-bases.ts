import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { applyEdits, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { BaseImage } from '../../src/model/layers.ts';
import type { Stage } from '../../src/model/stages.ts';
import { docker, type Engine } from './engine.ts';
import { Fields } from './json.ts';

/** What a stage is built on that is no stage of the file; undefined for one that is. */
const rootOf = ({ parent, fromScratch, image }: Stage): string | undefined => (parent !== undefined ? undefined : fromScratch ? 'scratch' : image?.text);

/** The image's settings that its steps start with. */
async function settingsOf(engine: Engine, tag: string): Promise<BaseImage> {
  const text = await docker(engine, ['image', 'inspect', '--format', '{{json .Config.Env}}\n{{json .Config.User}}\n{{json .Config.WorkingDir}}\n{{json .Config.Shell}}', tag]);
  const [environment, user, workdir, shell]: unknown[] = text.trim().split('\n').map((line): unknown => JSON.parse(line) ?? undefined);
  const fields = new Fields({ environment, user, workdir, shell }, tag);
  const pairs = (fields.texts('environment') ?? []).map((pair): [string, string] => [pair.replace(/=.*$/s, ''), pair.replace(/^[^=]*=/, '')]);
  const words = fields.texts('shell');
  return {
    digest: tag, environment: Object.fromEntries(pairs), user: fields.text('user') ?? '', workdir: fields.text('workdir') ?? '',
    ...(words !== undefined && { shell: words }),
  };
}

/**
 * Base images that one project has for itself: each is the one the file names, with one more file in it that no other has. So
 * nothing that was ever built before, by another project, a fix or an earlier run, is in the cache for any of its steps.
 */
export class OwnBases {
  readonly #engine: Engine;
  readonly #name: string;
  readonly #tags = new Map<string, string>();
  readonly #settings = new Map<string, BaseImage>();

  /** @param name of the project, which no other one has that is proven at the same time */
  constructor(engine: Engine, name: string) {
    this.#engine = engine;
    this.#name = name;
  }

  /** Makes those that a build of the file needs. */
  async prepare(file: Dockerfile): Promise<void> {
    for (const stage of file.neededStages) {
      const root = rootOf(stage);
      if (root !== undefined && !this.#tags.has(root)) await this.#make(root);
    }
  }

  /** The text with them in the place of those it names. */
  textOf(file: Dockerfile): string {
    return applyEdits(file.source, file.stages.flatMap((stage) => {
      const tag = this.#tags.get(rootOf(stage) ?? '');
      return tag === undefined || stage.imageWord === undefined ? [] : [replace(stage.imageWord, tag)];
    }));
  }

  /** What the model is told of them. */
  readonly settings = (image: string): BaseImage | undefined => this.#settings.get(image);

  async end(): Promise<void> {
    if (this.#tags.size === 0) return;
    await this.#engine.docker(['image', 'rm', ...this.#tags.values()]);
    for (const tag of this.#tags.values()) this.#engine.built.delete(tag);
  }

  async #make(root: string): Promise<void> {
    const tag = `shipshape-proof-${process.pid}:${this.#name}-${this.#tags.size}`;
    const folder = mkdtempSync(join(this.#engine.scratch, 'base-'));
    writeFileSync(join(folder, 'Dockerfile'), `FROM ${root}\nCOPY own /.own\n`);
    writeFileSync(join(folder, 'own'), `${tag} ${Date.now()}\n`);
    await docker(this.#engine, ['build', '--tag', tag, folder]);
    rmSync(folder, { recursive: true });
    this.#engine.built.add(tag);
    this.#tags.set(root, tag);
    this.#settings.set(tag, await settingsOf(this.#engine, tag));
  }
}
