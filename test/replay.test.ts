import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ChangedPath, Commit } from '../src/context/history.ts';
import { memoryContext } from '../src/context/memory.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { layersOf, rebuilt, type ContextEntry } from '../src/model/layers.ts';
import { assumedCommits, Past, readToday } from '../src/optimize/past.ts';
import { expectedCost, replay, type ReplayRequest } from '../src/optimize/replay.ts';
import { readTimings, secondsOf, stepCost } from '../src/optimize/timings.ts';

const version = (name: string): ContextEntry => ({ kind: 'file', mode: 0o644, hash: name });

const change = (path: string, before: string | undefined, after: string | undefined): ChangedPath =>
  ({ path, before: before === undefined ? undefined : version(before), after: after === undefined ? undefined : version(after) });

const commit = (...changes: ChangedPath[]): Commit => ({ id: 'a', time: 0, subject: '', changes });

function requestOf(files: Readonly<Record<string, string>>, commits: readonly Commit[], more: Partial<ReplayRequest> = {}): ReplayRequest {
  return { commits, today: readToday(memoryContext(files), commits), buildArguments: {}, target: undefined, volatile: [], ...more };
}

/** The steps by their texts, with a letter for each commit, the newest first: `x` for one that runs it again. */
function told(text: string, request: ReplayRequest): Record<string, string> {
  const { file, steps } = replay(text, request);
  return Object.fromEntries(steps.filter(({ layer }) => layer.kind !== 'from').map(({ layer, runs }) =>
    [file.source.slice(layer.instruction.span.start, layer.instruction.span.end), [...runs].map((each) => (each === 1 ? 'x' : '-')).join('')]));
}

const files = { 'package.json': '{}', 'src/a.js': '', 'docs/readme.md': '', '.dockerignore': 'docs\n' };
const commits = [
  commit(change('src/a.js', '1', '2')),
  commit(change('docs/readme.md', '1', '2')),
  commit(change('package.json', '1', '2'), change('src/a.js', '0', '1')),
  commit(change('src/b.js', undefined, '1')),
];

