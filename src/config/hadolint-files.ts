import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What hadolint calls its config in a folder. */
export const HADOLINT_NAMES = ['.hadolint.yaml', '.hadolint.yml'] as const;

/** Where hadolint's settings come from besides the folders of Dockerfiles. */
export interface HadolintPlaces {
  /** The working folder. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What `HADOLINT_…` variables may set. */
const variables = ['IGNORE', 'OVERRIDE_ERROR', 'OVERRIDE_WARNING', 'OVERRIDE_INFO', 'OVERRIDE_STYLE', 'TRUSTED_REGISTRIES', 'REQUIRE_LABELS', 'STRICT_LABELS', 'DISABLE_IGNORE_PRAGMA', 'NOFAIL', 'FAILURE_THRESHOLD', 'FORMAT'];

/** True when a variable sets something for hadolint. */
export const speaksToHadolint = (environment: HadolintPlaces['environment']): boolean => variables.some((name) => Boolean(environment[`HADOLINT_${name}`]));

export const isFile = (path: string): Promise<boolean> => stat(path).then((stats) => stats.isFile(), () => false);

const isThere = (path: string): Promise<boolean> => stat(path).then(() => true, () => false);

async function firstFile(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await isFile(file)) return file;
  return undefined;
}

/** Finds hadolint's configs, looking into each folder once. */
export class HadolintFiles {
  readonly #nearest = new Map<string, Promise<string | undefined>>();
  #elsewhere: Promise<string | undefined> | undefined;

  constructor(readonly places: HadolintPlaces) {}

  /** The nearest from a folder up to the root of its repository. */
  nearest(folder: string): Promise<string | undefined> {
    const known = this.#nearest.get(folder) ?? this.#search(folder);
    this.#nearest.set(folder, known);
    return known;
  }

  /** The one of the working folder, else that of the user, where hadolint itself looks for them. */
  elsewhere(): Promise<string | undefined> {
    const { folder, environment: { XDG_CONFIG_HOME, APPDATA, HOME, USERPROFILE } } = this.places;
    const home = HOME || USERPROFILE;
    const configs = XDG_CONFIG_HOME || APPDATA || (home && join(home, '.config'));
    const data = APPDATA ? join(APPDATA, 'hadolint') : home && join(home, '.hadolint');
    const ends = ['.yaml', '.yml'];
    this.#elsewhere ??= firstFile([
      ...HADOLINT_NAMES.map((name) => join(folder, name)),
      ...(configs ? ends.map((end) => join(configs, `hadolint${end}`)) : []),
      ...(data ? ['hadolint', 'config'].flatMap((name) => ends.map((end) => join(data, name + end))) : []),
      ...(home ? HADOLINT_NAMES.map((name) => join(home, name)) : []),
    ]);
    return this.#elsewhere;
  }

  async #search(folder: string): Promise<string | undefined> {
    const found = await firstFile(HADOLINT_NAMES.map((name) => join(folder, name)));
    const parent = dirname(folder);
    return found !== undefined || parent === folder || await isThere(join(folder, '.git')) ? found : this.nearest(parent);
  }
}
