import { span, textAt, type Span } from '../../span.ts';
import type { Flag } from '../words.ts';
import { isExpandable, literal, meant, shown, type Check } from './values.ts';

export interface MountField {
  /** In lower case. */
  readonly key: string;
  /** As it is written; undefined for a key that stands alone. */
  readonly raw: string | undefined;
  /** Where it begins in the value of the flag. */
  readonly start: number;
  readonly length: number;
}

/** The fields of a `--mount`; undefined where quotes make it more than a list with commas. */
export function mountFields(value: string): readonly MountField[] | undefined {
  if (value.includes('"')) return undefined;
  let at = 0;
  return value.split(',').map((field) => {
    const start = at;
    at += field.length + 1;
    const equals = field.indexOf('=');
    const key = equals === -1 ? field : field.slice(0, equals);
    return { key: key.toLowerCase(), raw: equals === -1 ? undefined : field.slice(equals + 1), start, length: field.length };
  });
}

/** Where a field stands in the file; all of the flag where it is quoted or broken over lines. */
export function fieldSpan(source: string, flag: Flag, { start, length }: MountField): Span {
  if (length === 0 || textAt(source, flag.valueSpan) !== flag.value) return flag.span;
  const from = flag.valueSpan.start + start;
  return span(from, from + length);
}

const types = ['bind', 'cache', 'tmpfs', 'secret', 'ssh'];
const sharings = ['shared', 'private', 'locked'];
const truths = new Set(['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False']);

const boolean = { test: (value: string) => truths.has(value), wants: '`true` or `false`' };
const list = (values: readonly string[]) => ({ test: (value: string) => values.includes(value.toLowerCase()), wants: `one of ${values.join(', ')}` });
const whole = (radix: 8 | 10, wants: string) => ({
  test: (value: string) => (radix === 8 ? /^[0-7]+$/ : /^\d+$/).test(value) && Number.parseInt(value, radix) < 2 ** 32,
  wants,
});
const anything = { test: () => true, wants: '' };
const size = { test: (value: string) => /^[\d.]+ ?(?:[kmgtp]?i?b?)$/i.test(value), wants: 'a size such as `64m`' };

interface Key {
  test(value: string): boolean;
  readonly wants: string;
}

const keys: Readonly<Record<string, Key>> = {
  type: list(types),
  from: anything,
  source: anything,
  src: anything,
  target: anything,
  dst: anything,
  destination: anything,
  readonly: boolean,
  ro: boolean,
  readwrite: boolean,
  rw: boolean,
  required: boolean,
  size,
  id: anything,
  sharing: list(sharings),
  mode: whole(8, 'an octal number such as `0400`'),
  uid: whole(10, 'a number'),
  gid: whole(10, 'a number'),
  env: anything,
};

/** Keys that some types of mount refuse. `required` and `size` look at the type given so far. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  required: ['secret', 'ssh'],
  size: ['tmpfs'],
  sharing: ['cache'],
  mode: ['secret', 'ssh', 'cache'],
  uid: ['secret', 'ssh', 'cache'],
  gid: ['secret', 'ssh', 'cache'],
};

const standAlone = new Set(['readonly', 'ro', 'readwrite', 'rw', 'required']);

const podmanOnly = new Set(['relabel', 'z', 'bind-propagation', 'bind-nonrecursive', 'u', 'idmap', 'notmpcopyup', 'nosuid', 'nodev', 'noexec']);

/** What is wrong with one field taken alone. */
function fieldProblem({ key, raw }: MountField, escape: string): string | undefined {
  const known = keys[key];
  const name = shown(key);
  if (podmanOnly.has(key)) return `has the option ${name}, which Podman knows, but BuildKit refuses; take it away unless only Podman builds this file`;
  if (known === undefined || !Object.hasOwn(keys, key)) {
    const near = meant(key, Object.keys(keys));
    return key === '' ? 'has an empty field; take the surplus comma away' : `has no option ${name}; ${near === undefined ? `it has type, source, target, from, readonly, readwrite, required, size, id, sharing, mode, uid, gid and env` : `did you mean \`${near}\`?`}`;
  }
  if (raw === undefined) return standAlone.has(key) ? undefined : `needs a value for ${name}; write \`${key}=VALUE\``;
  if (key === 'from' && /\$./s.test(raw)) {
    return `does not expand variables in \`from\`; give the image a stage name, as in ${shown(`FROM ${raw} AS name`)}, and name that`;
  }
  const value = literal(raw, escape);
  return value === undefined || known.test(value) ? undefined : `needs ${known.wants} for ${name}, not ${shown(value)}`;
}

