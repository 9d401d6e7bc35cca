import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/health-start-period.ts';
import { findings } from './lint.ts';

const base = 'FROM python:3.12-slim\n';
const check = 'HEALTHCHECK CMD curl -f localhost:8000/health\n';

describe('health-start-period', () => {
  it.each([
    ['a package', `${base}RUN pip install "sentence-transformers>=3"\n${check}`],
    ['a package in a builder', `FROM python:3.12 AS build\nRUN pip install --prefix /deps torch\n${base}COPY --from=build /deps /usr/local\n${check}`],
    ['a variable', `${base}ENV HF_HOME=/models\n${check}`],
    ['an image', `FROM ghcr.io/huggingface/text-generation-inference:2.4\n${check}`],
    ['an inherited check', `FROM python:3.12-slim AS base\n${check}FROM base\nRUN pip install vllm\n`],
  ])('%s', (_what, text) => {
    expect(findings(rule, text)).toMatchObject([{ text: 'HEALTHCHECK', fix: { safety: 'unsafe' } }]);
  });

  it('reads the requirements of the context', () => {
    const text = `${base}COPY requirements.txt /srv/\nRUN pip install -r /srv/requirements.txt\n${check}`;
    expect(findings(rule, text, { context: { 'requirements.txt': 'fastapi\ntransformers[torch]==4.46.0\n' } })).toHaveLength(1);
    expect(findings(rule, text, { context: { 'requirements.txt': 'fastapi\n' } })).toEqual([]);
    expect(findings(rule, text)).toEqual([]);
  });

  it('puts the flag behind the last one', () => {
    const [finding] = findings(rule, `${base}RUN pip install vllm\nHEALTHCHECK --interval=10s \\\n    --timeout=3s \\\n    CMD curl -f localhost\n`);
    expect(finding?.fixed).toBe(`${base}RUN pip install vllm\nHEALTHCHECK --interval=10s \\\n    --timeout=3s --start-period=120s \\\n    CMD curl -f localhost\n`);
  });

  it.each([
    `${base}RUN pip install fastapi torchlight-client\n${check}`,
    `${base}RUN pip install vllm\nHEALTHCHECK --start-period=1m CMD curl -f localhost\n`,
    `${base}RUN pip install vllm\nHEALTHCHECK --interval=2m CMD curl -f localhost\n`,
    `${base}RUN pip install vllm\nHEALTHCHECK --interval=30s --retries=20 CMD curl -f localhost\n`,
    `${base}RUN pip install vllm\nHEALTHCHECK --interval=$EVERY CMD curl -f localhost\n`,
    `${base}RUN pip install vllm\nHEALTHCHECK NONE\n`,
    `FROM python:3.12-slim AS idle\nRUN pip install vllm\n${base}${check}`,
  ])('quiet: %s', (text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