describe('a replay', () => {
  it('tells which commits run which steps again', () => {
    expect(told('FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm install\n', requestOf(files, commits)))
      .toEqual({ 'WORKDIR /app': '----', 'COPY . .': 'x-xx', 'RUN npm install': 'x-xx' });
    expect(told('FROM node:22\nWORKDIR /app\nCOPY package*.json ./\nRUN npm install\nCOPY src ./src\n', requestOf(files, commits)))
      .toEqual({ 'WORKDIR /app': '----', 'COPY package*.json ./': '--x-', 'RUN npm install': '--x-', 'COPY src ./src': 'x-xx' });
  });

  it('takes the output of a stage that was built again for another one, and images and addresses for the same', () => {
    const text = 'FROM node:22 AS build\nCOPY src /src\nRUN make\nFROM nginx\nADD https://example.com/x /x\nCOPY --from=busybox /bin/sh /sh\nCOPY --from=build /out /srv\nRUN nginx -t\n';
    expect(told(text, requestOf(files, commits))).toEqual({
      'COPY src /src': 'x-xx', 'RUN make': 'x-xx', 'ADD https://example.com/x /x': '----', 'COPY --from=busybox /bin/sh /sh': '----',
      'COPY --from=build /out /srv': 'x-xx', 'RUN nginx -t': 'x-xx',
    });
  });

  it('lets a volatile argument change with every commit, whatever it is called with', () => {
    const text = 'FROM debian:12\nRUN make a\nARG GIT_COMMIT\nRUN make b\n';
    expect(told(text, requestOf(files, commits, { volatile: ['GIT_COMMIT'], buildArguments: { GIT_COMMIT: 'abc' } }))).toEqual({ 'RUN make a': '----', 'RUN make b': 'xxxx' });
    expect(told(text, requestOf(files, commits))).toEqual({ 'RUN make a': '----', 'RUN make b': '----' });
  });

  it('follows links of the context', () => {
    const linked = { 'real/conf': '', 'conf': '-> real/conf', 'src/a.js': '' };
    const past = [commit(change('real/conf', '1', '2')), commit(change('src/a.js', '1', '2'))];
    const context = memoryContext(linked);
    const today = readToday(context, past, (path) => (path === 'conf' ? 'real/conf' : undefined));
    expect(told('FROM a\nCOPY conf /conf\n', { ...requestOf(linked, past), today })).toEqual({ 'COPY conf /conf': 'x-' });
  });

  it('builds what the target needs, and nothing where nothing is', () => {
    const text = 'FROM a AS one\nCOPY src /src\nFROM a AS two\nCOPY package.json /\n';
    expect(told(text, requestOf(files, commits, { target: 'one' }))).toEqual({ 'COPY src /src': 'x-xx' });
    expect(replay(text, requestOf(files, [])).commits).toBe(0);
    expect(expectedCost(replay(text, requestOf(files, [])), stepCost())).toBe(0);
    expect(told('FROM a\nCOPY src /src\n', { ...requestOf({}, []), today: readToday(undefined, []) })).toEqual({ 'COPY src /src': '' });
  });

  it('walks a state back through a file that became a folder', () => {
    const past = [commit(change('a', '1', undefined), change('a/b', undefined, '1')), commit(change('a', undefined, '1'))];
    const today = readToday(memoryContext({ 'a/b': '' }), past);
    const walk = new Past(today);
    const [newest, oldest] = past;
    if (newest === undefined || oldest === undefined) throw new Error('two commits');
    expect(walk.state.entry('a/b')?.hash).toBe('1');
    expect(walk.before(newest).entry('a')).toEqual(version('1'));
    walk.undo(newest);
    walk.undo(oldest);
    expect(walk.state.entry('a')).toBeUndefined();
  });

  it('says the same as the cache model asked about each commit alone', () => {
    const names = ['package.json', 'package-lock.json', 'src/a.js', 'src/b/c.js', 'docs/x.md', 'static/logo.png', 'README.md'];
    const copies = ['COPY . .', 'COPY package*.json ./', 'COPY src src', 'COPY src/b/c.js .', 'COPY --exclude=*.md docs docs', 'COPY static/logo.png package.json /x/', 'RUN --mount=type=bind,target=/m make'];
    const history = fc.array(fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(history, fc.uniqueArray(fc.constantFrom(...copies), { minLength: 1 }), fc.constantFrom('', 'docs\n', '*.md\n!README.md\n', '**/*.js\n'), (paths, lines, ignore) => {
      const count = new Map<string, number>();
      // The fifth change of a path, counted back from today, is the one that made it.
      const past = paths.map((changed) => commit(...changed.flatMap((path) => {
        const at = count.get(path) ?? 0;
        count.set(path, at + 1);
        return at > 4 ? [] : [change(path, at === 4 ? undefined : `${at + 1}`, `${at}`)];
      })));
      const request = requestOf({ ...Object.fromEntries(names.map((name) => [name, ''])), '.dockerignore': ignore }, past);
      const text = `FROM a\n${lines.join('\n')}\nRUN end\n`;
      const file = readDockerfile(text);
      const walk = new Past(request.today);
      const expected = past.map((each) => {
        const again = new Set(rebuilt(layersOf(file, { context: walk.before(each) }), layersOf(file, { context: walk.state })).map(({ layer }) => layer.instruction.index));
        walk.undo(each);
        return again;
      });
      for (const { layer, runs } of replay(text, request).steps) expect([...runs]).toEqual(expected.map((again) => (again.has(layer.instruction.index) ? 1 : 0)));
    }), { numRuns: 150 });
  });
});

