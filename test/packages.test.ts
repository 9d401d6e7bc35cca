import { describe, expect, it } from 'vitest';
import { readDockerfile } from '../src/model/dockerfile.ts';
import { cachePath, managers, readInvocation, type Invocation } from '../src/model/packages.ts';

function read(script: string): Invocation | undefined {
  const [command] = readDockerfile(`FROM x\nRUN ${script}\n`).commands;
  return command === undefined ? undefined : readInvocation(command);
}

const texts = (words: readonly { text: string }[]): string => words.map(({ text }) => text).join(' ');

/** A command line; what is read of it as `manager action: packages | manifests | directory`, or undefined. */
type Row = readonly [script: string, read: string | undefined];

function summary(script: string): string | undefined {
  const invocation = read(script);
  if (invocation === undefined) return undefined;
  const { manager, action, packages, manifestFlags, directory } = invocation;
  const tail = [texts(packages), texts(manifestFlags), directory?.text ?? ''].join(' | ').replace(/( \| )+$/, '');
  return `${manager.name} ${action}${tail === '' ? '' : `: ${tail}`}`;
}

const rows: Readonly<Record<string, readonly Row[]>> = {
  system: [
    ['apt-get update', 'apt-get refresh'],
    ['sudo -E apt-get -y update', 'apt-get refresh'],
    ['/usr/bin/apt-get install -y curl git', 'apt-get install-named: curl git'],
    ['apt-get -yqq install --no-install-recommends -t bookworm-backports curl=1.2', 'apt-get install-named: curl=1.2'],
    ['apt-get install -t=sid -o Dpkg::Options::=--force-confold ./local.deb $EXTRA', 'apt-get install-named: ./local.deb $EXTRA'],
    ['apt-get install -y', 'apt-get install-named'],
    ['apt install -y -- curl', 'apt-get install-named: curl'],
    ['aptitude safe-upgrade', 'apt-get upgrade'],
    ['apt-get purge -y --auto-remove gcc', 'apt-get remove: gcc'],
    ['apt-get clean', 'apt-get clean'],
    ['apt-get source nginx', 'apt-get download: nginx'],
    ['apt-get frobnicate', undefined],
    ['apt-get $ACTION curl', undefined],
    ['apt-get --version', 'apt-get query'],
    ['apt-cache policy', undefined],
    ['apk add --no-cache -t .build-deps gcc musl-dev', 'apk install-named: gcc musl-dev'],
    ['apk --no-cache add --virtual=.deps --repository https://x/edge curl', 'apk install-named: curl'],
    ['apk update', 'apk refresh'],
    ['apk del .build-deps', 'apk remove: .build-deps'],
    ['apk cache clean', 'apk clean'],
    ['apk info -v', 'apk query'],
    ['dnf -y install --setopt install_weak_deps=False --enablerepo crb git', 'dnf install-named: git'],
    ['dnf group install "Development Tools"', 'dnf install-named: Development Tools'],
    ['dnf clean all', 'dnf clean'],
    ['dnf makecache', 'dnf refresh'],
    ['dnf config-manager --set-enabled crb', 'dnf configure'],
    ['dnf module enable nodejs:20', 'dnf configure'],
    ['microdnf install -y --nodocs --setopt=tsflags=nodocs shadow-utils', 'microdnf install-named: shadow-utils'],
    ['microdnf update -y', 'microdnf upgrade'],
    ['yum -y -q localinstall /tmp/a.rpm', 'yum install-named: /tmp/a.rpm'],
    ['tdnf install -y ca-certificates', 'tdnf install-named: ca-certificates'],
    ['zypper -n in --no-recommends -r repo curl', 'zypper install-named: curl'],
    ['zypper --non-interactive refresh', 'zypper refresh'],
    ['zypper cc -a', 'zypper clean'],
    ['pacman -Syu --noconfirm', 'pacman upgrade'],
    ['pacman -Sy', 'pacman refresh'],
    ['pacman --noconfirm -Syu curl', 'pacman install-named: curl'],
    ['pacman -S --needed --overwrite "*" base-devel', 'pacman install-named: base-devel'],
    ['pacman -Scc --noconfirm', 'pacman clean'],
    ['pacman -Rns git', 'pacman remove: git'],
    ['pacman -Qi git', 'pacman query'],
    ['pacman --sync git', undefined],
  ],
  pip: [
    ['pip install flask "torch>=2,<3"', 'pip install-named: flask torch>=2,<3'],
    ['pip install requirements.txt', 'pip install-named: requirements.txt'],
    ['pip install -r requirements.txt', 'pip install-manifest:  | requirements.txt'],
    ['pip3.11 install --no-cache-dir -rrequirements.txt', 'pip install-manifest:  | requirements.txt'],
    ['pip install -Ur requirements.txt', 'pip install-manifest:  | requirements.txt'],
    ['pip install --requirement=a.txt -c b.txt gunicorn', 'pip install-manifest: gunicorn | a.txt b.txt'],
    ['pip install -c constraints.txt flask', 'pip install-named: flask | constraints.txt'],
    ['pip install -U pip setuptools', 'pip install-named: pip setuptools'],
    ['python3 -m pip install --upgrade pip', 'pip install-named: pip'],
    ['pip install .', 'pip install-project: .'],
    ['pip install ".[test]"', 'pip install-project: .[test]'],
    ['pip install -e .[dev]', 'pip install-project: .[dev]'],
    ['pip install --editable=./lib -r requirements.txt', 'pip install-project: ./lib | requirements.txt'],
    ['pip install libs/common', 'pip install-project: libs/common'],
    ['pip install "$APP/lib"', 'pip install-project: $APP/lib'],
    ['pip install -e git+https://x/y.git#egg=y', 'pip install-named: git+https://x/y.git#egg=y'],
    ['pip install "y @ git+https://x/y.git"', 'pip install-named: y @ git+https://x/y.git'],
    ['pip install https://x/y.whl', 'pip install-named: https://x/y.whl'],
    ['pip install /wheels/*', 'pip install-named: /wheels/*'],
    ['pip install dist/a-1.0-py3-none-any.whl[x]', 'pip install-named: dist/a-1.0-py3-none-any.whl[x]'],
    ['pip install --find-links /wheels --index-url https://x torch', 'pip install-named: torch'],
    ['pip install --extra-index-url https://x/cpu torch --target /opt/lib', 'pip install-named: torch'],
    ['pip wheel -r requirements.txt -w /wheels', 'pip install-manifest:  | requirements.txt'],
    ['pip download -d /w flask', 'pip install-named: flask'],
    ['pip install', 'pip install-named'],
    ['pip uninstall -y flask', 'pip remove: flask'],
    ['pip cache purge', 'pip clean'],
    ['pip config set global.index-url https://x', 'pip configure'],
    ['pip list', 'pip query'],
    ['pip install --help', 'pip query'],
    ['pip --version', 'pip query'],
    ['pipenv-x install', undefined],
    ['pipx install --python 3.12 poetry==1.8', 'pipx install-named: poetry==1.8'],
    ['pipx ensurepath', 'pipx configure'],
    ['pipx run x', undefined],
  ],
  python: [
    ['uv pip install --system -r requirements.txt', 'uv install-manifest:  | requirements.txt'],
    ['uv --no-cache pip install -p 3.12 flask', 'uv install-named: flask'],
    ['uv pip install -e . --no-deps', 'uv install-project: .'],
    ['uv pip sync requirements.txt', 'uv install-manifest:  | requirements.txt'],
    ['uv sync', 'uv install-project'],
    ['uv sync --frozen --no-install-project', 'uv install-manifest'],
    ['uv sync --locked --no-install-workspace --package app', 'uv install-manifest'],
    ['uv sync --only-group dev', 'uv install-manifest'],
    ['uv sync --project backend', 'uv install-project:  |  | backend'],
    ['uv --directory=backend sync --no-install-project', 'uv install-manifest:  |  | backend'],
    ['uv sync --frozen --no-install-project $FLAGS', 'uv install-manifest'],
    ['uv add flask', 'uv install-named: flask'],
    ['uv tool install --with x ruff@latest', 'uv install-named: ruff@latest'],
    ['uv lock', 'uv edit'],
    ['uv pip compile requirements.in -o requirements.txt', 'uv edit:  | requirements.in'],
    ['uv venv', 'uv edit'],
    ['uv venv --python 3.12 /opt/venv', 'uv configure'],
    ['uv python install 3.12', 'uv download: 3.12'],
    ['uv cache clean', 'uv clean'],
    ['uv build --wheel', 'uv build'],
    ['uv export --frozen -o r.txt', 'uv query'],
    ['uv run pytest', undefined],
    ['uv --version', 'uv query'],
    ['poetry install', 'poetry install-project'],
    ['poetry install --no-root --only main', 'poetry install-manifest'],
    ['poetry -C app install --no-root', 'poetry install-manifest:  |  | app'],
    ['poetry add httpx', 'poetry install-named: httpx'],
    ['poetry config virtualenvs.create false', 'poetry configure'],
    ['poetry config --local virtualenvs.in-project true', 'poetry edit: virtualenvs.in-project true'],
    ['poetry lock --no-update', 'poetry edit'],
    ['poetry export -f requirements.txt -o r.txt', 'poetry query'],
    ['poetry version', 'poetry query'],
    ['poetry run python x.py', undefined],
    ['pipenv install --system --deploy', 'pipenv install-manifest'],
    ['pipenv sync', 'pipenv install-manifest'],
    ['pipenv install requests', 'pipenv install-named: requests'],
    ['pipenv install -r requirements.txt', 'pipenv install-manifest:  | requirements.txt'],
    ['pdm sync --prod --no-self', 'pdm install-manifest'],
    ['pdm install --prod', 'pdm install-project'],
    ['pdm sync -dG testing -p app', 'pdm install-project:  |  | app'],
    ['conda install -y -c conda-forge numpy=1.26', 'conda install-named: numpy=1.26'],
    ['conda env create -f environment.yml', 'conda install-manifest:  | environment.yml'],
    ['conda env create', 'conda install-manifest'],
    ['micromamba install -y -n base -f /tmp/env.yaml', 'conda install-manifest:  | /tmp/env.yaml'],
    ['mamba create -n app python=3.11', 'conda install-named: python=3.11'],
    ['conda create -n app', 'conda configure'],
    ['conda install --file requirements.txt', 'conda install-manifest:  | requirements.txt'],
    ['conda clean -afy', 'conda clean'],
    ['conda run -n app pip install x', undefined],
  ],
  node: [
    ['npm install', 'npm install-manifest'],
    ['npm ci --omit=dev', 'npm install-manifest'],
    ['npm i --omit dev', 'npm install-manifest'],
    ['npm install --strict-ssl false', 'npm install-manifest'],
    ['npm install -g serve', 'npm install-named: serve'],
    ['npm install express@4 owner/repository', 'npm install-named: express@4 owner/repository'],
    ['npm install ./lib', 'npm install-project: ./lib'],
    ['npm install ./lib-1.0.tgz', 'npm install-named: ./lib-1.0.tgz'],
    ['npm --prefix frontend ci', 'npm install-manifest:  |  | frontend'],
    ['npm ci --prefix=frontend', 'npm install-manifest:  |  | frontend'],
    ['npm run build', 'npm build'],
    ['npm test', 'npm build'],
    ['npm cache clean --force', 'npm clean'],
    ['npm config set registry https://x', 'npm configure'],
    ['npm config set --location project x y', 'npm edit: x y'],
    ['npm pkg delete scripts.prepare', 'npm edit: scripts.prepare'],
    ['npm prune --omit=dev', 'npm remove'],
    ['npm -v', 'npm query'],
    ['npm frobnicate', undefined],
    ['npx playwright install', undefined],
    ['yarn', 'yarn install-manifest'],
    ['yarn --frozen-lockfile', 'yarn install-manifest'],
    ['yarn install --production true --network-timeout 100000', 'yarn install-manifest'],
    ['yarn --cwd web install', 'yarn install-manifest:  |  | web'],
    ['yarn workspaces focus api --production', 'yarn install-manifest: api'],
    ['yarn build', 'yarn build'],
    ['yarn build:prod', 'yarn build'],
    ['yarn run x', 'yarn build'],
    ['yarn tsc', undefined],
    ['yarn global add serve', 'yarn install-named: serve'],
    ['yarn add react', 'yarn install-named: react'],
    ['yarn cache clean --all', 'yarn clean'],
    ['yarn config set network-timeout 600000 -g', 'yarn configure'],
    ['yarn config set nodeLinker node-modules', 'yarn edit: nodeLinker node-modules'],
    ['yarn --version', 'yarn query'],
    ['pnpm install --frozen-lockfile', 'pnpm install-manifest'],
    ['pnpm fetch --prod', 'pnpm install-manifest'],
    ['pnpm --filter worker deploy --prod /out', 'pnpm build'],
    ['pnpm -C web i', 'pnpm install-manifest:  |  | web'],
    ['pnpm add -g turbo', 'pnpm install-named: turbo'],
    ['pnpm build', 'pnpm build'],
    ['pnpm store prune', 'pnpm clean'],
    ['bun install --frozen-lockfile', 'bun install-manifest'],
    ['bun add hono', 'bun install-named: hono'],
    ['bun run build', 'bun build'],
    ['bun index.ts', undefined],
  ],
  others: [
    ['bundle', 'bundler install-manifest'],
    ['bundle install --jobs 4 --retry=3', 'bundler install-manifest'],
    ['bundle install --gemfile ci/Gemfile', 'bundler install-manifest:  | ci/Gemfile'],
    ['bundle config set --local path vendor/bundle', 'bundler configure'],
    ['bundle exec rake', undefined],
    ['bundle _2.1.4_ install', 'bundler install-manifest'],
    ['bundle -v', 'bundler query'],
    ['gem install -N bundler -v 2.5 -- --with-x', 'gem install-named: bundler'],
    ['gem sources -l', 'gem query'],
    ['composer install --no-dev --no-scripts', 'composer install-manifest'],
    ['composer -d api install', 'composer install-manifest:  |  | api'],
    ['composer require a/b', 'composer install-named: a/b'],
    ['composer dump-autoload -o', 'composer build'],
    ['composer config repo.x vcs https://x', 'composer edit: repo.x vcs https://x'],
    ['composer global config a b', 'composer configure'],
    ['hf download meta/llama --local-dir /m', 'huggingface download: meta/llama'],
    ['huggingface-cli login --token x', 'huggingface configure'],
  ],
  compiled: [
    ['go mod download', 'go install-manifest'],
    ['go mod download -x', 'go install-manifest'],
    ['go mod download x/y@v1', 'go install-named: x/y@v1'],
    ['go -C api mod download', 'go install-manifest:  |  | api'],
    ['go install x/y@latest', 'go install-named: x/y@latest'],
    ['go install ./cmd/x', 'go build'],
    ['go install .', 'go build'],
    ['go get x/y', 'go install-named: x/y'],
    ['go get -d -v ./...', 'go install-project: ./...'],
    ['go get', 'go install-project'],
    ['go mod tidy', 'go edit'],
    ['go build -ldflags "-s -w" -o /app .', 'go build'],
    ['go clean -modcache', 'go clean'],
    ['go clean', 'go remove'],
    ['go env -w GOPROXY=x', 'go configure'],
    ['go version', 'go query'],
    ['cargo fetch --locked', 'cargo install-manifest'],
    ['cargo chef cook $FLAGS', 'cargo install-manifest'],
    ['cargo chef cook --release --recipe-path recipe.json', 'cargo install-manifest:  | recipe.json'],
    ['cargo chef prepare --recipe-path recipe.json', 'cargo build:  | recipe.json'],
    ['cargo +nightly build --release', 'cargo build'],
    ['cargo install --locked ripgrep --version 13', 'cargo install-named: ripgrep'],
    ['cargo install --path .', 'cargo install-project: .'],
    ['cargo install --git https://x/y tool', 'cargo install-named: https://x/y tool'],
    ['cargo update', 'cargo edit'],
    ['cargo new app', undefined],
    ['mvn -B dependency:go-offline', 'maven install-manifest'],
    ['./mvnw -q org.apache.maven.plugins:maven-dependency-plugin:3.6.0:go-offline', 'maven install-manifest'],
    ['mvn -f app/pom.xml -s settings.xml clean dependency:resolve', 'maven install-manifest:  | app/pom.xml settings.xml'],
    ['mvn clean package -DskipTests -P prod', 'maven build'],
    ['mvn clean', 'maven remove'],
    ['mvn clean some:thing', undefined],
    ['mvn --version', 'maven query'],
    ['./gradlew dependencies --no-daemon', 'gradle install-manifest'],
    ['gradle clean app:bootJar -x test', 'gradle build'],
    ['gradle -p api build', 'gradle build:  |  | api'],
    ['gradle', 'gradle query'],
    ['gradle frobnicate build', undefined],
    ['dotnet restore', 'dotnet install-manifest'],
    ['dotnet restore src/App/App.csproj -r linux-x64', 'dotnet install-manifest:  | src/App/App.csproj'],
    ['dotnet publish -c Release -o /app --no-restore', 'dotnet build'],
    ['dotnet tool install -g dotnet-ef --version 8.0', 'dotnet install-named: dotnet-ef'],
    ['dotnet nuget add source https://x', 'dotnet edit: https://x'],
    ['dotnet App.dll', undefined],
    ['mix deps.get --only prod', 'mix install-manifest'],
    ['mix deps.compile', 'mix install-manifest'],
    ['mix local.hex --force', 'mix download'],
    ['mix do deps.get, compile', undefined],
  ],
  nothing: [['echo apt-get install', undefined], ['"$PIP" install x', undefined], ['toString', undefined], ['npm constructor', undefined]],
};

