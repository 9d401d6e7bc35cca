import type { BuildContext } from '../context/context.ts';
import { requirementsOf, tableAt, textAt, textsOf, valueAt, type Table } from '../context/manifests/values.ts';
import { readToml } from '../context/toml.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { compiledPackage } from '../model/native.ts';
import { readInvocation } from '../model/packages.ts';
import { inputsOf, installFrom } from './inputs.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { has, pythonStart, type PythonProject } from './python-start.ts';
import { cache, command, createUser, expose, fileOf, isName, json, run, syntax, systemPackages } from './text.ts';
import { stated, toolVersion, versionFor, versions, type Version } from './versions.ts';

const requirementNames = [
  'requirements.txt', 'requirements/production.txt', 'requirements/prod.txt', 'requirements/base.txt', 'requirements-prod.txt', 'requirements/requirements.txt',
];

type Manager = 'uv' | 'poetry' | 'pip' | 'project';

/** What the manifests of a project say. */
interface Facts extends PythonProject {
  readonly manager: Manager;
  readonly project: Table;
  readonly requirements: string | undefined;
  readonly version: string;
  readonly notes: readonly string[];
}

const tomlOf = (context: BuildContext, path: string): Table => readToml(context.read(path) ?? '') ?? {};

/** `Uvicorn [standard] >=0.30` is `uvicorn[standard]`. */
function packageOf(requirement: string): string | undefined {
  const [, name = '', extras = ''] = /^\s*([A-Za-z\d][\w.-]*)\s*(\[[\w\s,.-]*\])?/.exec(requirement) ?? [];
  return name === '' ? undefined : `${name.toLowerCase().replace(/[-_.]+/g, '-')}${extras.replace(/\s/g, '').toLowerCase()}`;
}

/** A table of Poetry: a version by name, or a table with `extras`. */
const poetryPackages = (table: Table): string[] => Object.entries(table).map(([name, value]) => {
  const extras = textsOf(valueAt(value, 'extras'));
  return extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
});

function managerOf(context: BuildContext, project: Table): Manager | undefined {
  const has = (path: string): boolean => context.has(path);
  if (has('uv.lock') || valueAt(project, 'tool', 'uv') !== undefined) return 'uv';
  if (has('poetry.lock') || valueAt(project, 'tool', 'poetry') !== undefined) return 'poetry';
  if (requirementNames.some(has)) return 'pip';
  return has('pyproject.toml') || has('setup.py') ? 'project' : undefined;
}

function versionOf(context: BuildContext, project: Table): Version {
  const pinned = stated(context.read('.python-version')) ?? stated(context.read('runtime.txt')) ?? toolVersion(context.read('.tool-versions'), 'python');
  const ranges = [textAt(project, 'project', 'requires-python'), textAt(project, 'tool', 'poetry', 'dependencies', 'python')];
  // A single number names no release of the language.
  return versionFor('Python', pinned?.includes('.') === true ? pinned : undefined, ranges.find((each) => each !== undefined), versions.python, '.python-version');
}

