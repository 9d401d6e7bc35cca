import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { reasonToStay } from '../src/optimize/order/graph.ts';

const apt = 'RUN apt-get update && apt-get install -y ffmpeg';
const pip = 'RUN pip install torch==2.4.0';
const copy = 'COPY dist /srv/app/dist';

/** Why the last line must stay below the one above it. */
function reason(above: string, below: string, before = '', base = 'debian:12'): string | undefined {
  const file = readDockerfile(`FROM node:22 AS builder\nCOPY . /src\nFROM ${base}\nWORKDIR /srv/app\n${before}${above}\n${below}\n`);
  const instructions = file.stages[1]?.instructions.slice(-2) ?? [];
  const [first, second] = instructions;
  if (first === undefined || second === undefined) throw new Error('two instructions are needed');
  return reasonToStay(file, first, second);
}

const python = 'python:3.12-slim';

describe('instructions that may change places', () => {
  it.each<[above: string, below: string, before?: string, base?: string]>([
    [copy, apt],
    ['COPY --from=builder /src/dist ./dist', apt],
    ['COPY dist ./', apt],
    ['RUN mkdir /srv/app/uploads', apt],
    ['COPY requirements.txt ./', pip, '', python],
    ['COPY requirements.txt /srv/app', pip, '', python],
    ['COPY --chown=app dist ./dist', apt],
    ['COPY --chown=1000:1000 dist ./dist', 'RUN usermod -u 1000 app'],
    [copy, 'ENV PORT=3000'],
    [copy, 'USER app'],
    ['COPY dist /srv/app/dist', 'WORKDIR /srv'],
    ['WORKDIR /srv/other', apt],
    ['COPY a.json ./', 'COPY dist ./dist'],
  ])('%s | %s', (above, below, before, base) => {
    expect(reason(above, below, before, base)).toBeUndefined();
  });
});

