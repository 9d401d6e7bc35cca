import type { BuildContext } from '../context/context.ts';
import { readJsonTable, tableAt, textAt } from '../context/manifests/values.ts';
import { inputsOf } from './inputs.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { bind, cache, command, expose, fileOf, isPath, run, syntax } from './text.ts';
import { versionFor, versions } from './versions.ts';

/** Extensions that the image of PHP has. */
const bundled = new Set([
  'core', 'ctype', 'curl', 'date', 'dom', 'fileinfo', 'filter', 'hash', 'iconv', 'json', 'libxml', 'mbstring', 'mysqlnd', 'openssl', 'pcre', 'pdo',
  'pdo_sqlite', 'phar', 'posix', 'random', 'readline', 'reflection', 'session', 'simplexml', 'sodium', 'spl', 'sqlite3', 'standard', 'tokenizer',
  'xml', 'xmlreader', 'xmlwriter', 'zlib',
]);

/** The folder that the web server gives out. */
const roots = ['public', 'web', 'webroot', 'www', 'htdocs'];

/** What the framework writes to. */
const writes = ['storage', 'bootstrap/cache', 'var', 'tmp', 'writable'];

const installer = [
  '--mount=type=bind', `from=mlocati/php-extension-installer:${versions.phpExtensions.usual}`, 'source=/usr/bin/install-php-extensions',
  'target=/usr/local/bin/install-php-extensions',
].join(',');

function extensionsOf(required: readonly string[]): string | undefined {
  const names = required.filter((name) => /^ext-[a-z\d_]{1,40}$/.test(name)).map((name) => name.slice(4)).filter((name) => !bundled.has(name));
  const install = run([installer], `install-php-extensions ${names.sort().join(' ')}`);
  return names.length === 0 ? undefined : `# Compiles them, and takes the compiler away again\n${install}`;
}

/** The stage that installs packages; nothing where there are none. */
function vendorStage(context: BuildContext): readonly string[] {
  const install = 'composer install --no-dev --no-interaction --no-progress --no-scripts --no-autoloader --ignore-platform-reqs';
  const files = inputsOf(context, install).files.filter(isPath);
  return [
    `FROM composer:${versions.composer.usual} AS build`, 'WORKDIR /app',
    '# Only a changed manifest makes this run again; the PHP that counts is that of the image below',
    run([...(files.length > 0 ? files : ['composer.json']).map(bind), cache('/tmp/cache')], install), '',
    'COPY . .', 'RUN composer dump-autoload --no-dev --optimize --no-scripts', '',
  ];
}

/** Apache on a port that needs no root, and on the folder of the project that is public. */
function server(root: string, port: number): string {
  const edits = [`sed -i 's/^Listen 80$/Listen ${port}/' /etc/apache2/ports.conf`, `sed -i 's/:80>/:${port}>/' /etc/apache2/sites-available/000-default.conf`];
  const place = root === '' ? [] : [`sed -i 's#/var/www/html#/var/www/html/${root}#' /etc/apache2/sites-available/000-default.conf`];
  return `# A port that needs no root\n${run([], 'a2enmod rewrite', ...edits, ...place)}`;
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const manifest = readJsonTable(context.read('composer.json') ?? '') ?? {};
  const required = tableAt(manifest, 'require');
  const range = textAt(required, 'php');
  const platform = /^\d{1,2}\.\d{1,2}/.exec(textAt(manifest, 'config', 'platform', 'php') ?? '')?.[0];
  const { version, notes } = versionFor('PHP', platform, range, versions.php, 'composer.json');
  const root = roots.find((folder) => context.has(`${folder}/index.php`)) ?? '';
  const port = wishes.port ?? 8080;
  const isFramework = Object.keys(required).some((name) => /^(?:laravel\/framework|symfony\/framework-bundle)$/.test(name));
  const owner = isFramework || writes.some((folder) => context.isFolder(folder));
  return {
    dockerfile: fileOf(
      ...syntax, vendorStage(context), `FROM php:${version}-apache`, extensionsOf(Object.keys(required)), server(root, port),
      owner && '# The framework writes its caches and logs below', `COPY --from=build ${owner ? '--chown=www-data:www-data ' : ''}/app /var/www/html`,
      '', 'USER www-data', expose(port), command(wishes.start),
    ),
    start: wishes.start, serves: 'Apache', port,
    notes: [
      ...(root === '' && !context.has('index.php') ? ['No index.php was found: set the folder that Apache serves.'] : []),
      ...(context.has('composer.lock') ? [] : ['There is no `composer.lock`: run `composer update` and commit it, so that each build installs the same.']), ...notes,
    ],
  };
}

export const php: Ecosystem = {
  title: 'PHP',
  mark: (context) => (context.has('composer.json') ? 'composer.json' : undefined),
  plan,
};
