import type { BuildContext } from '../context/context.ts';
import { inputsOf, installFrom } from './inputs.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { portIn } from './ports.ts';
import { cache, command, createUser, expose, fileOf, run, syntax, systemPackages } from './text.ts';
import { stated, toolVersion, versionFor, versions, type Version } from './versions.ts';

interface Start {
  readonly words: readonly string[];
  readonly port: number;
}

/** A gem of the lock file or, without one, of the Gemfile. */
function hasGem(context: BuildContext, name: string): boolean {
  const lock = context.read('Gemfile.lock');
  return lock === undefined ? new RegExp(`^\\s*gem ["']${name}["']`, 'm').test(context.read('Gemfile') ?? '') : new RegExp(`^ {4}${name} \\(`, 'm').test(lock);
}

function versionOf(context: BuildContext): Version {
  const exact = [
    context.read('.ruby-version'), /^\s*ruby ["'](\d[\d.]*)["']/m.exec(context.read('Gemfile') ?? '')?.[1],
    /^RUBY VERSION\s+ruby (\d[\d.]*)/m.exec(context.read('Gemfile.lock') ?? '')?.[1],
  ].map(stated).find((version) => version !== undefined);
  return versionFor('Ruby', exact ?? toolVersion(context.read('.tool-versions'), 'ruby'), undefined, versions.ruby, '.ruby-version');
}

/** Libraries of Debian that gems load when they run. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  pg: ['libpq5'], mysql2: ['libmariadb3'], 'ruby-vips': ['libvips42'], image_processing: ['libvips42'], psych: ['libyaml-0-2'], sqlite3: ['libsqlite3-0'],
};

const ports = [/\bport(?:\s*\(\s*|\s+)(?:ENV\.fetch\(\s*["']PORT["']\s*\)\s*\{\s*)?(\d{2,5})/, /["']PORT["'],\s*["']?(\d{2,5})/];

function startOf(context: BuildContext, wish: number | undefined): Start | undefined {
  const puma = portIn(context, ['config/puma.rb'], ports);
  if (context.has('bin/rails') || hasGem(context, 'rails')) {
    const port = wish ?? puma ?? 3000;
    return { words: ['bundle', 'exec', 'rails', 'server', '--binding', '0.0.0.0', '--port', String(port)], port };
  }
  if (!context.has('config.ru')) return undefined;
  const port = wish ?? puma ?? 9292;
  const words = hasGem(context, 'puma') ? ['puma', '--bind', `tcp://0.0.0.0:${port}`] : ['rackup', '--host', '0.0.0.0', '--port', String(port)];
  return { words: ['bundle', 'exec', ...words], port };
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const { version, notes } = versionOf(context);
  const isRails = context.has('bin/rails') || hasGem(context, 'rails');
  const start = startOf(context, wishes.port);
  const file = ['app.rb', 'main.rb', 'server.rb'].find((path) => context.has(path));
  const words = wishes.start ?? start?.words ?? (file === undefined ? undefined : ['bundle', 'exec', 'ruby', file]);
  const port = wishes.port ?? start?.port;
  const install = installFrom(context, 'bundle install', [cache('/usr/local/bundle/cache')], inputsOf(context, 'bundle install'));
  const assets = isRails && context.isFolder('app/assets') && ['sprockets', 'propshaft'].some((gem) => hasGem(context, gem));
  const needsNode = assets && context.has('package.json');
  const packages = systemPackages(Object.entries(libraries).flatMap(([gem, needed]) => (hasGem(context, gem) ? needed : [])));
  // Where the image keeps its gems; without a lock file there is nothing to hold the install to.
  const frozen = context.has('Gemfile.lock') ? ' BUNDLE_FROZEN=1' : '';
  const settings = `ENV BUNDLE_WITHOUT=development:test${frozen} ${isRails ? 'RAILS_ENV' : 'RACK_ENV'}=production`;
  const makesAssets = assets && !needsNode && [
    '# A key of its own stands in for the real one while the assets are made', run([], 'SECRET_KEY_BASE_DUMMY=1 bundle exec rails assets:precompile'),
  ];
  const sources = isRails ? ['# Rails writes to log, tmp and storage', 'COPY --from=build --chown=app:app /app ./'] : 'COPY --from=build /app ./';
  const isGuess = wishes.start === undefined && start === undefined && words !== undefined;
  return {
    dockerfile: fileOf(
      ...syntax, '# The full image has the compiler that some gems need', `FROM ruby:${version} AS build`, settings, 'WORKDIR /app', install.lines, '',
      !install.hasSources && 'COPY . .', makesAssets,
      '', `FROM ruby:${version}-slim`, packages, settings, createUser, 'WORKDIR /app', 'COPY --from=build /usr/local/bundle /usr/local/bundle',
      sources, '', 'USER app', expose(port), command(words),
    ),
    start: words, port,
    notes: [
      ...(isGuess ? [`The start command \`${words.join(' ')}\` is a guess: look whether it is right.`] : []),
      ...(context.has('Gemfile.lock') ? [] : ['There is no `Gemfile.lock`: commit it, so that each build installs the same.']),
      ...(needsNode ? ['Assets need Node.js and are not made in the image: add a stage for them.'] : []), ...install.notes, ...notes,
    ],
  };
}

export const ruby: Ecosystem = {
  title: 'Ruby',
  mark: (context) => (context.has('Gemfile') ? 'Gemfile' : undefined),
  plan,
};