describe('instructions that keep their order', () => {
  const files = 'touch the same files';
  const state = 'runs in what';
  const unknown = 'reads and writes can\'t be told';
  const rows: [why: string, above: string, below: string, says: string, before?: string, base?: string][] = [
    ['the same files', copy, 'RUN chmod -R a+r /srv/app/dist', files],
    ['a folder and what lies in it', 'COPY . .', 'COPY dist ./dist', files],
    ['a program that nothing is known of', copy, 'RUN ./setup', unknown],
    ['a script from the network', copy, 'RUN curl -fsSL https://example.com/x.sh | sh', unknown],
    ['a script that can\'t be read', copy, 'RUN if [ -n "$A" ]; then $A; fi', unknown],
    ['settings of the system', 'COPY sources.list /etc/apt/sources.list', apt, files],
    ['programs', 'COPY --from=ghcr.io/astral-sh/uv:0.5 /uv /bin/', 'RUN pip install --no-cache-dir torch', files, '', python],
    ['folders of a layer of its own', 'COPY --link --chown=1000 dist ./dist', apt, 'lie over'],
    ['what a link leads to', 'COPY sources ./sources', apt, files, 'RUN ln -s /etc/apt /srv/app/sources\n'],
    ['a script among the programs', 'COPY docker-entrypoint.sh /usr/local/bin/docker-entrypoint.sh', apt, files],
    ['a program of the project, which a package might run', 'COPY --from=builder /src/bin/orders /usr/local/bin/orders', apt, files],
    ['a variable, which a package might look up', 'ENV PORT=3000', apt, state],
    ['a program that distributions have too', 'COPY --from=builder /src/bin/git /usr/local/bin/git', apt, files],
    ['a program from elsewhere', 'COPY --from=aquasec/trivy /usr/local/bin/scanner /usr/local/bin/scanner', apt, files],
    ['settings of the user', 'COPY pip.conf /root/.pip/pip.conf', pip, files, '', python],
    ['settings in the home folder', 'COPY .netrc /home/app/.netrc', 'RUN curl -o /srv/x https://example.com', 'settings of the user', 'USER app\n'],
    ['what a variable names', 'COPY certs /srv/certs', 'RUN curl -o /srv/app/x https://example.com', files, 'ENV SSL_CERT_DIR=/srv/certs\n'],
    ['what lies beside the file that a variable names', 'COPY Gemfile.lock /srv/gems/Gemfile.lock', 'RUN bundle install', files, 'ENV BUNDLE_GEMFILE=/srv/gems/Gemfile\n', 'ruby:3.3'],
    ['modules of Python', 'COPY lib /opt/lib', 'RUN curl -o /srv/app/x https://example.com', files, 'ENV PYTHONPATH=/opt/lib\n'],
    ['a module where Python runs', 'COPY queue ./queue', 'RUN python -m pip install torch', files, '', python],
    ['settings of distutils', 'COPY setup.cfg ./', pip, files, '', python],
    ['what a requirements file may name beside it', 'COPY base.txt /srv/reqs/base.txt', 'RUN pip install -r /srv/reqs/all.txt', files, '', python],
    ['a workspace above', 'COPY pnpm-workspace.yaml /srv/pnpm-workspace.yaml', 'RUN pnpm install', 'may read what', '', 'node:22'],
    ['a manifest where the install runs', 'COPY requirements.txt ./', 'RUN pip install -r requirements.txt', files, '', python],
    ['a name that the text holds', 'COPY models.txt /srv/models.txt', 'RUN cd /srv && grep -c x models.txt', files],
    ['a bind mount', 'COPY dist ./dist', 'RUN --mount=type=bind,source=dist,target=/srv/app/dist apt-get install -y ffmpeg', files],
    ['a mount at a place nobody knows', copy, 'RUN --mount=type=cache,target=$CACHE apt-get install -y ffmpeg', unknown],
    ['an account that is made', 'RUN useradd app', 'COPY --chown=app dist ./dist', 'may change the account'],
    ['an account that is changed', 'COPY --chown=app dist ./dist', 'RUN usermod -u 1000 app', 'may change the account'],
    ['a folder that nobody made yet', 'COPY --chown=1000 dist /data/dist', 'RUN mkdir -p /data/uploads', 'both need `/data`'],
    ['a folder that the RUN needs', 'COPY dist /data/dist', 'RUN mkdir /data/uploads', 'both need `/data`'],
    ['a folder made under another umask', 'COPY dist /data/dist', 'RUN umask 077 && mkdir -p /data/uploads', 'both need `/data`'],
    ['a folder made by another user', 'COPY dist /data/dist', 'RUN mkdir -p /data/uploads', 'both need `/data`', 'USER app\n'],
    ['folders of two owners', 'COPY --chown=1000 a /data/a', 'COPY b /data/b', 'both need `/data`'],
    ['a folder that WORKDIR makes', 'COPY dist /data', 'WORKDIR /data', files],
    ['a folder that WORKDIR makes for another user', 'COPY dist /data/dist', 'WORKDIR /data', files, 'USER app\n'],
    ['where a COPY goes to', 'COPY dist dist', 'WORKDIR /data', 'is told where to by'],
    ['variables of a COPY', 'COPY $FROM dist', 'ENV A=1', 'uses variables'],
    ['the environment of a RUN', 'ENV A=1', 'RUN pip install torch', state, '', python],
    ['an argument', 'ARG A', pip, state, '', python],
    ['a variable that packages look up', 'ENV DEBIAN_FRONTEND=noninteractive', apt, state],
    ['a variable that the text names', 'ENV VERSION=1', 'RUN apt-get install -y ffmpeg=$VERSION', state],
    ['the user of a RUN', 'USER app', apt, state],
    ['the shell of a RUN', 'SHELL ["/bin/bash", "-c"]', apt, state],
    ['the folder of a RUN', 'WORKDIR /data', 'RUN pip install torch', state, '', python],
    ['a package given by its path', 'WORKDIR /data', 'RUN apt-get install -y ./a.deb', state],
    ['two installs of system packages', apt, 'RUN apt-get install -y curl', 'may run otherwise'],
    ['a RUN that may use what another installed', apt, 'RUN curl -o /srv/app/x https://example.com', 'may run otherwise'],
    ['two RUNs of which one is unknown', 'RUN mkdir /srv/app/a', 'RUN ./setup', unknown],
    ['accounts and packages, which may make accounts', 'RUN useradd --system app', apt, files],
    ['ONBUILD', copy, 'ONBUILD RUN true', 'nothing moves past'],
    ['VOLUME', copy, 'VOLUME /data', 'nothing moves past'],
    ['an upgrade that is meant to run again', copy, 'RUN apt-get update && apt-get upgrade -y', 'newest packages'],
    ['a comment about the place', copy, `# Must come after the sources\n${apt}`, 'speaks of its place'],
  ];
  it.each(rows)('%s', (_why, above, below, says, before, base) => {
    expect(reason(above, below, before, base)).toContain(says);
  });
});
