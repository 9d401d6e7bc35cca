import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/pip-requirement-file.ts';
import { findings } from './lint.ts';

const base = 'FROM python:3.12-slim\n';

describe('pip-requirement-file', () => {
  it.each([
    ['safe', 'RUN python3 -m pip install --upgrade ./deploy/requirements-dev.txt\n', 'RUN python3 -m pip install --upgrade -r ./deploy/requirements-dev.txt\n'],
    ['safe', 'RUN uv pip install --system requirements.txt\n', 'RUN uv pip install --system -r requirements.txt\n'],
    ['safe', 'RUN pip wheel --wheel-dir /w requirements.txt\n', 'RUN pip wheel --wheel-dir /w -r requirements.txt\n'],
    ['safe', 'RUN pip install $DIR/requirements.txt && pip check\n', 'RUN pip install -r $DIR/requirements.txt && pip check\n'],
    ['safe', 'RUN set -eux; pip install requirements.txt; pip check\n', 'RUN set -eux; pip install -r requirements.txt; pip check\n'],
    ['unsafe', 'RUN pip install requirements.txt; pip check\n', 'RUN pip install -r requirements.txt; pip check\n'],
    ['unsafe', 'RUN pip install requirements.txt || true\n', 'RUN pip install -r requirements.txt || true\n'],
    ['unsafe', 'RUN if true; then pip install requirements.txt; fi\n', 'RUN if true; then pip install -r requirements.txt; fi\n'],
    ['unsafe', 'RUN <<EOF\npip install requirements.txt\nmake\nEOF\n', 'RUN <<EOF\npip install -r requirements.txt\nmake\nEOF\n'],
  ])('%s: %s', (safety, bad, fixed) => {
    const [finding, another] = findings(rule, base + bad);
    expect(finding).toMatchObject({ fix: { safety }, fixed: base + fixed });
    expect(another).toBeUndefined();
  });

  it('says nothing of how to mend a pattern', () => {
    expect(findings(rule, `${base}RUN pip install requirements/*.txt\n`)).toMatchObject([{ text: 'requirements/*.txt', fix: undefined }]);
  });

  it.each([
    'RUN pip install -r requirements.txt\n',
    'RUN pip install -rrequirements.txt\n',
    'RUN pip install -Ur requirements.txt\n',
    'RUN pip install --requirement=requirements.txt -c constraints.txt\n',
    'RUN pip install $(cat requirements.txt)\n',
    'RUN pip install flask < requirements.txt\n',
    'RUN pip install -t /app/list.txt flask\n',
    'RUN pip uninstall -y requirements.txt\n',
    'RUN cat requirements.txt && npm install requirements.txt\n',
    'RUN pip install \u2014r requirements.txt\n',
  ])('quiet: %s', (text) => {
    expect(findings(rule, base + text)).toEqual([]);
  });

  it('speaks without a FROM too', () => {
    expect(findings(rule, 'RUN pip install requirements.txt\n')).toHaveLength(1);
  });
});
