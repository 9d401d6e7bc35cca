import { describe, expect, it } from 'vitest';
import { fixed, instructions, keeps, keepsOrder, levels, staysAsItIs, withoutMounts, type Files } from './support/traps.ts';

/** Fixes of others that broke real builds by changing the order of layers; each test is about one way to fall. */

const ignore = { '.dockerignore': '.git\n' };
const json = (value: unknown): string => JSON.stringify(value);
const python = (run: string, between = ''): string => `FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\n${between}RUN ${run}\nUSER 1000\nCMD ["python", "app.py"]\n`;
const node = (run: string, between = ''): string => `FROM node:22-slim\nWORKDIR /app\nCOPY . .\n${between}RUN ${run}\nUSER node\nCMD ["node", "index.js"]\n`;
const flask = { ...ignore, 'requirements.txt': 'flask==3.1.0\n', 'app.py': '' };
const express = { ...ignore, 'package.json': json({ dependencies: { express: '4.21.2' } }), 'package-lock.json': json({ lockfileVersion: 3, packages: { '': { dependencies: { express: '4.21.2' } }, 'node_modules/express': { version: '4.21.2' } } }), 'index.js': '' };

describe('moving sources below an install', () => {
  it('is done where nothing speaks against it, so the rows below mean something', () => {
    expect(instructions(fixed('safe', python('pip install --no-cache-dir -r requirements.txt'), flask)).slice(2, 5)).toEqual(['COPY requirements.txt ./', 'RUN pip install --no-cache-dir -r requirements.txt', 'COPY . .']);
    expect(instructions(withoutMounts(fixed('safe', node('npm ci --omit=dev'), express))).slice(2, 5)).toEqual(['COPY package.json package-lock.json ./', 'RUN npm ci --omit=dev', 'COPY . .']);
  });
});

describe('moving sources below a download of a model', () => {
  const text = (env: string, flags: string): string => `FROM python:3.12-slim\nWORKDIR /app\n${env}COPY . .\nRUN hf download${flags} example/model\nUSER 1000\nCMD ["python", "app.py"]\n`;

  it('is done where it goes elsewhere', () => {
    expect(fixed('safe', text('', ''), flask)).toBe('FROM python:3.12-slim\nWORKDIR /app\nRUN hf download example/model\nCOPY . .\nUSER 1000\nCMD ["python", "app.py"]\n');
  });

  it('is not where it goes into the folder of the sources', () => {
    staysAsItIs(text('ENV HF_HOME=/app/models\n', ''), flask);
    staysAsItIs(text('', ' --local-dir models'), flask);
  });
});

describe('the later COPY must not lay itself over what was installed', () => {
  const rows: [name: string, text: string, files: Files][] = [
    ['node_modules that the ignore file takes back', node('npm ci'), { ...express, '.dockerignore': '.git\nnode_modules\n!node_modules\n', 'node_modules/express/index.js': '' }],
    ['node_modules of a sub-folder, of which only that of the root is excluded', 'FROM node:22-slim\nCOPY server /app\nWORKDIR /app\nRUN npm ci --omit=dev\nUSER node\nCMD ["node", "x.js"]\n', { '.dockerignore': 'node_modules\n!server/node_modules\n', 'server/package.json': '{}', 'server/package-lock.json': json({ lockfileVersion: 3, packages: { '': {} } }), 'server/node_modules/a/index.js': '' }],
    ['a virtual environment', 'FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.5.14 /uv /bin/uv\nWORKDIR /app\nCOPY . .\nRUN uv sync --frozen\nUSER 1000\nCMD ["app"]\n', { '.dockerignore': '.venv\n!.venv\n', 'pyproject.toml': '[project]\nname = "x"\nversion = "1"\n', 'uv.lock': '', '.venv/bin/python': '' }],
    ['vendor of Composer', 'FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install --no-autoloader --no-scripts\nUSER 1000\n', { '.dockerignore': '.git\n!vendor\n', 'composer.json': '{}', 'composer.lock': '{}', 'vendor/autoload.php': '' }],
    ['gems in the project', 'FROM ruby:3.3-slim\nWORKDIR /app\nENV BUNDLE_PATH=vendor/bundle BUNDLE_FROZEN=1\nCOPY . .\nRUN bundle install\nUSER 1000\nCMD ["ruby", "x.rb"]\n', { ...ignore, Gemfile: 'gem "rack"\n', 'Gemfile.lock': '', 'vendor/bundle/ruby/x.rb': '' }],
    ['packages installed into a folder of the sources', python('pip install --no-cache-dir --target lib -r requirements.txt'), { ...flask, 'lib/flask/__init__.py': '' }],
    ['a virtual environment that a variable leads to', `FROM python:3.12-slim\nWORKDIR /app\nRUN python -m venv /app/env\nENV PATH=/app/env/bin:$PATH\nCOPY . .\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n`, { ...flask, '.dockerignore': '.git\n!env\n', 'env/pyvenv.cfg': '' }],
    ['packages installed where a variable says', python('pip install --no-cache-dir -r requirements.txt').replace('COPY', 'ENV PIP_TARGET=/app/lib\nCOPY'), { ...flask, 'lib/flask/__init__.py': '' }],
    ['packages named and installed where a variable says', python('pip install --no-cache-dir flask==3.1.0').replace('COPY', 'ENV PIP_TARGET=/app/lib\nCOPY'), { ...flask, 'lib/flask/__init__.py': '' }],
    ['packages named and installed into a folder of the sources', python('pip install --no-cache-dir --target lib flask==3.1.0'), { ...flask, 'lib/flask/__init__.py': '' }],
  ];
  it.each(rows)('%s', (_name, text, files) => { keepsOrder(text, text.includes('COPY . .') ? 'COPY . .' : 'COPY server /app', /RUN (?!python -m)\w+ \w+/.exec(text)?.[0] ?? '', files); });

  it('what a fix excludes first is moved only then', () => {
    const text = node('npm ci --omit=dev');
    const { '.dockerignore': _, ...files } = express;
    expect(instructions(withoutMounts(fixed('safe', text, { ...files, 'node_modules/express/index.js': '' }))).indexOf('COPY . .')).toBeGreaterThan(2);
  });
});

