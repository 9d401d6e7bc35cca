import type { Kind, Project } from './project.ts';
import type { Random } from './random.ts';

/** What the commands of a stage can speak of. */
export interface Scene {
  readonly random: Random;
  readonly project: Project;
  /** The folder that the sources go to. */
  readonly home: string;
  /** Variables that were declared. */
  readonly variables: string[];
  /** Users that were made. */
  readonly users: string[];
}

/** Where manifests lie below the working folder. */
const manifestFolder = ({ project, home }: Scene, workdir: string): string => {
  const place = project.root === '' ? home : `${home}/${project.root}`.replace('//', '/');
  return place === workdir ? '' : place;
};

function nodeInstall({ random }: Scene): string {
  return random.weigh(
    [8, 'npm ci'], [4, 'npm ci --omit=dev'], [2, 'npm ci --ignore-scripts'], [4, 'npm install'], [1, 'npm install --no-package-lock'], [1, 'npm i --omit=dev'],
    [1, 'yarn install --frozen-lockfile'], [1, 'yarn'], [1, 'npm install -g pm2@5.4.2'], [1, 'npm ci && npm cache clean --force'],
  );
}

function pythonInstall({ random }: Scene): string {
  const pip = random.weigh([5, 'pip install'], [3, 'pip install --no-cache-dir'], [1, 'python -m pip install']);
  return random.weigh(
    [9, `${pip} -r requirements.txt`], [1, `${pip} -r requirements/base.txt`], [1, `${pip} -r requirements.txt -c constraints.txt`],
    [1, `${pip} -r requirements.txt -r requirements/prod.txt`],
    [1, `${pip} flask==3.1.0`], [1, `${pip} .`], [1, `${pip} -e .`], [1, `${pip} --target lib -r requirements.txt`],
    [1, `PIP_CONSTRAINT=constraints.txt ${pip} -r requirements.txt`],
    [1, `python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt`],
  );
}

export const systemInstall = ({ random }: Scene): string => {
  const packages = random.pick(['curl', 'git', 'curl git', 'nginx', 'build-essential', 'nodejs npm']);
  const tail = random.weigh([3, ''], [2, ' && rm -rf /var/lib/apt/lists/*'], [1, ' && apt-get clean']);
  return `apt-get update && apt-get install -y ${packages}${tail}`;
};

const installers: Readonly<Record<Kind, (scene: Scene) => string>> = {
  node: nodeInstall, python: pythonInstall, plain: systemInstall,
  go: ({ random }) => random.weigh([6, 'go mod download'], [1, 'go build ./...'], [1, 'go mod download && go build -o /bin/app']),
};

/** The command that installs what the project asks for, with where it goes. */
export function installCommand(scene: Scene, workdir: string): string {
  const { random, project: { kind } } = scene;
  if (kind === 'plain' || random.chance(0.15)) return systemInstall(scene);
  const command = installers[kind](scene);
  const folder = manifestFolder(scene, workdir);
  const relative = folder.startsWith(`${workdir}/`) && random.chance(0.6) ? folder.slice(workdir.length + 1) : folder;
  if (folder === '') return random.chance(0.08) ? `cd ${workdir} && ${command}` : command;
  if (kind === 'python' && random.chance(0.4)) return command.replace(/-([rc]) (\S+)/g, `-$1 ${relative}/$2`);
  return random.chance(0.15) ? `(cd ${relative} && ${command})` : `cd ${relative} && ${command}`;
}

/** A path that a small command might touch: of the sources, of the system, of nobody. */
function somePath({ random, project, home }: Scene): string {
  const names = Object.keys(project.files).filter((path) => path !== '.dockerignore');
  const own = `${home}/${random.pick(names)}`.replace('//', '/');
  const folder = `${home}/${random.pick(project.folders.length === 0 ? ['src'] : project.folders)}`.replace('//', '/');
  return random.weigh(
    [4, own], [3, folder], [1, home], [4, '/tmp/work'], [3, '/data/files'], [2, '/etc/app.conf'],
    [2, '/var/log/app.log'], [1, `${home}/generated.txt`], [1, '/opt/tool'], [1, '/etc/pip.conf'], [1, '/root/.npmrc'],
  );
}

/** A small command of the system. */
export function smallCommand(scene: Scene): string {
  const { random, variables, users } = scene;
  const path = somePath(scene);
  const other = somePath(scene);
  const value = variables.length > 0 && random.chance(0.3) ? `$${random.pick(variables)}` : random.pick(['hello', 'a=1', '"two words"']);
  const owner = random.pick(['root', '1000', '1000:1000', ...users]);
  const text = random.weigh(
    [5, `mkdir -p ${path}`], [2, `mkdir -p /data /var/cache/app`], [2, `touch ${path}`], [3, `rm -rf ${path}`], [1, `rm -f ${path}`], [2, `cp -r ${path} ${other}`],
    [1, `mv ${path} ${other}`], [2, `chmod -R 755 ${path}`], [1, `chmod +x ${path}`], [2, `chown -R ${owner} ${path}`], [2, `ln -s ${path} ${other === scene.home ? '/tmp/link' : other}`],
    [1, `ln -sf ${path} /usr/local/bin/tool`],
    [3, `echo ${value} > ${path}`], [1, `echo ${value} >> ${path}`], [1, `cat ${path} > ${other}`], [1, `sed -i s/text/word/ ${path}`],
    [1, `printf x > ${path}`],
    [1, `test -f ${path} || echo none > /tmp/none`], [1, `export FLAG=${value}`], [1, 'set -e'], [1, `curl -fsSL https://example.com/t -o ${path}`], [1, `ls ${path}`], [1, 'echo start'],
    [1, `grep text ${path}`], [0.4, 'env > /tmp/env.txt'], [0.4, 'useradd -u 1234 late'], [0.3, 'usermod -u 2000 node'],
  );
  return text;
}

export function opaqueCommand({ random, project }: Scene): string {
  const script = project.root === '' ? './build.sh' : `./${project.root}/build.sh`;
  return random.pick([script, 'make', 'make all', 'npm run build', 'python setup.py build', 'sh ./build.sh', 'bash build.sh', 'go build ./...', 'make -C src']);
}

/** Several commands as the script of one RUN. */
export function joinCommands(random: Random, commands: readonly string[]): string {
  const [first = 'true', ...rest] = commands;
  return rest.reduce((text, command) => text + random.weigh([6, ' && '], [2, ' \\\n    && '], [1, '; '], [0.5, ' || true; ']) + command, first);
}
