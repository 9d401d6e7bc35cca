/** Files that say what a project needs, by name. */
export const manifests: ReadonlySet<string> = new Set(['package.json', 'requirements.txt', 'pyproject.toml', 'go.mod', 'Gemfile', 'Cargo.toml', 'composer.json', 'pom.xml', 'Makefile']);

/** Files that say which versions of it. */
export const lockFiles: ReadonlySet<string> = new Set([
  'package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'go.sum', 'poetry.lock', 'uv.lock', 'Gemfile.lock', 'Cargo.lock', 'composer.lock',
]);

/** A RUN that downloads, installs or compiles: it takes seconds, others do not. */
export const slowCommand = /\b(?:apt-get|apt|npm|npx|pnpm|yarn|pip3?|uv|poetry|go|make|gcc|cargo|bundle|gem|composer|mvn|gradle|curl|wget|git)\b/;

/** A RUN that takes very many seconds. */
export const compiler = /\b(?:go (?:build|install)|cargo (?:build|install)|mvn|gradle)\b/;
