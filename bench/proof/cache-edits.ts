import { join } from 'node:path';
import { openContext } from '../../src/context/disk.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { lockFiles, manifests } from './cache-names.ts';
import { listFolder, type FileEdit, type Found } from './cache-folder.ts';
import { dockerfileKinds } from './cache-texts.ts';
import type { Project } from './project.ts';
import { textOf } from './host.ts';

/** A change somebody makes between two builds. */
export interface CacheEdit {
  readonly kind: string;
  /** The file or the line it is about. */
  readonly what: string;
  readonly files?: readonly FileEdit[];
  /** The Dockerfile that is built. The one that lies in the context is a file like others. */
  readonly text?: string;
  readonly arguments?: Readonly<Record<string, string>>;
}

/** What edits are made from. */
export interface Scene {
  readonly file: Dockerfile;
  readonly folder: string;
  readonly found: readonly Found[];
  readonly isIgnored: (path: string) => boolean;
}

/** One kind of edit; undefined where a project has nothing for it. */
export type Kind = readonly [name: string, make: (scene: Scene) => Omit<CacheEdit, 'kind'> | undefined];

const special = /^(?:\.git\/|\.git$|Dockerfile$|\.dockerignore$)/;
const document = /\.(?:md|txt)$/i;

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const isManifest = (path: string): boolean => manifests.has(baseName(path));
const isLock = (path: string): boolean => lockFiles.has(baseName(path));

const filesOf = ({ found, isIgnored }: Scene): Found[] => found.filter(({ path, kind }) => kind === 'file' && !special.test(path) && !isIgnored(path));
const foldersOf = ({ found, isIgnored }: Scene): Found[] => found.filter(({ path, kind }) => kind === 'folder' && !special.test(path) && !isIgnored(path));

/** Neither a manifest nor a lock file; what lies deeper first, documents last. */
function sourcesOf(scene: Scene): Found[] {
  const rank = ({ path }: Found): number => (document.test(path) ? 10 : 0) - path.split('/').length;
  return filesOf(scene).filter(({ path }) => !isManifest(path) && !isLock(path)).sort((a, b) => rank(a) - rank(b));
}

/** One that the build does without, most probably: no instruction names it. */
const spareOf = (scene: Scene): Found | undefined =>
  sourcesOf(scene).findLast(({ path }) => !scene.file.source.includes(baseName(path))) ?? sourcesOf(scene).at(-1);

/** One more line end: every format takes it, and no program does anything else because of it. */
const longer = ({ folder }: Scene, { path }: Found): FileEdit => ({ path, change: 'write', text: `${textOf(join(folder, path))}\n` });

const edited = (scene: Scene, found: Found | undefined): Omit<CacheEdit, 'kind'> | undefined =>
  found && { what: found.path, files: [longer(scene, found)] };

/** A path that nothing of the build gets: one that is there, else one that could be. */
function ignoredPath({ found, isIgnored }: Scene): string | undefined {
  const there = found.find(({ path, kind }) => kind === 'file' && isIgnored(path))?.path;
  return there ?? ['.git/description', 'node_modules/new/index.js', 'new.log', 'NEW.md', 'uploads/new.txt'].find(isIgnored);
}

