import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildContext } from '../src/context/context.ts';
import { memoryContext } from '../src/context/memory.ts';
import { readYaml } from '../src/context/yaml.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { managers, readInvocation } from '../src/model/packages.ts';
import { readInstallInputs } from '../src/context/manifests.ts';
import { inputsOf, invocationOf } from './manifest-rows.ts';

describe('readYaml', () => {
  it.each([
    ['a: 1\nb:\n  c: "x: y"\n  d: \'z\' # no\n', { a: '1', b: { c: 'x: y', d: 'z' } }],
    ['- a\n-   b: c\n    d: e\n- - f\n  - g\n', ['a', { b: 'c', d: 'e' }, ['f', 'g']]],
    ['a:\n- b\n- c: d\ne: [x, "y"]\nf: {g: h}\n', { a: ['b', { c: 'd' }], e: ['x', 'y'], f: { g: 'h' } }],
    ['a: [b, # no\n  "c,\\u0041]", \'it\'\'s\', [], {d: e:f#g, h}] # no\ni:\n- {}\n- [j]\n', { a: ['b', 'c,A]', "it's", [], { d: 'e:f#g', h: '' }], i: [{}, ['j']] }],
    ['{"a": "b", c: [d]}\n', { a: 'b', c: ['d'] }],
    ['{"__proto__": {"a": "b"}}', Object.fromEntries([['__proto__', { a: 'b' }]])],
    ['a: |\n  b: c\n   d\ne: f\n', { a: '', e: 'f' }],
    ['"a@<1: x": b\nhttp://x: y\n', { 'a@<1: x': 'b', 'http://x': 'y' }],
    ['---\na: b\n', { a: 'b' }],
    ['', {}],
    ['a: &x b\n', undefined],
    ['a: *x\n', undefined],
    ['<<: x\n', undefined],
    ['a: [b,\n  c\n', undefined],
    ['a: [b]\n  c\n', undefined],
    ['a: [b] c\n', undefined],
    ['a: [b c: d]\n', undefined],
    ['a: [,]\n', undefined],
    ['a: [*b]\n', undefined],
    ['a: "b\n', undefined],
    ['a: "\\q"\n', undefined],
    ['a: b\n---\nc: d\n', undefined],
    ['a\n', undefined],
    ['a:\n   b: c\n  d: e\n', undefined],
  ])('%j', (text, expected) => {
    expect(readYaml(text)).toEqual(expected);
  });
});

describe('no input makes it throw or slow', () => {
  const names = ['package.json', 'pyproject.toml', 'Gemfile', 'composer.json', 'go.mod', 'pom.xml', 'a.csproj', 'build.gradle', 'settings.gradle', 'mix.exs', 'Pipfile', 'environment.yml', 'r.txt', '.npmrc', '.yarnrc.yml', '.yarnrc', 'pnpm-workspace.yaml', 'pnpm-lock.yaml', 'yarn.lock', 'package-lock.json', 'Cargo.toml', '.cargo/config.toml', 'nuget.config', 'x.sln'];
  const runs = ['npm i', 'yarn', 'pnpm i', 'bun i', 'pip install -r r.txt', 'uv sync', 'poetry install', 'pipenv install', 'pdm sync', 'conda env create', 'bundle', 'composer install', 'go mod download', 'cargo fetch', 'mvn dependency:resolve', 'gradle dependencies', 'dotnet restore x.sln', 'dotnet restore a.csproj', 'mix deps.get'];
  const all = (text: string): BuildContext => memoryContext(Object.fromEntries(names.map((name) => [name, text])));

  it('random text', () => {
    const part = fc.constantFrom('"', "'", '{', '}', '[', ']', '<', '>', '<Import Project="', 'include ', 'apply from: ', '-r ', '- ', ': ', '\n', ' ', '#', '/*', '<!--', '=', '@', '\\', '$', '__proto__', 'a', '..', '/', '\t');
    fc.assert(fc.property(fc.array(part, { maxLength: 40 }), fc.constantFrom(...runs), (parts, run) => {
      const { files, refusals, doubts } = inputsOf(run, all(parts.join('')));
      return [...files, ...refusals, ...doubts].every((text) => typeof text === 'string');
    }), { numRuns: 400 });
  });

  it.each(['\n', ' ', '/*', '<Import ', '<!--', 'path ', '- ', '{"a":', '[', '"', '-r a ', '.whl[', 'include ', '# ', 'a: ', '@ ', '\\\n', '(['])('%j a hundred thousand times', (piece) => {
    const context = all(piece.repeat(100_000));
    const start = performance.now();
    for (const run of runs) expect(inputsOf(run, context).refusals.length).toBeGreaterThanOrEqual(0);
    expect(performance.now() - start).toBeLessThan(8000);
  }, 30_000);

  it('random commands', () => {
    const words = [...managers.flatMap(({ programs }) => programs), ...managers.flatMap(({ actions }) => Object.keys(actions)), '-r', '-e', '--', '-', '--file=x', '-xyz', '$A', '"$(a)"', './x', '=', '-=', '*'];
    const context = memoryContext({ 'package.json': '{}' });
    fc.assert(fc.property(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), (picked) => {
      for (const command of readDockerfile(`FROM x\nRUN ${picked.join(' ')}\n`).commands) {
        const invocation = readInvocation(command);
        if (invocation === undefined) continue;
        const spans = [...invocation.packages, ...invocation.manifestFlags].map(({ span }) => span);
        expect(spans.every(({ start, end }) => start >= command.span.start && end <= command.span.end)).toBe(true);
        expect(readInstallInputs(invocation, '', context).files.length).toBeLessThan(2);
      }
    }), { numRuns: 400 });
  });

  it('every manager of packages has a reader', () => {
    const installs = ['pipx install x', 'conda install x', 'gem install x', ...runs];
    expect(new Set(installs.map((run) => invocationOf(run).manager.name)).size).toBe(managers.filter(({ kind }) => kind === 'language').length);
    for (const run of installs) expect(inputsOf(run, memoryContext({})).refusals.join()).not.toMatch(/What `.*` reads is not known/);
  });
});
