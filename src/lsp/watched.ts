/** Files whose text findings depend on: configs, ignore files, manifests and lock files. */
const names = [
  'shipshape.json', '.hadolint.yaml', '.hadolint.yml', '.dockerignore', '*.dockerignore', '.containerignore',
  'package.json', 'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'pnpm-workspace.yaml', 'bun.lock', '.npmrc', '.yarnrc.yml',
  'requirements*.txt', 'constraints*.txt', 'pyproject.toml', 'poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile', 'Pipfile.lock', 'setup.py', 'setup.cfg',
  'go.mod', 'go.sum', 'Cargo.toml', 'Cargo.lock', 'pom.xml', 'build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts',
  'composer.json', 'composer.lock', 'Gemfile', 'Gemfile.lock', 'mix.exs', 'mix.lock', '*.csproj', '*.fsproj', '*.sln', 'Directory.Packages.props',
];

/** The patterns that a client is to watch. git writes a line for each commit that is made or checked out. */
export const watchedFiles = [`**/{${names.join(',')}}`, '**/.git/logs/HEAD'];
