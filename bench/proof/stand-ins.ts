import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { baseFor, rootFileSystems, type Base } from './bases.ts';
import { docker, type Engine } from './engine.ts';
import { certificates, debianMirror, debianRelease, npmRegistry, textOf } from './host.ts';
import { must } from './process.ts';

/** What debootstrap downloads is part of no image, nor are its notes; the slim images have no documentation either. */
const leftOut = {
  full: ['./var/cache/apt/archives/*.deb', './var/lib/apt/lists/*', './var/log/*.log', './debootstrap', './dev/*', './proc/*', './sys/*'],
  documentation: ['./usr/share/doc/*', './usr/share/man/*', './usr/share/info/*', './usr/share/locale/*'],
};

/** Makes the stand-ins, each when it is first asked for, and knows which are made. */
export class StandIns {
  readonly #engine: Engine;
  readonly #recipes: string;
  readonly #index: string;
  readonly #tell: (line: string) => void;
  readonly #made = new Map<string, Promise<void>>();
  readonly #packages = new Map<string, Promise<void>>();
  #context: Promise<string> | undefined;
  #roots: Promise<void> | undefined;
  #stamps: Record<string, string> | undefined;

  /**
   * @param recipes the folder of their Dockerfiles
   * @param index the address of the Python package index
   * @param tell is told of each image that is made
   */
  constructor(engine: Engine, recipes: string, index: string, tell: (line: string) => void) {
    this.#engine = engine;
    this.#recipes = recipes;
    this.#index = index;
    this.#tell = tell;
  }

  /**
   * Sees to it that an image is there.
   * @returns false where no stand-in has that name
   * @throws {ProofError} when it cannot be made
   */
  async ensure(reference: string): Promise<boolean> {
    const base = baseFor(reference);
    if (base === undefined) return false;
    const [name] = base.tags;
    let made = this.#made.get(name);
    if (made === undefined) this.#made.set(name, (made = this.#make(base)));
    await made;
    return true;
  }

  async #make(base: Base): Promise<void> {
    const isRoot = Object.values<string>(rootFileSystems).includes(base.parent);
    await (isRoot ? (this.#roots ??= this.#makeRoots()) : this.ensure(base.parent));
    const stamp = await this.#stampOf(base);
    const [name] = base.tags;
    if (this.#kept()[name] === stamp && (await this.#engine.docker(['image', 'inspect', name])).code === 0) return;
    const start = performance.now();
    const context = await (this.#context ??= this.#makeContext());
    for (const [folder, spec] of Object.entries(base.packages ?? {})) {
      let unpacked = this.#packages.get(folder);
      if (unpacked === undefined) this.#packages.set(folder, (unpacked = this.#unpack(join(context, folder), spec)));
      await unpacked;
    }
    const given = Object.entries({ ...base.arguments, PARENT: base.parent }).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    await docker(this.#engine, [
      'build', '--network', 'host', '--progress', 'plain', ...base.tags.flatMap((tag) => ['--tag', tag]), ...given, '--file', join(this.#recipes, `${base.recipe}.Dockerfile`), context,
    ], { seconds: 900 });
    this.#keep(name, stamp);
    this.#tell(`made ${name} in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }

  /** Changes when anything does that the image is made of. */
  async #stampOf(base: Base): Promise<string> {
    const hash = createHash('sha256');
    for (let each: Base | undefined = base; each !== undefined; each = baseFor(each.parent)) {
      hash.update(JSON.stringify(each)).update(textOf(join(this.#recipes, `${each.recipe}.Dockerfile`)));
    }
    for (const name of readdirSync(join(this.#recipes, 'files')).sort()) hash.update(readFileSync(join(this.#recipes, 'files', name)));
    const context = await (this.#context ??= this.#makeContext());
    const recipe = textOf(join(this.#recipes, `${base.recipe}.Dockerfile`));
    for (const name of ['pip.conf', 'npmrc', 'certificates.crt']) if (recipe.includes(`COPY ${name} `)) hash.update(readFileSync(join(context, name)));
    return hash.digest('hex');
  }

  /** Which images of an earlier run are still right. */
  #kept(): Record<string, string> {
    if (this.#stamps !== undefined) return this.#stamps;
    const known: Record<string, string> = {};
    for (const line of textOf(join(this.#engine.home, 'bases')).split('\n')) {
      const [name = '', stamp = ''] = line.split(' ');
      known[name] = stamp;
    }
    return (this.#stamps = known);
  }

  #keep(name: string, stamp: string): void {
    this.#kept()[name] = stamp;
    writeFileSync(join(this.#engine.home, 'bases'), Object.entries(this.#kept()).map((each) => `${each.join(' ')}\n`).join(''));
  }

  /** The folder the recipes are built in: their files, and what this machine's programs are told of the network. */
  async #makeContext(): Promise<string> {
    const folder = mkdtempSync(join(this.#engine.scratch, 'bases-'));
    cpSync(join(this.#recipes, 'files'), join(folder, 'files'), { recursive: true });
    const trusted = certificates(process.env);
    writeFileSync(join(folder, 'certificates.crt'), trusted);
    const cafile = trusted === '' ? '' : 'cafile=/usr/local/etc/certificates.crt\n';
    writeFileSync(join(folder, 'npmrc'), `registry=${await npmRegistry()}\n${cafile}`);
    writeFileSync(join(folder, 'pip.conf'), `[global]\nindex-url = ${this.#index}\n`);
    return folder;
  }

  /** An npm package, unpacked. */
  async #unpack(target: string, spec: string): Promise<void> {
    const work = mkdtempSync(join(this.#engine.scratch, 'package-'));
    const file = (await must('npm', ['pack', '--silent', spec], { cwd: work, signal: this.#engine.signal })).trim();
    await must('tar', ['-xzf', file, '--no-same-owner'], { cwd: work, signal: this.#engine.signal });
    renameSync(join(work, 'package'), target);
    rmSync(work, { recursive: true });
  }

  /** What all others stand on. */
  async #makeRoots(): Promise<void> {
    const both = Object.values(rootFileSystems);
    if ((await this.#engine.docker(['image', 'inspect', ...both])).code === 0) return;
    const start = performance.now();
    const { scratch, environment, signal } = this.#engine;
    const release = 'bookworm';
    const own = debianRelease();
    const mirror = own === undefined ? undefined : debianMirror(own);
    const work = join(scratch, 'root-file-system');
    mkdirSync(work);
    await must('debootstrap', ['--variant=minbase', release, work, ...(mirror === undefined ? [] : [mirror])], { environment, signal });
    for (const [kind, tag] of Object.entries(rootFileSystems)) {
      const file = join(scratch, `${kind}.tar`);
      const excluded = [...leftOut.full, ...(kind === 'slim' ? leftOut.documentation : [])];
      await must('tar', ['-C', work, '-cf', file, ...excluded.map((each) => `--exclude=${each}`), '.'], { signal });
      await docker(this.#engine, ['import', file, tag]);
      rmSync(file);
    }
    rmSync(work, { recursive: true });
    this.#tell(`made the Debian they stand on in ${((performance.now() - start) / 1000).toFixed(0)} s`);
  }
}

