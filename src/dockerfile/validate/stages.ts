import { span, type Span } from '../../span.ts';
import { expand, references, type Lookup } from '../expand.ts';
import { flag, type Instruction } from '../instruction.ts';
import type { Flag, Word } from '../words.ts';
import { fieldSpan, mountFields } from './mount.ts';
import { platformProblem, referenceProblem } from './reference.ts';
import { isExpandable, literal, shown, type Check } from './values.ts';

/** Variables of FROM that BuildKit sets itself. */
const predefined = /^(?:(?:BUILD|TARGET)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)|TARGETSTAGE)$/;

interface Stages {
  /** The stage a name stands for in `--from`: the last of that name, wherever the name is used. */
  readonly byName: ReadonlyMap<string, number>;
  readonly count: number;
}

/** What is known where an instruction stands. */
interface Place {
  /** Index of the stage; -1 in front of the first FROM. */
  stage: number;
  /** Names of ARG in front of the first FROM. */
  readonly globals: Set<string>;
  /** Names of the stages so far, as FROM looks them up. */
  readonly named: Map<string, string | undefined>;
  /** Images that `--from` and `--mount` brought in; BuildKit counts them as stages. */
  images: number;
  /** The working directory; undefined where the base image tells it. */
  directory: string | undefined;
}

const stageName = (instruction: Instruction): Word | undefined =>
  /^as$/i.test(instruction.words[1]?.text ?? '') ? instruction.words[2] : undefined;

function stagesOf(instructions: readonly Instruction[]): Stages {
  const byName = new Map<string, number>();
  let count = 0;
  for (const instruction of instructions) {
    if (instruction.keyword !== 'FROM') continue;
    const name = stageName(instruction);
    if (name !== undefined) byName.set(name.raw.toLowerCase(), count);
    count += 1;
  }
  return { byName, count };
}

/** @returns false when FROM has more than its image and its name */
function hasRightWords({ instruction, report }: Check): boolean {
  const { words } = instruction;
  const [, second, third] = words;
  const last = words.at(-1);
  if (second === undefined || last === undefined) return true;
  const surplus = span(second.span.start, last.span.end);
  const isAs = /^as$/i.test(second.raw);
  if (isAs && third === undefined) report(second.span, 'The name of the stage is missing behind `AS`; write one, or take `AS` away.');
  else if (words.some((word) => word.raw.startsWith('#'))) report(surplus, 'A comment cannot stand behind FROM; put it on a line of its own.');
  else if (!isAs) report(surplus, 'FROM takes one image, and `AS` in front of a stage name; take the rest away.');
  else if (words.length > 3) report(span((third ?? second).span.start, last.span.end), 'The name of a stage is a single word; take the rest away.');
  else return true;
  return false;
}

function checkStageName({ instruction, report }: Check): void {
  const name = stageName(instruction);
  if (name === undefined || /^[a-z][a-z0-9-_.]*$/.test(name.raw.toLowerCase())) return;
  report(name.span, `${shown(name.raw)} cannot name a stage; begin with a letter and use letters, digits, \`-\`, \`_\` and \`.\` only.`);
}

/** What FROM takes out of a variable that no ARG declares: nothing. */
const undeclared = (raw: string, lookup: Lookup, escape: string): string[] => [
  ...new Set(references(raw, escape).filter(({ name }) => lookup(name) === null).map(({ name }) => `\`${name}\``)),
];

function baseProblem(raw: string, base: string, check: Check, lookup: Lookup, place: Place): string | undefined {
  if (base === 'scratch' || place.named.has(base)) return undefined;
  const problem = base === '' ? 'names no image; write one' : referenceProblem(base);
  if (problem === undefined) return undefined;
  if (place.named.has(base.toLowerCase())) return `names no stage, for stages have names in lower case; write \`${base.toLowerCase()}\``;
  const unset = undeclared(raw, lookup, check.escape);
  if (unset.length === 0) return problem;
  return `names no image, for no ARG in front of the first FROM declares ${unset.join(', ')}; declare ${unset.length === 1 ? 'it' : 'them'} there`;
}

/** @returns the image or stage, where it is known */
function checkBase(check: Check, word: Word, lookup: Lookup, place: Place): string | undefined {
  if (!isExpandable(word.raw, word.span, check)) return undefined;
  const base = expand(word.raw, lookup, check.escape);
  const problem = base === undefined ? undefined : baseProblem(word.raw, base, check, lookup, place);
  if (problem !== undefined) check.report(word.span, `${shown(word.raw)} ${problem}.`);
  return base;
}

function checkPlatform(check: Check, platform: Flag | undefined, lookup: Lookup): void {
  if (platform?.value === undefined || platform.value === '') return;
  const value = expand(platform.value, lookup, check.escape);
  if (value === undefined) return;
  const unset = undeclared(platform.value, lookup, check.escape).join(', ');
  const problem = value === '' && unset !== ''
    ? `names no platform, for no ARG in front of the first FROM declares ${unset}; declare it there`
    : platformProblem(value);
  if (problem !== undefined) check.report(platform.valueSpan, `${shown(platform.value)} ${problem}.`);
}

