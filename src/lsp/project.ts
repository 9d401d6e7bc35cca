import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { rules } from '../../rules/index.ts';
import { ConfigLoader } from '../config/config.ts';
import { RuleResolver, type Config } from '../config/settings.ts';
import type { BuildContext } from '../context/context.ts';
import { openContext } from '../context/disk.ts';
import { overlayContext } from '../context/overlay.ts';
import type { KnownNames } from '../ignore.ts';
import type { LintRequest } from '../lint.ts';
import { visible } from '../report/text.ts';
import type { Environment } from '../shellcheck/find.ts';

export interface ProjectOptions {
  /** For documents that are no files: where their config is looked for. */
  readonly folder: string;
  /** The config to use; false for none, undefined for the nearest. */
  readonly config: string | false | undefined;
  /** Where programs are looked for; without it none is run. */
  readonly environment?: Environment | undefined;
}

/** Where the client tells of no changes, what was read of the disk counts as old after so many milliseconds. */
const longestMemory = 5000;

/** Names of rules while plugins are left out: one nobody knows may be a rule of theirs, which does not run. */
class OpenNames extends Map<string, readonly string[]> {
  override get(name: string): readonly string[] {
    return super.get(name) ?? [name];
  }
}

/** What the disk says of Dockerfiles: configs and build contexts, read once until something changes. Plugins are never loaded. */
export class Project {
  readonly #options: ProjectOptions;
  readonly #tell: (message: string) => void;
  #loader: ConfigLoader;
  #resolver: RuleResolver;
  #readAt = 0;
  #askedAt = 0;
  readonly #contexts = new Map<string, BuildContext>();
  /** The same with the texts of open documents laid over them. */
  readonly #overlaid = new Map<string, BuildContext>();
  #generation = 0;
  /** Configs whose plugins the user was told of. */
  readonly #toldOf = new Set<string>();
  readonly #openNames = new WeakMap<Config, KnownNames>();

  /** The client tells when a file changes that findings depend on. */
  watched = false;

  /** @param tell shows the user a message */
  constructor(options: ProjectOptions, tell: (message: string) => void) {
    this.#options = options;
    this.#tell = tell;
    this.#loader = this.#newLoader();
    this.#resolver = new RuleResolver(rules, { only: [], ignore: [], levels: [] });
  }

  /** When what is known of the disk was forgotten last: a number that is another one then. */
  get readAt(): number {
    return this.#readAt;
  }

  /** What was read of the disk may be out of date, and nobody will tell. */
  get isOld(): boolean {
    return !this.watched && performance.now() - this.#readAt > longestMemory;
  }

  /**
   * A number that goes up when answers may be different from now on. After a pause, in which the user may have been
   * elsewhere, what is old is forgotten first; while one keystroke follows another nobody should wait for the disk.
   */
  refresh(): number {
    const now = performance.now();
    if (this.isOld && now - this.#askedAt > longestMemory) this.forget();
    this.#askedAt = now;
    return this.#generation;
  }

  /** Reads everything of the disk anew when it is next asked for. */
  forget(): void {
    this.#loader = this.#newLoader();
    this.#resolver = new RuleResolver(rules, { only: [], ignore: [], levels: [] });
    this.#contexts.clear();
    this.#readAt = performance.now();
    this.forgetTexts();
  }

  /** Takes the texts of other open documents anew. */
  forgetTexts(): void {
    this.#overlaid.clear();
    this.#generation += 1;
  }

  /** @throws {ConfigError} for a config that cannot be used */
  configFor(path: string | undefined): Promise<Config | undefined> {
    return this.#loader.load(dirname(path ?? join(this.#options.folder, 'Dockerfile')));
  }

  /**
   * All that linting a document needs.
   * @param path of its file
   * @param otherTexts of open documents that are no Dockerfiles, by path
   * @throws {ConfigError} for a config that cannot be used
   */
  async requestFor(path: string | undefined, otherTexts: ReadonlyMap<string, string>): Promise<LintRequest> {
    const file = path ?? join(this.#options.folder, 'Dockerfile');
    const resolver = this.#resolver;
    const config = await this.#loader.load(dirname(file));
    if (config?.file !== undefined && config.leftOut.length > 0) this.#tellOfPlugins(config.file);
    return {
      path: file,
      rules: resolver.resolve(config, file),
      known: this.#knownNames(config, resolver),
      context: path === undefined ? undefined : this.#contextFor(path, otherTexts),
      contextGiven: false,
      buildArguments: {},
      target: undefined,
      hadolintComments: config?.hadolintComments,
    };
  }

  #newLoader(): ConfigLoader {
    const { config, folder } = this.#options;
    return new ConfigLoader({ rules, file: config === false ? undefined : config, none: config === false, allowPlugins: 'leave out', hadolint: { folder, environment: process.env } });
  }

  #tellOfPlugins(file: string): void {
    if (this.#toldOf.has(file)) return;
    this.#toldOf.add(file);
    this.#tell(`${visible(basename(file))} loads plugins, which are code and are left out in an editor; shipshape --allow-plugins runs their rules in a terminal.`);
  }

  #knownNames(config: Config | undefined, resolver: RuleResolver): KnownNames {
    const known = resolver.known(config);
    if (config === undefined || config.leftOut.length === 0) return known;
    const open = this.#openNames.get(config) ?? new OpenNames(known);
    this.#openNames.set(config, open);
    return open;
  }

  #contextFor(path: string, otherTexts: ReadonlyMap<string, string>): BuildContext {
    const known = this.#overlaid.get(path);
    if (known !== undefined) return known;
    const folder = dirname(path);
    // Dockerfiles of one folder share a context, but for one with an ignore file of its own.
    const key = existsSync(`${path}.dockerignore`) ? path : folder;
    const below = this.#contexts.get(key) ?? openContext(folder, path);
    this.#contexts.set(key, below);
    const texts = [...otherTexts].flatMap(([file, text]) => {
      const inner = relative(folder, file);
      return inner === '' || inner.startsWith('..') || isAbsolute(inner) ? [] : [[inner.replaceAll(sep, '/'), text] as const];
    });
    const context = texts.length === 0 ? below : overlayContext(below, new Map(texts));
    this.#overlaid.set(path, context);
    return context;
  }
}
