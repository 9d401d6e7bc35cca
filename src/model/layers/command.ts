import { readHeredocWord } from '../../dockerfile/heredoc.ts';
import { flag, type Instruction } from '../../dockerfile/instruction.ts';
import { textAt } from '../../span.ts';
import { mounts, type Mount } from '../stages.ts';
import { joinPath } from '../state.ts';
import { digestOf } from './digest.ts';
import type { Input } from './layer.ts';
import { cleanSource, together, type Description, type Taken } from './sources.ts';
import { wordIn, type Scope, type Surroundings } from './surroundings.ts';

interface Argv {
  readonly argv: readonly string[];
  /** The script that a heredoc with its own `#!` line hands over as a file. */
  readonly script: string | undefined;
}

/** What a RUN executes: the JSON form as it is, else the shell with the joined text, heredocs in it. */
function argvOf(instruction: Instruction, shell: readonly string[], file: string): Argv {
  if (instruction.json !== undefined) return { argv: instruction.words.map(({ text }) => text), script: undefined };
  const text = instruction.logical.text.slice(instruction.bodyIndex).trim();
  const [first] = instruction.heredocs;
  const bodies = instruction.heredocs.map((heredoc) => textAt(file, heredoc.body));
  if (first !== undefined && readHeredocWord(text) !== undefined) {
    const body = bodies[0] ?? '';
    const script = first.chomp ? body.replace(/^\t+/gm, '') : body;
    return script.startsWith('#!') ? { argv: [`/dev/pipes/${first.name}`], script } : { argv: [...shell, script], script: undefined };
  }
  const tail = instruction.heredocs.map(({ name }, index) => `\n${bodies[index] ?? ''}${name}`).join('');
  return { argv: [...shell, text + tail], script: undefined };
}

const isTrue = (value: string | undefined): boolean | undefined => (value === undefined ? undefined : !/^(?:false|f|0)$/i.test(value));

/** bind mounts are read-only unless said otherwise, cache and tmpfs the other way round. */
function isReadOnly({ type, options }: Mount): boolean {
  const readOnly = isTrue(options.get('ro') ?? options.get('readonly'));
  const writable = isTrue(options.get('rw') ?? options.get('readwrite'));
  return readOnly ?? (writable === undefined ? type === 'bind' : !writable);
}

interface MountKey {
  readonly target: string;
  /** What else of the mount is in the key, besides its type and whether it is read-only. */
  readonly text: string;
}

type Words = (...names: readonly string[]) => string;

/** User, group and mode; what is left out is filled in. */
const ownership = (word: Words, usualMode: string): string =>
  [word('uid') || '0', word('gid') || '0', (word('mode') || usualMode).replace(/^0+/, '')].join(':');

const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** True where a flag is there and not taken back. */
const isOn = (text: string): boolean => text !== '' && !/^(?:false|f|0)$/i.test(text);

/**
 * What each type puts into the key [solver/llbsolver/ops/exec.go, dockerfile2llb]. A cache's id and sharing are not in it, but
 * a cache that has neither is another one than all that have. Contents of secrets are not. A secret's or an agent's target is
 * not resolved.
 */
const mountKeys: Readonly<Record<string, (target: string, word: Words, written: string) => MountKey>> = {
  cache: (target, word, written) => {
    const isPlain = (word('id') || written) === target && /^(?:shared)?$/.test(word('sharing'));
    // With an owner the cache starts as a folder that was made for it.
    const hasOwner = word('uid', 'gid', 'mode') !== '' && cleanSource(word('source', 'src')) === '';
    return { target, text: `${isPlain ? 'plain' : 'custom'},${hasOwner ? ownership(word, '755') : ''}` };
  },
  tmpfs: (target, word) => ({ target, text: word('size') }),
  secret: (_target, word, written) => {
    const id = word('source', 'src') || word('id') || lastName(written);
    const place = written === '' && word('env') === '' ? `/run/secrets/${lastName(id)}` : written;
    return { target: place, text: [id, isOn(word('required')), word('env'), ownership(word, '400')].join() };
  },
  ssh: (_target, word, written) => ({ target: written, text: [word('id') || 'default', isOn(word('required')), ownership(word, '600')].join() }),
};

