import { describe, expect, it } from 'vitest';
import rule from '../rules/cache/copy-before-install.ts';
import { memoryContext } from '../src/context/memory.ts';
import { fixText } from '../src/fix.ts';
import { lintText, type LintRequest } from '../src/lint.ts';

type Files = Readonly<Record<string, string>>;

const requestFor = (files: Files | undefined): LintRequest => ({
  path: 'Dockerfile',
  rules: [{ id: 'cache/copy-before-install', rule, severity: 'warning', options: {} }],
  known: new Map(),
  context: files && memoryContext(files),
  contextGiven: true,
  buildArguments: {},
  target: undefined,
});

const findings = (text: string, files: Files | undefined): readonly string[] =>
  lintText(text, requestFor(files)).diagnostics.flatMap(({ message, related }) => [message, ...related.map((each) => each.message)]);

const build = '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n';
const project = (more = ''): string => `[project]\nname = "app"\nversion = "1.0"\nreadme = "README.md"\ndependencies = ["fastapi"]\n${more}${build}`;
const sources = { 'README.md': '', 'src/app/__init__.py': '' };
const uv = { ...sources, 'pyproject.toml': project(), 'uv.lock': 'version = 1\n' };
const poetryProject = '[tool.poetry]\nname = "app"\nversion = "1.0"\n[tool.poetry.dependencies]\npython = "^3.12"\nfastapi = "^0.115"\n';
const poetry = { ...sources, 'pyproject.toml': poetryProject, 'poetry.lock': '' };
const pdm = { ...sources, 'pyproject.toml': project(), 'pdm.lock': '' };
const workspace = {
  ...sources, 'pyproject.toml': project('[tool.uv.workspace]\nmembers = ["libs/*"]\n[tool.uv.sources]\nlib = { workspace = true }\n'),
  'libs/lib/pyproject.toml': project().replace('app', 'lib'), 'libs/lib/lib.py': '', 'uv.lock': 'version = 1\n',
};

const head = 'FROM python:3.12-slim\nWORKDIR /app\n';
const uvCopy = 'COPY pyproject.toml uv.lock ./\n';
const poetryCopy = 'COPY pyproject.toml poetry.lock ./\n';

interface Row {
  readonly about: string;
  /** Lines below the head, and what they become. */
  readonly before: string;
  readonly after: string;
  readonly files: Files | undefined;
  /** Of an unsafe fix: why. */
  readonly doubt?: RegExp;
}

