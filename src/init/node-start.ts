import type { NodeProject } from './node-managers.ts';
import { portIn, sourcesOf } from './ports.ts';
import { isName, isPath, isWord } from './text.ts';

/** How a server starts. */
export interface NodeStart {
  readonly words: readonly string[];
  /** The file that Node runs, where the command names one. */
  readonly entry: string | undefined;
  readonly port: number | undefined;
  /** The server takes its port from `PORT`. */
  readonly readsPort: boolean;
  readonly health: string | undefined;
  readonly notes: readonly string[];
}

const has = ({ packages }: NodeProject, ...names: readonly string[]): boolean => names.some((name) => packages.has(name));

/** Builds that make files for any web server, and where they put them; the first group of a config names another folder. */
const sites: readonly { readonly build: RegExp; readonly output: string; readonly config?: RegExp; readonly setting?: RegExp; readonly unless?: RegExp }[] = [
  { build: /\bvite build\b/, output: 'dist', config: /^vite\.config\.\w+$/, setting: /\boutDir:\s*['"]([^'"]+)['"]/, unless: /\blib:\s*\{|\bssr:\s*true/ },
  { build: /\breact-scripts(?:-ts)? build\b/, output: 'build' },
  { build: /\bvue-cli-service build\b/, output: 'dist', config: /^vue\.config\.\w+$/, setting: /\boutputDir:\s*['"]([^'"]+)['"]/ },
  { build: /\bastro build\b/, output: 'dist', config: /^astro\.config\.\w+$/, unless: /\badapter\b|output:\s*['"](?:server|hybrid)/ },
  { build: /\bgatsby build\b/, output: 'public' },
  { build: /\bdocusaurus build\b/, output: 'build' },
  { build: /\bnext build\b/, output: 'out', config: /^next\.config\.\w+$/, setting: /\bdistDir:\s*['"]([^'"]+)['"]/ },
];

/** Libraries of servers: with one of them the project is more than files. */
const servers = [
  'express', 'fastify', 'koa', '@nestjs/core', '@hapi/hapi', 'hono', 'restify', '@sveltejs/kit', '@remix-run/node', '@react-router/node', 'nuxt',
  '@tanstack/react-start',
];

const configText = ({ context }: NodeProject, name: RegExp | undefined): string =>
  name === undefined ? '' : context.files.filter((path) => name.test(path)).map((path) => context.read(path) ?? '').join('\n');

const exportsPages = (project: NodeProject): boolean => /\boutput:\s*['"]export['"]/.test(configText(project, /^next\.config\.\w+$/));

/** The folder of files that the build makes for a web server; undefined for a server. */
export function siteFolder(project: NodeProject): string | undefined {
  const build = project.scripts['build'] ?? '';
  const site = sites.find((each) => each.build.test(build));
  if (site === undefined || (has(project, ...servers) && !has(project, '@docusaurus/core'))) return undefined;
  const text = configText(project, site.config);
  const isApp = site.output !== 'dist' || !/\bvite build\b/.test(build) || project.context.has('index.html') || /\broot:/.test(text);
  if (!isApp || site.unless?.test(text) === true || (site.output === 'out' && !exportsPages(project))) return undefined;
  if (/^(?:NODE_ENV=\S+ )?node /.test(project.scripts['start'] ?? '')) return undefined;
  const named = site.setting?.exec(text)?.[1]?.replace(/^\.\//, '');
  return named !== undefined && isPath(named) ? named : site.output;
}

/** Pages that a router in the browser makes. */
export const isSinglePage = ({ packages }: NodeProject): boolean =>
  [...packages].some((name) => /router$|router-dom$|^wouter$/.test(name)) && !packages.has('next');

/** Next.js copies what its server needs into one folder. */
export const isStandalone = (project: NodeProject): boolean => /\boutput:\s*['"]standalone['"]/.test(configText(project, /^next\.config\.\w+$/));

/** A script for development, or one that needs a shell. */
const forDevelopment = /\b(?:nodemon|ts-node|ts-node-dev|tsx|vite|webpack|parcel|ng|react-scripts|vue-cli-service|concurrently|--watch|dev|watch|turbo|nx)\b/;

/** The words of `node dist/main.js`; undefined for what a shell or another program makes of it. */
function nodeWords(script: string): string[] | undefined {
  const words = script.trim().replace(/^(?:cross-env\s+)?NODE_ENV=production\s+/, '').split(/\s+/);
  return !/[\r\n]/.test(script.trim()) && words[0] === 'node' && words.length > 1 && words.every(isWord) ? words : undefined;
}

const entryFiles = [
  'server.js', 'index.js', 'app.js', 'main.js', 'src/server.js', 'src/index.js', 'src/app.js', 'src/main.js', 'server.mjs', 'index.mjs', 'bin/www',
];

interface Found {
  readonly words: readonly string[];
  readonly notes: readonly string[];
}

function fromScripts({ scripts }: NodeProject): Found | undefined {
  for (const name of ['start:prod', 'start:production', 'serve:prod', 'start']) {
    const script = scripts[name];
    if (script === undefined || /^\s*$/.test(script)) continue;
    const words = nodeWords(script);
    if (words !== undefined && !words.includes('--watch')) return { words, notes: [] };
    const notes = forDevelopment.test(script) ? [`The script \`${name}\` looks like one for development: give what starts the service with --start.`] : [];
    return { words: name === 'start' ? ['npm', 'start'] : ['npm', 'run', name], notes };
  }
  return undefined;
}

function fromFiles({ context, manifest }: NodeProject): Found | undefined {
  const main = typeof manifest['main'] === 'string' ? [manifest['main'].replace(/^\.\//, '')] : [];
  const entry = [...main, ...entryFiles].find((path) => isPath(path) && context.has(path));
  return entry === undefined ? undefined : { words: ['node', entry], notes: [`The start command \`node ${entry}\` is a guess: look whether it is right.`] };
}

function found(project: NodeProject): Found | undefined {
  if (has(project, 'next')) return { words: isStandalone(project) ? ['node', 'server.js'] : ['node_modules/.bin/next', 'start'], notes: [] };
  if (has(project, 'nuxt')) return { words: ['node', '.output/server/index.mjs'], notes: [] };
  return fromScripts(project) ?? fromFiles(project);
}

const ports = [/\bPORT\s*(?:\|\||\?\?)\s*['"`]?(\d{2,5})\b/, /\.listen\(\s*(\d{2,5})\b/, /\bport\s*[:=]\s*(\d{2,5})\b/i];

/** The port that the sources, the script or the framework name. */
function portOf(project: NodeProject, files: readonly string[]): number | undefined {
  const script = /(?:^|\s)(?:-p|--port)[ =](\d{2,5})\b/.exec(project.scripts['start'] ?? '')?.[1];
  if (script !== undefined) return Number(script);
  const inFiles = has(project, 'next', 'nuxt') ? undefined : portIn(project.context, files, ports);
  const named = inFiles ?? portIn(project.context, ['.env.example', '.env.sample'], [/^PORT=["']?(\d{2,5})\b/m]);
  return named ?? (has(project, 'next', 'nuxt') ? 3000 : undefined);
}

/** A path that the very file which makes the server answers to. */
function healthOf(project: NodeProject, files: readonly string[]): string | undefined {
  for (const file of files) {
    const text = project.context.read(file) ?? '';
    const [, name] = /\b(?:const|let|var)\s+(\w+)\s*=\s*(?:express|fastify|Fastify|new Hono)\(/.exec(text) ?? [];
    if (name === undefined) continue;
    const route = new RegExp(`\\b${name}\\.get\\(\\s*['"\`](/(?:health|healthz|healthcheck|livez|ping))['"\`]\\s*,\\s*(?:async\\s*)?(?:\\(|function\\b)`).exec(text);
    if (route !== null) return route[1];
  }
  return undefined;
}

/** How the server starts; undefined where nothing tells. */
export function nodeStart(project: NodeProject): NodeStart | undefined {
  const start = found(project);
  if (start === undefined) return undefined;
  const entry = start.words[0] === 'node' ? start.words.slice(1).find((word) => !word.startsWith('-')) : undefined;
  const files = sourcesOf(project.context, /\.[cm]?[jt]s$/).filter((path) => !/(?:^|\/)[^/]*\.config\.\w+$|\.d\.ts$/.test(path));
  const own = entry !== undefined && files.includes(entry) ? [entry] : files.filter((path) => /(?:^|\/)(?:server|index|main|app)\.[cm]?[jt]s$/.test(path));
  const readsPort = has(project, 'next', 'nuxt') || own.some((path) => /process\.env(?:\.PORT\b|\[['"]PORT['"]\])/.test(project.context.read(path) ?? ''));
  // A server that is told its port may be told any.
  const port = portOf(project, own) ?? (readsPort ? 3000 : undefined);
  return { ...start, entry, port, readsPort, health: healthOf(project, own) };
}

/** Folders of the workspace's members that could be started on their own. */
export function members({ context }: NodeProject): string[] {
  const manifests = context.files.filter((path) => /^(?:[^/]+\/){1,2}package\.json$/.test(path) && !path.includes('node_modules'));
  return manifests.map((path) => path.replace(/\/package\.json$/, '')).filter((path) => isPath(path) && path.split('/').every(isName));
}
