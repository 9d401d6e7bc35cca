import type { BuildContext } from '../context/context.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { contextFileAt } from './python-packages.ts';
import { joinPath } from './state.ts';

/** What of a package.json tells how a project is built and started. */
export interface NodeProject {
  /** The folder of the context it lies in; '' is the root. */
  readonly folder: string;
  readonly text: string;
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  readonly keys: ReadonlySet<string>;
}

const isTable = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isTable(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const namesOf = (value: unknown): Set<string> => new Set(isTable(value) ? Object.keys(value) : []);

/**
 * Reads the package.json that lies in a folder of the image when an instruction runs.
 * @returns undefined where the context has none, or none that can be read
 */
export function nodeProject(file: Dockerfile, context: BuildContext | undefined, before: Instruction, folder: string): NodeProject | undefined {
  const place = joinPath(folder, 'package.json');
  const path = context === undefined || place === undefined ? undefined : contextFileAt(file, context, before, place);
  const text = path === undefined ? undefined : context?.read(path);
  const table = text === undefined ? undefined : parse(text);
  if (path === undefined || text === undefined || table === undefined) return undefined;
  const scripts = isTable(table['scripts']) ? Object.entries(table['scripts']) : [];
  return {
    folder: path.slice(0, Math.max(path.lastIndexOf('/'), 0)),
    text,
    scripts: new Map(scripts.flatMap(([name, script]) => (typeof script === 'string' ? [[name, script] as const] : []))),
    dependencies: new Set([...namesOf(table['dependencies']), ...namesOf(table['optionalDependencies'])]),
    devDependencies: namesOf(table['devDependencies']),
    keys: new Set(Object.keys(table)),
  };
}

/** The package that brings a program of another name. */
const broughtBy: Readonly<Record<string, string>> = {
  nest: '@nestjs/cli', 'react-scripts': 'react-scripts', 'remix-serve': '@remix-run/serve', 'react-router-serve': '@react-router/serve', tsc: 'typescript',
  sequelize: 'sequelize-cli', 'vue-cli-service': '@vue/cli-service', ng: '@angular/cli', strapi: '@strapi/strapi', medusa: '@medusajs/medusa', 'pm2-runtime': 'pm2',
  nuxi: 'nuxt', directus: 'directus', keystone: '@keystone-6/core', 'http-server': 'http-server', serve: 'serve',
};

/** The package a program of `node_modules/.bin` comes from, by its name. */
export const packageOfProgram = (program: string): string => (Object.hasOwn(broughtBy, program) ? broughtBy[program] : undefined) ?? program;

/** The programs a script of package.json runs, in order; undefined where a shell decides. */
export function programsOfScript(script: string): string[] | undefined {
  if (/[|;`(){}<>\n]|\$\(|&(?!&)|(?<!&)&$/.test(script.replace(/&&/g, ' \u0001 '))) return undefined;
  return script.split('&&').map((part) => {
    const words = part.trim().split(/\s+/).filter((word) => !/^\w+=/.test(word));
    return words[0] === 'cross-env' ? words.slice(1).find((word) => !/^\w+=/.test(word)) ?? '' : words[0] ?? '';
  });
}
