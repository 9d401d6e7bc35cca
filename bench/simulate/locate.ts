import type { Process } from './process.ts';
import { allows, digest, normal } from './tree.ts';

export const at = (process: Process, path: string): string => normal(process.folder, path);

/** The file that a program's name leads to, by PATH where it is no path itself. */
export function located(process: Process, name: string): string | undefined {
  const folders = (process.environment.get('PATH') ?? '/usr/local/bin:/usr/bin:/bin').split(':');
  const paths = name.includes('/') ? [at(process, name)] : folders.map((folder) => normal(folder, name));
  return paths.find((path) => {
    const entry = process.tree.get(path);
    return entry?.kind === 'file' && allows(entry, process.actor, 1);
  });
}

/** The words that are no flags, and the letters of the flags. */
export function split(words: readonly string[]): { files: string[]; has: (letter: string) => boolean } {
  const flags = words.filter((word) => word.startsWith('-') && word !== '-').join('');
  return { files: words.filter((word) => !word.startsWith('-') || word === '-'), has: (letter) => flags.includes(letter) };
}

/** Variables that every program of the network or of the system looks at. */
const common = /^(?:(?:https?|all|no)_proxy|LANG|LC_\w+|SSL_CERT_FILE|TMPDIR)$/i;

/** The variables in force whose names match, as a text. */
export const environmentOf = ({ environment }: Process, names: RegExp): string =>
  [...environment].filter(([name]) => common.test(name) || names.test(name)).map(([name, value]) => `${name}=${value}\n`).sort().join('');

const systemPlaces = [
  '/bin', '/sbin', '/lib', '/etc', '/usr/bin', '/usr/sbin', '/usr/lib', '/usr/share', '/usr/include', '/var/lib/dpkg', '/var/lib/apt',
];
const languagePlaces = [...systemPlaces, '/usr/local/bin', '/usr/local/sbin', '/usr/local/lib', '/usr/local/include', '/usr/local/etc', '/usr/local/go'];

/** Programs that scripts of system packages may call: one of that name in /usr/local would be found first. */
const called = ['sh', 'bash', 'perl', 'python', 'make', 'node', 'npm', 'pip', 'curl', 'apt-get', 'dpkg', 'systemctl'];

/** What an install of system packages, and the scripts of those packages, may look at. */
export const systemDigest = ({ tree }: Process): string =>
  digest(tree.listing([...systemPlaces, ...called.flatMap((name) => [`/usr/local/bin/${name}`, `/usr/local/sbin/${name}`])]));

/** What an install of a language's packages looks at besides its project: what is compiled needs headers and libraries. */
export function toolDigest(process: Process): string {
  const home = process.environment.get('HOME') ?? '/';
  const settings = ['.npmrc', '.yarnrc', '.netrc', '.gitconfig', '.config', '.pip', '.ssh'].map((name) => normal(home, name));
  return digest(process.tree.listing([...languagePlaces, ...settings]));
}

/** The text of a file that need not be there. */
export function readIfThere(process: Process, path: string): string | undefined {
  return process.tree.get(path)?.kind === 'file' ? process.tree.read(path, process.actor) : undefined;
}

/** The text of files that values of variables name: `NODE_OPTIONS="--require /app/trace.js"`. */
export function filesNamedBy(process: Process, names: RegExp): string {
  return [...process.environment].filter(([name]) => names.test(name)).flatMap(([, value]) => value.split(/[\s=]+/))
    .filter((word) => /[./]/.test(word) && process.tree.get(at(process, word))?.kind === 'file')
    .map((word) => `${word}\n${process.tree.read(at(process, word), process.actor)}`).join('\n');
}

/** Folders from one up to the root. */
export function upwards(folder: string): string[] {
  const parts = folder.split('/').filter((part) => part !== '');
  return [...parts.map((_, index) => `/${parts.slice(0, parts.length - index).join('/')}`), '/'];
}

/** Keeps what was downloaded in the home folder; where that is closed nothing is kept. */
export function keepCache(process: Process, path: string, text: string): void {
  const place = normal(process.environment.get('HOME') ?? '/', path);
  try {
    process.tree.makeFolders(place.slice(0, place.lastIndexOf('/')) || '/', process.actor);
    process.tree.write(place, text, process.actor);
  } catch {
    // Every manager goes on without its cache.
  }
}