/** `surely` holds the keys that are set to something, `perhaps` those whose value a variable tells too. */
function secretProblem(surely: ReadonlySet<string>, perhaps: ReadonlySet<string>): string | undefined {
  if (surely.has('from')) return 'of a secret has no `from`; take it away';
  if (!['id', 'source', 'src', 'target', 'dst', 'destination'].some((key) => perhaps.has(key))) {
    return 'of a secret does not say which; add `id=NAME`';
  }
  const hasSource = surely.has('source') || surely.has('src');
  return hasSource && surely.has('id') ? 'of a secret has both `id` and `source`, which mean the same; keep one' : undefined;
}

/** Whether a key goes with the type, as far as both are known. */
function typeProblem(key: string, type: string | undefined): string | undefined {
  const allowed = typesOf[key];
  if (type === undefined || allowed === undefined || allowed.includes(type)) return undefined;
  return `of type ${type} has no \`${key}\`; only ${allowed.join(', ')} ${allowed.length === 1 ? 'has' : 'have'} it`;
}

const readInOrder = new Set(['required', 'size']);

/** What is wrong with the fields together. */
function mountProblem(fields: readonly MountField[], escape: string): string | undefined {
  let type: string | undefined = 'bind';
  const surely = new Set<string>();
  const perhaps = new Set<string>();
  for (const [index, { key, raw }] of fields.entries()) {
    const value = raw === undefined ? 'true' : literal(raw, escape);
    if (key === 'type') type = value?.toLowerCase();
    if (readInOrder.has(key) && typeProblem(key, type) !== undefined) {
      const typeFollows = fields.slice(index).some((field) => field.key === 'type');
      return typeFollows ? `is read in order; put \`type\` in front of \`${key}\`` : typeProblem(key, type);
    }
    if (value !== undefined && value !== '') surely.add(key);
    if (value !== '') perhaps.add(key);
  }
  for (const key of perhaps) {
    const problem = typeProblem(key, type);
    if (problem !== undefined) return problem;
  }
  return type === 'secret' ? secretProblem(surely, perhaps) : undefined;
}

/** Reports options a `--mount` does not have, or may not have together. */
export function checkMount(flag: Flag, check: Check): void {
  const value = flag.value ?? '';
  if (value === '') {
    check.report(flag.span, '`--mount` is empty; say what to mount, as in `--mount=type=cache,target=/root/.cache`.');
    return;
  }
  const fields = mountFields(value);
  if (fields === undefined) return;
  for (const field of fields) {
    const at = fieldSpan(check.source, flag, field);
    const isExpanded = field.raw !== undefined && field.key !== 'from';
    if (isExpanded && !isExpandable(field.raw, span(Math.max(at.end - field.raw.length, at.start), at.end), check)) return;
    const problem = fieldProblem(field, check.escape);
    if (problem === undefined) continue;
    check.report(at, `\`--mount\` ${problem}${problem.endsWith('?') ? '' : '.'}`);
    return;
  }
  const problem = mountProblem(fields, check.escape);
  if (problem !== undefined) check.report(flag.span, `A \`--mount\` ${problem}.`);
}

/** Reports a `--device` with options it does not have. */
export function checkDevice(flag: Flag, { source, report }: Check): void {
  const fields = mountFields(flag.value ?? '');
  if (fields === undefined) return;
  let isNamed = false;
  const wrong = fields.find(({ key, raw }) => {
    if (key === 'required') return raw !== undefined && !truths.has(raw);
    if (isNamed) return true;
    isNamed = true;
    return false;
  });
  if (wrong !== undefined) {
    report(fieldSpan(source, flag, wrong), `\`--device\` takes one device and \`required\`, but has ${shown(wrong.key)} too; give each device a flag of its own.`);
  }
}