function checkFrom(check: Check, place: Place): void {
  const { instruction } = check;
  place.stage += 1;
  const [image] = instruction.words;
  if (image === undefined) return;
  const lookup: Lookup = (name) => (predefined.test(name) || place.globals.has(name) ? undefined : null);
  const base = checkBase(check, image, lookup, place);
  if (hasRightWords(check)) checkStageName(check);
  checkPlatform(check, flag(instruction, 'platform'), lookup);
  place.directory = base === 'scratch' ? '/' : base === undefined ? undefined : place.named.get(base);
}

/** Joins and cleans paths of the image. */
function resolvePath(directory: string | undefined, path: string): string | undefined {
  const whole = path.startsWith('/') ? path : directory === undefined ? undefined : `${directory}/${path}`;
  if (whole === undefined) return undefined;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** Reports a stage that is not built yet where it is used. */
function checkSource(name: string, at: Span, what: string, check: Check, stages: Stages, place: Place): void {
  const isIndex = what === 'COPY' && /^[-+]?\d+$/.test(name);
  const index = isIndex ? Number(name) : stages.byName.get(name.toLowerCase());
  if (index === undefined) {
    place.images += 1;
    const problem = name === 'scratch' ? undefined : referenceProblem(name);
    if (problem !== undefined) check.report(at, `${shown(name)} ${problem}.`);
  } else if (index < 0 || index >= stages.count + place.images) {
    check.report(at, `There is no stage ${index}; the first is 0, the last ${stages.count - 1}.`);
  } else if (index === place.stage) {
    check.report(at, `${shown(name)} is the stage this line stands in, which cannot copy from itself; name another one.`);
  } else if (index > place.stage && index < stages.count) {
    check.report(at, `${shown(name)} is a stage further down; put it above this one.`);
  }
}

function checkCopyFrom(check: Check, stages: Stages, place: Place): void {
  const from = flag(check.instruction, 'from');
  if (from?.value === undefined || from.value === '') return;
  if (/\$[\w{]/.test(from.value)) {
    check.report(from.valueSpan, `Variables are not expanded in \`--from\`; give the image a stage name, as in ${shown(`FROM ${from.value} AS name`)}, and copy from that.`);
  } else checkSource(from.value, from.valueSpan, 'COPY', check, stages, place);
}

function checkMounts(check: Check, stages: Stages, place: Place): void {
  for (const mount of check.instruction.flags) {
    if (mount.name !== 'mount' || mount.value === undefined) continue;
    const fields = mountFields(mount.value) ?? [];
    const last = (...keys: readonly string[]) => fields.findLast(({ key }) => keys.includes(key));
    const from = last('from');
    if (from?.raw === undefined || from.raw === '') place.images += 1;
    else if (!/\$./s.test(from.raw)) checkSource(from.raw, fieldSpan(check.source, mount, from), 'RUN', check, stages, place);
    const type = last('type')?.raw ?? 'bind';
    const target = literal(last('target', 'dst', 'destination')?.raw ?? '', check.escape);
    if (!/^(?:bind|cache|tmpfs)$/i.test(type) || target === undefined) continue;
    if (resolvePath(place.directory, target) !== '/') continue;
    check.report(mount.span, 'A `--mount` cannot lie on `/`, the root of the image; add the `target` it belongs to.');
  }
}

function checkWorkdir({ instruction, escape }: Check, place: Place): void {
  const path = literal(instruction.words[0]?.raw ?? '', escape);
  place.directory = path === undefined ? undefined : resolvePath(place.directory, path);
}

/** Remembers what the following stages may ask for. */
function remember(instruction: Instruction, name: Word | undefined, place: Place): void {
  if (instruction.keyword === 'ARG' && place.stage === -1) for (const { name: argument } of instruction.pairs) place.globals.add(argument);
  if (name !== undefined) place.named.set(name.raw.toLowerCase(), place.directory);
}

/** Reports what BuildKit refuses in FROM, and in the stages and images that COPY and RUN take files from. */
export function checkStages(checks: readonly Check[]): void {
  const stages = stagesOf(checks.map(({ instruction }) => instruction));
  const place: Place = { stage: -1, globals: new Set(), named: new Map(), images: 0, directory: undefined };
  let name: Word | undefined;
  for (const check of checks) {
    const { instruction } = check;
    if (instruction.keyword === 'FROM') {
      checkFrom(check, place);
      name = stageName(instruction);
    } else if (instruction.keyword === 'COPY') checkCopyFrom(check, stages, place);
    else if (instruction.keyword === 'RUN') checkMounts(check, stages, place);
    else if (instruction.keyword === 'WORKDIR') checkWorkdir(check, place);
    remember(instruction, name, place);
  }
}
