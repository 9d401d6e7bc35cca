import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../src/cli.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { fixed, instructions, keeps, keepsCount, keepsOrder, levels, neverBrings, staysAsItIs, valueOf } from './support/traps.ts';

/** Fixes of others that broke real builds; each test is about one way to fall. Those about the order of layers have a file of their own. */

const apt = (packages: string, end = ''): string => `FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends \\\n${packages}${end}\nUSER 1000\n`;

describe('long lists of packages', () => {
  it('the backslash behind the last package stays where something follows', () => {
    const text = apt('    zlib1g-dev \\\n    ca-certificates \\\n', '    && rm -rf /var/lib/apt/lists/*');
    staysAsItIs(text);
  });

  it('what follows the list stays, and what is added comes behind it', () => {
    const text = apt('    zlib1g-dev \\\n    ca-certificates \\\n', '    && touch /etc/done');
    for (const level of levels) {
      expect(fixed(level, text)).toBe(text.replace('touch /etc/done', 'touch /etc/done \\\n    && rm -rf /var/lib/apt/lists/*'));
    }
  });

  it('the order of packages and of values of flags is the author\'s', () => {
    keeps('FROM alpine:3.20\nRUN apk add --repository https://dl.example.com/edge/testing --virtual .deps zlib-dev abuild\nUSER 1000\n', ['--repository https://dl.example.com/edge/testing --virtual .deps zlib-dev abuild']);
    keeps('FROM python:3.12-slim\nUSER 1000\nRUN pip install --index-url https://pypi.example.com/simple zope.interface==7.2 attrs==24.3.0\n', ['--index-url https://pypi.example.com/simple zope.interface==7.2 attrs==24.3.0']);
  });

  it('a comment line does not end the list', () => {
    const text = apt('    zlib1g-dev \\\n    # for https\n    ca-certificates \\\n\n    # the end\n    curl');
    for (const level of levels) {
      const result = fixed(level, text);
      expect(result).toContain('    # for https\n    ca-certificates \\\n    # the end\n    curl');
      expect(instructions(result)).toHaveLength(3);
    }
  });
});

