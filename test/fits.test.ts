import { describe, expect, it } from 'vitest';
import type { BuildContext } from '../src/context/context.ts';
import { contextFits } from '../src/context/fits.ts';
import { locateContext } from '../src/context/locate.ts';
import { memoryContext } from '../src/context/memory.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';

/** A context of empty files at a place on disk that is not looked at. */
function contextAt(folder: string | undefined, paths: readonly string[], cut = false): BuildContext {
  const context = memoryContext(Object.fromEntries(paths.map((path) => [path, ''])));
  return {
    folder, cut, files: context.files, heavyFolders: context.heavyFolders, ignoreFile: undefined,
    has: (path) => context.has(path), isFolder: (path) => context.isFolder(path), isLink: () => false, ignored: () => false,
    sends: (path) => context.has(path), sentBelow: (path) => context.sentBelow(path), read: (path) => context.read(path),
  };
}

const fits = (lines: string, paths: readonly string[], folder?: string, cut = false): boolean =>
  contextFits(readDockerfile(`FROM debian:12\n${lines}\n`), contextAt(folder, paths, cut));

describe('a folder may be the context', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing is copied', 'RUN make', []],
    ['all that is named is there', 'COPY main.py ./lib/ /src/x /app/\nADD a.tar.gz /', ['main.py', 'lib/a', 'src/x/y', 'a.tar.gz']],
    ['other stages, images, remote files and heredocs are copied', 'COPY --from=debian:12 /a /b\nADD https://example.org/c /d\nCOPY <<EOF /e\nf\nEOF', []],
    ['a variable decides', 'ARG APP\nARG NAME=api\nCOPY ${APP}/a lib_$NAME/ /app/', ['Dockerfile']],
    ['a glob matches a file', 'COPY requirements*.txt ./', ['requirements-dev.txt']],
    ['a glob matches a folder', 'COPY packages/*/lib plugins-? ./', ['packages/a/lib/x', 'plugins-a/y']],
    ['a glob crosses folders, where the flag lets it', 'COPY --parents **/package.json ./', ['a/b/package.json']],
    ['a glob matches beside one that does not', 'COPY *.py *.toml ./', ['a.py']],
    ['a glob of files that may be absent matches none', 'COPY yarn.lock* .npmrc* pnpm-lock.yam[l] ./', ['Dockerfile']],
    ['a glob in a folder that is there matches none', 'COPY certificates/* /usr/share/', ['certificates/deep/x', 'a']],
    ['a glob leads into a heavy folder', 'COPY node_modules/*/lib /lib/', ['node_modules/a/lib/x']],
    ['a heavy folder matches', 'COPY node_* /lib/', ['node_modules/a']],
    ['a glob is one the build refuses', 'COPY [a ./', ['Dockerfile']],
    ['a bind mount is there', 'RUN --mount=type=bind,source=go.mod,target=go.mod --mount=target=. --mount=type=bind,from=debian,source=/x,target=/x true', ['go.mod']],
    ['a variable decides what is mounted', 'ARG NAME\nRUN --mount=type=bind,source=$NAME,target=/x true', ['Dockerfile']],
    ['a mount of another type names a source', 'RUN --mount=type=cache,source=x,target=/x true', ['Dockerfile']],
    ['what ONBUILD names belongs to another build', 'ONBUILD COPY package.json ./', ['Dockerfile']],
  ])('where %s', (_, lines, paths) => {
    expect(fits(lines, paths)).toBe(true);
  });

  it('where the glob may match in what was not listed', () => {
    expect(fits('COPY *.py ./', ['Dockerfile'], undefined, true)).toBe(true);
  });
});

describe('a folder cannot be the context', () => {
  it.each<[string, string, readonly string[]]>([
    ['a file is missing', 'COPY package.json ./', ['Dockerfile']],
    ['one of several files is missing', 'COPY a b ./', ['a']],
    ['a file of a stage that is not built is missing', 'COPY a ./\nFROM debian:12\nCOPY b ./', ['b']],
    ['a file is missing beside a glob that matches', 'COPY a.py *.py ./', ['b.py']],
    ['all globs match nothing', 'COPY *.csproj */*.sln ./', ['Dockerfile', 'a/b']],
    ['a glob would have to cross folders', 'COPY **.py */x ./', ['a/b.py', 'a/b/x']],
    ['the folder of a glob is missing', 'COPY src/*.c ./', ['a.c']],
    ['a bind mount is missing', 'RUN --mount=type=bind,source=./go.mod,target=go.mod true', ['go.sum']],
  ])('where %s', (_, lines, paths) => {
    expect(fits(lines, paths)).toBe(false);
  });

  it('where a file is missing, though not all was listed', () => {
    expect(fits('COPY package.json ./', ['Dockerfile'], undefined, true)).toBe(false);
  });
});

