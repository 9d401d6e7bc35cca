import { ConfigError, quote } from '../config/error.ts';
import { textOf } from './answer.ts';

/** Milliseconds before an answer is given up. */
const patience = 30_000;

const perPage = 100;

/** The API of GitHub would not do what it was asked. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(readonly status: number, message: string) {
    super(message);
  }
}

const rights: ReadonlyMap<number, string> = new Map([
  [401, '; check the input "token"'],
  [403, '; the token may not do that: give the job the permission, or leave this out for pull requests of forks'],
  [404, '; the token may not see that: give the job the permission'],
]);

/** What the action asks of GitHub, for one repository. */
export class Api {
  readonly #address: string;
  readonly #token: string;

  /**
   * @param address of the API, as the runner gives it
   * @param repository `OWNER/NAME`
   * @throws {ConfigError} for a repository or token that can't be one
   */
  constructor({ address, repository, token }: { readonly address: string; readonly repository: string; readonly token: string }) {
    if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new ConfigError(`GITHUB_REPOSITORY is OWNER/NAME, not ${quote(repository)}.`);
    if (!/^[\x21-\x7e]+$/.test(token)) throw new ConfigError('The input "token" is needed for this, and is one word.');
    this.#address = `${address.replace(/\/+$/, '')}/repos/${repository}`;
    this.#token = token;
  }

  /** @param path from the repository on, with a slash in front */
  async get(path: string): Promise<unknown> {
    return this.#ask('GET', path);
  }

  async send(method: 'POST' | 'PATCH', path: string, body: object): Promise<unknown> {
    return this.#ask(method, path, JSON.stringify(body));
  }

  /** All items of a list, however many pages it has, up to `most` of them. */
  async all(path: string, most: number): Promise<readonly unknown[]> {
    const items: unknown[] = [];
    for (let page = 1; items.length < most; page += 1) {
      const answer = await this.get(`${path}?per_page=${perPage}&page=${page}`);
      if (!Array.isArray(answer)) throw new ApiError(200, `GitHub answered ${quote(path)} with something else than a list.`);
      items.push(...answer);
      if (answer.length < perPage) break;
    }
    return items;
  }

  async #ask(method: string, path: string, body?: string): Promise<unknown> {
    const response = await fetch(this.#address + path, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${this.#token}`,
        'user-agent': 'shipshape',
        'x-github-api-version': '2022-11-28',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      signal: AbortSignal.timeout(patience),
      ...(body === undefined ? {} : { body }),
    }).catch((error: unknown) => {
      throw new ApiError(0, `GitHub did not answer ${method} ${path}: ${reasonOf(error)}.`);
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const said = textOf(answer, 'message');
    throw new ApiError(response.status, `GitHub answered ${method} ${path} with ${response.status}${said === undefined ? '' : ` ${quote(said)}`}${rights.get(response.status) ?? ''}.`);
  }
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