describe('installs that need more than manifests', () => {
  const toml = (more = ''): string => `[project]\nname = "x"\nversion = "1"\ndependencies = ["flask"]\n${more}`;
  const scripts = (name: string): Files => ({ ...express, 'package.json': json({ dependencies: { express: '4.21.2' }, scripts: { [name]: 'node build.js' } }), 'build.js': '' });
  const rows: [name: string, text: string, files: Files][] = [
    ...['preinstall', 'install', 'postinstall', 'prepare'].map((name): [string, string, Files] => [`npm runs the project's ${name}`, node('npm ci --omit=dev'), scripts(name)]),
    ['pip builds the project', python('pip install --no-cache-dir .'), { ...flask, 'pyproject.toml': toml('[build-system]\nrequires = ["setuptools"]\n') }],
    ['pip links the project', python('pip install --no-cache-dir -e .'), { ...flask, 'setup.py': '' }],
    ['a requirement is a path', python('pip install --no-cache-dir -r requirements.txt'), { ...flask, 'requirements.txt': 'flask==3.1.0\n./packages/shared\n', 'packages/shared/setup.py': '' }],
    ['a requirement is linked', python('pip install --no-cache-dir -r requirements.txt'), { ...flask, 'requirements.txt': '-e .\n', 'setup.py': '' }],
    ['a dependency is a folder', node('npm ci --omit=dev'), { ...express, 'package.json': json({ dependencies: { shared: 'file:shared' } }), 'shared/package.json': '{}' }],
    ['a dependency is a link', node('yarn install --frozen-lockfile --production'), { ...ignore, 'package.json': json({ dependencies: { shared: 'link:./shared' } }), 'yarn.lock': '# yarn lockfile v1\n', 'shared/package.json': '{}' }],
    ['npm runs a script of a member of the workspace', node('npm ci --omit=dev'), { ...express, 'package.json': json({ workspaces: ['packages/*'] }), 'packages/a/package.json': json({ name: 'a', scripts: { prepare: 'tsc' } }) }],
    ['pnpm links a program of a member of the workspace', node('pnpm install --frozen-lockfile --prod'), { ...ignore, 'package.json': '{}', 'pnpm-lock.yaml': "lockfileVersion: '9.0'\n", 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n', 'packages/a/package.json': json({ name: 'a', bin: 'cli.js' }), 'packages/a/cli.js': '' }],
    ['a module of Go is replaced by a folder', 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go mod download\nRUN go build -o /x .\n\nFROM scratch\nCOPY --from=build /x /x\nUSER 1000\n', { ...ignore, 'go.mod': 'module x\n\nreplace example.com/y => ./y\n', 'go.sum': '', 'y/go.mod': 'module example.com/y\n' }],
    ['cargo has a workspace', 'FROM rust:1.83 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo fetch --locked\nRUN cargo build\n\nFROM debian:12-slim\nCOPY --from=build /src/target/debug/x /x\nUSER 1000\n', { ...ignore, 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'Cargo.lock': '', 'a/Cargo.toml': '[package]\nname = "a"\n', 'a/src/main.rs': '' }],
    ['cargo builds, with a build script', 'FROM rust:1.83 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo build --release --locked\n\nFROM debian:12-slim\nCOPY --from=build /src/target/release/x /x\nUSER 1000\n', { ...ignore, 'Cargo.toml': '[package]\nname = "x"\nbuild = "build.rs"\n', 'Cargo.lock': '', 'build.rs': '', 'src/main.rs': '' }],
    ['Composer runs scripts', 'FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev\nUSER 1000\n', { ...ignore, 'composer.json': json({ scripts: { 'post-install-cmd': 'php artisan x' } }), 'composer.lock': '{}', artisan: '' }],
    ['Composer lists classes', 'FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer install --no-dev --optimize-autoloader\nUSER 1000\n', { ...ignore, 'composer.json': json({ autoload: { classmap: ['src/'] } }), 'composer.lock': '{}', 'src/A.php': '' }],
    ['a Gemfile takes its gems from a gemspec', 'FROM ruby:3.3-slim\nWORKDIR /app\nCOPY . .\nRUN BUNDLE_FROZEN=1 bundle install\nUSER 1000\nCMD ["ruby", "x.rb"]\n', { ...ignore, Gemfile: 'gemspec\n', 'Gemfile.lock': '', 'x.gemspec': '' }],
    ['Maven has modules of unknown names', 'FROM maven:3.9-eclipse-temurin-21 AS build\nWORKDIR /src\nCOPY . .\nRUN mvn dependency:go-offline\nRUN mvn package\n\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/a/target/a.jar /a.jar\nUSER 1000\n', { ...ignore, 'pom.xml': '<project><modules><module>${name}</module></modules></project>', 'a/pom.xml': '<project/>' }],
    ['Gradle has projects of its own', 'FROM gradle:8-jdk21 AS build\nWORKDIR /src\nCOPY . .\nRUN gradle dependencies\nRUN gradle build\n\nFROM eclipse-temurin:21-jre\nCOPY --from=build /src/a/build/libs/a.jar /a.jar\nUSER 1000\n', { ...ignore, 'settings.gradle': 'include "a"\n', 'build.gradle': '', 'a/build.gradle': 'implementation project(":b")\n' }],
    ['a wheel lies in the sources', python('pip install --no-cache-dir --find-links wheels -r requirements.txt'), { ...flask, 'wheels/x-1-py3-none-any.whl': '' }],
    ['a local archive', python('apt-get install -y --no-install-recommends ./tool.deb'), { ...flask, 'tool.deb': '' }],
    ['a key of the sources', python('apt-key add key.asc && apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*'), { ...flask, 'key.asc': '' }],
  ];
  it.each(rows)('%s', (_name, text, files) => { keepsOrder(text, 'COPY . .', 'RUN', files, text.includes('.deb') || text.includes('apt-key') ? ['safe'] : levels); });

  it.each<[name: string, text: string, files: Files]>([
    ['the project is built by Poetry', python('poetry install --only main'), { ...ignore, 'pyproject.toml': '[tool.poetry]\nname = "x"\nversion = "1"\nreadme = "README.md"\n', 'poetry.lock': '', 'README.md': '', 'x/__init__.py': '' }],
    ['the project is built by uv, and reads its history', python('uv sync --frozen --no-dev'), { ...ignore, 'pyproject.toml': `${toml()}dynamic = ["version"]\n[build-system]\nrequires = ["hatchling", "hatch-vcs"]\n`, 'uv.lock': '' }],
  ])('%s, so what builds it stays below its sources', (_name, text, files) => { keepsOrder(text, 'COPY . .', /RUN .*/.exec(text)?.[0] ?? '', files); });

  it('all that is needed comes along: settings, programs and patches beside the manifest', () => {
    const files = { ...ignore, 'package.json': json({ packageManager: 'yarn@4.5.0', dependencies: { a: '1.0.0' } }), 'yarn.lock': '__metadata:\n  version: 8\n', '.yarnrc.yml': 'yarnPath: .yarn/releases/yarn-4.5.0.cjs\n', '.yarn/releases/yarn-4.5.0.cjs': '', '.yarn/patches/a.patch': '', '.npmrc': 'save-exact=true\n', 'index.js': '' };
    expect(instructions(withoutMounts(fixed('safe', node('yarn install --immutable'), files))).slice(2, 6)).toEqual([
      'COPY .npmrc .yarnrc.yml package.json yarn.lock ./', 'COPY .yarn/patches/a.patch ./.yarn/patches/', 'COPY .yarn/releases/yarn-4.5.0.cjs ./.yarn/releases/', 'RUN yarn install --immutable',
    ]);
  });

  it('and the files that a requirements file names', () => {
    const files = { ...flask, 'requirements.txt': '-r requirements/base.txt\n-c constraints.txt\n', 'requirements/base.txt': 'flask\n', 'constraints.txt': 'flask==3.1.0\n' };
    expect(instructions(fixed('safe', python('pip install --no-cache-dir -r requirements.txt'), files)).slice(2, 5)).toEqual([
      'COPY constraints.txt requirements.txt ./', 'COPY requirements/base.txt ./requirements/', 'RUN pip install --no-cache-dir -r requirements.txt',
    ]);
  });
});

describe('manifests that can not be copied by themselves', () => {
  const run = 'pip install --no-cache-dir -r requirements.txt';
  const rows: [name: string, text: string, files: Files][] = [
    ['the ignore file excludes it', python(run), { ...flask, '.dockerignore': 'requirements.txt\n' }],
    ['it is not there', python(run), { ...ignore, 'app.py': '' }],
    ['it is a link', python(run), { ...ignore, 'app.py': '', 'requirements.txt': '-> config/requirements.txt', 'config/requirements.txt': 'flask\n' }],
    ['it lies behind a linked folder', python('pip install --no-cache-dir -r config/requirements.txt'), { ...ignore, 'app.py': '', config: '-> settings', 'settings/requirements.txt': 'flask\n' }],
    ['it names a file outside of the context', python(run), { ...flask, 'requirements.txt': '-r ../shared/requirements.txt\n' }],
    ['its name comes from a variable', `ARG FILE=requirements.txt\n${python('pip install --no-cache-dir -r $FILE').replace('WORKDIR', 'ARG FILE\nWORKDIR')}`, flask],
  ];
  it.each(rows)('%s', (_name, text, files) => { keepsOrder(text, 'COPY . .', 'RUN', files); });

  it('one in a sub-folder keeps its place', () => {
    const files = { ...ignore, 'requirements/prod.txt': 'flask==3.1.0\n', 'requirements/dev.txt': 'pytest\n', 'app.py': '' };
    expect(instructions(fixed('safe', python('pip install --no-cache-dir -r requirements/prod.txt'), files)).slice(2, 5)).toEqual([
      'COPY requirements/prod.txt ./requirements/', 'RUN pip install --no-cache-dir -r requirements/prod.txt', 'COPY . .',
    ]);
  });
});

describe('commands that rewrite what a later COPY would bring back', () => {
  const pyproject = { ...ignore, 'pyproject.toml': '[tool.poetry]\npackage-mode = false\n[tool.poetry.dependencies]\nflask = "*"\n', 'poetry.lock': '', 'app.py': '' };
  const go = (run: string): string => `FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN ${run}\nRUN go build -o /x .\n\nFROM scratch\nCOPY --from=build /x /x\nUSER 1000\n`;
  const ruby = (run: string): string => `FROM ruby:3.3-slim\nWORKDIR /app\nCOPY . .\nRUN ${run}\nUSER 1000\nCMD ["ruby", "x.rb"]\n`;
  const rows: [name: string, text: string, files: Files][] = [
    ['npm with a lock file of another day', node('npm install --omit=dev'), { ...express, 'package.json': json({ dependencies: { express: '5.0.0' } }) }],
    ['npm that adds a package', node('npm install lodash@4.17.21'), express],
    ['yarn that adds a package', node('yarn add lodash@4.17.21'), { ...ignore, 'package.json': '{}', 'yarn.lock': '# yarn lockfile v1\n' }],
    ['go mod tidy', go('go mod tidy'), { ...ignore, 'go.mod': 'module x\n', 'go.sum': '', 'main.go': '' }],
    ['go get', go('go get ./...'), { ...ignore, 'go.mod': 'module x\n', 'go.sum': '', 'main.go': '' }],
    ['cargo update', 'FROM rust:1.83 AS build\nWORKDIR /src\nCOPY . .\nRUN cargo update\nRUN cargo build\n\nFROM debian:12-slim\nCOPY --from=build /src/target/debug/x /x\nUSER 1000\n', { ...ignore, 'Cargo.toml': '[package]\nname = "x"\n', 'Cargo.lock': '', 'src/main.rs': '' }],
    ['composer update', 'FROM composer:2\nWORKDIR /app\nCOPY . .\nRUN composer update --no-autoloader --no-scripts\nUSER 1000\n', { ...ignore, 'composer.json': '{}', 'composer.lock': '{}' }],
    ['poetry lock', python('poetry lock && poetry install --no-root'), pyproject],
    ['poetry add', python('poetry add flask'), pyproject],
    ['bundle lock', ruby('bundle lock && bundle install'), { ...ignore, Gemfile: 'gem "rack"\n', 'Gemfile.lock': '' }],
    ['bundle update', ruby('bundle update'), { ...ignore, Gemfile: 'gem "rack"\n', 'Gemfile.lock': '' }],
    ['pip-compile', python('pip-compile requirements.in && pip install --no-cache-dir -r requirements.txt'), { ...flask, 'requirements.in': 'flask\n' }],
  ];
  it.each(rows)('%s', (_name, text, files) => { keepsOrder(text, 'COPY . .', 'RUN', files, _name === 'npm with a lock file of another day' ? ['safe'] : levels); });

  it('pip freeze into the manifest', () => {
    const text = python('pip install --no-cache-dir -r requirements.txt && pip freeze > requirements.txt');
    keepsOrder(fixed('safe', text, flask), 'COPY . .', 'RUN pip freeze', flask, ['safe']);
  });
});

describe('what stands between the COPY and the install', () => {
  const install = 'pip install --no-cache-dir -r requirements.txt';
  const rows: [name: string, between: string][] = [
    ['deletes', 'RUN rm -rf tests requirements-dev.txt\n'], ['moves', 'RUN mv requirements.prod.txt requirements.txt\n'], ['copies', 'RUN cp config/a.ini config.ini\n'],
    ['generates', 'RUN python generate.py\n'], ['writes a file', 'RUN echo "flask" >> requirements.txt\n'], ['edits by sed', "RUN sed -i 's/a/b/' requirements.txt\n"], ['edits by sed and keeps a copy', "RUN sed -i.bak 's/a/b/' requirements.txt\n"],
    ['changes modes', 'RUN chmod -x app.py\n'], ['changes owners', 'RUN chown 1000 /app/app.py\n'], ['links', 'RUN ln -s config/app.ini\n'], ['downloads into the folder', 'RUN curl -fsSLo /app/model.bin https://example.com/model.bin\n'],
    ['downloads by wget', 'RUN wget -qO /app/model.bin https://example.com/model.bin\n'], ['unpacks an archive of the sources', 'RUN tar -xzf /app/vendor.tgz -C /opt\n'], ['unpacks into the folder', 'RUN cd / && tar -xzf /tmp/a.tgz -C /app\n'],
    ['runs a script', 'RUN ./configure\n'], ['runs make', 'RUN make\n'], ['lists', 'RUN ls > files.txt\n'], ['tests for a file', 'RUN test -f app.py\n'], ['searches', 'RUN grep -r TODO && true\n'], 
    ['copies from another image', 'COPY --from=busybox:1.37 /bin/busybox /app/busybox\n'], ['is a volume', 'VOLUME /app\n'], ['triggers later', 'ONBUILD COPY . .\n'],
  ];
  it.each(rows)('%s', (_name, between) => {
    const files = { ...flask, 'requirements.prod.txt': 'flask\n', 'override/x': '', 'config/a.ini': '' };
    keepsOrder(python(install, between), 'COPY . .', between.slice(0, -1), files);
    keepsOrder(python(install, between), 'COPY . .', `RUN ${install}`, files);
  });
});

describe('the environment of a step', () => {
  it('holds every ENV and ARG above it: only what is known to ignore them is passed safely', () => {
    for (const run of ['make', './build.sh', 'npm ci --omit=dev', 'pip install --no-cache-dir -r requirements.txt', 'npm run build']) {
      keepsOrder(`FROM node:22-slim\nARG GIT_COMMIT\nRUN ${run}\nLABEL revision=$GIT_COMMIT\nUSER node\nCMD ["node"]\n`, 'ARG GIT_COMMIT', `RUN ${run}`, undefined, ['safe']);
    }
    keepsOrder('FROM node:22-slim\nARG GIT_COMMIT\nENV COMMIT=$GIT_COMMIT\nRUN npm run build\nUSER node\nCMD ["node"]\n', 'ENV COMMIT', 'RUN npm', undefined, ['safe']);
  });

  it('is used also where the name stands in quotes, in braces or in a file that is run', () => {
    for (const use of ['echo "$GIT_COMMIT" > /v', "sh -c 'echo ${GIT_COMMIT:-none}' > /v", 'printenv GIT_COMMIT > /v']) {
      keepsOrder(`FROM debian:12-slim\nARG GIT_COMMIT\nRUN ${use}\nUSER 1000\n`, 'ARG', 'RUN');
    }
  });

  it('decides which value a COPY takes', () => {
    keepsOrder('FROM python:3.12-slim\nARG DIR=a\nWORKDIR /app\nCOPY $DIR .\nARG DIR=b\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\n', 'COPY', 'ARG DIR=b', { ...ignore, 'a/requirements.txt': '', 'b/requirements.txt': '' });
  });
});

describe('moves that gain nothing', () => {
  it('LABEL, EXPOSE, CMD, ENTRYPOINT, HEALTHCHECK, STOPSIGNAL and VOLUME stay where they are', () => {
    const text = [
      'FROM debian:12-slim', 'LABEL a=b', 'EXPOSE 8080', 'CMD ["./start"]', 'ENTRYPOINT ["/init"]', 'HEALTHCHECK --start-period=10s CMD ["./check"]', 'STOPSIGNAL SIGINT', 'VOLUME /data',
      'RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*', 'USER 1000', '',
    ].join('\n');
    staysAsItIs(text);
  });
});

describe('the COPY that is split', () => {
  it('takes the manifest that was there last', () => {
    const text = 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCOPY override/ ./\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n';
    for (const level of levels) {
      const above = instructions(fixed(level, text, { ...flask, 'override/requirements.txt': 'django==5.1.4\n' })).slice(2, 4).join('\n');
      expect(above, level).toMatch(/^COPY \. \.\nCOPY override|^COPY override\/requirements\.txt \.\/\nRUN|source=override\/requirements\.txt/);
    }
    keepsOrder(text, 'COPY . .', 'COPY override/ ./', { ...flask, 'override/x': '' });
  });

  it('carries owner, mode, destination and folder along', () => {
    const text = 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY --chown=1000:1000 --chmod=644 . app/\nWORKDIR /srv/app\nUSER 1000\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n';
    expect(fixed('safe', text, flask)).toBe([
      'FROM python:3.12-slim', 'WORKDIR /srv', 'COPY --chown=1000:1000 --chmod=644 requirements.txt app/', 'WORKDIR /srv/app', 'USER 1000',
      'RUN pip install --no-cache-dir -r requirements.txt', 'COPY --chown=1000:1000 --chmod=644 . /srv/app/', 'CMD ["python", "app.py"]', '',
    ].join('\n'));
  });

  it('is not split where the folders of its own layer would lie over others', () => {
    const text = 'FROM python:3.12-slim\nWORKDIR /srv/app\nCOPY --link --chown=1000:1000 . ./\nUSER 1000\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n';
    keepsOrder(text, 'COPY --link --chown=1000:1000 .', 'RUN', flask, ['safe']);
  });

  it('is not split where it keeps the parents of its files', () => {
    staysAsItIs('# syntax=docker/dockerfile:1.7-labs\nFROM python:3.12-slim\nWORKDIR /app\nCOPY --parents . .\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n', flask);
  });

  it('keeps what it excludes', () => {
    const text = '# syntax=docker/dockerfile:1.7-labs\nFROM python:3.12-slim\nWORKDIR /app\nCOPY --exclude=*.md . .\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n';
    keeps(text, ['COPY --exclude=*.md . .\n'], flask);
    keepsOrder(text.replace('*.md', '*.txt'), 'COPY', 'RUN', flask);
  });

  it('does not cross a volume of the same folder, where later writes may be lost', () => {
    keepsOrder('FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nVOLUME ["/app"]\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n', 'COPY . .', 'VOLUME', flask);
  });

  it('moves only below what it stood above in its own stage', () => {
    const text = 'FROM python:3.12-slim AS base\nWORKDIR /app\nCOPY . .\n\nFROM base\nRUN pip install --no-cache-dir -r requirements.txt\nUSER 1000\nCMD ["python", "app.py"]\n';
    staysAsItIs(text, flask);
  });
});
