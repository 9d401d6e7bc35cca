import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { effectsOf, independent, isBelow, meet, type Effects } from '../src/model/effects.ts';

function effects(instruction: string, workdir = '/app'): Effects {
  const file = readDockerfile(`FROM debian:12\nWORKDIR ${workdir}\n${instruction}\n`);
  const last = file.instructions.at(-1);
  if (last === undefined) throw new Error('empty');
  return effectsOf(file, last);
}

describe('paths', () => {
  it('meet when one holds the other', () => {
    expect(meet(['/app'], ['/app/x'])).toBe(true);
    expect(meet(['/app'], ['/application'])).toBe(false);
    expect(meet('everything', ['/x'])).toBe(true);
    expect(meet('everything', [])).toBe(false);
    expect(isBelow('/a/b', '/')).toBe(true);
  });
});

describe('what an instruction writes', () => {
  const table: [instruction: string, writes: readonly string[] | 'everything'][] = [
    ['COPY . .', ['/app']],
    ['COPY a b /srv/', ['/srv']],
    ['COPY . $WHERE', 'everything'],
    ['ADD x.tar.gz /opt', ['/opt']],
    ['WORKDIR sub', ['/app/sub']],
    ['ENV A=1', []],
    ['RUN mkdir -p /data logs', ['/data', '/app/logs']],
    ['RUN cd /x && touch y', ['/x/y']],
    ['RUN echo hi > /etc/motd', ['/etc/motd']],
    ['RUN echo hi > "$FILE"', 'everything'],
    ['RUN echo hi 2>&1 >/dev/null', []],
    ['RUN rm -rf /tmp/*.deb', ['/tmp']],
    ['RUN chown -R me:me /srv', ['/srv']],
    ['RUN cp a /b', ['/b']],
    ['RUN mv a /b', ['/app/a', '/b']],
    ['RUN sed -i s/a/b/ conf', ['/app/conf']],
    ['RUN sed s/a/b/ conf', []],
    ['RUN curl -o /usr/local/bin/x https://e.example/x', ['/usr/local/bin/x']],
    ['RUN curl -fsSLo /opt/x.tgz https://e.example/x.tgz', ['/opt/x.tgz']],
    ['RUN curl -sSLO https://e.example/x', ['/app']],
    ['RUN curl -Lo/tmp/a https://e.example/a -o b https://e.example/b', ['/tmp/a', '/app/b']],
    ['RUN curl -fsSL https://e.example/x', []],
    ['RUN curl -d @body https://e.example/x', 'everything'],
    ['RUN wget https://e.example/x', ['/app']],
    ['RUN wget -qO /srv/x https://e.example/x', ['/srv/x']],
    ['RUN wget -qO- https://e.example/x', []],
    ['RUN wget -P /srv https://e.example/x', ['/srv']],
    ['RUN wget -i list', 'everything'],
    ['RUN tar -xzf /tmp/a.tgz -C /opt', ['/opt']],
    ['RUN tar xzf /tmp/a.tgz', ['/app']],
    ['RUN tar --exclude=x -czf a.tgz .', 'everything'],
    ['RUN sed -i.bak s/a/b/ conf', ['/app/conf', '/app/conf.bak']],
    ['RUN sed -Ei s/a/b/ conf', ['/app/conf']],
    ['RUN sed -n "/a/w out" conf', 'everything'],
    ['RUN chmod -x tool', ['/app/tool']],
    ['RUN chmod -R +x tools', ['/app/tools']],
    ['RUN install -d logs /data', ['/app/logs', '/data']],
    ['RUN ln -s /srv/x', ['/srv/x', '/app']],
    ['RUN cp -rt /srv a', 'everything'],
    ['RUN useradd -rmd /app me', ['/etc', '/var/mail', '/var/spool', '/app']],
    ['RUN make', 'everything'],
    ['RUN ./setup.sh', 'everything'],
    ['RUN $TOOL', 'everything'],
    ['RUN npm run build', 'everything'],
    ['RUN mkdir $X', 'everything'],
    ['RUN cd $X && touch y', 'everything'],
    ['RUN true $(make)', 'everything'],
    ['RUN if x; then y; fi', 'everything'],
    ['RUN "unclosed', 'everything'],
  ];
  it.each(table)('%s', (instruction, writes) => {
    expect(effects(instruction).writes).toEqual(writes);
  });
});

it('variables say where packages go', () => {
  const file = (env: string): Effects => {
    const read = readDockerfile(`FROM python:3.12-slim\nWORKDIR /app\nENV ${env}\nRUN pip install flask\n`);
    const run = read.instructions.at(-1);
    return run === undefined ? effects('RUN make') : effectsOf(read, run);
  };
  expect(independent(effects('COPY . .'), file('PIP_TARGET=/app/lib'))).toBe(false);
  expect(independent(effects('COPY . .'), file('PIP_CONSTRAINT=constraints.txt'))).toBe(false);
  expect(independent(effects('COPY . .'), file('PIP_TARGET=/srv/lib'))).toBe(true);
});

describe('independence of a COPY of sources to /app', () => {
  const copy = effects('COPY . .');
  const table: [instruction: string, free: boolean][] = [
    ['RUN apt-get update && apt-get install -y curl', true],
    ['RUN apt-get install -y ./local.deb', false],
    ['RUN apk add --no-cache git', true],
    ['RUN pip install fastapi', true],
    ['RUN pip install ./package', false],
    ['RUN pip install --target lib fastapi', false],
    ['RUN cd / && pip install -t /app/lib fastapi', false],
    ['RUN PIP_CONSTRAINT=constraints.txt pip install fastapi', false],
    ['RUN PIP_CONSTRAINT=/etc/constraints.txt pip install fastapi', true],
    ['RUN uv pip install --system fastapi', false],
    ['RUN pip install -r requirements.txt', false],
    ['RUN npm install -g pnpm', true],
    ['RUN npm install express', false],
    ['RUN useradd -m me', true],
    ['RUN useradd -m -d /app me', false],
    ['RUN mkdir /data', true],
    ['RUN mkdir data', false],
    ['RUN chown -R me /app', false],
    ['RUN test -f /app/x', false],
    ['RUN ls /var', true],
    ['RUN dpkg -i x.deb', false],
    ['RUN apt-key add key.asc', false],
    ['RUN curl https://e.example/key | apt-key add -', true],
    ['RUN update-alternatives --install /usr/bin/python python /usr/bin/python3.12 1', true],
    ['RUN tar -xzf /app/a.tgz -C /opt', false],
    ['RUN cd /tmp && tar -xzf /tmp/a.tgz -C /opt', true],
    ['RUN grep -r x', false],
    ['RUN ls', false],
    ['RUN cd /tmp && curl -fsSLo /tmp/a https://e.example/a && echo "0a  /tmp/a" | sha256sum -c -', true],
    ['RUN ldconfig', false],
    ['RUN make', false],
    ['ENV A=1', true],
    ['COPY other /srv', true],
    ['COPY other /app/other', false],
    ['WORKDIR /srv', true],
  ];
  it.each(table)('%s', (instruction, free) => {
    expect(independent(copy, effects(instruction))).toBe(free);
  });

  it('a COPY over the system is never free of an install', () => {
    expect(independent(effects('COPY . /'), effects('RUN apt-get update'))).toBe(false);
    expect(independent(effects('COPY . /etc/apt'), effects('RUN apt-get update'))).toBe(false);
  });
});
