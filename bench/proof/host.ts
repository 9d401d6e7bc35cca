import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.ts';

/** The text of a file; empty where it cannot be read. */
export function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The code name of the Debian release this machine runs; undefined on any other system. */
export function debianRelease(): string | undefined {
  const release = textOf('/etc/os-release');
  return /^ID=debian$/m.test(release) ? /^VERSION_CODENAME=(\w+)$/m.exec(release)?.[1] : undefined;
}

/** Address and suites of each package source, in both of apt's formats. */
function* packageSources(): Iterable<{ address: string; suites: readonly string[] }> {
  const folder = '/etc/apt/sources.list.d';
  let names: string[] = [];
  try {
    names = readdirSync(folder);
  } catch { /* apt works with the one file too. */ }
  const read = (ending: string): string => names.filter((name) => name.endsWith(ending)).map((name) => textOf(join(folder, name))).join('\n\n');
  for (const [, address = '', suite = ''] of `${textOf('/etc/apt/sources.list')}\n${read('.list')}`.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)) {
    yield { address, suites: [suite] };
  }
  for (const block of read('.sources').split(/\n\s*\n/)) {
    const field = (name: string): string[] => new RegExp(`^${name}:[ \\t]*(.*)$`, 'mi').exec(block)?.[1]?.split(/\s+/) ?? [];
    for (const address of field('URIs')) yield { address, suites: field('Suites') };
  }
}

/** Where this machine has its packages from; undefined where its sources do not tell. */
export function debianMirror(release: string): string | undefined {
  for (const { address, suites } of packageSources()) if (suites.includes(release) && address !== '') return address;
  return undefined;
}

/** The certificates that this machine's programs are told to trust; empty where they are told nothing. */
export const certificates = (environment: NodeJS.ProcessEnv): string =>
  textOf(environment['NODE_EXTRA_CA_CERTS'] ?? environment['SSL_CERT_FILE'] ?? '');

/** The registry that npm is set up with here. */
export async function npmRegistry(): Promise<string> {
  const { stdout } = await run('npm', ['config', 'get', 'registry']);
  return stdout.trim();
}
