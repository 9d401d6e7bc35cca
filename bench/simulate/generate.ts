import { withoutFailures } from './build.ts';
import { installCommand, joinCommands, opaqueCommand, smallCommand, systemInstall, type Scene } from './commands.ts';
import { makeProject, type Kind } from './project.ts';
import { Random } from './random.ts';
import type { ContextFiles } from './sources.ts';

/** A Dockerfile with its build context, and the values that a build is called with. */
export interface Case {
  readonly seed: number;
  readonly text: string;
  readonly files: ContextFiles;
  readonly given: Readonly<Record<string, string>>;
}

const images: Readonly<Record<Kind, readonly string[]>> = {
  node: ['node:22-slim', 'node:22', 'node:22-slim'], python: ['python:3.12-slim', 'python:3.12'],
  go: ['golang:1.23'], plain: ['debian:12', 'debian:12-slim', 'ubuntu:24.04'],
};
const workdirs = [
  '/app', '/app', '/app', '/usr/src/app', '/srv/app', '/opt/app', '/home/node/app', '/var/app', '/work', '/root', '/', '/usr/local/app',
  '/var/www/html', '/data',
];
const volatile = ['GIT_COMMIT', 'BUILD_DATE', 'VCS_REF', 'BUILD_NUMBER', 'COMMIT_SHA', 'CI_COMMIT_SHA'];
const plainNames = ['NODE_ENV', 'APP_ENV', 'VERSION', 'PORT', 'PIP_NO_CACHE_DIR', 'DEBIAN_FRONTEND', 'APP_HOME'];

/** A COPY's flags, carried by its kind. */
function flags({ random, users }: Scene): string {
  const owner = random.pick(['1000', '1000:1000', 'root', ...users]);
  const own = random.chance(0.15) ? `--chown=${owner} ` : '';
  const mode = random.chance(0.06) ? `--chmod=${random.pick(['755', '644', '600'])} ` : '';
  return `${own}${mode}${random.chance(0.05) ? '--link ' : ''}${random.chance(0.03) ? '--exclude=*.md ' : ''}`;
}

/** COPYs that bring the sources. */
function broadCopies(scene: Scene, workdir: string): string[] {
  const { random, project, home } = scene;
  const keyword = random.weigh([8, 'COPY'], [1, 'ADD'], [0.5, 'copy']);
  const to = home === workdir ? random.pick(['.', './', home, `${home}/`]) : home;
  const whole = `${keyword} ${flags(scene)}${random.weigh([5, '.'], [1, './'], [0.5, '*'])} ${to}`;
  const folder = project.root === '' ? random.pick(project.folders) : project.root;
  const source = random.pick([folder, `./${folder}`, `${folder}/`]);
  const single = `${keyword} ${flags(scene)}${source} ${home === '/' ? '' : home}/${folder}`;
  return random.weigh(
    [7, [whole]], [2, [single, ...(random.chance(0.5) ? [fileCopy(scene)] : [])]], [1, [single, whole]], [1, [fileCopy(scene), whole]],
  );
}

function fileCopy(scene: Scene): string {
  const { random, project, home } = scene;
  const names = Object.keys(project.files).filter((path) => path !== '.dockerignore');
  const manifests = names.filter((path) => /(?:package|requirements|go\.|lock|constraints)/.test(path) && !path.includes('node_modules'));
  const chosen = random.chance(0.6) && manifests.length > 0 ? manifests : [random.pick(names)];
  const inner = project.root === '' ? `${home}/` : `${home}/${project.root}/`;
  const place = random.weigh([3, './'], [3, inner.replace('//', '/')], [1, '/tmp/'], [1, `${home === '/' ? '' : home}/${random.pick(names)}`], [1, '/usr/local/bin/'], [1, '/etc/']);
  const source = random.chance(0.1) ? random.pick(['package*.json', '*.txt', '*.conf', 'src/*.js']) : chosen.join(' ');
  return `${random.chance(0.05) ? 'ADD' : 'COPY'} ${flags(scene)}${source} ${source.includes(' ') && !place.endsWith('/') ? `${place}/` : place}`;
}

function runFlags({ random, project: { kind } }: Scene): string {
  if (!random.chance(0.1)) return '';
  const cache = kind === 'python' ? '/root/.cache/pip' : kind === 'node' ? '/root/.npm' : '/go/pkg/mod';
  const manifest = kind === 'python' ? 'requirements.txt' : kind === 'node' ? 'package.json' : 'go.mod';
  return random.pick([`--mount=type=cache,target=${cache} `, '--mount=type=tmpfs,target=/tmp ', `--mount=type=bind,source=${manifest},target=${manifest} `, '--mount=type=bind,target=/ctx ']);
}

function run(scene: Scene, commands: readonly string[]): string {
  const { random } = scene;
  if (commands.length > 1 && random.chance(0.05)) return `RUN ${runFlags(scene)}<<EOF\n${random.chance(0.5) ? 'set -e\n' : ''}${commands.join('\n')}\nEOF`;
  if (commands.length === 1 && random.chance(0.04) && /^[\w./ -]+$/.test(commands[0] ?? '')) return `RUN ${JSON.stringify((commands[0] ?? '').split(' '))}`;
  return `RUN ${runFlags(scene)}${random.chance(0.06) ? 'set -e; ' : ''}${joinCommands(random, commands)}`;
}

