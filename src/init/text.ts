/** What Dockerfiles are put together from, and what of a project may stand in one. */

/** A name that means nothing else to a Dockerfile, a shell or a path. */
export const isName = (text: string): boolean => /^[A-Za-z\d_][\w.-]{0,99}$/.test(text);

/** A relative path of such names, which does not lead upward. */
export const isPath = (text: string): boolean => /^[\w@.+-]+(?:\/[\w@.+-]+)*$/.test(text) && !/^-|(?:^|\/)\.{1,2}(?:\/|$)|\/-/.test(text) && text.length <= 200;

/** A version of numbers, as tags have it. */
export const isVersion = (text: string): boolean => /^\d{1,4}(?:\.\d{1,4}){0,2}$/.test(text);

/** A word of a command that no shell would change. */
export const isWord = (text: string): boolean => /^[\w@%+=:,./~-]{1,200}$/.test(text);

/** A port a service may have. */
export const isPort = (port: number): boolean => Number.isInteger(port) && port >= 1 && port <= 65535;

/** A line; anything false is left out. */
type Line = string | false | undefined;

/** The text of a file; several empty lines in a row become one. */
export const fileOf = (...lines: readonly (Line | readonly Line[])[]): string =>
  `${lines.flat().filter((line) => line !== false && line !== undefined).join('\n').replace(/\n{3,}/g, '\n\n').trim()}\n`;

export const bind = (path: string): string => `--mount=type=bind,source=${path},target=${path}`;
export const cache = (target: string): string => `--mount=type=cache,target=${target}`;

/** A RUN; mounts stand on lines of their own. */
export const run = (mounts: readonly string[], ...commands: readonly string[]): string => `RUN ${[...mounts, commands.join(' \\\n    && ')].join(' \\\n    ')}`;

/** The JSON form: no shell stands between the program and the signals it gets. */
export const json = (words: readonly string[]): string => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;

export const expose = (port: number | undefined): string | undefined => (port === undefined ? undefined : `EXPOSE ${port}`);

export const command = (words: readonly string[] | undefined): string | undefined => (words === undefined ? undefined : `CMD ${json(words)}`);

/** Creates a system user on Debian and Ubuntu. */
export const createUser = 'RUN useradd --system --create-home --shell /usr/sbin/nologin app';

/** The directive that every file begins with: cache and bind mounts need it with old builders. */
export const syntax = ['# syntax=docker/dockerfile:1', ''] as const;

/** The release of Debian that the run-time images of compiled programs are; images of older compilers came before it. */
export const debianSuffix = (version: string, since: number): string => (Number(version.split('.')[1] ?? since) < since ? '' : '-bookworm');

/** Packages of Debian and Ubuntu; nothing for none. */
export const systemPackages = (names: readonly string[]): string | undefined => (names.length === 0 ? undefined
  : run([], 'apt-get update', `apt-get install -y --no-install-recommends ${[...new Set(names)].sort().join(' ')}`, 'rm -rf /var/lib/apt/lists/*'));

/** Which of several programs was taken. */
export const choiceNote = (taken: string, others: readonly string[]): readonly string[] => (others.length === 0 ? []
  : [`It builds \`${taken}\`; there ${others.length === 1 ? 'is' : 'are'} also ${listOf(others.slice(0, 5))}.`]);

/** `a`, `b` and `c` */
export const listOf = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(', ').replace(/, ([^,]*)$/, ' and $1');
