import { describe, expect, it } from 'vitest';
import type { ChangedPath, Commit } from '../src/context/history.ts';
import { memoryContext } from '../src/context/memory.ts';
import type { FixLevel } from '../src/fix.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { readToday } from '../src/optimize/past.ts';
import { planOrder, type Plan } from '../src/optimize/plan.ts';
import { stepCost } from '../src/optimize/timings.ts';
import { volatileArguments } from '../src/optimize/volatile.ts';
import { requestAll } from './support/request.ts';

const files = {
  'package.json': '{"dependencies": {"express": "4.21.0"}}', 'package-lock.json': '{"lockfileVersion": 3}', 'src/index.js': '',
};

/** As many commits as letters, the newest first: `s` changes a source, `m` the manifest. */
function commitsOf(letters: string): Commit[] {
  const count = new Map<string, number>();
  return [...letters].map((letter): Commit => {
    const path = letter === 'm' ? 'package.json' : 'src/index.js';
    const at = count.get(path) ?? 0;
    count.set(path, at + 1);
    const changes: ChangedPath[] = [{ path, before: { kind: 'file', mode: 0o644, hash: `${at + 1}` }, after: { kind: 'file', mode: 0o644, hash: `${at}` } }];
    return { id: `${at}`, time: 0, subject: '', changes };
  });
}

function planFor(text: string, letters: string, level: FixLevel = 'safe', given: Readonly<Record<string, string>> = files): Plan {
  const context = memoryContext(given);
  const commits = commitsOf(letters);
  const replay = { commits, today: readToday(context, commits), buildArguments: {}, target: undefined, volatile: volatileArguments(readDockerfile(text)) };
  return planOrder(text, { lint: requestAll(context, 'recommended'), replay, costOf: stepCost(), level });
}

const install = 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci --ignore-scripts\nCMD ["node", "src/index.js"]\n';

describe('a plan', () => {
  it('makes the moves that save something, with their proofs', () => {
    const plan = planFor(install, 'ssssm');
    expect(plan.text).toBe('FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --ignore-scripts\nCOPY . .\nCMD ["node", "src/index.js"]\n');
    expect(plan.moves).toEqual([expect.objectContaining({ rule: 'cache/copy-before-install', safety: 'safe', line: 3, notes: [] })]);
    expect([plan.costBefore, plan.costAfter]).toEqual([41, 9.2]);
    expect([plan.moves[0]?.before, plan.moves[0]?.after]).toEqual([41, 9.2]);
    expect(plan.refusals).toEqual([]);
    expect(plan.bugs).toEqual([]);
  });

  it('leaves a file alone that nothing would make cheaper', () => {
    const plan = planFor(install, 'mmm');
    expect(plan.text).toBe(install);
    expect(plan.moves).toEqual([]);
    expect(plan.refusals).toEqual([expect.objectContaining({ kind: 'no gain', line: 3 })]);
  });

  it('tells why it leaves a finding alone', () => {
    const given = { ...files, 'package.json': '{"scripts": {"postinstall": "node src/build.js"}, "dependencies": {"express": "4.21.0"}}' };
    const plan = planFor(install.replace(' --ignore-scripts', ''), 'sss', 'unsafe', given);
    expect(plan.moves).toEqual([]);
    expect(plan.refusals).toEqual([expect.objectContaining({ kind: 'no fix', reasons: [expect.stringContaining('postinstall')] })]);
  });

  it('makes unsafe moves where they are wanted, after the safe ones, and tells their doubts', () => {
    const text = `FROM node:22-slim\nARG GIT_COMMIT\nRUN npm install -g pm2@5.4.2\nENV REVISION=$GIT_COMMIT\nCMD ["pm2"]\n`;
    const safe = planFor(text, 'ss');
    expect(safe.refusals).toEqual([expect.objectContaining({ kind: 'unsafe', line: 2 })]);
    const plan = planFor(text, 'ss', 'unsafe');
    expect(plan.moves).toEqual([expect.objectContaining({ safety: 'unsafe', notes: [expect.stringContaining('npm')] })]);
    expect([plan.costBefore, plan.costAfter]).toEqual([40, 0]);
  });

  it('finds moves that gain only together, and leaves out what the gain does not need', () => {
    const text = 'FROM node:22-slim\nWORKDIR /app\nARG GIT_COMMIT\nCOPY . .\nRUN npm ci --ignore-scripts\nRUN echo $GIT_COMMIT > /version\nCMD ["node", "src/index.js"]\n';
    const plan = planFor(text, 'ssss', 'unsafe');
    expect(plan.moves.map(({ rule }) => rule).sort()).toEqual(['cache/copy-before-install', 'cache/volatile-arg-early']);
    expect(plan.moves.at(-1)?.after).toBe(plan.costAfter);
    expect(plan.costAfter).toBeLessThan(5);
    // Lines are those of the file as it was.
    expect(plan.moves.map(({ line }) => line).sort()).toEqual([3, 4]);
  });

  it('listens to ignore comments', () => {
    const text = install.replace('COPY', '# shipshape ignore: cache/copy-before-install\nCOPY');
    const plan = planFor(text, 'ssss');
    expect([plan.moves, plan.refusals, plan.text]).toEqual([[], [], text]);
  });

  it('takes any text', () => {
    for (const text of ['', 'RUN x', 'FROM', 'FROM scratch\n', 'FROM a\nCOPY', '\u0000']) expect(planFor(text, 's').text).toBe(text);
  });
});
