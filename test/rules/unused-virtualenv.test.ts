import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/unused-virtualenv.ts';
import { findings } from './lint.ts';

const base = 'FROM python:3.12-slim\n';
const make = 'RUN python -m venv /opt/venv\n';

describe('unused-virtualenv', () => {
  it.each([
    ['packages go to the system', `${base}${make}RUN pip install flask\n`],
    ['in the same RUN', `${base}RUN python3 -m venv --system-site-packages /opt/venv && pip install flask\n`],
    ['virtualenv', `${base}RUN virtualenv -p python3 /opt/venv\nRUN python -m pip install -r requirements.txt\n`],
    ['it is only carried on', `FROM python:3.12-slim AS base\n${make}RUN pip install flask\nFROM base\nCOPY --from=base /opt/venv /opt/venv\n`],
    ['a stage built on it installs', `FROM python:3.12-slim AS base\n${make}FROM base\nRUN pip install flask\n`],
    ['its path is only named', `${base}ENV VENV=/opt/venv\nRUN python -m venv $VENV\nRUN pip install flask\n`],
    ['a lost activation', `${base}${make}RUN . /opt/venv/bin/activate\nRUN pip install flask\n`],
  ])('%s', (_what, text) => {
    expect(findings(rule, text)).toMatchObject([{ fix: { safety: 'manual' } }]);
  });

  it.each([
    ['on PATH', `${base}${make}ENV PATH="/opt/venv/bin:$PATH"\nRUN pip install flask\n`],
    ['on PATH by a variable', `${base}ENV VENV=/opt/venv\nRUN python -m venv $VENV\nENV PATH="$VENV/bin:$PATH"\nRUN pip install flask\n`],
    ['its own pip', `${base}${make}RUN /opt/venv/bin/pip install flask && pip install poetry\n`],
    ['activated', `${base}${make}RUN . /opt/venv/bin/activate && pip install flask\n`],
    ['activated by the command', `${base}WORKDIR /app\nRUN python -m venv venv\nRUN pip install flask\nCMD . venv/bin/activate && flask run\n`],
    ['VIRTUAL_ENV', `${base}ENV VIRTUAL_ENV=/opt/venv\n${make}RUN pip install flask\n`],
    ['nothing is installed', `${base}${make}CMD ["/start.sh"]\n`],
    ['installed into another folder', `${base}${make}RUN pip install --target /deps flask\n`],
    ['installed before', `${base}RUN pip install virtualenv && virtualenv /opt/venv\n`],
    ['uv, which finds it', `${base}RUN uv venv && uv pip install flask\n`],
    ['a folder nobody knows', `${base}RUN python -m venv $DIR && pip install flask\n`],
  ])('quiet: %s', (_what, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