interface ReadMount {
  readonly target: string;
  readonly text: string;
  readonly taken: Taken | undefined;
}

/** A bind mount, or a cache that starts as a copy of something, takes files; the path is compared by content, not by name. */
function takenBy(mount: Mount, word: Words): Taken | undefined {
  const from = mount.from === undefined ? '' : word('from');
  if (mount.type !== 'bind' && !(mount.type === 'cache' && from !== '')) return undefined;
  const path = cleanSource(word('source', 'src'));
  const selectors = [{ path, wildcard: false, include: [], exclude: [] }];
  return { origin: from === '' ? 'context' : 'from', name: from, selectors, pinned: true };
}

function readMount(mount: Mount, at: Surroundings, scope: Scope): ReadMount {
  const word: Words = (...names) => names.map((name) => wordIn(mount.options.get(name) ?? '', at, scope)).find((text) => text !== '') ?? '';
  const written = word('target', 'dst', 'destination');
  // An absolute one is kept as it is written, a slash at its end too.
  const target = written === '' || written.startsWith('/') ? written : joinPath(at.workdir, written) ?? written;
  const keyOf = Object.hasOwn(mountKeys, mount.type) ? mountKeys[mount.type] : undefined;
  const key = keyOf?.(target, word, written) ?? { target, text: '' };
  return { target: key.target, text: `${mount.type},${isReadOnly(mount) ? 'ro' : 'rw'},${key.text}`, taken: takenBy(mount, word) };
}

/** Mounts are sorted by where they go [client/llb/exec.go]: the order of the flags counts for nothing. */
function readMounts(instruction: Instruction, at: Surroundings, scope: Scope): ReadMount[] {
  return mounts(instruction)
    .map((mount) => readMount(mount, at, scope))
    .sort((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
}

/** The variables, and their order where there are several: BuildKit's list is in the order of the last definitions. */
function environmentInputs(environment: ReadonlyMap<string, string>): Input[] {
  const inputs = [...environment].map(([name, value]) => ({ name: `env ${name}`, value }));
  return inputs.length < 2 ? inputs : [...inputs, { name: 'env order', value: [...environment.keys()].join(' ') }];
}

/** What a RUN is to the cache. */
export function describeRun(instruction: Instruction, at: Surroundings, scope: Scope, file: string): Description {
  const { argv, script } = argvOf(instruction, at.shell, file);
  const found = readMounts(instruction, at, scope);
  const inputs: Input[] = [
    { name: 'command', value: argv.join('\0') },
    ...environmentInputs(at.environment),
    { name: 'user', value: at.user },
    { name: 'workdir', value: at.workdir },
    ...found.map(({ target, text }) => ({ name: `mount ${target}`.trim(), value: text })),
  ];
  // What a flag says when it says nothing.
  for (const [name, usual] of [['network', 'default'], ['security', 'sandbox'], ['device', '']] as const) {
    const value = flag(instruction, name)?.value ?? usual;
    if (value !== usual) inputs.push({ name, value });
  }
  const hostname = Object.hasOwn(scope.buildArguments, 'BUILDKIT_SANDBOX_HOSTNAME') ? scope.buildArguments['BUILDKIT_SANDBOX_HOSTNAME'] : undefined;
  if (hostname !== undefined) inputs.push({ name: 'hostname', value: hostname });
  const inline: Taken[] = script === undefined ? [] : [{ origin: 'inline', name: digestOf(script), selectors: [], pinned: true }];
  return { inputs, taken: together([...found.flatMap(({ taken }) => taken ?? []), ...inline]) };
}