describe('a folder of Dockerfiles that copy all', () => {
  const around = ['Dockerfile', 'Dockerfile.dev', 'api.Dockerfile', '.dockerignore', 'dev/Dockerfile.dockerignore', 'build.sh', 'compose.yaml', 'README.md'];

  it.each([
    ['COPY . .', around],
    ['ADD ./ /app\nRUN make', ['Dockerfile']],
    ['COPY * /app/', ['docker/Dockerfile', 'docker/docker-entrypoint.sh']],
    ['RUN --mount=type=bind,target=. make', around],
    ['COPY . .\nENTRYPOINT ["docker/build.sh"]', around],
    ['COPY . .\nRUN ./rebuild.sh && ./build.sh.old', around],
    ['COPY . .\nCOPY uv.lock* ./', around],
  ])('is not the context: %s', (lines, paths) => {
    expect(fits(lines, paths, '/repository/docker')).toBe(false);
  });

  it.each<[string, string, readonly string[]]>([
    ['it holds something else', 'COPY . .', [...around, 'nginx.conf']],
    ['it holds installed packages', 'COPY . .', [...around, 'node_modules/a/index.js']],
    ['it is the root of a repository', 'COPY . .', [...around, '.git/HEAD']],
    ['one of its scripts is run', 'COPY . /app\nCMD ["/app/build.sh"]', around],
    ['another COPY names what is there', 'COPY . /app\nCOPY build.sh /', around],
    ['nothing is copied whole', 'RUN make', around],
  ])('is the context where %s', (_, lines, paths) => {
    expect(fits(lines, paths, '/repository/docker')).toBe(true);
  });

  it('is the context where one of its scripts is run, though its name is not known', () => {
    expect(fits('COPY . /app\nCMD ["/app/build.sh"]', around)).toBe(true);
  });

  it('is the context where not all was listed', () => {
    expect(fits('COPY . .', around, '/repository/docker', true)).toBe(true);
  });
});

describe('locateContext', () => {
  /** The files of a repository at `/home/repository`, as a context of each folder that is opened. */
  function locate(lines: string, folder: string, paths: readonly string[], root = '/home/repository'): { found: string | undefined; guessed: boolean | undefined; opened: readonly string[] } {
    const opened: string[] = [];
    const open = (at: string): BuildContext => {
      opened.push(at);
      return contextAt(at, paths.flatMap((path) => (`/home/repository/${path}`.startsWith(`${at}/`) ? [`/home/repository/${path}`.slice(at.length + 1)] : [])));
    };
    const located = locateContext(readDockerfile(`FROM debian:12\n${lines}\n`), open, `/home/repository${folder}`, (at) => at === root);
    return { found: located?.context.folder, guessed: located?.guessed, opened };
  }

  it('takes the own folder where it fits, and opens no other', () => {
    expect(locate('COPY a ./', '/docker', ['docker/a', 'a'])).toEqual({ found: '/home/repository/docker', guessed: false, opened: ['/home/repository/docker'] });
    expect(locate('RUN make', '/docker', ['docker/Dockerfile', 'a']).guessed).toBe(false);
  });

  it.each([
    ['COPY package.json ./', '/docker', ['docker/Dockerfile', 'package.json'], ''],
    ['COPY docker/run.sh package.json ./', '/docker', ['docker/Dockerfile', 'docker/run.sh', 'package.json'], ''],
    ['COPY . .', '/docker/prod', ['docker/prod/Dockerfile', 'docker/dev/Dockerfile', 'main.go'], ''],
    ['COPY go.mod ./', '/app/docker', ['app/docker/Dockerfile', 'app/go.mod', 'go.mod'], '/app'],
    ['COPY *.sln ./', '/src/app', ['src/app/Dockerfile', 'src/x.sln', 'y.sln'], '/src'],
  ])('guesses the nearest folder above: %s in %s', (lines, folder, paths, expected) => {
    const { found, guessed } = locate(lines, folder, paths);
    expect([found, guessed]).toEqual([`/home/repository${expected}`, true]);
  });

  it('looks no further than the root, and nowhere without one', () => {
    expect(locate('COPY a ./', '/docker', ['docker/Dockerfile', 'a'], '/home/repository/docker')).toEqual({ found: undefined, guessed: undefined, opened: ['/home/repository/docker'] });
    expect(locate('COPY a ./', '/docker', ['docker/Dockerfile', 'a'], '/elsewhere').opened).toEqual(['/home/repository/docker']);
    expect(locate('COPY b ./', '/docker', ['docker/Dockerfile', 'a']).opened).toEqual(['/home/repository/docker', '/home/repository']);
  });

  it('goes up five folders at most', () => {
    const deep = '/a/b/c/d/e';
    expect(locate('COPY x ./', deep, [`${deep.slice(1)}/Dockerfile`, 'x']).found).toBe('/home/repository');
    expect(locate('COPY x ./', `${deep}/f`, [`${deep.slice(1)}/f/Dockerfile`, 'x']).found).toBeUndefined();
  });
});
