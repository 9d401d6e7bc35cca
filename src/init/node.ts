import type { BuildContext } from '../context/context.ts';
import { textAt } from '../context/manifests/values.ts';
import { listed, ConfigError } from '../config/error.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { compiledPackage } from '../model/native.ts';
import { readInvocation } from '../model/packages.ts';
import { inputsOf, installFrom, type Install } from './inputs.ts';
import { isWorkspace, managerOf, readProject, type NodeManager, type NodeProject } from './node-managers.ts';
import { isSinglePage, isStandalone, members, nodeStart, siteFolder, type NodeStart } from './node-start.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { serverStage, staticPort } from './static.ts';
import { cache, command, expose, fileOf, json, run, syntax, systemPackages } from './text.ts';
import { stated, toolVersion, versionFor, versions, type Version } from './versions.ts';

function versionOf({ context, manifest }: NodeProject): Version {
  const range = textAt(manifest, 'engines', 'node');
  const texts = [context.read('.nvmrc'), context.read('.node-version'), textAt(manifest, 'volta', 'node'), range];
  const exact = texts.map(stated).find((version) => version !== undefined);
  return versionFor('Node.js', exact ?? toolVersion(context.read('.tool-versions'), 'nodejs'), range, versions.node, '.nvmrc');
}

/** Scripts of the project itself that an install runs. */
const lifecycle = ['preinstall', 'install', 'postinstall', 'prepare'];
const hooksOnly = /^(?:husky|lefthook|simple-git-hooks)\b|only-allow/;

