import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editsOf, sceneOf, type CacheEdit } from '../bench/proof/cache-edits.ts';
import { applyFileEdit, listFolder } from '../bench/proof/cache-folder.ts';
import { withoutLinks } from '../bench/proof/cache-links.ts';
import { ask, differences, keptSteps, readTold, withWrongStep } from '../bench/proof/cache-steps.ts';
import { readProgress } from '../bench/proof/progress.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { LayerCache, layersOf, rebuilt, type Layer } from '../src/model/layers.ts';

const bases = (): { environment: Record<string, string>; workdir: string } => ({ environment: {}, workdir: '/' });

const layers = (text: string): readonly Layer[] => layersOf(readDockerfile(text), { bases });

describe('the steps an engine tells of', () => {
  const stages = (command: string): string => `FROM a AS build\nWORKDIR /x\nRUN ${command}\nFROM a\nRUN twin\nCOPY --from=build /x /y\n`;
  const progress = (cached: string): string => [
    '#1 [internal] load build definition', '#1 DONE 0.0s', '#4 [build 1/3] FROM docker.io/library/a', '#4 CACHED',
    '#5 [build 2/3] WORKDIR /x', '#5 CACHED', '#6 [build 3/3] RUN two', '#6 DONE 0.2s',
    '#7 [stage-1 2/3] RUN twin', '#7 CACHED', '#8 [stage-1 3/3] COPY --from=build /x /y', `#8 ${cached}`,
  ].join('\n');

  it.each([['CACHED', 'cached'], ['DONE 0.1s', 'rebuilt']])('where a stage is built again, %s', (said, status) => {
    const after = layers(stages('two'));
    const told = readTold(readProgress(progress(said)), after, true);
    const answer = ask(new LayerCache(layers(stages('one'))), after, told);
    expect(answer.depends).toBe(1);
    expect(answer.rebuilds.map((each) => each.status)).toEqual(['cached', 'rebuilt', 'cached', status]);
    expect(differences(answer, told)).toEqual([]);
  });

  it('another answer for any step is a difference', () => {
    const after = layers(stages('two'));
    const told = readTold(readProgress(progress('CACHED')), after, true);
    const answer = ask(new LayerCache(layers(stages('one'))), after, told);
    const found = answer.rebuilds.map((wrong) => differences(withWrongStep(answer, wrong), told));
    expect(found).toEqual([
      ['WORKDIR /x: the engine takes from the cache what the model calls rebuilt'], ['RUN two: the engine runs what the model calls cached'],
      ['RUN twin: the engine takes from the cache what the model calls rebuilt'], ['COPY --from=build /x /y: the engine takes from the cache what the model calls rebuilt'],
    ]);
  });

  it('a step that only one of them has is a difference, in a build that did not fail', () => {
    const vertices = readProgress('#5 [2/3] RUN b\n#5 DONE 1.0s\n#6 [3/3] COPY . .\n#6 DONE 1.0s\n');
    const problems = (complete: boolean): readonly string[] => readTold(vertices, layers('FROM a\nRUN b\nRUN c\nRUN d\n'), complete).problems;
    expect(problems(true)).toEqual(['the engine has a step that the model does not have: [3/3] COPY . .', 'the model has a step that the engine does not have: RUN c', 'the model has a step that the engine does not have: RUN d']);
    expect(problems(false)).toEqual(['the engine has a step that the model does not have: [3/3] COPY . .']);
  });

  it('a step that failed is in no cache, nor is what comes behind', () => {
    const steps = layers('FROM a\nRUN b\nRUN c\nRUN d\n');
    const told = readTold(readProgress('#5 [2/4] RUN b\n#5 DONE 1.0s\n#6 [3/4] RUN c\n#6 ERROR: process failed\n'), steps, false);
    expect(keptSteps(steps, told).map(({ instruction }) => instruction.logical.text.trim())).toEqual(['FROM a', 'RUN b']);
    expect(differences(ask(new LayerCache(), steps, told), told)).toEqual([]);
  });
});

const text = '# escape=\\\nFROM a AS x\nARG V=1\nENV N=1 M="2 3"\nCOPY --link --chown=1 src /src\nRUN --mount=type=cache,target=/c make -j \\\n    all\nRUN ["b"]\n';

function inFolder(task: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-'));
  try {
    mkdirSync(join(folder, 'src'));
    for (const [path, content] of [['Dockerfile', text], ['.dockerignore', '*.log\n'], ['a.log', 'a'], ['package.json', '{}'], ['src/a.js', '1'], ['NOTES.md', 'n']] as const) writeFileSync(join(folder, path), content);
    task(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const project = {
  name: 'p', folder: '', dockerfile: text, builds: true, buildArguments: {}, target: undefined, checks: [], user: undefined, files: {}, repository: false, planted: [],
  edits: [{ file: 'new/b.js', text: 'b' }, { file: 'new/b.js', text: undefined }],
};

const editsIn = (folder: string): CacheEdit[] => editsOf(project, sceneOf(readDockerfile(text), folder));

describe('edits', () => {
  it('are taken back, but for times', () => inFolder((folder) => {
    chmodSync(join(folder, 'src/a.js'), 0o640);
    const look = (): unknown => listFolder(folder).map((each) => [each, each.kind === 'file' ? readFileSync(join(folder, each.path), 'utf8') : '']);
    const before = look();
    const edits = editsIn(folder);
    expect(edits.length).toBeGreaterThan(20);
    for (const { files = [] } of edits) {
      const undo = files.map((file) => applyFileEdit(folder, file));
      for (const each of undo.toReversed()) each();
      expect(look()).toEqual(before);
    }
  }));

  it('of the project build on each other', () => inFolder((folder) => {
    expect(editsIn(folder).slice(0, 2).map(({ files = [] }) => files.map(({ path, change }) => `${change} ${path}`))).toEqual([['write new/b.js'], ['write new/b.js', 'remove new/b.js']]);
  }));

  it('change something, unless a touch or nothing is meant', () => inFolder((folder) => {
    for (const edit of editsIn(folder)) {
      const before = readFileSync(join(folder, 'NOTES.md'));
      const changes = [edit.text !== undefined && edit.text !== text, edit.arguments !== undefined, (edit.files ?? []).length > 0];
      expect([edit.kind, changes.includes(true)]).toEqual([edit.kind, edit.kind !== 'nothing']);
      expect(readFileSync(join(folder, 'NOTES.md'))).toEqual(before);
    }
    expect(lstatSync(folder).isDirectory()).toBe(true);
  }));

  it.each([
    ['a comment', []], ['another form of what is no RUN', []], ['a comment within a RUN', []],
    ['value of an ENV', ['make -j     all', '["b"]']], ['blanks within a RUN', ['make  -j     all', '["b"]']],
    ['an ENV above a RUN', ['["b"]']], ['an instruction at the end', ['/one/more']],
  ])('%s', (kind, again) => inFolder((folder) => {
    const edit = editsIn(folder).find((each) => each.kind === kind);
    const after = readDockerfile(edit?.text ?? '');
    expect(after.problems).toEqual([]);
    const bodies = rebuilt(layers(text), layersOf(after, { bases })).map(({ layer: { instruction } }) => instruction.logical.text.slice(instruction.bodyIndex).trim());
    expect(bodies).toEqual(again);
  }));
});

it('without --link an engine reads the same file', () => {
  expect(withoutLinks(readDockerfile('FROM a\nCOPY --link --chown=1 a b\nADD --link=true a b\nRUN --network=none a\n'))).toBe('FROM a\nCOPY --chown=1 a b\nADD a b\nRUN --network=none a\n');
});