const rows: readonly Row[] = [
  { about: 'uv sync', files: uv, before: 'COPY . .\nRUN uv sync --frozen --no-dev\n', after: `${uvCopy}RUN uv sync --frozen --no-install-project --no-dev\nCOPY . .\nRUN uv sync --frozen --no-dev\n` },
  { about: 'uv sync that looks whether the lock file is up to date', files: uv, before: 'COPY . .\nRUN uv sync --locked\n', after: `${uvCopy}RUN uv sync --locked --no-install-project\nCOPY . .\nRUN uv sync --locked\n` },
  { about: 'uv sync, frozen by a variable', files: { ...uv, '.python-version': '3.12\n' }, before: 'ENV UV_FROZEN=1\nCOPY . .\nRUN uv sync\n', after: 'ENV UV_FROZEN=1\nCOPY .python-version pyproject.toml uv.lock ./\nRUN uv sync --no-install-project\nCOPY . .\nRUN uv sync\n' },
  {
    about: 'mounts, a prefix and continued lines are kept', files: uv,
    before: '# The sources\nCOPY --chown=app . .\n\n# Install all\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    set -eux; \\\n    uv sync --frozen \\\n      --no-editable \\\n      # with extras\n      --all-extras\n\nCMD ["app"]\n',
    after: 'COPY --chown=app pyproject.toml uv.lock ./\n\n# Install all\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    set -eux; \\\n    uv sync --frozen --no-install-project \\\n      --no-editable \\\n      # with extras\n      --all-extras\n\n# The sources\nCOPY --chown=app . .\n\nRUN --mount=type=cache,target=/root/.cache/uv \\\n    set -eux; \\\n    uv sync --frozen \\\n      --no-editable \\\n      # with extras\n      --all-extras\n\nCMD ["app"]\n',
  },
  {
    about: 'manifests that are mounted need no COPY', files: uv,
    before: 'COPY . .\nRUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --frozen\n',
    after: 'RUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --frozen --no-install-project\nCOPY . .\nRUN --mount=type=bind,source=uv.lock,target=uv.lock --mount=type=bind,source=pyproject.toml,target=pyproject.toml uv sync --frozen\n',
  },
  { about: 'a comment for a linter counts for both', files: uv, before: 'COPY . .\n# hadolint ignore=DL3059\nRUN uv sync --frozen\n', after: `${uvCopy}# hadolint ignore=DL3059\nRUN uv sync --frozen --no-install-project\nCOPY . .\n# hadolint ignore=DL3059\nRUN uv sync --frozen\n` },
  { about: 'a comment on the project stays with it', files: uv, before: 'COPY . .\n\n# Install the package itself\nRUN uv sync --frozen\n', after: `${uvCopy}\nRUN uv sync --frozen --no-install-project\n\nCOPY . .\n\n# Install the package itself\nRUN uv sync --frozen\n` },
  { about: 'cd, and cleaning behind', files: Object.fromEntries(Object.entries(uv).map(([name, text]) => [`api/${name}`, text])), before: 'COPY api api\nRUN cd api && uv sync --frozen && rm -rf /root/.cache/uv\n', after: 'COPY api/pyproject.toml api/uv.lock api/\nRUN cd api && uv sync --frozen --no-install-project && rm -rf /root/.cache/uv\nCOPY api api\nRUN cd api && uv sync --frozen && rm -rf /root/.cache/uv\n' },
  { about: 'uv sync that may lock anew', files: uv, before: 'COPY . .\nRUN uv sync\n', after: `${uvCopy}RUN uv sync --no-install-project\nCOPY . .\nRUN uv sync\n`, doubt: /--locked/ },
  { about: 'a version that the build works out', files: { ...uv, 'pyproject.toml': project('dynamic = ["classifiers"]\n') }, before: 'COPY . .\nRUN uv sync --locked\n', after: `${uvCopy}RUN uv sync --locked --no-install-project\nCOPY . .\nRUN uv sync --locked\n`, doubt: /leaves `classifiers` to its build/ },
  { about: 'packages built without isolation', files: { ...uv, 'pyproject.toml': project('[tool.uv]\nno-build-isolation-package = ["flash-attn"]\n') }, before: 'COPY . .\nRUN uv sync --frozen\n', after: `${uvCopy}RUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen\n`, doubt: /what is installed already/ },
  { about: 'a workspace', files: workspace, before: 'COPY . .\nRUN uv sync --frozen --all-packages\n', after: `COPY libs/lib/pyproject.toml ./libs/lib/\n${uvCopy}RUN uv sync --frozen --no-install-workspace --all-packages\nCOPY . .\nRUN uv sync --frozen --all-packages\n` },
  { about: 'uv without a context', files: undefined, before: 'COPY . .\nRUN uv sync --frozen\n', after: 'COPY pyproject.toml uv.lock* ./\nRUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen\n', doubt: /usual ones/ },
  { about: 'poetry install', files: poetry, before: 'COPY . .\nRUN poetry install --only main\n', after: `${poetryCopy}RUN poetry install --no-root --only main\nCOPY . .\nRUN poetry install --only main\n` },
  {
    about: 'what stays in the layer is done once', files: poetry,
    before: 'COPY . .\nRUN pip install poetry==1.8.5 && poetry config virtualenvs.create false \\\n    && poetry install --no-interaction\n',
    after: `${poetryCopy}RUN pip install poetry==1.8.5 && poetry config virtualenvs.create false \\\n    && poetry install --no-root --no-interaction\nCOPY . .\nRUN poetry install --no-interaction\n`,
  },
  { about: 'a build behind the install', files: uv, before: 'COPY . .\nRUN uv sync --frozen \\\n    && make\n', after: `${uvCopy}RUN uv sync --frozen --no-install-project\nCOPY . .\nRUN uv sync --frozen \\\n    && make\n` },
  { about: 'poetry without a context', files: undefined, before: 'COPY . .\nRUN poetry install\n', after: 'COPY pyproject.toml poetry.lock* ./\nRUN poetry install --no-root\nCOPY . .\nRUN poetry install\n', doubt: /usual ones/ },
  { about: 'pdm sync', files: pdm, before: 'COPY . .\nRUN pdm sync --prod\n', after: 'COPY pyproject.toml pdm.lock ./\nRUN pdm sync --no-self --prod\nCOPY . .\nRUN pdm sync --prod\n' },
  { about: 'uv pip install', files: { ...sources, 'pyproject.toml': project('[project.optional-dependencies]\nweb = []\nmodels = []\n') }, before: 'COPY . .\nRUN uv pip install --system -e ".[web, models]" gunicorn\n', after: 'COPY pyproject.toml ./\nRUN uv pip install --system -r pyproject.toml --extra web --extra models gunicorn\nCOPY . .\nRUN uv pip install --system -e ".[web, models]" gunicorn\n', doubt: /keeps what is installed/ },
];

