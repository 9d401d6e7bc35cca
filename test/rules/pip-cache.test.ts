import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/pip-cache.ts';
import { findings } from './lint.ts';

const install = 'pip install flask==3.1.0';
const python = 'FROM python:3.12-slim\n';

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'the flag': `${python}RUN pip install --no-cache-dir flask && pip --no-cache-dir install jinja2\n`,
    'the flag cut short': `${python}RUN pip install --no-cache flask\n`,
    'a cache elsewhere': `${python}RUN pip install --cache-dir /cache flask\n`,
    'no network': `${python}RUN pip install --no-index --find-links /wheels flask\n`,
    'a cache mount': `${python}RUN --mount=type=cache,target=/root/.cache/pip ${install}\n`,
    'a cache mount above': `${python}RUN --mount=type=cache,target=/root/.cache ${install}\n`,
    'a tmpfs mount': `${python}RUN --mount=type=tmpfs,target=/root/.cache ${install}\n`,
    'a cache mount where a variable puts it': `${python}ENV PIP_CACHE_DIR=/pip\nRUN --mount=type=cache,target=/pip ${install}\n`,
    'a cache mount by a variable': `${python}ARG CACHE=/root/.cache/pip\nRUN --mount=type=cache,target=$CACHE ${install}\n`,
    'a cache mount of the user': `${python}RUN useradd -m -d /srv/app app\nUSER app\nRUN --mount=type=cache,target=/srv/app/.cache/pip ${install}\n`,
    'a cache mount and a user nobody knows': `FROM example.com/base:1\nRUN --mount=type=cache,target=/home/me/.cache/pip ${install}\n`,
    'a variable': `${python}ENV PIP_NO_CACHE_DIR=1\nRUN ${install}\n`,
    'a variable that says off, which pip takes the same': `${python}ENV PIP_NO_CACHE_DIR=off\nRUN ${install}\n`,
    'an argument': `${python}ARG PIP_NO_CACHE_DIR=yes\nRUN ${install}\n`,
    'an argument that may be set': `${python}ARG WHICH\nARG PIP_NO_CACHE_DIR=\${WHICH:?}\nRUN ${install}\n`,
    'a variable of the stage below': `FROM python:3.12 AS base\nENV PIP_NO_CACHE_DIR=1\nFROM base\nRUN ${install}\n`,
    'on the line': `${python}RUN PIP_NO_CACHE_DIR=1 ${install}\n`,
    'on the line, by env': `${python}RUN env PIP_NO_CACHE_DIR=1 ${install}\n`,
    'exported': `${python}RUN export PIP_NO_CACHE_DIR=1 && ${install}\n`,
    'settings': `${python}RUN pip config set global.no-cache-dir true\nRUN ${install}\n`,
    'settings that are copied': `${python}COPY pip.conf /etc/pip.conf\nRUN ${install}\n`,
    'removed': `${python}RUN ${install} && rm -rf /root/.cache\n`,
    'removed by the home folder': `${python}RUN ${install} && rm -rf ~/.cache/pip /tmp/*\n`,
    'removed by a variable': `${python}RUN ${install}; rm -rf $HOME/.cache/*\n`,
    'purged': `${python}RUN ${install} && pip cache purge\n`,
    'a stage that does not ship': `FROM python:3.12 AS build\nRUN ${install}\nFROM python:3.12-slim\nCOPY --from=build /usr/local /usr/local\n`,
    'nothing installed': `${python}RUN pip install --help && pip --version && pip list\n`,
    'other programs': `${python}RUN uv pip install flask && pipx install black && poetry install && pipenv install\n`,
    'a pip without a cache': 'FROM ubuntu:14.04\nRUN apt-get install -y python-pip && pip install flask\n',
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});

describe('finds', () => {
  const loud: Readonly<Record<string, string>> = {
    'an empty variable': `${python}ENV PIP_NO_CACHE_DIR=\nRUN ${install}\n`,
    'a variable set too late': `${python}RUN ${install}\nENV PIP_NO_CACHE_DIR=1\n`,
    'a cache mount for something else': `${python}RUN --mount=type=cache,target=/root/.npm ${install}\n`,
    'a bind mount': `${python}RUN --mount=type=bind,target=/root/.cache/pip ${install}\n`,
    'a clean-up in the next RUN': `${python}RUN ${install}\nRUN rm -rf /root/.cache\n`,
    'a clean-up in front': `${python}RUN rm -rf /root/.cache && ${install}\n`,
    'a build stage whose home ships': `FROM python:3.12 AS build\nRUN pip install --user flask\nFROM python:3.12-slim\nCOPY --from=build /root /root\n`,
    'a build stage that ships by another one': `FROM python:3.12 AS build\nRUN pip install --user flask\nFROM scratch AS files\nCOPY --from=build / /\nFROM scratch\nCOPY --from=files / /\n`,
    'an old distribution with a new pip': 'FROM python:2.7-jessie\nRUN pip install flask\n',
  };
  it.each(Object.entries(loud))('%s', (_name, text) => {
    expect(findings(rule, text)).toHaveLength(1);
  });

  it('where pip of this user keeps it', () => {
    const [found] = findings(rule, `${python}RUN useradd -m app\nUSER app\nRUN ${install}\n`);
    expect(found?.message).toContain('`/home/app/.cache/pip`');
  });

  it('a cache mount of another user, without a fix that would make it useless', () => {
    const [found] = findings(rule, `${python}USER nobody\nRUN --mount=type=cache,target=/root/.cache/pip ${install}\n`);
    expect(found?.message).toContain('the cache mount is on `/root/.cache/pip`');
    expect(found?.fix).toBeUndefined();
  });
});

describe('the fix', () => {
  it.each([
    ['RUN python3 -m pip install -U pip \\\n  # later ones\n  && pip3.12 install \\\n    flask\n', 'RUN python3 -m pip install --no-cache-dir -U pip \\\n  # later ones\n  && pip3.12 install --no-cache-dir \\\n    flask\n'],
    ['RUN if true; then pip install flask; fi\n', 'RUN if true; then pip install --no-cache-dir flask; fi\n'],
    ['RUN <<EOF\npip install flask\nEOF\n', 'RUN <<EOF\npip install --no-cache-dir flask\nEOF\n'],
    ['RUN ["python", "-m", "pip", "install", "flask"]\n', 'RUN ["python", "-m", "pip", "install", "--no-cache-dir", "flask"]\n'],
    ['RUN pip install\\\n  flask\n', 'RUN pip install --no-cache-dir\\\n  flask\n'],
    ['ONBUILD RUN pip install flask\n', 'ONBUILD RUN pip install --no-cache-dir flask\n'],
    ['RUN sudo -H pip install flask\r\n', 'RUN sudo -H pip install --no-cache-dir flask\r\n'],
  ])('of %j', (before, after) => {
    const [found, ...others] = findings(rule, python + before);
    expect(others).toEqual([]);
    expect(found?.fix?.safety).toBe('safe');
    expect(found?.fixed).toBe(python + after);
  });
});
