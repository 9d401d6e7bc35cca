import { readHeredocWord } from '../../dockerfile/heredoc.ts';
import { flag, flagValues, type Instruction } from '../../dockerfile/instruction.ts';
import { textAt } from '../../span.ts';
import { joinPath } from '../state.ts';
import { digestOf } from './digest.ts';
import type { Input } from './layer.ts';
import type { Selector } from './selection.ts';
import { lookupOf, wordIn, type Scope, type Surroundings } from './surroundings.ts';

/** Files a step takes, before it is known what they hold. */
export interface Taken {
  readonly origin: 'context' | 'from' | 'remote' | 'inline';
  /** What `--from` says, the address of a remote file, or the digest of a heredoc; empty for the context. */
  readonly name: string;
  readonly selectors: readonly Selector[];
  /** A remote file whose `--checksum` is given, a git address with a whole commit. */
  readonly pinned: boolean;
}

/** What a step says of itself: its part of the key, and what it takes. */
export interface Description {
  readonly inputs: readonly Input[];
  readonly taken: readonly Taken[];
}

/** A path as BuildKit cleans a source: rooted in the context, nothing above it. */
export const cleanSource = (text: string): string => (joinPath('/', text) ?? '/').slice(1);

const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const isRemote = (text: string): boolean => /^(?:https?|git|ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(text);

/** The end of an address: what BuildKit calls the file, or the folder of a git address. */
function remoteName(address: string): string {
  const path = address.replace(/[?#].*$/s, '').replace(/^\w+:\/\/[^/]*/, '');
  return baseName(path) || '__unnamed__';
}

/**
 * A destination after the working directory. A slash at its end, or `/.`, is kept and is part of the key
 * [client/llb/fileop.go, `normalizePath`].
 */
function destinationPath(text: string, workdir: string): string {
  const written = text === '' || text === '.' ? './' : text;
  const path = joinPath(workdir, written) ?? written;
  if (written.endsWith('/') && path !== '/') return `${path}/`;
  return written.endsWith('/.') ? `${path === '/' ? '' : path}/.` : path;
}

/** A user and a group as BuildKit reads them: numbers as numbers, and `root` is 0 [client/llb/fileop.go, `parseUID`]. */
const ownerText = (text: string): string =>
  text.split(':').map((part) => (part === 'root' ? '0' : /^\d+$/.test(part) ? String(Number(part)) : part)).join(':');

/** Octal numbers are kept as numbers. */
const modeText = (text: string): string => (/^[0-7]+$/.test(text) ? Number.parseInt(text, 8).toString(8) : text);

/** A true flag such as `--link`: alone or with a true value. */
export function isSet(instruction: Instruction, name: string): boolean {
  const found = flag(instruction, name);
  return found !== undefined && !/^(?:false|f|0)$/i.test(found.value ?? 'true');
}

/** The body of a heredoc, as it goes into the key: variables in it by their values. */
function inlineText(source: string, instruction: Instruction, raw: string, at: Surroundings): string {
  const name = readHeredocWord(raw)?.name;
  const heredoc = instruction.heredocs.find((each) => each.name === name);
  if (heredoc === undefined) return '';
  const body = textAt(source, heredoc.body);
  const text = heredoc.chomp ? body.replace(/^\t+/gm, '') : body;
  if (!heredoc.expands) return text;
  const lookup = lookupOf(at);
  const values = [...text.matchAll(/\$\{?(\w+)/g)].map(([, variable = '']) => `${variable}=${lookup(variable) ?? ''}`);
  return digestOf(text, ...values);
}

interface Source {
  /** What the action calls it: its last name. */
  readonly name: string;
  readonly taken: Taken;
}

/** `--parents`: the part in front of `/./` is the folder, what follows a pattern below it. */
function localSelector(text: string, instruction: Instruction): Selector {
  const exclude = flagValues(instruction, 'exclude');
  if (!isSet(instruction, 'parents')) return { path: cleanSource(text), wildcard: true, include: [], exclude };
  const pivot = text.indexOf('/./');
  const [folder, pattern] = pivot === -1 ? ['', text] : [text.slice(0, pivot), text.slice(pivot + 3)];
  return { path: cleanSource(folder), wildcard: true, include: [cleanSource(pattern)], exclude };
}

function readSource(raw: string, instruction: Instruction, at: Surroundings, scope: Scope, file: string): Source {
  const isHeredoc = instruction.heredocs.length > 0 && readHeredocWord(raw) !== undefined;
  if (isHeredoc) {
    const { name = '' } = readHeredocWord(raw) ?? {};
    return { name, taken: { origin: 'inline', name: digestOf(inlineText(file, instruction, raw, at)), selectors: [], pinned: true } };
  }
  const text = wordIn(raw, at, scope);
  if (instruction.keyword === 'ADD' && isRemote(text)) {
    const checksum = wordIn(flag(instruction, 'checksum')?.value ?? '', at, scope);
    const pinned = checksum !== '' || /#[0-9a-f]{40}(?:$|:)/.test(text);
    const name = isSet(instruction, 'keep-git-dir') ? `${text} with .git` : text;
    return { name: remoteName(text), taken: { origin: 'remote', name: `${name} ${checksum}`.trim(), selectors: [], pinned } };
  }
  const selector = localSelector(text, instruction);
  const from = flag(instruction, 'from')?.value;
  const taken: Taken = { origin: from === undefined ? 'context' : 'from', name: from ?? '', selectors: [selector], pinned: true };
  return { name: baseName(selector.path), taken };
}

/**
 * All that is taken of one place is compared as one: it is one input of the step. So two mounts that change their sources with
 * each other are a hit.
 */
export function together(taken: readonly Taken[]): Taken[] {
  const places = new Map<string, Taken>();
  for (const each of taken) {
    const place = `${each.origin} ${each.name}`;
    const known = places.get(place);
    places.set(place, known === undefined ? each : { ...known, selectors: [...known.selectors, ...each.selectors] });
  }
  return [...places.values()];
}

/** SOURCE_DATE_EPOCH is the time of every file a COPY or WORKDIR makes, as newer BuildKits read it. */
export function timeInput(scope: Scope): Input[] {
  const given = Object.hasOwn(scope.buildArguments, 'SOURCE_DATE_EPOCH') ? scope.buildArguments['SOURCE_DATE_EPOCH'] : undefined;
  const time = given ?? scope.globals.get('SOURCE_DATE_EPOCH');
  return time === undefined || time === '' ? [] : [{ name: 'time', value: time }];
}

/** What a COPY or ADD is to the cache: its action (last names of the sources, destination, owner, mode), and what it takes. */
export function describeCopy(instruction: Instruction, at: Surroundings, scope: Scope, file: string): Description {
  const words = instruction.words.slice(0, -1);
  const sources = words.map((word) => readSource(word.raw, instruction, at, scope, file));
  const option = (name: string): string => wordIn(flag(instruction, name)?.value ?? '', at, scope);
  const inputs: Input[] = [
    { name: 'instruction', value: instruction.keyword },
    { name: 'sources', value: sources.map(({ name }) => name).join('\0') },
    { name: 'destination', value: destinationPath(wordIn(instruction.words.at(-1)?.raw ?? '', at, scope), at.workdir) },
  ];
  const rare: [name: string, value: string][] = [
    ['owner', ownerText(option('chown'))],
    ['mode', modeText(option('chmod'))],
    ['exclude', flagValues(instruction, 'exclude').join('\0')],
    ['parents', isSet(instruction, 'parents') ? sources.flatMap(({ taken }) => taken.selectors.flatMap(({ include }) => include)).join('\0') : ''],
    ['unpack', option('unpack')],
  ];
  for (const [name, value] of rare) if (value !== '') inputs.push({ name, value });
  return { inputs: [...inputs, ...timeInput(scope)], taken: together(sources.map(({ taken }) => taken)) };
}

/** What a WORKDIR is to the cache: it makes a folder for the user. */
export function describeWorkdir(workdir: string, at: Surroundings, scope: Scope): Description {
  const folder = joinPath('/', workdir) ?? workdir;
  return { inputs: [{ name: 'folder', value: folder }, { name: 'user', value: ownerText(at.user) }, ...timeInput(scope)], taken: [] };
}