describe('a history that nobody has', () => {
  it('changes sources often and manifests rarely', () => {
    const request = requestOf({ 'package.json': '', 'package-lock.json': '', 'src/a.js': '', 'src/b.js': '', 'README.md': '' }, assumedCommits(['package.json', 'package-lock.json', 'src/a.js', 'src/b.js', 'README.md']));
    const { steps } = replay('FROM a\nCOPY package*.json ./\nCOPY src src\n', request);
    expect(request.commits).toHaveLength(100);
    expect(steps.map(({ count }) => count)).toEqual([0, 16, 90]);
    expect(assumedCommits([]).every(({ changes }) => changes.length === 0)).toBe(true);
  });
});

describe('the cost of a step', () => {
  it('goes by its class, and is small for what a former install left', () => {
    const text = 'FROM python:3.12\nWORKDIR /app\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen\nRUN pip install -r a.txt\nRUN pip install -r b.txt\nRUN apt-get install -y curl\nRUN make\nRUN hf download a/b\nRUN pip install -r c.txt && make\nRUN true\n';
    const file = readDockerfile(text);
    expect(layersOf(file).map((layer) => stepCost()(file, layer))).toEqual([0, 0, 1, 40, 1, 5, 40, 40, 25, 40, 90, 80, 1]);
  });
});

describe('timings', () => {
  const text = 'FROM node:22 AS build\nARG V=3\nRUN npm ci && \\\n    npm run build\nRUN echo $V > "/v $HOME"\nFROM nginx\nCOPY --from=build /a /a\nRUN echo 1\n';
  const file = readDockerfile(text);
  const layers = layersOf(file).filter(({ kind }) => kind !== 'from');
  const plain = [
    '#1 [internal] load build definition from Dockerfile', '#1 DONE 0.0s', '#5 [build 2/3] RUN npm ci &&     npm run build', '#5 0.4 [build 9/9] RUN forged', '#5 DONE 33.5s',
    '#6 [build 3/3] RUN echo 3 > "/v $HOME"', '#6 DONE 0.2s', '#7 [stage-1 2/3] COPY --from=build /a /a', '#7 CACHED', '#8 [stage-1 3/3] RUN echo 1', '#8 DONE 1.5s', '#9 exporting to image', '#9 DONE 2.0s',
  ].join('\n');

  it('are read of the plain progress of a build', () => {
    const timings = readTimings(plain);
    expect(layers.map((layer) => secondsOf(timings, file, layer))).toEqual([33.5, 0.2, undefined, 1.5]);
    // What was cached costs what its class does.
    expect(layers.map((layer) => stepCost(timings)(file, layer))).toEqual([33.5, 0.2, 1, 1.5]);
  });

  it('are shared out to the RUNs that one was cut into', () => {
    const cut = readDockerfile('FROM node:22 AS build\nRUN npm ci\nCOPY . .\nRUN npm run build\n');
    const timings = readTimings('#5 [build 2/3] RUN npm ci && npm run build\n#5 DONE 32.0s\n');
    expect(layersOf(cut).map((layer) => stepCost(timings)(cut, layer))).toEqual([0, 16, 1, 16]);
  });

  it('are read of raw JSON', () => {
    const line = (name: string, more: object): string => JSON.stringify({ vertexes: [{ digest: `sha256:${name}`, name, ...more }] });
    const timings = readTimings([
      line('[build 2/3] RUN npm ci && npm run build', { started: '2026-01-01T00:00:00Z' }),
      line('[build 2/3] RUN npm ci && npm run build', { started: '2026-01-01T00:00:00Z', completed: '2026-01-01T00:01:00.5Z' }),
      line('[linux/amd64 stage-1 3/3] RUN echo 1', { started: '2026-01-01T00:00:00Z', completed: '2026-01-01T00:00:01Z', cached: true }),
      '{"vertexes": 3}', '{"vertexes": [null, 4, {}]}', '{', 'null',
    ].join('\n'));
    expect(layers.map((layer) => secondsOf(timings, file, layer))).toEqual([60.5, undefined, undefined, undefined]);
  });

  it('are none in another text', () => {
    expect(readTimings('')).toEqual([]);
    expect(readTimings('{"buildx.build.provenance": {}}\n#5 DONE 3s\n')).toEqual([]);
  });
});
