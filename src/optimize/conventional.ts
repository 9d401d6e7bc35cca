import type { Invocation } from '../model/packages.ts';

/**
 * The files a manager usually reads; a trailing `*` lets a file be absent, since a COPY with a glob only
 * needs one match among its sources.
 */
const usual: Readonly<Record<string, readonly string[]>> = {
  npm: ['package.json', 'package-lock.json*'],
  yarn: ['package.json', 'yarn.lock*'],
  pnpm: ['package.json', 'pnpm-lock.yaml*'],
  bun: ['package.json', 'bun.lock*'],
  poetry: ['pyproject.toml', 'poetry.lock*'],
  uv: ['pyproject.toml', 'uv.lock*'],
  pdm: ['pyproject.toml', 'pdm.lock*'],
  pipenv: ['Pipfile', 'Pipfile.lock*'],
  bundler: ['Gemfile', 'Gemfile.lock*'],
  composer: ['composer.json', 'composer.lock*'],
  go: ['go.mod', 'go.sum*'],
};

/** The usual manifests of an install in a folder of the context; undefined where nothing is usual. */
export function conventionalManifests(invocation: Invocation, folder: string): string[] | undefined {
  const named = invocation.manifestFlags.map((word) => word.value);
  const local = named.flatMap((name) => (name === undefined || /^(?:[a-z+]+:)?\/|^\.\.|\$/.test(name) ? [] : [name.replace(/^\.\//, '')]));
  if (named.length > 0 && local.length < named.length) return undefined;
  const files = named.length > 0 ? local : invocation.action === 'install-manifest' ? usual[invocation.manager.name] : undefined;
  return files?.map((name) => (folder === '' ? name : `${folder}/${name}`));
}