describe.each(Object.entries(rows))('readInvocation: %s', (_, list) => {
  it.each(list)('%s', (script, expected) => {
    expect(summary(script)).toBe(expected);
  });
});

describe('an invocation', () => {
  it('has exact spans for values that are glued to their flags', () => {
    const source = 'FROM x\nRUN pip install --requirement=a.txt -cb.txt\n';
    const [command] = readDockerfile(source).commands;
    const found = command === undefined ? undefined : readInvocation(command);
    expect(found?.manifestFlags.map(({ span }) => source.slice(span.start, span.end))).toEqual(['a.txt', 'b.txt']);
  });

  it('names the last word of its subcommand', () => {
    expect(read('uv pip install x')?.subcommand?.text).toBe('install');
    expect(read('uv pip install x')?.subcommandKey).toBe('pip install');
    expect(read('yarn')?.subcommand).toBeUndefined();
  });
});

describe('the table', () => {
  it('has each program once', () => {
    const programs = managers.flatMap((manager) => manager.programs);
    expect(new Set(programs).size).toBe(programs.length);
  });

  it.each(managers.map((manager) => [manager.name, manager] as const))('%s is sound', (_, manager) => {
    const flags = [manager.valueFlags, manager.requirementFlags, manager.fileFlags, manager.packageFlags, manager.directoryFlags].flatMap((list) => list ?? []);
    expect(flags.filter((flag) => !flag.startsWith('-'))).toEqual([]);
    expect(flags.filter((flag, index) => flags.indexOf(flag) !== index)).toEqual([]);
    expect(manager.caches.filter(({ path }) => !/^(?:~\/|\/)/.test(path) || path.endsWith('/'))).toEqual([]);
    expect(Object.keys(manager.actions).filter((key) => key.split(' ').length > 3)).toEqual([]);
  });
});