/** What a build stage is made of. */
interface Build {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

/** A package that is compiled when it is installed: the slim image has no compiler. */
function needsCompiler({ packages }: NodeProject): boolean {
  const names = [...packages].filter((name) => /^[\w@/.-]+$/.test(name));
  const [first] = readDockerfile(`FROM scratch\nRUN npm install ${names.join(' ')}\n`).commands;
  const invocation = first === undefined ? undefined : readInvocation(first);
  return invocation !== undefined && compiledPackage(readDockerfile(''), undefined, invocation) !== undefined;
}

/** Prisma's engine needs OpenSSL, which the slim image has not. */
const libraries = ({ packages }: NodeProject): string | undefined =>
  (packages.has('@prisma/client') || packages.has('prisma') ? systemPackages(['openssl']) : undefined);

/** Where scripts of the install need the sources, they run behind them. */
function installAll(project: NodeProject, manager: NodeManager, words: string): Install & { readonly later: readonly string[] } {
  const { context, scripts } = project;
  const mounts = [cache(manager.cacheFolder)];
  const plain = inputsOf(context, words);
  const quiet = inputsOf(context, `${words} --ignore-scripts`);
  const isModernYarn = manager.cacheFolder.includes('berry');
  if (plain.refusals.length === 0 || quiet.refusals.length > 0 || isModernYarn) return { ...installFrom(context, words, mounts, plain), later: [] };
  const mine = lifecycle.filter((name) => name !== 'prepare' || scripts['build'] === undefined);
  const own = mine.filter((name) => scripts[name] !== undefined && !hooksOnly.test(scripts[name]));
  const install = installFrom(context, `${words} --ignore-scripts`, mounts, quiet);
  const later = run([], manager.name === 'pnpm' ? 'pnpm rebuild' : 'npm rebuild', ...own.map((name) => `npm run ${name}`));
  return { ...install, later: ['# What installs run themselves needs the sources', later] };
}

function buildStage(project: NodeProject, manager: NodeManager, version: string, prunes: boolean): Build {
  const install = installAll(project, manager, manager.install);
  const build = project.scripts['build'] === undefined ? [] : [`RUN ${manager.name} run build`];
  const tools = needsCompiler(project);
  const libs = libraries(project);
  const prune = prunes && manager.prune !== undefined ? ['# Nothing of development gets into the image', run([cache(manager.cacheFolder)], manager.prune)] : [];
  return {
    lines: [
      ...(tools ? ['# The full image has the compiler that some packages need', `FROM node:${version} AS build`] : [`FROM node:${version}-slim AS build`]),
      ...(libs === undefined ? [] : [libs]), ...manager.setup, 'WORKDIR /app', ...install.lines, '',
      ...(install.hasSources ? [] : ['COPY . .']), ...install.later, ...build, ...prune, '',
    ],
    notes: [...manager.notes, ...install.notes],
  };
}

/** Folders of the sources that servers read when they run. */
const readAtRun = ['public', 'views', 'templates', 'static', 'assets', 'locales', 'prisma', 'migrations', 'config'];

/** The folder that the build makes and the start command names, where it can be told. */
function outputOf({ context }: NodeProject, start: NodeStart | undefined): string | undefined {
  const folder = /^(?:\.\/)?(dist|build|lib|out|\.output)\//.exec(start?.entry ?? '')?.[1];
  return context.files.some((path) => path.startsWith(`${folder}/`)) ? undefined : folder;
}

const nextConfig = (context: BuildContext): string =>
  context.files.filter((path) => /^next\.config\.(?:[cm]?js|ts)$/.test(path)).map((path) => `${path} `).join('');

/** What the image that ships takes of the build. */
function copies(project: NodeProject, start: NodeStart | undefined): readonly string[] {
  const { context, packages } = project;
  const from = (path: string, to = path): string => `COPY --from=build /app/${path} ${to}`;
  const publicFolder = context.isFolder('public') ? [from('public')] : [];
  if (packages.has('next') && isStandalone(project)) return [from('.next/standalone', './'), from('.next/static'), ...publicFolder];
  if (packages.has('next')) {
    const pages = ['# Next.js keeps its cache of pages here', 'COPY --from=build --chown=node:node /app/.next .next'];
    return [...pages, ...publicFolder, from('node_modules'), `COPY package.json ${nextConfig(context)}./`];
  }
  const output = outputOf(project, start);
  if (output === '.output') return [from('.output')];
  if (output === undefined) return ['COPY --from=build /app ./'];
  return [
    'COPY package.json ./', from('node_modules'), from(output),
    ...readAtRun.filter((folder) => context.isFolder(folder)).map((folder) => `COPY ${folder} ${folder}`),
  ];
}

function healthCheck(path: string, port: number): string {
  const program = `fetch('http://127.0.0.1:${port}${path}').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))`;
  return `HEALTHCHECK --start-period=30s CMD ${json(['node', '-e', program])}`;
}

function serverPlan(project: NodeProject, manager: NodeManager, version: string, wishes: Wishes): Plan {
  const start = nodeStart(project);
  const words = wishes.start ?? start?.words;
  const port = wishes.port ?? start?.port;
  const { scripts, packages } = project;
  const standsAlone = packages.has('next') && isStandalone(project);
  // Scripts of the install may need what is for development only.
  const needsStage = ['build', ...lifecycle].some((name) => scripts[name] !== undefined) || needsCompiler(project);
  const build = needsStage ? buildStage(project, manager, version, !standsAlone) : undefined;
  const install = build === undefined ? installAll(project, manager, manager.installForRun) : undefined;
  const sets = start?.readsPort === true && port !== undefined ? ` PORT=${port}` : '';
  const host = standsAlone ? ' HOSTNAME=0.0.0.0' : '';
  const isOwn = wishes.start === undefined;
  return {
    dockerfile: fileOf(
      ...syntax, build?.lines ?? [], `FROM node:${version}-slim`, libraries(project), build === undefined && manager.setup,
      `ENV NODE_ENV=production${host}${sets}`, 'WORKDIR /app',
      install === undefined ? copies(project, start) : [...install.lines, ...(install.hasSources ? [] : ['COPY . .']), ...install.later],
      '', 'USER node', expose(port), isOwn && start?.health !== undefined && port !== undefined && healthCheck(start.health, port), command(words),
    ),
    start: words, port, notes: [...(isOwn ? start?.notes ?? [] : []), ...(build?.notes ?? [...manager.notes, ...(install?.notes ?? [])])],
  };
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const project = readProject(context);
  if (isWorkspace(project)) {
    const folders = members(project).slice(0, 4);
    const such = folders.length === 0 ? '' : `, such as ${listed(folders, 'or')}`;
    throw new ConfigError(`package.json is the root of a workspace, and which of its packages ship only you know; give the folder of one${such}.`);
  }
  const { version, notes: versionNotes } = versionOf(project);
  const manager = managerOf(project, version);
  const site = siteFolder(project);
  if (site === undefined || wishes.start !== undefined) {
    const server = serverPlan(project, manager, version, wishes);
    return { ...server, notes: [...server.notes, ...versionNotes] };
  }
  const { lines, notes } = buildStage(project, manager, version, false);
  const copy = `COPY --from=build /app/${site} /usr/share/nginx/html`;
  return {
    dockerfile: fileOf(...syntax, lines, serverStage(copy, wishes, isSinglePage(project))), start: undefined, serves: 'nginx',
    port: staticPort(wishes), notes: [...notes, ...versionNotes],
  };
}

export const node: Ecosystem = {
  title: 'Node.js',
  mark: (context) => (context.has('package.json') ? 'package.json' : undefined),
  plan,
};
