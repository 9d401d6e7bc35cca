import { readFileSync } from 'node:fs';
import { ProofError } from './process.ts';

/** A JSON object whose fields are read one by one, each by its type; what nobody asked for is a mistake. */
export class Fields {
  readonly #values: ReadonlyMap<string, unknown>;
  readonly #where: string;
  readonly #asked = new Set<string>();

  /** @throws {ProofError} when the value is no object */
  constructor(value: unknown, where: string) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ProofError(`${where}: this must be an object.`);
    this.#values = new Map(Object.entries(value));
    this.#where = where;
  }

  #get(name: string): unknown {
    this.#asked.add(name);
    return this.#values.get(name);
  }

  #wrong(name: string, wanted: string): never {
    throw new ProofError(`${this.#where}: \`${name}\` must be ${wanted}.`);
  }

  text(name: string): string | undefined {
    const value = this.#get(name);
    return value === undefined || typeof value === 'string' ? value : this.#wrong(name, 'a text');
  }

  flag(name: string): boolean | undefined {
    const value = this.#get(name);
    return value === undefined || typeof value === 'boolean' ? value : this.#wrong(name, 'true or false');
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) return this.#wrong(name, 'a list of texts');
    return value.map((each: unknown) => (typeof each === 'string' ? each : this.#wrong(name, 'a list of texts')));
  }

  /** Texts by name. */
  table(name: string): Readonly<Record<string, string>> {
    const value = this.#get(name) ?? {};
    const fields = new Fields(value, `${this.#where}, \`${name}\``);
    return Object.fromEntries([...fields.#values].map(([key, each]) => [key, typeof each === 'string' ? each : this.#wrong(name, 'an object of texts')]));
  }

  /** Objects, each with its own fields. */
  list(name: string): Fields[] {
    const value = this.#get(name) ?? [];
    if (!Array.isArray(value)) return this.#wrong(name, 'a list');
    return value.map((each: unknown, index) => new Fields(each, `${this.#where}, \`${name}\` ${index + 1}`));
  }

  /** @throws {ProofError} when there is a field that was not asked for */
  end(): void {
    const unknown = [...this.#values.keys()].find((name) => !this.#asked.has(name));
    if (unknown !== undefined) throw new ProofError(`${this.#where}: there is no \`${unknown}\`; known here: ${[...this.#asked].join(', ')}.`);
  }
}

/** @throws {ProofError} when the file cannot be read or is no JSON object */
export function readJson(path: string): Fields {
  try {
    return new Fields(JSON.parse(readFileSync(path, 'utf8')), path);
  } catch (error) {
    if (error instanceof ProofError) throw error;
    throw new ProofError(`${path}: this cannot be read as JSON.`);
  }
}
