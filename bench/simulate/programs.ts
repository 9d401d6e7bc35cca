import { accountLine, accountsOf, actorOf } from './accounts.ts';
import { installers } from './installers.ts';
import { at, located, split } from './locate.ts';
import type { FindProgram, Process, Program } from './process.ts';
import { allows, digest, Failure, isIn, nameOf, normal, ownerOf, type Entry } from './tree.ts';

/** A path and, where wanted, all below it. */
function withBelow({ tree }: Process, path: string, deep: boolean): string[] {
  const place = tree.real(path);
  if (!tree.entries.has(place)) throw new Failure(`${path}: no such file`);
  return deep ? [place, ...tree.below(place)] : [place];
}

function change(process: Process, path: string, deep: boolean, changed: (entry: Entry) => Entry): void {
  for (const place of withBelow(process, path, deep)) {
    const entry = process.tree.entries.get(place);
    if (entry === undefined || (entry.kind === 'link' && deep)) continue;
    if (process.actor.user !== '0' && entry.owner.split(':')[0] !== process.actor.user) throw new Failure(`${place}: not permitted`);
    process.tree.entries.set(place, changed(entry));
  }
}

/** Modes such as `755`, `+x`, `u+x`, `a-w`, `go=`. */
function newMode(mode: number, text: string): number {
  if (/^[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  const [, who = '', operator = '+', letters = ''] = /^([ugoa]*)([-+=])([rwxX]*)$/.exec(text) ?? [];
  const bits = (letters.includes('r') ? 4 : 0) | (letters.includes('w') ? 2 : 0) | (/[xX]/.test(letters) ? 1 : 0);
  const all = who === '' || who.includes('a');
  const mask = (all || who.includes('u') ? 0o700 : 0) | (all || who.includes('g') ? 0o070 : 0) | (all || who.includes('o') ? 0o007 : 0);
  const wanted = (bits * 0o111) & mask;
  return operator === '+' ? mode | wanted : operator === '-' ? mode & ~wanted : (mode & ~mask) | wanted;
}

/** Copies a file or a folder to a path; `move` takes the old one away. */
function copyTo(process: Process, from: string, to: string, move: boolean, follow: boolean): void {
  const { tree, actor } = process;
  const source = tree.real(from, follow);
  const entry = tree.entries.get(source);
  if (entry === undefined) throw new Failure(`${from}: no such file`);
  const target = tree.isFolder(to) ? normal(tree.real(to), nameOf(from)) : tree.real(to, false);
  if (isIn(target, source)) throw new Failure(`${to}: is the same, or inside of it`);
  const places = [source, ...tree.below(source)].map((path) => [path, tree.entries.get(path)] as const);
  if (move && tree.entries.has(target)) {
    if (tree.isFolder(target) && tree.below(target).length > 0) throw new Failure(`${to}: is not empty`);
    tree.remove(target, actor);
  }
  for (const [path, each] of places) {
    if (each === undefined) continue;
    const place = target + path.slice(source.length);
    if (each.kind === 'file' && !allows(each, actor, 4)) throw new Failure(`${path}: permission denied`);
    const before = tree.get(place);
    if (before !== undefined && (before.kind === 'folder') !== (each.kind === 'folder')) throw new Failure(`${place}: is of another kind`);
    if (each.kind === 'folder' && before !== undefined) continue;
    if (each.kind === 'file' && before !== undefined) tree.write(place, each.text, actor);
    else tree.put(place, move ? each : { ...each, owner: ownerOf(actor) }, actor);
  }
  if (move) tree.remove(source, actor);
}

const copies = (move: boolean): Program => (process, words) => {
  const { files, has } = split(words);
  const to = at(process, files.at(-1) ?? '');
  const sources = files.slice(0, -1).map((path) => at(process, path));
  if (sources.length === 0 || (sources.length > 1 && !process.tree.isFolder(to))) throw new Failure('wrong operands');
  for (const source of sources) {
    if (!move && process.tree.isFolder(source) && !has('r') && !has('R') && !has('a')) throw new Failure(`${source}: is a folder`);
    copyTo(process, source, to, move, !move && !has('r') && !has('R') && !has('a'));
  }
};

/** `s/a/b/` and the like: any script but a plain substitution of words is taken by its digest. */
function edited(text: string, script: string): string {
  const [, from, to = ''] = /^s(?:\/|\|)([\w.-]+)(?:\/|\|)([\w.-]*)(?:\/|\|)g?$/.exec(script) ?? [];
  return from === undefined ? digest(text, script) : text.split(from).join(to);
}

const addsUser: Program = (process, words) => {
  const { tree, actor } = process;
  const values = new Map(words.flatMap((word, index) => (/^-(?:u|d|g|-uid|-home)$/.test(word) ? [[word, words[index + 1] ?? ''] as const] : [])));
  const name = words.at(-1) ?? '';
  const accounts = accountsOf(tree);
  if (accounts.some((each) => each.name === name)) throw new Failure(`${name}: is there already`);
  const next = Math.max(1000, ...accounts.map(({ user }) => Number(user))) + 1;
  const user = values.get('-u') ?? values.get('--uid') ?? String(next);
  const home = values.get('-d') ?? values.get('--home') ?? `/home/${name}`;
  tree.write('/etc/passwd', [...accounts, { name, user, group: user, home }].map(accountLine).join('\n'), actor);
  const makesHome = words.some((word) => /^-[a-z]*m|^--create-home$/.test(word)) || (nameOf(name) !== '' && words.includes('--disabled-password'));
  if (makesHome) tree.makeFolders(home, actor, { user, group: user });
};

const changesUser: Program = ({ tree, actor }, words) => {
  const user = words[words.indexOf('-u') + 1] ?? '0';
  const name = words.at(-1) ?? '';
  const accounts = accountsOf(tree);
  const found = accounts.find((each) => each.name === name);
  if (found === undefined) throw new Failure(`${name}: no such user`);
  tree.write('/etc/passwd', accounts.map((each) => (each === found ? { ...each, user } : each)).map(accountLine).join('\n'), actor);
  // The files of the home folder go with their owner.
  for (const path of [found.home, ...tree.below(found.home)]) {
    const entry = tree.entries.get(path);
    if (entry?.owner.split(':')[0] === found.user) tree.entries.set(path, { ...entry, owner: `${user}:${entry.owner.split(':')[1] ?? ''}` });
  }
};

const tests: Program = (process, words) => {
  const [test, path = ''] = words.filter((word) => word !== ']');
  const entry = process.tree.get(at(process, path));
  const holds = test === '-f' ? entry?.kind === 'file' : test === '-d' ? entry?.kind === 'folder' : test === '-e' ? entry !== undefined : path !== '';
  if (!holds) throw new Failure('the test is false');
};

const variables = ({ environment }: Process): string => [...environment].map(([name, value]) => `${name}=${value}\n`).sort().join('');

/** Programs of every system. */
const small: Readonly<Record<string, Program>> = {
  echo: (_process, words) => `${words.filter((word) => !/^-[ne]$/.test(word)).join(' ')}\n`,
  printf: (_process, words) => words.join(' '),
  cat: (process, words) => words.map((path) => process.tree.read(at(process, path), process.actor)).join(''),
  grep: (process, words) => {
    const { files: [wanted = '', ...paths] } = split(words);
    const found = paths.flatMap((path) => process.tree.read(at(process, path), process.actor).split('\n')).filter((line) => line.includes(wanted));
    if (found.length === 0) throw new Failure('nothing found');
    return `${found.join('\n')}\n`;
  },
  ls: (process, words) => {
    const { files } = split(words);
    const folder = process.tree.real(at(process, files[0] ?? '.'));
    if (!process.tree.entries.has(folder)) throw new Failure(`${folder}: no such file`);
    return process.tree.names(folder).map((name) => `${name}\n`).join('');
  },
  env: variables, printenv: variables,
  mkdir: (process, words) => {
    const { files, has } = split(words);
    for (const path of files.map((each) => at(process, each))) {
      if (!has('p') && process.tree.entries.has(process.tree.real(path))) throw new Failure(`${path}: is there already`);
      if (has('p')) process.tree.makeFolders(path, process.actor);
      else process.tree.put(process.tree.real(path), { kind: 'folder', text: '', owner: ownerOf(process.actor), mode: 0o755 }, process.actor);
    }
  },
  touch: (process, words) => {
    for (const path of split(words).files.map((each) => at(process, each))) {
      if (process.tree.get(path) === undefined) process.tree.write(path, '', process.actor);
    }
  },
  rm: (process, words) => {
    const { files, has } = split(words);
    for (const path of files.map((each) => at(process, each))) {
      const entry = process.tree.entries.get(process.tree.real(path, false));
      if (entry === undefined && !has('f')) throw new Failure(`${path}: no such file`);
      if (entry?.kind === 'folder' && !has('r') && !has('R')) throw new Failure(`${path}: is a folder`);
      process.tree.remove(path, process.actor);
    }
  },
  cp: copies(false), mv: copies(true),
  chmod: (process, words) => {
    const [mode = '', ...paths] = words.filter((word) => !/^-R$/.test(word));
    for (const path of paths) change(process, at(process, path), words.includes('-R'), (entry) => ({ ...entry, mode: newMode(entry.mode, mode) }));
  },
  chown: (process, words) => {
    const { files: [owner = '', ...paths], has } = split(words);
    const { tree, actor } = process;
    const to = actorOf(tree, owner);
    if (actor.user !== '0') throw new Failure('not permitted');
    const changed = (entry: Entry): Entry => ({ ...entry, owner: owner.includes(':') ? ownerOf(to) : `${to.user}:${entry.owner.split(':')[1] ?? ''}` });
    for (const path of paths.map((each) => at(process, each))) {
      // With -R a link is changed itself, not what it leads to.
      if (!has('R') || tree.entries.get(tree.real(path, false))?.kind !== 'link') change(process, path, has('R'), changed);
    }
  },
  ln: (process, words) => {
    const { files: [target = '', link = ''], has } = split(words);
    const asked = at(process, link);
    const path = process.tree.isFolder(asked) ? normal(asked, nameOf(target)) : asked;
    const place = process.tree.real(path, false);
    if (process.tree.entries.has(place)) {
      if (!has('f')) throw new Failure(`${path}: is there already`);
      process.tree.remove(place, process.actor);
    }
    process.tree.put(place, { kind: 'link', text: target, owner: ownerOf(process.actor), mode: 0o777 }, process.actor);
  },
  sed: (process, words) => {
    const { files: [script = '', ...paths], has } = split(words);
    const found = paths.map((path) => [at(process, path), edited(process.tree.read(at(process, path), process.actor), script)] as const);
    if (!has('i')) return found.map(([, text]) => text).join('');
    for (const [path, text] of found) process.tree.write(path, text, process.actor);
    return undefined;
  },
  useradd: addsUser, adduser: addsUser, usermod: changesUser,
  test: tests, '[': tests,
};

/** Reads everything there is, and leaves something that hangs on all of it. */
const opaque = (name: string): Program => (process, words) => {
  const { tree, actor, folder } = process;
  const seen = digest(name, ...words, folder, actor.user, variables(process), tree.listing());
  tree.makeFolders(normal(folder, 'dist'), actor);
  tree.write(normal(folder, `dist/${nameOf(name) || 'out'}`), seen, actor);
};

/** `sh file`, `node file`: what it runs must be there. */
const runsFile = (name: string): Program => (process, words) => {
  const [path] = name === 'make' ? ['Makefile'] : split(words).files;
  if (path !== undefined) process.tree.read(at(process, path), process.actor);
  opaque(name)(process, words);
};

/** Finds the program of a command: one of ours, one that the image holds, or something nothing is known of. */
export const findProgram: FindProgram = (process, name) => {
  const own = Object.hasOwn(small, name) ? small[name] : undefined;
  if (own !== undefined) return own;
  const path = located(process, name);
  if (path === undefined) throw new Failure(`${name}: not found`);
  const known = /^program ([\w-]+)$/.exec(process.tree.get(path)?.text ?? '')?.[1];
  if (known === undefined) return opaque(name);
  const installer = Object.hasOwn(installers, known) ? installers[known] : undefined;
  return installer === undefined ? runsFile(known) : installer(opaque(known));
};