/** Declarations of variables, volatile ones mostly where they are used by nothing near. */
function declaration(scene: Scene): string {
  const { random, variables } = scene;
  const name = random.chance(0.55) ? random.pick(volatile) : random.pick(plainNames);
  const known = variables.length > 0 ? `$${random.pick(variables)}` : 'x';
  const value = random.pick(['production', '1.0', known, '/opt/x', '"a b"']);
  variables.push(name);
  return random.weigh(
    [5, `ARG ${name}`], [2, `ARG ${name}=${value}`], [3, `ENV ${name}=${value}`], [1, `LABEL revision=${known}`], [0.4, `ENV ${name} ${value}`],
    [0.5, `ENV PATH=/opt/tool/bin:$PATH`], [0.3, `ENV PIP_CONSTRAINT=constraints.txt`], [0.3, 'ENV NODE_OPTIONS="--require ./src/main.js"'],
  );
}

/** A step that may stand anywhere. */
function filler(scene: Scene): string {
  const { random, users, project } = scene;
  return random.weigh<() => string>(
    [6, () => run(scene, [smallCommand(scene)])], [2, () => run(scene, [smallCommand(scene), smallCommand(scene)])], [5, () => declaration(scene)],
    [2, () => fileCopy(scene)],
    [1, () => 'EXPOSE 8080'], [1, () => 'LABEL stage=build'], [1, () => `# a note\n${run(scene, [smallCommand(scene)])}`], [0.5, () => 'SHELL ["/bin/bash", "-ec"]'],
    [0.7, () => `USER ${random.pick(['root', '1000', ...users])}`], [1, () => run(scene, [systemInstall(scene)])],
    [0.7, () => `WORKDIR ${random.pick([...workdirs, 'src', ...project.folders])}`],
    [0.4, () => `VOLUME ${random.pick(['/data', '/app', '/tmp'])}`], [0.6, () => run(scene, [opaqueCommand(scene)])],
    [0.3, () => 'ADD https://example.com/tool /opt/tool'], [0.3, () => 'STOPSIGNAL SIGINT'],
  )();
}

const several = (random: Random, most: number, make: () => string): string[] => Array.from({ length: random.below(most + 1) }, make);

function stageLines(scene: Scene, kind: Kind): string[] {
  const { random, home, users } = scene;
  const workdir = random.chance(0.85) ? home : random.pick(workdirs);
  const early = several(random, 2, () => filler(scene));
  const start = random.chance(0.9) ? [`WORKDIR ${workdir}`] : [];
  if (random.chance(0.1)) {
    early.push('RUN useradd -m app');
    users.push('app');
  }
  if (random.chance(0.12)) start.push(`USER ${random.pick(['1000', ...users])}`);
  const here = start.length === 0 ? '/' : workdir;
  const install = installCommand(scene, here);
  const before = random.chance(0.12) ? [smallCommand(scene)] : [];
  const after = random.chance(0.1) ? [random.chance(0.5) ? opaqueCommand(scene) : smallCommand(scene)] : [];
  const manifests = random.chance(0.08) ? [fileCopy(scene)] : [];
  const shape = [...manifests, ...broadCopies(scene, here), ...several(random, 2, () => filler(scene)), run(scene, [...before, install, ...after])];
  const late = several(random, 3, () => (random.chance(0.3) ? run(scene, [opaqueCommand(scene)]) : filler(scene)));
  const variable = random.chance(0.35) ? [`ARG ${random.pick(volatile)}`, ...(random.chance(0.7) ? [run(scene, [systemInstall(scene)])] : [])] : [];
  if (kind !== 'plain' && random.chance(0.1)) shape.reverse();
  return [...early, ...variable, ...start, ...shape, ...late, ...(random.chance(0.3) ? ['CMD ["node", "src/main.js"]'] : [])];
}

/** A random Dockerfile of one to three stages with its context, the same for the same seed. */
export function makeCase(seed: number): Case {
  const random = new Random(seed);
  const kind = random.weigh<Kind>([4, 'node'], [4, 'python'], [2, 'go'], [2, 'plain']);
  const project = makeProject(random, kind);
  const count = random.weigh([7, 1], [2, 2], [1, 3]);
  const lines: string[] = random.chance(0.08) ? ['ARG VERSION=1.0'] : [];
  const names: string[] = [];
  for (let number = 0; number < count; number += 1) {
    const parent = names.length > 0 && random.chance(0.35) ? random.pick(names) : random.pick(images[random.chance(0.9) ? kind : 'plain']);
    const name = count > 1 ? ` AS s${number}` : '';
    const users = parent.startsWith('node') || names.length > 0 && kind === 'node' ? ['node'] : [];
    const scene: Scene = { random, project, home: random.pick(workdirs), variables: [], users };
    lines.push(`FROM ${parent}${name}`, ...(number > 0 && random.chance(0.5) ? [`COPY --from=${random.pick(names)} /etc/os-release /opt/from-${number}`] : []));
    lines.push(...(number > 0 && random.chance(0.4) ? several(random, 4, () => filler(scene)) : stageLines(scene, kind)));
    names.push(`s${number}`);
  }
  const given = random.chance(0.7) ? Object.fromEntries([...volatile, 'VERSION', 'APP_ENV'].filter(() => random.chance(0.6)).map((name) => [name, `given ${name}`])) : {};
  const blank = random.chance(0.2) ? '\n\n' : '\n';
  return { seed, text: withoutFailures(`${lines.join(blank)}\n`, project.files, given), files: project.files, given };
}
