import type { NodeProject } from '../../model/node-packages.ts';
import { joinPath } from '../../model/state.ts';
import type { Draft } from './draft.ts';
import type { NodeTree } from './node-tree.ts';

/** The folder a site is built into. */
export interface Built {
  readonly path: string;
}

interface Builder {
  readonly settings: readonly string[];
  /** Settings of these words change where the site is built to, or what is served with it. */
  readonly odd: RegExp;
  readonly folder: string;
}

const builders: Readonly<Record<string, Builder>> = {
  vite: {
    settings: ['vite.config.js', 'vite.config.ts', 'vite.config.mjs', 'vite.config.mts', 'vite.config.cjs', 'vite.config.cts'],
    odd: /\b(?:proxy|outDir|base|appType|middleware|ssr|root|port)\b\s*[:(]/, folder: 'dist',
  },
  'react-scripts': { settings: ['src/setupProxy.js', 'src/setupProxy.ts', 'craco.config.js'], odd: /^/, folder: 'build' },
  'vue-cli-service': { settings: ['vue.config.js', 'vue.config.ts', 'vue.config.cjs'], odd: /\b(?:devServer|outputDir|publicPath|baseUrl|port)\b/, folder: 'dist' },
};

/** Frameworks whose preview runs a server of their own. */
const frameworks = /^(?:@sveltejs\/kit|astro|nuxt|@remix-run\/.*|@react-router\/dev|@solidjs\/start|vike|vite-plugin-ssr|@tanstack\/.*start|gatsby|next|@analogjs\/.*|qwik|@builder\.io\/qwik-city)$/;

const inProject = (project: NodeProject, name: string): string => (project.folder === '' ? name : `${project.folder}/${name}`);

interface AngularTarget {
  readonly builder?: unknown;
  readonly options?: unknown;
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const at = (value: unknown, ...keys: readonly string[]): unknown => keys.reduce<unknown>((table, key) => (isTable(table) && Object.hasOwn(table, key) ? table[key] : undefined), value);

function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}

/** The output folder of an Angular project: that of the application builder has a folder for the browser (angular.dev/tools/cli/build). */
function angularFolder(text: string): string | undefined {
  const projects = at(parse(text), 'projects');
  const [entry, another] = isTable(projects) ? Object.entries(projects) : [];
  if (entry === undefined || another !== undefined || /"(?:proxyConfig|ssr|server|baseHref|deployUrl)"\s*:/.test(text)) return undefined;
  const [name, project] = entry;
  const target: unknown = at(project, 'architect', 'build') ?? at(project, 'targets', 'build');
  const { builder, options }: AngularTarget = isTable(target) ? target : {};
  const given = at(options, 'outputPath');
  if (typeof builder !== 'string' || (given !== undefined && typeof given !== 'string')) return undefined;
  if (builder.endsWith(':application')) return `${given ?? `dist/${name}`}/browser`;
  return /:browser(?:-esbuild)?$/.test(builder) && given !== undefined ? given : undefined;
}

/** True where a RUN calls a script that runs the builder and tells it no other folder. */
function isBuilt(draft: Draft, project: NodeProject, builder: string): boolean {
  const called = draft.commands.flatMap(({ words }) => words.map(({ text }) => text));
  const scripts = called.flatMap((name) => project.scripts.get(name) ?? []);
  return scripts.some((text) => new RegExp(`(?:^|[\\s;&])${builder} build\\b`).test(text) && !/--(?:out|outDir|dest|output|base|mode|project|configuration)\b|BUILD_PATH|PUBLIC_URL/.test(text));
}

/** The folder a builder puts the site into; refuses where settings may change that, or where more than files is served. */
export function builtFolder(draft: Draft, tree: NodeTree, builder: string): Built | undefined {
  const { project, install } = tree;
  const refuse = (reason: string): undefined => {
    draft.refuse(install.command.program, reason);
  };
  if (project === undefined || draft.context === undefined) return refuse('Where the site is built to can\'t be told without `package.json`.');
  const framework = [...project.dependencies, ...project.devDependencies].find((name) => frameworks.test(name));
  if (framework !== undefined) return refuse(`\`${framework}\` may need a server of its own.`);
  if (project.keys.has('proxy') || project.keys.has('homepage')) return refuse('`package.json` sets a proxy or the path of the site.');
  if (!isBuilt(draft, project, builder)) return refuse(`No script that the build calls runs \`${builder} build\` as it is.`);
  if (builder === 'ng') {
    const text = draft.context.read(inProject(project, 'angular.json'));
    const folder = text === undefined ? undefined : angularFolder(text);
    return folder === undefined ? refuse('Where Angular builds the site to can\'t be told from `angular.json`.') : { path: joinPath(tree.folder, folder) ?? '' };
  }
  const facts = Object.hasOwn(builders, builder) ? builders[builder] : undefined;
  const odd = facts?.settings.map((name) => inProject(project, name)).find((path) => draft.context?.has(path) === true && facts.odd.test(draft.context.read(path) ?? 'proxy:'));
  if (facts === undefined || odd !== undefined) return refuse(`\`${odd ?? builder}\` may change where the site is built to, or what is served with it.`);
  return { path: joinPath(tree.folder, facts.folder) ?? '' };
}
