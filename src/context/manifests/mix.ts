import { code, type ManifestReading } from './reading.ts';
import { mayRelock } from './sentences.ts';

/** What in a mix.exs reads other files, and how to say so. */
const reads: readonly (readonly [RegExp, string])[] = [
  [/\bpath:\s*["'~]/, 'takes a dependency from a path'],
  [/\bin_umbrella:|\bapps_path:/, 'is part of an umbrella project, whose applications Mix reads'],
  [/\b(?:deps_path|lockfile|build_path|config_path):\s*["']\.\./, 'names folders above it'],
  [/\b(?:File|Path\.wildcard|Code|System\.(?:cmd|shell))\b(?=[.(])|:(?:os\.cmd|file\.)|\b__DIR__\b|@external_resource/, 'looks into files or runs programs'],
];

/** Mix: mix.exs and its lock file; compiling dependencies reads the configuration as well. */
export function readMix(reading: ManifestReading): void {
  const { action, subcommandKey } = reading.invocation;
  if (action === 'install-named') return;
  const path = reading.own('mix.exs');
  for (const raw of reading.needText(path)?.split(/\r?\n/) ?? []) {
    const line = raw.replace(/^\s*#.*$/, '');
    const found = reads.find(([pattern]) => pattern.test(line));
    if (found !== undefined) reading.refuse(`${code(path)} ${found[1]} (${code(line)}).`);
  }
  const lock = reading.own('mix.lock');
  if (reading.take(lock) && subcommandKey === 'deps.get' && !reading.flag('--check-locked')) {
    reading.doubt(mayRelock(lock, '`--check-locked`'));
  }
  if (subcommandKey === 'deps.compile') {
    reading.takeBelow(reading.own('config'));
    reading.doubt('The configuration of Mix is a program, which may read other files.');
  }
}