describe('cachePath', () => {
  const path = (program: string, index: number, environment = {}, image = ''): string | undefined => {
    const folder = managers.find(({ programs }) => programs.includes(program))?.caches[index];
    return folder === undefined ? undefined : cachePath(folder, '/home/me', environment, image);
  };

  it.each([
    ['pip', 0, {}, '', '/home/me/.cache/pip'],
    ['pip', 0, { PIP_CACHE_DIR: '/c' }, '', '/c'],
    ['pip', 0, { XDG_CACHE_HOME: '/xdg/' }, '', '/xdg/pip'],
    ['pip', 0, { PIP_CACHE_DIR: '' }, '', '/home/me/.cache/pip'],
    ['apt-get', 0, { XDG_CACHE_HOME: '/xdg' }, '', '/var/cache/apt'],
    ['go', 0, {}, '', '/home/me/go/pkg/mod'],
    ['go', 0, {}, 'golang', '/go/pkg/mod'],
    ['go', 0, { GOPATH: '/p' }, 'golang', '/p/pkg/mod'],
    ['go', 0, { GOPATH: '/p', GOMODCACHE: '/m' }, 'golang', '/m'],
    ['cargo', 0, {}, 'rust', '/usr/local/cargo/registry'],
    ['pnpm', 0, { PNPM_HOME: '/pnpm' }, '', '/pnpm/store'],
    ['cargo', 0, {}, 'constructor', '/home/me/.cargo/registry'],
  ])('%s %i %o %s', (program, index, environment, image, expected) => {
    expect(path(program, index, environment, image)).toBe(expected);
  });
});