describe('edits', () => {
  it('are placed by offsets: a tab is one character', () => {
    expect(fixed('safe', 'FROM debian:12-slim\nRUN\tapt-get update \\\n\t&&\tapt-get install -y\tcurl\nUSER 1000\n'))
      .toBe('FROM debian:12-slim\nRUN\tapt-get update \\\n\t&&\tapt-get install -y\tcurl \\\n\t&&\trm -rf /var/lib/apt/lists/*\nUSER 1000\n');
  });

  it('do not glue lines together where the file has no last newline', () => {
    const text = 'FROM python:3.12-slim\nUSER 1000\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt';
    const result = fixed('safe', text, { '.dockerignore': '.git\n', 'requirements.txt': 'flask==3.1.0\n', 'app.py': '' });
    expect(instructions(result)).toEqual(['FROM python:3.12-slim', 'USER 1000', 'WORKDIR /app', 'COPY requirements.txt ./', 'RUN pip install --no-cache-dir -r requirements.txt', 'COPY . .']);
  });

  it('behind the end of the file are none: the last line can be fixed', () => {
    expect(fixed('safe', 'FROM debian:12-slim\nUSER 1000\nCMD ./start --fast')).toBe('FROM debian:12-slim\nUSER 1000\nCMD ["./start", "--fast"]');
  });

  it('take an instruction whole, however many lines it has', () => {
    const text = 'FROM debian:12-slim\nUSER 1000\nCMD ./start \\\n    --fast\nEXPOSE 8080\n';
    expect([text, text.replace('./start \\\n    --fast', '["./start", "--fast"]')]).toContain(fixed('safe', text));
    keeps('FROM debian:12-slim\nUSER 1000\nCMD ./start \\\n  # slowly\n  --slow\nEXPOSE 8080\n', ['  # slowly\n', 'EXPOSE 8080\n']);
  });

  it('take no backslash into a JSON array', () => {
    neverBrings(/"\\\\/, 'FROM debian:12-slim\nUSER 1000\nENTRYPOINT ./start \\\n  --one \\\n  --two\nCMD --three \\\n  --four\n');
  });
});

describe('what is data stays as it is', () => {
  it('blanks in quotes and behind an escaped blank', () => {
    keeps('FROM debian:12-slim\nENV A=hello\\  B=world C="a  b"\nUSER 1000\nRUN echo "two  blanks" \'and   three\'\n', ['A=hello\\  B=world C="a  b"', '"two  blanks" \'and   three\'']);
    const text = 'FROM debian:12-slim\nENV A=hello\\  B=world\nUSER 1000\n';
    for (const level of levels) expect([valueOf(fixed(level, text), 'A'), valueOf(fixed(level, text), 'B')]).toEqual(['hello ', 'world']);
  });

  it('here-documents, whatever they look like', () => {
    staysAsItIs([
      'FROM debian:12-slim', 'COPY <<EOF /etc/app/readme.md', '# Title', '', '  * apt-get install curl', 'CMD start', 'EOF',
      'COPY <<-"PY" /etc/app/job.py', '\timport os', '\tos.system("apt-get update")', 'PY',
      'COPY <<ONE <<TWO /etc/app/', '[ini]', 'key   =  value', 'ONE', 'a = [ 1,2 ]', 'TWO', 'USER 1000', '',
    ].join('\n'));
  });

  it('comments, the last newline, CRLF and the byte order mark', () => {
    const text = '\ufeff# top\r\nFROM debian:12-slim\r\nRUN apt-get update \\\r\n    # why\r\n    && apt-get install -y --no-install-recommends tini\r\n# last\r\nUSER 1000\r\nCMD ./start\r\n';
    expect(fixed('safe', text)).toBe(text.replace('tini\r\n', 'tini \\\r\n    && rm -rf /var/lib/apt/lists/*\r\n').replace('CMD ./start', 'CMD ["./start"]'));
  });

  it('shell text is never printed back: case patterns and sed scripts keep every character', () => {
    const script = 'case "$(uname -m)" in x86_64) a=amd64 ;; (aarch64|arm64) a=arm64 ;; *) exit 1 ;; esac; sed -i -e "s~a=b~c=d~" -e \'/^#/d\' /etc/apt/sources.list';
    const text = `FROM debian:12-slim\nRUN ${script}; apt-get update && apt-get install -y --no-install-recommends curl\nUSER 1000\n`;
    keeps(text, [script, 'apt-get update && apt-get install -y --no-install-recommends curl']);
  });
});

describe('variables', () => {
  const values: [text: string, name: string, value: string][] = [
    ['ENV J "-Xmx512m -Xms256m"', 'J', '-Xmx512m -Xms256m'],
    ['ENV J one \\\n    two', 'J', 'one     two'],
    ["ENV J it's", 'J', 'its'],
    ['ENV J a=b c', 'J', 'a=b c'],
    ['ENV J   x  y ', 'J', 'x  y'],
    ['ENV J "a" \'b\' \\"c', 'J', 'a b "c'],
    ['ENV J=a\\ b K="c d"', 'J', 'a b'],
  ];
  it.each(values)('%s keeps its value', (line, name, value) => {
    const text = `FROM debian:12-slim\n${line}\nUSER 1000\n`;
    const before = valueOf(text, name);
    if (!line.includes("'s")) expect(before).toBe(value);
    for (const level of levels) expect(valueOf(fixed(level, text), name), level).toBe(before);
  });

  it('a list of names stays a list: nothing is put in quotes', () => {
    keeps('FROM debian:12-slim\nARG LIST="curl git"\nRUN apt-get update && apt-get install -y --no-install-recommends $LIST && rm -rf /var/lib/apt/lists/*\nUSER 1000\n', ['--no-install-recommends $LIST &&']);
  });
});

describe('COPY and ADD', () => {
  const added = [
    'ADD $ARCHIVE /opt/', 'ADD dist/*.tar.gz /opt/', 'ADD rootfs.tar.xz /opt/', 'ADD release /opt/', 'ADD https://example.com/tool /usr/local/bin/tool', 'ADD git@github.com:example/tool.git /src/tool',
    'ADD https://github.com/example/tool.git#v1 /src/tool', 'ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/x /x',
    'ADD --keep-git-dir=true https://github.com/example/tool.git /src/tool', 'ADD --unpack=true bundle.bin /opt/',
  ];
  it.each(added)('%s stays', (line) => {
    const text = `# syntax=docker/dockerfile:1\nFROM debian:12-slim\nARG ARCHIVE\n${line}\nUSER 1000\n`;
    for (const files of [undefined, { '.dockerignore': '.git\n', 'rootfs.tar.xz': 'x', 'dist/a.tar.gz': 'x', release: 'x\0', 'bundle.bin': 'x' }]) keeps(text, [line], files);
  });

  it('the mode of a folder becomes no --chmod, which would hold for every file below it', () => {
    neverBrings(/--chmod/, 'FROM debian:12-slim\nCOPY data /data\nRUN chmod 700 /data\nUSER 1000\n');
    neverBrings(/--chmod/, 'FROM debian:12-slim\nCOPY data /data\nRUN chmod -R 755 /data\nUSER 1000\n', { '.dockerignore': '.git\n', 'data/a': '', 'data/b/c': '' });
  });

  it('no symbolic mode comes under an older syntax, and none beside --link', () => {
    neverBrings(/--chmod/, '# syntax=docker/dockerfile:1.2\nFROM debian:12-slim\nCOPY run.sh /run.sh\nRUN chmod u+x /run.sh\nUSER 1000\n');
    neverBrings(/--chmod/, '# syntax=docker/dockerfile:1\nFROM debian:12-slim\nCOPY --link run.sh /run.sh\nRUN chmod 755 /run.sh\nUSER 1000\n');
  });

  it('files of root that a service may only read get no owner', () => {
    neverBrings(/--chown/, 'FROM debian:12-slim\nRUN useradd --system app\nWORKDIR /app\nCOPY server.py config.toml ./\nCOPY static static\nUSER app\nCMD ["./server.py"]\n');
  });
});

describe('commands that need their shell', () => {
  const kept = [
    'exec gunicorn app:app', 'cd /app && ./start', 'source env && ./start', '. ./env; ./start', 'ulimit -n 4096; ./start', './start # slowly', './start a\\ b',
    'MODE=fast ./start', './start *.conf', './start --port $PORT', './start "$@"', './migrate && ./start', './start || true', './start | tee log', './start > log', './start &', './start ~/data', './start {a,b}', 'export A=1', 'if true; then ./start; fi', './start `date`',
  ];
  it.each(kept)('CMD %s is not run without it', (command) => {
    keeps(`FROM debian:12-slim\nUSER 1000\nCMD ${command}\n`, [`CMD ${command}\n`]);
    keeps(`FROM debian:12-slim\nUSER 1000\nENTRYPOINT ${command}\n`, [`ENTRYPOINT ${command}\n`]);
  });

  it('nor under a shell of its own', () => {
    staysAsItIs('FROM debian:12-slim\nSHELL ["/bin/bash", "--login", "-c"]\nUSER 1000\nCMD conda run app\n');
    staysAsItIs('FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell", "-Command"]\nCMD Start-Service app\n');
  });

  it('a CMD stays above a SHELL that stands below it', () => {
    keepsOrder('FROM debian:12-slim\nUSER 1000\nCMD ./start $PORT\nSHELL ["/bin/bash", "-c"]\n', 'CMD', 'SHELL');
    keepsOrder('FROM debian:12-slim\nCMD ./start\nSHELL ["/bin/bash", "-c"]\nRUN apt-get update\n', 'CMD', 'SHELL');
  });

  it('a HEALTHCHECK keeps what makes its exit status one of two', () => {
    keeps('FROM debian:12-slim\nUSER 1000\nHEALTHCHECK CMD curl -f http://localhost/ || exit 1\n', ['curl -f http://localhost/ || exit 1']);
  });

  it('cd in a RUN becomes no WORKDIR', () => {
    const text = 'FROM debian:12-slim\nCOPY src /src\nRUN cd /src && make\nRUN ls\nUSER 1000\n';
    keeps(text, ['RUN cd /src && make\n', 'RUN ls\n']);
    neverBrings(/WORKDIR/, text);
  });
});

describe('things only the author knows', () => {
  it('a platform stays', () => {
    keeps('FROM --platform=linux/amd64 debian:12-slim AS build\nRUN make\n\nFROM --platform=$TARGETPLATFORM debian:12-slim\nCOPY --from=build /x /x\nUSER 1000\n', ['--platform=linux/amd64']);
  });

  it('http stays http', () => {
    keeps('FROM debian:12-slim\nADD http://mirror.example.com/x /x\nRUN curl -fsSL http://mirror.example.com/y -o /y\nUSER 1000\n', ['http://mirror.example.com/x', 'http://mirror.example.com/y']);
  });

  it('no user comes where the service binds a low port, or keeps its data in a volume', () => {
    neverBrings(/^USER/m, 'FROM debian:12-slim\nCOPY server /server\nEXPOSE 80\nCMD ["/server"]\n');
    neverBrings(/^USER/m, 'FROM debian:12-slim\nCOPY server /server\nCMD ["/server", "--port", "443"]\n');
    neverBrings(/^USER/m, 'FROM debian:12-slim\nCOPY server /server\nVOLUME /var/lib/server\nCMD ["/server"]\n');
  });

  it('no user comes safely: folders of root may be written to', () => {
    const text = 'FROM debian:12-slim\nWORKDIR /app\nCOPY server .\nCMD ["./server"]\n';
    expect(fixed('safe', text)).toBe(text);
  });

  it('no version is invented', () => {
    neverBrings(/[=<>~@]=?\s*\d|:\d/, 'FROM python\nUSER 1000\nRUN pip install --no-cache-dir flask uvicorn\nRUN npm install -g pm2\n');
    neverBrings(/:[^\n]*\d/, 'FROM node:latest AS a\nFROM node\nUSER node\nCMD ["node"]\n');
    neverBrings(/[=~]\d/, 'FROM alpine:3.20\nRUN apk add --no-cache curl\nUSER 1000\n');
  });
});

describe('RUN instructions that must not become one', () => {
  const two = (first: string, second = 'apt-get install -y --no-install-recommends curl'): string => `FROM debian:12-slim\nRUN ${first}\nRUN ${second}\nUSER 1000\n`;

  it('although others may', () => {
    for (const level of levels) expect(instructions(fixed(level, two('apt-get update'))), level).toHaveLength(3);
  });

  const apart: [name: string, text: string][] = [
    ['a folder would leak', two('cd /tmp && apt-get update')],
    ['an exported name would leak', two('export DEBIAN_FRONTEND=noninteractive && apt-get update')],
    ['a name would leak', two('A=2 && apt-get update')],
    ['a path would leak', two('PATH=/opt/bin:$PATH && apt-get update')],
    ['a mask would leak', two('umask 077 && apt-get update')],
    ['a mode of the shell would leak', two('set +e && apt-get update')],
    ['another mode would leak', two('set -u && apt-get update')],
    ['a trap would leak', two('trap "rm -f /x" EXIT && apt-get update')],
    ['a function would leak', two('apt_get() { command apt-get "$@"; } && apt-get update')],
    ['a failure that does not count would', two('apt-get update; true')],
    ['the second one goes on behind a failure', two('apt-get update', 'apt-get install -y --no-install-recommends curl; touch /x')],
    ['a test that is turned round', two('apt-get update', '! grep -q x /etc/apt/sources.list && apt-get install -y --no-install-recommends curl')],
    ['an alternative in the first', two('apt-get update || apt-get update')],
    ['an alternative in the second', two('apt-get update', 'apt-get install -y --no-install-recommends curl || true')],
    ['something is left running', two('apt-get update && sleep 1 &')],
    ['a mount belongs to one', two('--mount=type=cache,target=/var/cache/apt apt-get update')],
    ['a secret belongs to one', two('apt-get update', '--mount=type=secret,id=x apt-get install -y --no-install-recommends curl')],
    ['the network belongs to one', two('apt-get update', '--network=none apt-get install -y --no-install-recommends curl')],
    ['rights belong to one', two('--security=insecure apt-get update')],
    ['one has no shell', two('["apt-get", "update"]')],
    ['the other has none', two('apt-get update', '["apt-get", "install", "-y", "--no-install-recommends", "curl"]')],
    ['one is a here-document', two('<<EOF\napt-get update\nEOF')],
    ['the other is', two('apt-get update', '<<EOF\nset -e\napt-get install -y --no-install-recommends curl\nEOF')],
    ['a comment of the shell ends the first', two('apt-get update # lists')],
    ['a user stands between', 'FROM debian:12-slim\nRUN apt-get update\nUSER root\nRUN apt-get install -y --no-install-recommends curl\nUSER 1000\n'],
  ];
  it.each(apart)('%s', (_name, text) => { keepsCount('RUN', text); });

  it('no RUN becomes a here-document, and none is taken out of one', () => {
    neverBrings(/<</, 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl && make && make install\nUSER 1000\n');
    keeps('FROM debian:12-slim\nRUN <<EOF\nset -e\nmake\nmake install\nEOF\nUSER 1000\n', ['RUN <<EOF\nset -e\nmake\nmake install\nEOF\n']);
  });
});

describe('shells and programs differ', () => {
  it('pipefail is brought to no shell that may lack it, or where a program ends its pipe early', () => {
    for (const image of ['debian:12-slim', 'alpine:3.20', 'ubuntu:24.04']) {
      neverBrings(/pipefail|SHELL/, `FROM ${image}\nRUN yes | ./setup\nRUN curl -fsSL https://example.com/x.tgz | tar -xz -C /opt\nUSER 1000\n`);
    }
  });

  it('wget gets no flag that BusyBox refuses', () => {
    neverBrings(/--progress|--no-verbose|-nv/, 'FROM alpine:3.20\nRUN wget https://example.com/x -O /x\nUSER 1000\n');
  });

  it('apt list has no twin', () => {
    keeps('FROM debian:12-slim\nRUN apt list --installed > /packages.txt\nUSER 1000\n', ['apt list --installed']);
  });
});

describe('package lists and caches', () => {
  const clean = /rm -rf \/var\/lib\/apt\/lists/;

  it('lists stay where a later install of the stage needs them', () => {
    const text = 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nCOPY keys /etc/keys/\nRUN ./setup && apt-get install -y --no-install-recommends git\nUSER 1000\n';
    neverBrings(clean, text);
  });

  it('or one of a stage built on it', () => {
    neverBrings(clean, 'FROM debian:12-slim AS base\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n\nFROM base\nRUN apt-get install -y --no-install-recommends git\nUSER 1000\n');
  });

  it('no cache of apt is mounted where the list comes from a layer of its own', () => {
    neverBrings(/--mount/, 'FROM debian:12-slim\nRUN apt-get update\nCOPY x /x\nRUN /x && apt-get install -y --no-install-recommends curl\nUSER 1000\n');
    neverBrings(/docker-clean|keep-cache/i, 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends curl\nUSER 1000\n');
  });

  const hidden: [name: string, folder: RegExp, text: string][] = [
    ['what cargo built and another stage copies', /target=\/src\/target/, 'FROM rust:1.83 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release\n\nFROM debian:12-slim\nCOPY --from=build /src/target/release/x /x\nUSER 1000\n'],
    ['modules that a later build reads', /\/go\/pkg\/mod/, 'FROM golang:1.23\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN go build -o /x .\nUSER 1000\n'],
    ['modules that a build without network reads', /\/go\/pkg\/mod/, 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY go.mod go.sum ./\nRUN go mod download\nCOPY . .\nRUN --network=none go build -o /x .\n\nFROM debian:12-slim\nCOPY --from=build /x /x\nUSER 1000\n'],
    ['packages that a publish without restore reads', /\.nuget/, 'FROM mcr.microsoft.com/dotnet/sdk:9.0 AS build\nWORKDIR /src\nCOPY x.csproj .\nRUN dotnet restore\nCOPY . .\nRUN dotnet publish --no-restore -o /out\n\nFROM mcr.microsoft.com/dotnet/aspnet:9.0\nCOPY --from=build /out /out\nUSER 1000\n'],
    ['the repository of Maven that an offline build reads', /\.m2/, 'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /src\nCOPY pom.xml .\nRUN mvn dependency:go-offline\nCOPY . .\nRUN mvn -o package\n\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/target/x.jar /x.jar\nUSER 1000\n'],
    ['wheels that another stage installs from', /\.cache\/pip/, 'FROM python:3.12 AS build\nRUN pip install lxml==5.3.0\n\nFROM python:3.12-slim\nCOPY --from=build /root/.cache /root/.cache\nRUN pip install lxml==5.3.0 && rm -rf /root/.cache\nUSER 1000\n'],
    ['a cache that a later step packs', /\.npm/, 'FROM node:22-slim AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nRUN tar -czf /cache.tgz /root/.npm\n\nFROM node:22-slim\nCOPY --from=build /cache.tgz /\nUSER node\n'],
    ['the repository of Maven that another stage takes', /\.m2/, 'FROM maven:3.9-eclipse-temurin-21 AS deps\nWORKDIR /src\nCOPY pom.xml .\nRUN mvn dependency:go-offline\n\nFROM eclipse-temurin:21-jre\nCOPY --from=deps /root/.m2/repository /repository\nUSER 1000\n'],
    ['node_modules', /target=[^ ]*node_modules/, 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nUSER node\nCMD ["node", "x.js"]\n'],
    ['crates of a single stage', /\/usr\/local\/cargo/, 'FROM rust:1.83\nWORKDIR /src\nCOPY . .\nRUN cargo fetch\nRUN --network=none cargo build --offline\nUSER 1000\n'],
  ];
  it.each(hidden)('no mount hides %s', (_name, folder, text) => {
    for (const level of levels) {
      const mounts = fixed(level, text).split(/\s+/).filter((word) => word.startsWith('--mount=type=cache'));
      expect(mounts.filter((mount) => folder.test(mount)), level).toEqual([]);
    }
  });

  it('a cache lies in the home of whoever runs the command', () => {
    neverBrings(/\/root/, 'FROM python:3.12-slim\nRUN useradd -m app\nUSER app\nRUN pip install --user flask==3.1.0\n');
    neverBrings(/\/root/, 'FROM python:3.12-slim\nENV HOME=/srv\nRUN pip install flask==3.1.0\nUSER 1000\n');
    neverBrings(/\/root/, 'FROM registry.example.com/python:1\nRUN pip install flask==3.1.0\n');
  });

  it('apk keeps its flag beside a mount', () => {
    keeps('FROM alpine:3.20\nRUN --mount=type=cache,target=/var/cache/apk apk add --no-cache curl\nUSER 1000\n', ['apk add --no-cache curl']);
  });

  it('recommended packages are left out only by who asks for it, and certificates are named then', () => {
    const text = 'FROM debian:12-slim\nRUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\nUSER 1000\n';
    expect(fixed('safe', text)).toBe(text);
    expect(fixed('unsafe', text)).toBe(text.replace('-y curl', '-y --no-install-recommends ca-certificates curl'));
  });

  it('gems stay where they are', () => {
    neverBrings(/BUNDLE_/, 'FROM ruby:3.3-slim\nWORKDIR /app\nCOPY Gemfile Gemfile.lock ./\nRUN bundle install\nCOPY . .\nUSER 1000\nCMD ["ruby", "x.rb"]\n');
  });
});

describe('a run over files', () => {
  let folder = '';
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'shipshape-traps-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(...words: readonly string[]): Promise<{ code: number; output: string }> {
    let output = '';
    const stream = { isTerminal: false, columns: undefined, write: (text: string) => { output += text; } };
    const code = await main(words, { folder, environment: {}, output: stream, errors: stream, readInput: () => Promise.resolve(new Uint8Array()) });
    return { code, output };
  }

  it('is not stopped by a file that no one can parse, which is reported too', async () => {
    writeFileSync(join(folder, 'a.Dockerfile'), 'FRO debian\nRUN <<EOF\nnever ends\n');
    writeFileSync(join(folder, 'b.Dockerfile'), '\0\u001b[31m');
    writeFileSync(join(folder, 'c.Dockerfile'), 'FROM debian:12-slim\nUSER 1000\nCMD ./start\n');
    const { code, output } = await run('.', '--fix', '--format', 'json');
    expect(code).not.toBe(0);
    for (const name of ['a.Dockerfile', 'b.Dockerfile', 'c.Dockerfile']) expect(output).toContain(name);
    expect(readFileSync(join(folder, 'c.Dockerfile'), 'utf8')).toContain('CMD ["./start"]');
    expect(readFileSync(join(folder, 'a.Dockerfile'), 'utf8')).toBe('FRO debian\nRUN <<EOF\nnever ends\n');
  });

  it('writes what parses, and keeps mode, line endings, byte order mark and links', async () => {
    const text = '\ufeffFROM debian:12-slim\r\nUSER 1000\r\nCMD ./start\r\n';
    writeFileSync(join(folder, 'real'), text);
    chmodSync(join(folder, 'real'), 0o640);
    symlinkSync('real', join(folder, 'Dockerfile'));
    await run('Dockerfile', '--fix');
    expect(readFileSync(join(folder, 'real'), 'utf8')).toBe(text.replace('./start', '["./start"]'));
    expect(statSync(join(folder, 'real')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(folder, 'Dockerfile')).isSymbolicLink()).toBe(true);
    expect(readdirSync(folder).sort()).toEqual(['Dockerfile', 'real']);
  });

  it('changes nothing the second time', async () => {
    const text = 'FROM debian:12-slim\nRUN apt-get update\nRUN apt-get install -y curl\nCMD ./start\n';
    for (const level of levels) {
      const once = fixed(level, text);
      expect(fixed(level, once)).toBe(once);
      expect(readDockerfile(once).problems).toEqual([]);
    }
  });
});