describe('the dependencies first, the project below its sources', () => {
  it.each(rows)('$about', ({ before, after, files, doubt }) => {
    const request = requestFor(files);
    expect(fixText(head + before, request, 'unsafe').text).toBe(head + after);
    expect(fixText(head + before, request, 'safe').text).toBe(head + (doubt === undefined ? after : before));
    expect(findings(head + after, files)).toEqual([]);
    expect(fixText(head + after, request, 'unsafe').text).toBe(head + after);
    if (doubt !== undefined) expect(findings(head + before, files).join('\n')).toMatch(doubt);
  });

  it('keeps line endings and the indentation', () => {
    const text = `${head}COPY . .\n  RUN uv sync --frozen\n`.replaceAll('\n', '\r\n');
    expect(fixText(text, requestFor(uv), 'safe').text).toBe(`${head}${uvCopy}  RUN uv sync --frozen --no-install-project\nCOPY . .\n  RUN uv sync --frozen\n`.replaceAll('\n', '\r\n'));
  });

  it('a project that is no package needs only the move', () => {
    const files = { ...poetry, 'pyproject.toml': poetryProject.replace('name', 'package-mode = false\nname') };
    expect(fixText(`${head}COPY . .\nRUN poetry install\n`, requestFor(files), 'safe').text).toBe(`${head}${poetryCopy}RUN poetry install\nCOPY . .\n`);
  });
});

interface Refusal {
  readonly about: string;
  readonly run: string;
  readonly files: Files;
  readonly told?: RegExp;
}

