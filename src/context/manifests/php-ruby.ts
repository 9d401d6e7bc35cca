import { code, type ManifestReading } from './reading.ts';
import { fromPath, laysOver, mayRelock, unreadable } from './sentences.ts';
import { allTexts, isTable, itemsOf, readJsonTable, tableAt, textAt, textsOf, valueAt, type Table } from './values.ts';

/** What in a Gemfile reads other files, and how to say so. */
const gemfileReads: readonly (readonly [RegExp, string])[] = [
  [/(?:\bpath:|:path\s*=>|["']path["']\s*=>|^\s*path[\s(]+\S)/, 'takes gems from a path'],
  [/^\s*gemspec\b/, 'reads the gemspec of the project'],
  [/\beval_gemfile\b|^\s*(?:require_relative|require|load|instance_eval|eval)[\s(]/, 'loads another file'],
  [/\b(?:File|IO|Dir|Pathname|YAML|JSON|FileTest)\s*(?:\.|::|\[)|__dir__|__FILE__|`|%x|\bsystem\b|\bopen\s*\(/, 'looks into files'],
];

/** Files that say which Ruby is wanted, which a Gemfile may read. */
const versionFiles = ['.ruby-version', '.tool-versions', 'mise.toml'];

function checkGemfile(reading: ManifestReading, path: string, text: string): void {
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/^\s*#.*$|\s#\s.*$/, '');
    const versions = versionFiles.filter((name) => line.includes(name));
    for (const name of versions) reading.need(reading.own(name));
    if (versions.length > 0) continue;
    const found = gemfileReads.find(([pattern]) => pattern.test(line));
    if (found !== undefined) reading.refuse(`${code(path)} ${found[1]} (${code(line)}).`);
  }
}

/** Bundler: Gemfile, its lock file, the settings of the folder, and what names the Ruby version. */
export function readBundler(reading: ManifestReading): void {
  const { action, manifestFlags, subcommandKey } = reading.invocation;
  if (action === 'install-named') {
    reading.refuse(laysOver('bundle add', 'the Gemfile and its lock file'));
    return;
  }
  const [named] = manifestFlags;
  const path = named === undefined ? reading.own('Gemfile') : reading.wordPath(named);
  const text = path === undefined ? undefined : reading.needText(path);
  if (path === undefined || text === undefined) return;
  checkGemfile(reading, path, text);
  const locked = reading.take(`${path}.lock`);
  const strict = reading.flag('--frozen', '--deployment') || reading.isOn('BUNDLE_FROZEN', 'BUNDLE_DEPLOYMENT');
  if (locked && !strict) {
    reading.doubt(mayRelock(`${path}.lock`, '`BUNDLE_FROZEN` or `BUNDLE_DEPLOYMENT`'));
  }
  if (reading.sendsBelow('vendor/cache')) reading.refuse('The install takes gems from `vendor/cache`.');
  if (subcommandKey === 'cache' || subcommandKey === 'package' || subcommandKey === 'pack') reading.output('vendor/cache');
  const target = reading.flagText('--path') ?? reading.variable('BUNDLE_PATH');
  if (target !== undefined) reading.wordOutput(target);
}

/** gem: names only; a file of dependencies is a program. */
export function readGem(reading: ManifestReading): void {
  for (const word of reading.invocation.manifestFlags) reading.refuse(`${code(word.text)} is a program that may read other files.`);
  for (const { text } of reading.invocation.packages) if (/\.gem$|\//.test(text)) reading.refuse(`${code(text)} is a path.`);
}

/** Events of an install that scripts may hang on (getcomposer.org/doc/articles/scripts.md). */
const composerEvents = [
  'pre-install-cmd', 'post-install-cmd', 'pre-update-cmd', 'post-update-cmd', 'pre-autoload-dump', 'post-autoload-dump', 'pre-package-install',
  'post-package-install', 'pre-operations-exec', 'pre-command-run', 'pre-file-download', 'post-file-download', 'init', 'command', 'pre-pool-create',
];

function checkAutoload(reading: ManifestReading, path: string, table: Table): void {
  if (reading.flag('--no-autoloader')) return;
  const withDev = reading.flag('--no-dev') ? [] : ['autoload-dev'];
  const maps = ['autoload', ...withDev].map((key) => tableAt(table, key));
  const optimised = reading.flag('-o', '--optimize-autoloader', '-a', '--classmap-authoritative') ||
    ['optimize-autoloader', 'classmap-authoritative'].some((key) => valueAt(table, 'config', key) === true);
  const names = (key: string): boolean => maps.some((map) => textsOf(map[key]).length > 0);
  if (names('classmap') || (optimised && maps.some((map) => Object.keys(map).length > 0))) {
    const reason = names('classmap') ? 'names classes to be found (`classmap`)' : 'is installed with an optimised autoloader';
    reading.refuse(`${code(path)} ${reason}, so the install reads the sources; \`--no-autoloader\` leaves that to \`composer dump-autoload\`.`);
  } else if (names('files')) {
    reading.doubt(`${code(path)} names files to load with the autoloader, which plugins may run during the install.`);
  }
}

/** Plugins that read or write more of the project than vendor/. */
const composerPlugins: Readonly<Record<string, string>> = {
  'wikimedia/composer-merge-plugin': 'reads further manifests',
  'cweagans/composer-patches': 'applies patches from the sources',
  'drupal/core-composer-scaffold': 'writes files among the sources',
  'composer/installers': 'puts packages among the sources',
  'oomphinc/composer-installers-extender': 'puts packages among the sources',
  'symfony/flex': 'writes files among the sources',
};

function checkPlugins(reading: ManifestReading, path: string, table: Table): void {
  if (reading.flag('--no-plugins')) return;
  for (const name of [...Object.keys(tableAt(table, 'require')), ...Object.keys(tableAt(table, 'require-dev'))]) {
    const does = Object.hasOwn(composerPlugins, name) ? composerPlugins[name] : undefined;
    if (does !== undefined) reading.doubt(`The plugin ${code(name)} of ${code(path)} ${does}.`);
  }
}

function checkComposerFile(reading: ManifestReading, path: string, table: Table): void {
  for (const repository of Object.values(isTable(table['repositories']) ? table['repositories'] : itemsOf(table['repositories']))) {
    const url = textAt(repository, 'url') ?? '';
    const local = ['path', 'artifact'].includes(textAt(repository, 'type') ?? '') || (url !== '' && /^(?:file:|\.|\/|[^:@]*$)/.test(url));
    if (local && textAt(repository, 'type') !== 'package') reading.refuse(fromPath(path, url));
    const described = textAt(repository, 'type') === 'package' ? allTexts(repository) : [];
    const place = described.find((text) => /^(?:file:|\.{1,2}\/)/.test(text));
    if (place !== undefined) reading.refuse(fromPath(path, place));
  }
  const scripts = tableAt(table, 'scripts');
  const hooked = composerEvents.filter((event) => Object.hasOwn(scripts, event) && textsOf(scripts[event]).length > 0);
  if (hooked.length > 0 && !reading.flag('--no-scripts')) {
    const name = code(hooked[0] ?? '');
    reading.refuse(`The ${name} script of ${code(path)} runs during the install and may read any of the sources; \`--no-scripts\` would leave it out.`);
  }
  checkAutoload(reading, path, table);
  checkPlugins(reading, path, table);
  const said = ['vendor-dir', 'bin-dir'].map((key) => textAt(table, 'config', key));
  const forced = ['COMPOSER_VENDOR_DIR', 'COMPOSER_BIN_DIR'].map((name) => reading.variable(name));
  for (const folder of [...said, ...forced]) if (folder !== undefined) reading.wordOutput(folder);
}

/** Composer: an install follows the lock file and never changes it. */
export function readComposer(reading: ManifestReading): void {
  const { action, subcommandKey } = reading.invocation;
  if (subcommandKey.startsWith('global')) return;
  if (action === 'install-named') reading.refuse(laysOver('composer require', 'composer.json and composer.lock'));
  if (action === 'install-project') reading.refuse('The install makes a project of its own.');
  if (action !== 'install-manifest') return;
  const path = reading.own('composer.json');
  const text = reading.needText(path);
  const table = text === undefined ? undefined : readJsonTable(text);
  if (text !== undefined && table === undefined) reading.refuse(unreadable(path, 'JSON'));
  if (table !== undefined) checkComposerFile(reading, path, table);
  reading.takeEach('composer.lock', 'auth.json', 'symfony.lock');
}
