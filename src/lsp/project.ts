import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { rules } from '../../rules/index.ts';
import { ConfigLoader } from '../config/config.ts';
import { RuleResolver } from '../config/settings.ts';
import type { BuildContext } from '../context/context.ts';
import { openContext } from '../context/disk.ts';
import { overlayContext } from '../context/overlay.ts';
import type { LintRequest } from '../lint.ts';

export interface ProjectOptions {
  /** For documents that are no files: where their config is looked for. */
  readonly folder: string;
  /** The config to use; false for none, undefined for the nearest. */
  readonly config: string | false | undefined;
}

/** Where the client tells of no changes, what was read of the disk is read again after so many milliseconds. */
const longestMemory = 5000;

/** What the disk says of Dockerfiles: configs and build contexts, read once until something changes. Plugins are never loaded. */
export class Project {
  readonly #options: ProjectOptions;
  #loader: ConfigLoader;
  #resolver: RuleResolver;
  #readAt = 0;
  readonly #contexts = new Map<string, BuildContext>();
  /** The same with the texts of open documents laid over them. */
  readonly #overlaid = new Map<string, BuildContext>();
  #generation = 0;

  /** The client tells when a file changes that findings depend on. */
  watched = false;

  constructor(options: ProjectOptions) {
    this.#options = options;
    this.#loader = this.#newLoader();
    this.#resolver = new RuleResolver(rules, { only: [], ignore: [], levels: [] });
  }

  /** A number that goes up when answers may be different from now on; what may be out of date is forgotten first. */
  refresh(): number {
    if (!this.watched && performance.now() - this.#readAt > longestMemory) this.forget();
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
    return {
      path: file,
      rules: resolver.resolve(config, file),
      known: resolver.known(config),
      context: path === undefined ? undefined : this.#contextFor(path, otherTexts),
      contextGiven: false,
      buildArguments: {},
      target: undefined,
    };
  }

  #newLoader(): ConfigLoader {
    const { config } = this.#options;
    return new ConfigLoader({ rules, file: config === false ? undefined : config, none: config === false, allowPlugins: false });
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
