import { baseImage } from './images.ts';
import type { Tree } from './tree.ts';

/** What a stage is at some point of its build. */
export interface Stage {
  readonly name: string;
  readonly tree: Tree;
  readonly environment: Map<string, string>;
  /** Variables that are there for the build alone. */
  readonly arguments: Map<string, string>;
  readonly labels: Map<string, string>;
  readonly ports: Set<string>;
  readonly volumes: Set<string>;
  readonly other: Map<string, string>;
  /** Names in the order in which they were set last: a later one wins. */
  readonly latest: Map<string, 'ENV' | 'ARG'>;
  user: string;
  workdir: string;
  shell: readonly string[];
}

const defaultShell: readonly string[] = ['/bin/sh', '-c'];

export function beginStage(name: string, parent: Stage | undefined, image: string): Stage {
  if (parent !== undefined) {
    return {
      ...parent, name, tree: parent.tree.copy(), environment: new Map(parent.environment), arguments: new Map(parent.arguments),
      labels: new Map(parent.labels), ports: new Set(parent.ports), volumes: new Set(parent.volumes), other: new Map(parent.other), latest: new Map(parent.latest),
    };
  }
  const { tree, environment, folder } = baseImage(image);
  return {
    name, tree, environment: new Map(environment), arguments: new Map(), labels: new Map(), ports: new Set(), volumes: new Set(), other: new Map(),
    latest: new Map(), user: '0', workdir: folder, shell: defaultShell,
  };
}

/** The value of a variable for instructions and RUNs. */
export function valueOf(stage: Stage, name: string): string | undefined {
  const own = stage.latest.get(name) === 'ARG' ? stage.arguments.get(name) : undefined;
  return own ?? stage.environment.get(name) ?? stage.arguments.get(name);
}

/** All variables that a RUN gets. */
export function variablesOf(stage: Stage): Map<string, string> {
  const names = new Set([...stage.environment.keys(), ...stage.arguments.keys()]);
  return new Map([...names].map((name) => [name, valueOf(stage, name) ?? '']));
}

const sorted = (values: Iterable<readonly [string, string]>): string[] => [...values].map(([name, value]) => `${name}=${value}`).sort();

/** All that can be told of a stage's image, a line each; the order in which it came about is not in it. */
export function describe(stage: Stage): string[] {
  return [
    `user ${stage.user}`, `workdir ${stage.workdir}`, `shell ${stage.shell.join(' ')}`,
    ...sorted(stage.environment).map((line) => `env ${line}`), ...sorted(variablesOf(stage)).map((line) => `value ${line}`),
    ...sorted(stage.labels).map((line) => `label ${line}`), ...sorted(stage.other).map((line) => `config ${line}`),
    ...[...stage.ports].sort().map((port) => `port ${port}`), ...[...stage.volumes].sort().map((volume) => `volume ${volume}`),
    ...stage.tree.listing().split('\n'),
  ];
}