const refusals: readonly Refusal[] = [
  { about: 'a dependency from a path', run: 'uv sync --frozen', files: { ...uv, 'pyproject.toml': project('[tool.uv.sources]\nlib = { path = "lib" }\n') }, told: /`lib` from a path/ },
  { about: 'a path in a workspace', run: 'uv sync --frozen', files: { ...workspace, 'pyproject.toml': `${workspace['pyproject.toml']}\n[tool.uv.sources.other]\npath = "other"\n` }, told: /`other` from a path/ },
  { about: 'dependencies that the build works out', run: 'uv sync --locked', files: { ...uv, 'pyproject.toml': project('dynamic = ["optional-dependencies"]\n') }, told: /worked out by a build/ },
  { about: 'an environment in the context', run: 'uv sync --frozen', files: { ...uv, '.venv/bin/python': '' }, told: /lay it over/ },
  { about: 'a lock file that is not there', run: 'uv sync --frozen', files: { ...sources, 'pyproject.toml': project() }, told: /not in the build context/ },
  { about: 'flags that only the build knows', run: 'uv sync --frozen $FLAGS', files: uv },
  { about: 'an install anew', run: 'uv sync --frozen --reinstall', files: uv },
  { about: 'a second install behind it', run: 'uv sync --frozen && uv pip install -r more.txt', files: { ...uv, 'more.txt': 'flask\n' } },
  { about: 'what a build throws away', run: 'uv sync --frozen && make && rm -rf build', files: uv },
  { about: 'a failure that does not count', run: 'uv sync --frozen || true', files: uv },
  { about: 'the tools it needs are taken away', run: 'apt-get install -y gcc && uv sync --frozen && apt-get purge -y gcc', files: uv },
  { about: 'the program is taken away', run: 'pip install poetry && poetry install && rm -rf /opt/poetry', files: poetry },
  { about: 'the sources are mounted', run: '--mount=type=bind,target=/src uv sync --frozen', files: uv },
  { about: 'a here-document', run: '<<EOF\nuv sync --frozen\nEOF', files: uv },
  { about: 'the exec form', run: '["uv", "sync", "--frozen"]', files: uv },
  { about: 'only the project', run: 'poetry install --only-root', files: poetry },
  { about: 'a version from the history', run: 'poetry install', files: { ...poetry, 'pyproject.toml': `${poetryProject}[tool.poetry-dynamic-versioning]\nenable = true\n` } },
  { about: 'a dependency of Poetry from a path', run: 'poetry install', files: { ...poetry, 'pyproject.toml': `${poetryProject}lib = { path = "lib" }\n` }, told: /`lib` from a path/ },
  { about: 'scripts of PDM', run: 'pdm sync', files: { ...pdm, 'pyproject.toml': `${project()}[tool.pdm.scripts]\npost_install = "python build.py"\n` } },
  { about: 'an extra that is not there', run: 'uv pip install .[web]', files: { ...sources, 'pyproject.toml': project() } },
  { about: 'another folder', run: 'uv pip install ./src', files: { ...sources, 'pyproject.toml': project() } },
  { about: 'dependencies of uv pip that the build works out', run: 'uv pip install .', files: { ...sources, 'pyproject.toml': project('dynamic = ["dependencies"]\n') } },
  { about: 'the project alone', run: 'uv pip install --no-deps .', files: { ...sources, 'pyproject.toml': project() } },
  { about: 'pip', run: 'pip install .', files: { ...sources, 'pyproject.toml': project() }, told: /from a requirements file first, for pip can't take those of a project alone/ },
];

describe('an install that stays in one piece', () => {
  it.each(refusals)('$about', ({ run, files, told }) => {
    const text = `${head}COPY . .\nRUN ${run}\n`;
    expect(fixText(text, requestFor(files), 'unsafe').text).toBe(text);
    if (told !== undefined) expect(findings(text, files).join('\n')).toMatch(told);
  });

  it('sources that have to stay above it', () => {
    const text = `${head}COPY src src\nCOPY pyproject.toml uv.lock src/\nCOPY docs docs\nWORKDIR /app/src\nRUN uv sync --frozen\n`;
    const files = { 'docs/a.md': '', 'src/a.py': '', 'pyproject.toml': project(), 'uv.lock': '' };
    expect(findings(text, files)).not.toEqual([]);
    expect(fixText(text, requestFor(files), 'unsafe').text).toBe(text);
  });

  it('a neighbour that a path may lead to, without a context', () => {
    const text = `${head}COPY lib lib\nCOPY api/pyproject.toml api/uv.lock api/\nRUN cd api && uv sync --frozen\n`;
    expect(fixText(text, requestFor(undefined), 'unsafe').text).toBe(text);
  });
});
