import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { cachePath, managers, readInvocation, type Invocation } from '../src/model/packages.ts';

function read(script: string): Invocation | undefined {
  const [command] = readDockerfile(`FROM x\nRUN ${script}\n`).commands;
  return command === undefined ? undefined : readInvocation(command);
}

describe('an invocation', () => {
  it('has exact spans for values that are glued to their flags', () => {
    const source = 'FROM x\nRUN pip install --requirement=a.txt -cb.txt\n';
    const [command] = readDockerfile(source).commands;
    const found = command === undefined ? undefined : readInvocation(command);
    expect(found?.manifestFlags.map(({ span }) => source.slice(span.start, span.end))).toEqual(['a.txt', 'b.txt']);
  });

  it('names the last word of its subcommand', () => {
    expect(read('uv pip install x')?.subcommand?.text).toBe('install');
    expect(read('uv pip install x')?.subcommandKey).toBe('pip install');
    expect(read('yarn')?.subcommand).toBeUndefined();
  });
});

describe('the table', () => {
  it('has each program once', () => {
    const programs = managers.flatMap((manager) => manager.programs);
    expect(new Set(programs).size).toBe(programs.length);
  });

  it.each(managers.map((manager) => [manager.name, manager] as const))('%s is sound', (_, manager) => {
    const flags = [manager.valueFlags, manager.requirementFlags, manager.fileFlags, manager.packageFlags, manager.directoryFlags].flatMap((list) => list ?? []);
    expect(flags.filter((flag) => !flag.startsWith('-'))).toEqual([]);
    expect(flags.filter((flag, index) => flags.indexOf(flag) !== index)).toEqual([]);
    expect(manager.caches.filter(({ path }) => !/^(?:~\/|\/)/.test(path) || path.endsWith('/'))).toEqual([]);
    expect(Object.keys(manager.actions).filter((key) => key.split(' ').length > 3)).toEqual([]);
  });
});

describe('cachePath', () => {
  const path = (program: string, index: number, environment = {}, image = ''): string | undefined => {
    const folder = managers.find(({ programs }) => programs.includes(program))?.caches[index];
    return folder === undefined ? undefined : cachePath(folder, '/home/me', environment, image);
  };

  it.each([
    ['pip', 0, {}, '', '/home/me/.cache/pip'],
    ['pip', 0, { PIP_CACHE_DIR: '/c' }, '', '/c'],
    ['pip', 0, { XDG_CACHE_HOME: '/xdg/' }, '', '/xdg/pip'],
    ['pip', 0, { PIP_CACHE_DIR: '' }, '', '/home/me/.cache/pip'],
    ['apt-get', 0, { XDG_CACHE_HOME: '/xdg' }, '', '/var/cache/apt'],
    ['go', 0, {}, '', '/home/me/go/pkg/mod'],
    ['go', 0, {}, 'golang', '/go/pkg/mod'],
    ['go', 0, { GOPATH: '/p' }, 'golang', '/p/pkg/mod'],
    ['go', 0, { GOPATH: '/p', GOMODCACHE: '/m' }, 'golang', '/m'],
    ['cargo', 0, {}, 'rust', '/usr/local/cargo/registry'],
    ['pnpm', 0, { PNPM_HOME: '/pnpm' }, '', '/pnpm/store'],
    ['cargo', 0, {}, 'constructor', '/home/me/.cargo/registry'],
  ])('%s %i %o %s', (program, index, environment, image, expected) => {
    expect(path(program, index, environment, image)).toBe(expected);
  });
});