const changeFile: readonly Kind[] = [
  ['content of a source file', (scene) => edited(scene, sourcesOf(scene)[0])],
  ['content of a manifest', (scene) => edited(scene, filesOf(scene).find(({ path }) => isManifest(path)))],
  ['content of a lock file', (scene) => edited(scene, filesOf(scene).find(({ path }) => isLock(path)))],
  ['a file that is ignored', (scene) => {
    const path = ignoredPath(scene);
    return path === undefined ? undefined : { what: path, files: [{ path, change: 'write', text: `${textOf(join(scene.folder, path))}new\n` }] };
  }],
  ['a new file', () => ({ what: 'new-file', files: [{ path: 'new-file', change: 'write', text: 'new\n' }] })],
  ['a new file in a folder', (scene) => {
    const folder = foldersOf(scene)[0]?.path;
    return folder === undefined ? undefined : { what: `${folder}/new-file`, files: [{ path: `${folder}/new-file`, change: 'write', text: 'new\n' }] };
  }],
  ['a file that goes', (scene) => {
    const last = spareOf(scene);
    return last && { what: last.path, files: [{ path: last.path, change: 'remove' }] };
  }],
  ['a file with another name', (scene) => {
    const last = spareOf(scene);
    return last && { what: last.path, files: [{ path: last.path, change: 'rename', to: `${last.path}.old` }] };
  }],
  ['mode of a file', (scene) => {
    const file = sourcesOf(scene).at(-1);
    return file && { what: file.path, files: [{ path: file.path, change: 'mode', mode: file.mode ^ 0o010 }] };
  }],
  ['mode of a folder', (scene) => {
    const folder = foldersOf(scene)[0];
    return folder && { what: folder.path, files: [{ path: folder.path, change: 'mode', mode: folder.mode ^ 0o020 }] };
  }],
  ['touched files', (scene) => ({ what: 'all', files: filesOf(scene).map(({ path }) => ({ path, change: 'touch' })) })],
  ['the Dockerfile in the context', ({ folder }) => ({ what: 'Dockerfile', files: [{ path: 'Dockerfile', change: 'write', text: `${textOf(join(folder, 'Dockerfile'))}# One more line.\n` }] })],
  ['the ignore file', ({ folder }) => ({ what: '.dockerignore', files: [{ path: '.dockerignore', change: 'write', text: `${textOf(join(folder, '.dockerignore'))}\nnobody-has-this\n` }] })],
  ['a file that is ignored from now on', (scene) => {
    const path = spareOf(scene)?.path;
    const escaped = path?.replace(/[[\]*?\\]/g, '\\$&');
    return path === undefined ? undefined : { what: path, files: [{ path: '.dockerignore', change: 'write', text: `${textOf(join(scene.folder, '.dockerignore'))}\n${escaped}\n` }] };
  }],
];

const together = (a: Omit<CacheEdit, 'kind'> | undefined, b: Omit<CacheEdit, 'kind'> | undefined): Omit<CacheEdit, 'kind'> | undefined =>
  (a === undefined || b === undefined ? undefined : { ...a, ...b, what: `${a.what} and ${b.what}`, files: [...(a.files ?? []), ...(b.files ?? [])] });

const made = (kinds: readonly Kind[], name: string, scene: Scene): Omit<CacheEdit, 'kind'> | undefined => kinds.find(([each]) => each === name)?.[1](scene);

/** Everything that is tried with every project, as far as it has it. */
const kinds: readonly Kind[] = [
  ...changeFile,
  ...dockerfileKinds,
  ['two at once', (scene) => together(made(changeFile, 'content of a source file', scene), made(dockerfileKinds, 'an ENV above a RUN', scene))],
  ['two at once', (scene) => together(made(changeFile, 'a file with another name', scene), made(dockerfileKinds, 'an instruction at the end', scene))],
  ['nothing', () => ({ what: 'all as it was' })],
];

/** What edits of a project are made from, read from a copy of its context. */
export function sceneOf(file: Dockerfile, folder: string): Scene {
  const context = openContext(folder);
  return { file, folder, found: listFolder(folder), isIgnored: (path) => context.ignored(path) };
}

/** The kind of those that `proof.json` names. */
export const ownEdit = 'the project’s own';

/** The edits that the project has thought of itself, each on top of those before it, then one of each kind. */
export function editsOf({ edits }: Project, scene: Scene): CacheEdit[] {
  const files = edits.map(({ file: path, text }): FileEdit => (text === undefined ? { path, change: 'remove' } : { path, change: 'write', text }));
  const own = files.map((file, index): CacheEdit => ({ kind: ownEdit, what: file.path, files: files.slice(0, index + 1) }));
  const general = kinds.flatMap(([kind, make]): CacheEdit[] => {
    const edit = make(scene);
    return edit === undefined ? [] : [{ kind, ...edit }];
  });
  return [...own, ...general];
}
