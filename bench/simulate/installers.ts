import { at, environmentOf, filesNamedBy, keepCache, located, readIfThere, split, systemDigest, toolDigest, upwards } from './locate.ts';
import { npm, yarn } from './node-installs.ts';
import type { Process, Program } from './process.ts';
import { allows, digest, Failure, normal, parentOf } from './tree.ts';

/** What a manager of packages does; what it does not know goes to `otherwise`, which reads everything. */
type Installer = (otherwise: Program) => Program;

const noWords = /^(?:update|install|upgrade|clean|autoremove|add|del)$/;

/** apt-get: packages come from the lists; their scripts look at the system. */
const aptGet: Installer = () => (process, words) => {
  const { tree, actor } = process;
  if (actor.user !== '0') throw new Failure('apt-get: permission denied');
  const { files } = split(words);
  const [command] = files.filter((word) => noWords.test(word));
  const names = files.filter((word) => !noWords.test(word));
  const lists = '/var/lib/apt/lists/index';
  const seen = [environmentOf(process, /^(?:DEBIAN_|APT_)/), systemDigest(process)].join('\n');
  if (command === 'update') {
    tree.makeFolders('/var/lib/apt/lists', actor);
    tree.write(lists, digest('lists', tree.listing(['/etc/apt'])), actor);
  }
  if (command !== 'install') return;
  for (const name of names) {
    const local = name.startsWith('.') || name.startsWith('/') ? tree.read(at(process, name), actor) : undefined;
    if (local === undefined && tree.get(lists) === undefined) throw new Failure(`apt-get: no package ${name}`);
    const program = name.replace(/[^\w-].*$/, '') || digest(name);
    const version = digest(name, local ?? tree.get(lists)?.text ?? '', seen);
    tree.write(`/usr/bin/${program}`, ['npm', 'node', 'curl', 'python', 'pip'].includes(program) ? `program ${program}` : version, actor, 0o755);
    tree.write(`/var/lib/dpkg/${program}`, version, actor);
    // A web server brings a first page, where there is none yet.
    if (name === 'nginx' && tree.get('/var/www/html/index.html') === undefined) {
      tree.makeFolders('/var/www/html', actor);
      tree.write('/var/www/html/index.html', 'It works', actor);
    }
  }
};

/** The lines of a requirements file and of those it names. */
function requirements(process: Process, path: string, seen: Set<string>): string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  return process.tree.read(path, process.actor).split('\n').flatMap((raw) => {
    const line = raw.replace(/(?:^|\s)#.*$/, '').trim();
    const [, nested] = /^(?:-r|-c|--requirement|--constraint)[\s=]*(\S+)$/.exec(line) ?? [];
    if (nested !== undefined) return [line, ...requirements(process, normal(parentOf(path), nested), seen)];
    const [, folder] = /^(?:-e\s+)?(\.\.?(?:\/\S*)?)$/.exec(line) ?? [];
    return folder === undefined ? [line] : [line, builds(process, folder)];
  }).filter((line) => line !== '');
}

/** A project that is built reads all its folder. */
function builds(process: Process, folder: string): string {
  const place = process.tree.real(at(process, folder));
  if (!['setup.py', 'pyproject.toml'].some((name) => process.tree.get(normal(place, name)) !== undefined)) throw new Failure(`${folder}: no project`);
  return process.tree.listing([place]);
}

interface PipWords {
  readonly files: string[];
  readonly names: string[];
  readonly target: string | undefined;
}

function pipWords(words: readonly string[]): PipWords {
  const files: string[] = [];
  const names: string[] = [];
  let target: string | undefined;
  for (let index = 1; index < words.length; index += 1) {
    const word = words[index] ?? '';
    const [, flag, value] = /^(--[a-z-]+)=(.*)$/.exec(word) ?? [undefined, word, words[index + 1] ?? ''];
    const takes = /^(?:-r|-c|-t|--requirement|--constraint|--target|--prefix)$/.test(flag ?? '');
    if (/^(?:-r|-c|--requirement|--constraint)$/.test(flag ?? '')) files.push(value ?? '');
    else if (/^(?:-t|--target|--prefix)$/.test(flag ?? '')) target = value;
    else if (!word.startsWith('-')) names.push(word);
    if (takes && !word.includes('=')) index += 1;
  }
  return { files, names, target };
}

/** Where pip puts packages: beside itself, or in the home folder where that is closed to the user. */
function sitePackages(process: Process, target: string | undefined): string {
  const wanted = target ?? process.environment.get('PIP_TARGET');
  if (wanted !== undefined) return at(process, wanted);
  const own = normal(parentOf(parentOf(located(process, 'pip') ?? '/usr/local/bin/pip')), 'lib/python3/site-packages');
  const existing = upwards(own).find((path) => process.tree.get(path) !== undefined) ?? '/';
  const entry = process.tree.get(existing);
  if (entry !== undefined && allows(entry, process.actor, 2)) return own;
  return normal(process.environment.get('HOME') ?? '/', '.local/lib/python3/site-packages');
}

