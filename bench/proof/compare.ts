import type { Change } from './changes.ts';
import { exceptions } from './exceptions.ts';
import { settingNames, type Settings } from './image.ts';
import type { Entry, Tree } from './tree.ts';

/** One difference between two images, as a line: a path or a setting, and what is different about it. */
export type Difference = string;

/** What an image is compared by. */
export interface Snapshot {
  readonly tree: Tree;
  readonly settings: Settings;
}

export interface Allowed {
  readonly changes: readonly Change[];
  /** Paths that the new ignore file keeps out, wherever the context was copied to. */
  readonly isIgnored: (path: string) => boolean;
}

const describe = (entry: Entry): string => {
  const { type, mode, uid, gid, target, size } = entry;
  return `${type} ${mode.toString(8).padStart(4, '0')} ${uid}:${gid}${target === undefined ? '' : ` → ${target}`}${size === undefined ? '' : ` ${size} bytes`}`;
};

/** A folder that only holds what may go may go too. */
const holdsNothing = (path: string, after: Tree): boolean => ![...after.keys()].some((each) => each.startsWith(`${path}/`));

function compareEntry(path: string, before: Entry, after: Entry): Difference | undefined {
  const left = describe(before);
  const right = describe(after);
  if (left !== right) return `${path}: ${left}, then ${right}`;
  if (before.capabilities !== after.capabilities) return `${path}: capabilities ${before.capabilities ?? 'none'}, then ${after.capabilities ?? 'none'}`;
  return before.sha256 === after.sha256 ? undefined : `${path}: other content (${right})`;
}

function mayGo(path: string, entry: Entry, after: Tree, { changes, isIgnored }: Allowed): boolean {
  if (changes.some(({ gone }) => gone?.test(path) === true)) return true;
  return changes.some(({ ignored }) => ignored === true) && isIgnored(path) && (entry.type !== 'folder' || holdsNothing(path, after));
}

const mayCome = (path: string, { changes }: Allowed): boolean =>
  /\/(?:[^/]+)?\.dockerignore$/.test(path) && changes.some(({ ignored }) => ignored === true);

const sameKind = (a: Entry, b: Entry): boolean => a.type === b.type && a.uid === b.uid && a.gid === b.gid && a.mode === b.mode;

function* compareTrees(before: Tree, after: Tree, allowed: Allowed): Iterable<Difference> {
  for (const [path, entry] of before) {
    const excepted = exceptions.find((each) => each.path.test(path));
    const other = after.get(path);
    if (excepted?.of === 'presence') continue;
    if (allowed.changes.some(({ content }) => content?.test(path) === true) && (other === undefined || sameKind(entry, other))) continue;
    if (other === undefined) {
      if (!mayGo(path, entry, after, allowed)) yield `${path}: gone (${describe(entry)})`;
      continue;
    }
    if (excepted !== undefined && sameKind(entry, other)) continue;
    const difference = compareEntry(path, entry, other);
    const isNewIgnoreFile = mayCome(path, allowed) && sameKind(entry, other);
    if (difference !== undefined && !isNewIgnoreFile) yield difference;
  }
  for (const [path, entry] of after) {
    if (before.has(path) || mayCome(path, allowed) || exceptions.some((each) => each.of === 'presence' && each.path.test(path))) continue;
    yield `${path}: new (${describe(entry)})`;
  }
}

/** `["/bin/sh","-c","exec program word"]` and `["program","word"]` are one, where the words need no shell. */
function isUnwrapped(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after) || before.length !== 3 || before[1] !== '-c') return false;
  const line = String(before[2]).trim().replace(/^exec\s+/, '');
  return line.replace(/(["'])(.*?)\1/g, '$2').split(/\s+/).join(' ') === after.join(' ');
}

const authors = 'org.opencontainers.image.authors';

/** The settings as they were once the author is the label it became; quotes around all of it may be left out. */
function relabelled(before: Settings, after: Settings): Settings {
  const author = before.get('Author');
  const [old, next] = [before.get('Labels') ?? {}, after.get('Labels') ?? {}].map((labels) => (typeof labels === 'object' ? new Map(Object.entries(labels)) : new Map<string, unknown>()));
  const label = next?.get(authors);
  if (old === undefined || typeof author !== 'string' || old.has(authors) || (label !== author && `"${String(label)}"` !== author && `'${String(label)}'` !== author)) return before;
  const labels = Object.fromEntries([...old, [authors, label] as const].sort(([a], [b]) => (a < b ? -1 : 1)));
  return new Map([...before, ['Author', undefined], ['Labels', labels]]);
}

function* compareSettings(before: Settings, after: Settings, { changes }: Allowed): Iterable<Difference> {
  for (const name of settingNames) {
    const left = before.get(name);
    const right = after.get(name);
    if (JSON.stringify(left) === JSON.stringify(right)) continue;
    const unwrapped = (name === 'Cmd' || name === 'Entrypoint') && changes.some((each) => each.unwrapped === true) && isUnwrapped(left, right);
    if (!unwrapped) yield `${name}: ${JSON.stringify(left) ?? 'nothing'}, then ${JSON.stringify(right) ?? 'nothing'}`;
  }
}

/** Every difference between two images that is neither an exception nor allowed. */
export const compare = (before: Snapshot, after: Snapshot, allowed: Allowed): Difference[] =>
  [...compareSettings(allowed.changes.some(({ author }) => author === true) ? relabelled(before.settings, after.settings) : before.settings, after.settings, allowed), ...compareTrees(before.tree, after.tree, allowed)];
