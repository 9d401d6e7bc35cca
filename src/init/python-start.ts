import type { BuildContext } from '../context/context.ts';
import { portIn, sourcesOf } from './ports.ts';
import { isPath } from './text.ts';

/** What is known of a Python project when its start command is looked for. */
export interface PythonProject {
  readonly context: BuildContext;
  /** Names of its dependencies as PyPI compares them, with their extras: `uvicorn[standard]`. */
  readonly packages: ReadonlySet<string>;
  /** Commands that it installs. */
  readonly scripts: readonly string[];
}

/** How a service starts. */
export interface Start {
  readonly words: readonly string[];
  readonly port: number | undefined;
  /** The folder that modules are imported from, where it is not the project's own. */
  readonly importsFrom?: string;
  /** The path of a health check that answers for certain. */
  readonly health?: string;
  readonly notes: readonly string[];
}

export const has = ({ packages }: PythonProject, ...names: readonly string[]): boolean =>
  names.some((name) => [...packages].some((each) => each === name || each.startsWith(`${name}[`)));

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));
const joined = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`);

const mainNames = ['main.py', 'app.py', 'asgi.py', 'wsgi.py', 'server.py', 'api.py', '__init__.py'];

function pythonFiles(context: BuildContext): string[] {
  const place = (path: string): number => mainNames.indexOf(path.slice(path.lastIndexOf('/') + 1)) + 1 || mainNames.length + 1;
  const depth = (path: string): number => path.split('/').length;
  return sourcesOf(context, /\.py$/).filter(isPath).sort((left, right) => depth(left) - depth(right) || place(left) - place(right));
}

/** The folder that a file's imports are found from: that of the project, unless they are only found from one below. */
function importFolder(context: BuildContext, path: string, text: string): string {
  const names = new Set([...text.matchAll(/^(?:from|import)\s+([A-Za-z_]\w*)/gm)].map((match) => match[1] ?? ''));
  const parts = folderOf(path).split('/').filter((part) => part !== '');
  const candidates = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
  const isIn = (folder: string, name: string): boolean => context.isFolder(joined(folder, name)) || context.has(joined(folder, `${name}.py`));
  const count = (folder: string): number => [...names].filter((name) => isIn(folder, name)).length;
  // In a src layout, `src` is no package but where packages lie.
  const layout = /^src\/\w+\//.test(path) && !context.has('src/__init__.py') ? 'src' : '';
  // A file that imports beside itself belongs to a package, whose folder is no place to import from.
  const open = /^from\s+\./m.test(text) ? candidates.slice(0, -1) : candidates;
  return [layout, ...open].reduce((best, folder) => (count(folder) > count(best) ? folder : best));
}

/** `app/main.py` is `app.main`; undefined for a file that no import can name. */
function moduleOf(path: string, from: string): string | undefined {
  const inner = from === '' ? path : path.slice(from.length + 1);
  const module = inner.replace(/\.py$/, '').replace(/\/__init__$/, '').replaceAll('/', '.');
  return module.split('.').every((part) => /^[A-Za-z_]\w*$/.test(part)) && module !== '__init__' ? module : undefined;
}

interface AppObject {
  readonly module: string;
  readonly name: string;
  readonly from: string;
  readonly text: string;
}

/** The first file that makes an application, by what it calls. */
function findApp(context: BuildContext, call: RegExp): AppObject | undefined {
  for (const path of pythonFiles(context)) {
    const text = context.read(path) ?? '';
    const name = call.exec(text)?.[1];
    if (name === undefined) continue;
    const from = importFolder(context, path, text);
    const module = moduleOf(path, from);
    if (module !== undefined) return { module, name, from, text };
  }
  return undefined;
}

/** A function that makes an application, and needs nothing given. */
function findFactory(context: BuildContext): AppObject | undefined {
  const found = findApp(context, /^def (create_app|make_app)\(/m);
  const parameters = /^def (?:create_app|make_app)\(([^()]{0,300})\)/m.exec(found?.text ?? '')?.[1];
  const needs = parameters?.split(',').some((each) => each.trim() !== '' && !/[=*]/.test(each));
  return needs === false ? found : undefined;
}

const madeBy = (classes: string): RegExp => new RegExp(`^(\\w+)(?:\\s*:\\s*[\\w.]+)?\\s*=\\s*(?:\\w+\\.)?(?:${classes})\\(`, 'm');

const ports = [/\bport\s*=\s*(\d{2,5})\b/i, /\bPORT["'],\s*["']?(\d{2,5})\b/];

/** A path that this very application answers to, without anything to know. */
function healthOf({ name, text }: AppObject): string | undefined {
  const route = new RegExp(`^@${name}\\.(?:get|route)\\(\\s*["'](/(?:health|healthz|health_check|healthcheck|livez|ping))["']\\s*[,)]`, 'm');
  // Behind a prefix, or a guard for all routes, the path says nothing.
  return /root_path|dependencies\s*=|url_prefix|before_request|add_middleware\(\s*\w*Auth/.test(text) ? undefined : route.exec(text)?.[1];
}

const started = (app: AppObject | undefined, words: readonly string[], port: number, notes: readonly string[], from = app?.from ?? ''): Start => {
  const health = app === undefined ? undefined : healthOf(app);
  return { words, port, notes, ...(from !== '' && { importsFrom: from }), ...(health !== undefined && { health }) };
};

const portOf = (project: PythonProject, app: AppObject | undefined, usual: number): number => {
  const text = app?.text ?? '';
  const found = ports.map((pattern) => Number(pattern.exec(text)?.[1] ?? '')).find((port) => port >= 1 && port <= 65535);
  return found ?? portIn(project.context, ['.env.example', '.env.sample'], [/^(?:APP_)?PORT=["']?(\d{2,5})\b/m]) ?? usual;
};

const missing = (server: string): string => `\`${server}\` is not among the dependencies, and starts the service: add it.`;

function asgi(project: PythonProject, wish: number | undefined): Start | undefined {
  if (!has(project, 'fastapi', 'starlette', 'litestar', 'quart', 'fastapi-slim')) return undefined;
  const app = findApp(project.context, madeBy('FastAPI|Starlette|Litestar|Quart'));
  const likely = pythonFiles(project.context).find((path) => /(?:^|\/)(?:main|app|server)\.py$/.test(path));
  const from = app?.from ?? (likely === undefined ? '' : importFolder(project.context, likely, project.context.read(likely) ?? ''));
  const module = app?.module ?? (likely === undefined ? undefined : moduleOf(likely, from));
  if (module === undefined) return undefined;
  const port = wish ?? portOf(project, app, 8000);
  const target = `${module}:${app?.name ?? 'app'}`;
  const guess = app === undefined ? [`\`${target}\` is a guess: no file was found that makes the application.`] : [];
  if (has(project, 'hypercorn') && !has(project, 'uvicorn')) return started(app, ['hypercorn', '--bind', `0.0.0.0:${port}`, target], port, guess, from);
  const bundled = [...project.packages].some((each) => /^fastapi\[.*\b(?:standard|all)\b/.test(each));
  const notes = bundled || has(project, 'uvicorn') ? guess : [...guess, missing('uvicorn')];
  return started(app, ['uvicorn', target, '--host', '0.0.0.0', '--port', String(port)], port, notes, from);
}

function flask(project: PythonProject, wish: number | undefined): Start | undefined {
  if (!has(project, 'flask', 'dash', 'connexion')) return undefined;
  const app = findApp(project.context, madeBy('Flask|Dash'));
  const factory = app === undefined ? findFactory(project.context) : undefined;
  const found = app ?? factory;
  if (found === undefined) return undefined;
  const object = app === undefined ? `${found.name}()` : `${found.name}${/=\s*(?:\w+\.)?Dash\(/.test(found.text) ? '.server' : ''}`;
  if (has(project, 'gunicorn')) {
    const port = wish ?? portOf(project, found, 8000);
    return started(found, ['gunicorn', '--bind', `0.0.0.0:${port}`, `${found.module}:${object}`], port, []);
  }
  if (has(project, 'waitress')) {
    const port = wish ?? portOf(project, found, 8080);
    const call = app === undefined ? ['--call', `${found.module}:${found.name}`] : [`${found.module}:${object}`];
    return started(found, ['waitress-serve', `--port=${port}`, ...call], port, []);
  }
  const port = wish ?? portOf(project, found, 5000);
  const note = 'Flask\'s own server is for development: add `gunicorn` to the dependencies, and run this again with --force.';
  return started(found, ['flask', '--app', found.module, 'run', '--host', '0.0.0.0', '--port', String(port)], port, [note]);
}

function django(project: PythonProject, wish: number | undefined): Start | undefined {
  const { context } = project;
  const manage = pythonFiles(context).find((path) => /(?:^|\/)manage\.py$/.test(path));
  if (manage === undefined || !has(project, 'django')) return undefined;
  const from = folderOf(manage);
  const base = from === '' ? {} : { importsFrom: from };
  const port = wish ?? portOf(project, undefined, 8000);
  const entry = (name: string): string | undefined => {
    const path = pythonFiles(context).find((each) => (each.endsWith(`/${name}.py`) || each.endsWith(`/${name}/__init__.py`)) && each.startsWith(from));
    return path === undefined ? undefined : moduleOf(path, from);
  };
  const [wsgi, asgiModule] = [entry('wsgi'), entry('asgi')];
  const notes = ['Static files are for you to see to: `collectstatic` is not run, for it may need settings that only you know.'];
  if (asgiModule !== undefined && has(project, 'uvicorn') && !has(project, 'gunicorn')) {
    return { words: ['uvicorn', `${asgiModule}:application`, '--host', '0.0.0.0', '--port', String(port)], port, notes, ...base };
  }
  if (asgiModule !== undefined && has(project, 'daphne') && !has(project, 'gunicorn')) {
    return { words: ['daphne', '-b', '0.0.0.0', '-p', String(port), `${asgiModule}:application`], port, notes, ...base };
  }
  if (wsgi === undefined) return undefined;
  return {
    words: ['gunicorn', '--bind', `0.0.0.0:${port}`, `${wsgi}:application`], port, ...base,
    notes: has(project, 'gunicorn') ? notes : [missing('gunicorn'), ...notes],
  };
}

/** A server that comes with a library, or a program of the project's own. */
function others(project: PythonProject, wish: number | undefined): Start | undefined {
  const { context, scripts } = project;
  const files = pythonFiles(context);
  const main = files.find((path) => /^(?:src\/)?(?:main|app|server|streamlit_app|run|bot|worker)\.py$/.test(path));
  if (has(project, 'streamlit') && main !== undefined) {
    const port = wish ?? 8501;
    return { words: ['streamlit', 'run', main, '--server.address=0.0.0.0', `--server.port=${port}`], port, health: '/_stcore/health', notes: [] };
  }
  const named = has(project, 'gradio') ? 7860 : undefined;
  const guess = (words: readonly string[], path: string | undefined): Start => ({
    words, port: wish ?? portIn(context, path === undefined ? [] : [path], ports) ?? named,
    notes: [`The start command \`${words.join(' ')}\` is a guess: look whether it is right.`],
  });
  const [script] = scripts;
  if (scripts.length === 1 && script !== undefined) return guess([script], undefined);
  if (main !== undefined) return guess(['python', main], main);
  const packageMain = files.find((path) => /^(?:src\/)?\w+\/__main__\.py$/.test(path));
  const module = packageMain === undefined ? undefined : moduleOf(packageMain, packageMain.startsWith('src/') ? 'src' : '')?.replace(/\.__main__$/, '');
  return module === undefined ? undefined : { ...guess(['python', '-m', module], packageMain), ...(packageMain?.startsWith('src/') && { importsFrom: 'src' }) };
}

/** How the project starts: by its framework and the files that use it; undefined where nothing tells. */
export const pythonStart = (project: PythonProject, wish: number | undefined): Start | undefined =>
  django(project, wish) ?? asgi(project, wish) ?? flask(project, wish) ?? others(project, wish);