const pip: Installer = (otherwise) => (process, words) => {
  const { tree, actor, environment } = process;
  if (words[0] !== 'install') return words[0] === 'cache' ? undefined : otherwise(process, words);
  const { files, names, target } = pipWords(words);
  const seen = new Set<string>();
  const named = ['PIP_REQUIREMENT', 'PIP_CONSTRAINT'].flatMap((name) => environment.get(name)?.split(' ') ?? []).filter((name) => name !== '');
  const lines = [...files, ...named].flatMap((path) => requirements(process, at(process, path), seen));
  const local = names.filter((name) => /^\.|\//.test(name)).map((name) => builds(process, name));
  if (files.length + names.length === 0) throw new Failure('pip install: nothing to install');
  const all = [...lines, ...names, ...local];
  const surroundings = [words.join(' '), environmentOf(process, /^(?:PIP_|PYTHON|VIRTUAL_ENV$|PATH$|HOME$)/), filesNamedBy(process, /^PIP_CONFIG_FILE$/), toolDigest(process)];
  const site = sitePackages(process, target);
  for (const name of all.filter((line) => /^[a-z]/i.test(line))) {
    const folder = normal(site, /^[\w-]+/.exec(name)?.[0] ?? 'x');
    tree.makeFolders(folder, actor);
    tree.write(normal(folder, '__init__.py'), digest(name, ...all, ...surroundings), actor);
  }
  if (!words.includes('--no-cache-dir') && environment.get('PIP_NO_CACHE_DIR') === undefined) keepCache(process, '.cache/pip/http', digest(...all));
};

const python: Installer = (otherwise) => (process, words) => {
  const [first, module, folder] = words;
  if (first !== '-m') {
    if (first !== undefined) process.tree.read(at(process, first), process.actor);
    return otherwise(process, words);
  }
  if (module === 'pip') return pip(otherwise)(process, words.slice(2));
  if (module !== 'venv' || folder === undefined) return otherwise(process, words);
  const place = at(process, folder);
  process.tree.makeFolders(`${place}/bin`, process.actor);
  for (const name of ['pip', 'python']) process.tree.write(`${place}/bin/${name}`, `program ${name}`, process.actor, 0o755);
  process.tree.write(`${place}/pyvenv.cfg`, 'home = /usr/local/bin', process.actor);
  return undefined;
};

const go: Installer = (otherwise) => (process, words) => {
  const { tree, actor, environment } = process;
  if (words[0] !== 'mod' || words[1] !== 'download') return otherwise(process, words);
  const folder = upwards(process.folder).find((each) => tree.get(normal(each, 'go.mod')) !== undefined);
  if (folder === undefined) throw new Failure('go: there is no go.mod');
  const texts = [tree.read(normal(folder, 'go.mod'), actor), readIfThere(process, normal(folder, 'go.sum')) ?? ''];
  for (const [, replaced = ''] of texts.join('\n').matchAll(/=> (\.\S+)/g)) texts.push(tree.read(normal(folder, `${replaced}/go.mod`), actor));
  const work = environment.get('GOWORK') === 'off' ? undefined : upwards(process.folder).find((each) => tree.get(normal(each, 'go.work')) !== undefined);
  if (work !== undefined) {
    texts.push(tree.read(normal(work, 'go.work'), actor));
    for (const [, used = ''] of (texts.at(-1) ?? '').matchAll(/^use (\S+)/gm)) texts.push(tree.read(normal(work, `${used}/go.mod`), actor));
  }
  const home = environment.get('GOPATH') ?? normal(environment.get('HOME') ?? '/', 'go');
  const seen = digest(...texts, environmentOf(process, /^(?:GO|CGO_|PATH$|HOME$)/), toolDigest(process));
  tree.makeFolders(normal(home, 'pkg/mod'), actor);
  tree.write(normal(home, `pkg/mod/${digest(...texts)}`), seen, actor);
  return undefined;
};

/** A download is told by its address; `-o` names the file. */
const curl: Installer = () => (process, words) => {
  const { files } = split(words);
  const url = files.find((word) => word.startsWith('https:')) ?? '';
  const home = process.environment.get('HOME') ?? '/';
  const text = `${digest(url, readIfThere(process, normal(home, '.curlrc')) ?? '')}\n`;
  const target = words[words.findIndex((word) => /^-[a-zA-Z]*o$/.test(word)) + 1];
  if (!words.some((word) => /^-[a-zA-Z]*o$/.test(word)) || target === undefined) return text;
  process.tree.write(at(process, target), text, process.actor);
  return undefined;
};

/** Managers by the names that base images give their programs. */
export const installers: Readonly<Record<string, Installer>> = { npm, yarn, pip, python, go, curl, 'apt-get': aptGet };