function factsOf(context: BuildContext): Facts {
  const project = tomlOf(context, 'pyproject.toml');
  const manager = managerOf(context, project) ?? 'pip';
  const requirements = manager === 'pip' ? requirementNames.find((name) => context.has(name)) : undefined;
  const files = requirements === undefined ? [] : inputsOf(context, `pip install -r ${requirements}`).files;
  const lines = files.flatMap((path) => (context.read(path) ?? '').split(/\r?\n/));
  const named = [...lines.filter((line) => !/^\s*[-#]/.test(line)), ...textsOf(requirementsOf(project)[0])].map(packageOf);
  const poetry = poetryPackages(tableAt(project, 'tool', 'poetry', 'dependencies')).map(packageOf);
  const scripts = Object.keys({ ...tableAt(project, 'project', 'scripts'), ...tableAt(project, 'tool', 'poetry', 'scripts') }).filter(isName);
  return {
    context, manager, project, requirements, ...versionOf(context, project),
    packages: new Set([...named, ...poetry].filter((name) => name !== undefined)),
    scripts: manager === 'pip' ? [] : scripts,
  };
}

/** Libraries of the distribution that packages load when they run. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  psycopg2: ['libpq5'], 'psycopg[c]': ['libpq5'], psycopg: ['libpq5'], mysqlclient: ['libmariadb3'], 'opencv-python': ['libgl1', 'libglib2.0-0'],
  'python-magic': ['libmagic1'], pyodbc: ['unixodbc'], soundfile: ['libsndfile1'], pydub: ['ffmpeg'],
};

const librariesOf = ({ packages }: Facts): string[] => Object.entries(libraries).flatMap(([name, needed]) => (packages.has(name) ? needed : []));

/** A package is compiled, or cloned, when it is installed: the slim image has neither compiler nor git. */
function needsTools({ context, packages, requirements }: Facts): boolean {
  const names = [...packages].map((name) => name.replace(/\[.*/, '')).filter(isName);
  const [command] = readDockerfile(`FROM scratch\nRUN pip install ${names.join(' ')}\n`).commands;
  const invocation = names.length === 0 || command === undefined ? undefined : readInvocation(command);
  const compiled = invocation !== undefined && compiledPackage(readDockerfile(''), undefined, invocation) !== undefined;
  const texts = [requirements ?? '', 'pyproject.toml'].map((path) => context.read(path) ?? '');
  return compiled || packages.has('psycopg[c]') || texts.some((text) => /\bgit\+(?:https|ssh)|\bgit\s*=\s*["']/.test(text));
}

/** How a manager makes the environment in the stage that builds. */
interface Environment {
  readonly path: string;
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

function uvEnvironment({ context, project }: Facts): Environment {
  const locked = context.has('uv.lock') ? ' --locked' : '';
  // Without the members of a workspace uv can't compare the lock with them, which the second run does.
  const isWorkspace = locked !== '' && valueAt(project, 'tool', 'uv', 'workspace') !== undefined;
  const mounts = [cache('/root/.cache/uv')];
  const install = isWorkspace
    ? installFrom(context, 'uv sync --frozen --no-dev --no-install-workspace', mounts, { files: ['pyproject.toml', 'uv.lock'], refusals: [], doubts: [] })
    : installFrom(context, `uv sync${locked} --no-dev --no-install-project`, mounts);
  const isPackage = isWorkspace || (valueAt(project, 'build-system') !== undefined && valueAt(project, 'tool', 'uv', 'package') !== false);
  const whole = run(mounts, `uv sync${locked} --no-dev`);
  const lines = install.hasSources ? ['COPY . .', whole] : [...install.lines, '', 'COPY . .', isPackage && whole].filter((line) => line !== false);
  return {
    path: '/app/.venv',
    lines: [
      `COPY --from=ghcr.io/astral-sh/uv:${versions.uv.usual} /uv /bin/`,
      '# The cache is on another file system, so uv copies; it uses the Python of the image',
      'ENV UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never', 'WORKDIR /app', ...lines,
    ],
    notes: [...(locked === '' ? ['There is no `uv.lock`: run `uv lock` and commit it, so that each build installs the same.'] : []), ...install.notes],
  };
}

function poetryEnvironment({ context, project, scripts }: Facts): Environment {
  const [, made] = /generated by Poetry (\d+\.\d+\.\d+)/.exec(context.read('poetry.lock')?.slice(0, 300) ?? '') ?? [];
  const mounts = [cache('/root/.cache/pypoetry')];
  const install = installFrom(context, 'poetry install --only main --no-root', mounts);
  const isPackage = scripts.length > 0 && valueAt(project, 'tool', 'poetry', 'package-mode') !== false;
  return {
    path: '/app/.venv',
    lines: [
      made === undefined ? '' : '# The version that wrote poetry.lock',
      run([cache('/root/.cache/pip')], made === undefined ? `pip install "poetry==${versions.poetry.usual}.*"` : `pip install poetry==${made}`),
      'ENV POETRY_VIRTUALENVS_IN_PROJECT=1 POETRY_NO_INTERACTION=1', 'WORKDIR /app', ...install.lines, '',
      ...(install.hasSources ? [] : ['COPY . .']), ...(isPackage ? [run(mounts, 'poetry install --only main')] : []),
    ].filter((line, index) => index > 0 || line !== ''),
    notes: [
      ...(context.has('poetry.lock') ? [] : ['There is no `poetry.lock`: run `poetry lock` and commit it, so that each build installs the same.']),
      ...install.notes,
    ],
  };
}

/** `pip` in a virtual environment, which a COPY can take whole. */
function pipEnvironment({ context, requirements }: Facts): Environment {
  const mounts = [cache('/root/.cache/pip')];
  const install = requirements === undefined ? undefined : installFrom(context, `pip install -r ${requirements}`, mounts);
  const wholeProject = [
    '# pip installs a project and what it needs in one step; setuptools writes beside the sources',
    run(['--mount=type=bind,target=/src,rw', ...mounts], 'pip install /src'),
  ];
  return {
    path: '/opt/venv',
    lines: [
      '# A virtual environment can be copied as a whole', 'RUN python -m venv /opt/venv', 'ENV PATH=/opt/venv/bin:$PATH', 'WORKDIR /app',
      ...(install?.lines ?? wholeProject),
    ],
    notes: install?.notes ?? [],
  };
}

const environments: Readonly<Record<Manager, (facts: Facts) => Environment>> = {
  uv: uvEnvironment, poetry: poetryEnvironment, pip: pipEnvironment, project: pipEnvironment,
};

const healthCheck = (path: string, port: number): string =>
  `HEALTHCHECK --start-period=30s CMD ${json(['python', '-c', `import urllib.request; urllib.request.urlopen('http://127.0.0.1:${port}${path}', timeout=5)`])}`;

/** What comes around the settings of the image. */
interface Stages {
  /** The stages in front of the one that ships. */
  readonly before: readonly string[];
  /** Lines of the one that ships. */
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** A project of requirements that all come as wheels: nothing is left behind that a second stage would save. */
function singleStage(facts: Facts, requirements: string): Stages {
  const install = installFrom(facts.context, `pip install -r ${requirements}`, [cache('/root/.cache/pip')]);
  return { before: [], lines: ['WORKDIR /app', ...install.lines, '', createUser, ...(install.hasSources ? [] : ['COPY . .'])], notes: install.notes };
}

/** Stages that make the environment, and the one that ships with it. */
function twoStages(facts: Facts, settings: string, words: readonly string[] | undefined): Stages {
  const { path, lines, notes } = environments[facts.manager](facts);
  const inProject = path.startsWith('/app/');
  // What pip installed as a program is in the environment, sources and all.
  const isInstalled = facts.manager === 'project' && facts.scripts.includes(words?.[0] ?? '');
  const image = needsTools(facts)
    ? ['# The full image has the compiler and git that some packages need', `FROM python:${facts.version} AS build`]
    : [`FROM python:${facts.version}-slim AS build`];
  const environment = inProject ? '/app /app' : `${path} ${path}`;
  return {
    before: [...image, ...lines, ''],
    lines: [settings, createUser, 'WORKDIR /app', `COPY --from=build ${environment}`, ...(inProject || isInstalled ? [] : ['COPY . .'])],
    notes,
  };
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const facts = factsOf(context);
  const start = pythonStart(facts, wishes.port);
  const words = wishes.start ?? start?.words;
  const port = wishes.port ?? start?.port;
  const { requirements } = facts;
  const single = requirements !== undefined && !needsTools(facts) ? singleStage(facts, requirements) : undefined;
  const path = single !== undefined ? [] : [`PATH=${facts.manager === 'uv' || facts.manager === 'poetry' ? '/app/.venv' : '/opt/venv'}/bin:$PATH`];
  const variables = [
    ...path, ...(start?.importsFrom === undefined ? [] : [`PYTHONPATH=/app/${start.importsFrom}`]),
    ...(has(facts, 'gradio') ? ['GRADIO_SERVER_NAME=0.0.0.0'] : []), 'PYTHONUNBUFFERED=1',
  ];
  const settings = `# Output appears at once\nENV ${variables.join(' ')}`;
  const stages = single ?? twoStages(facts, settings, words);
  const packages = systemPackages(librariesOf(facts));
  const isOwn = wishes.start === undefined;
  return {
    dockerfile: fileOf(
      ...syntax, stages.before, `FROM python:${facts.version}-slim`, packages, single !== undefined && settings, stages.lines, '',
      'USER app', expose(port), isOwn && start?.health !== undefined && port !== undefined && healthCheck(start.health, port), command(words),
    ),
    start: words, port, notes: [...(isOwn ? start?.notes ?? [] : []), ...stages.notes, ...facts.notes],
  };
}

export const python: Ecosystem = {
  title: 'Python',
  // A pyproject.toml may hold nothing but the settings of tools.
  mark: (context) => ['uv.lock', 'poetry.lock', 'pyproject.toml', ...requirementNames, 'setup.py'].find((path) =>
    context.has(path) && (path !== 'pyproject.toml' || /^\[(?:project|build-system|tool\.(?:poetry|uv))\b/m.test(context.read(path) ?? ''))),
  plan,
};
