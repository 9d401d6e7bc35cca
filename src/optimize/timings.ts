import type { Instruction } from '../dockerfile/instruction.ts';
import { readDockerfile, type Dockerfile } from '../model/dockerfile.ts';
import { costClasses, costUnits, type CostClass } from '../model/cost.ts';
import type { Layer } from '../model/layers.ts';
import { readInvocation } from '../model/packages.ts';
import { textAt } from '../span.ts';
import type { StepCost } from './replay.ts';
import { dependenciesCameFirst } from './sink.ts';

/** A step as a build's progress names it, and how long it took. */
interface Timed {
  /** `builder`, of `[builder 3/7] RUN make`; empty where the build has one stage only. */
  readonly stage: string;
  /** The instruction on one line, variables put in. */
  readonly text: string;
  readonly seconds: number;
}

/** Times of a build's steps. */
export type Timings = readonly Timed[];

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** `[linux/amd64 builder 3/7] RUN make`; undefined for what is no step of a file, such as `[internal] load build context`. */
function readName(name: string): Pick<Timed, 'stage' | 'text'> | undefined {
  const [, place, text] = /^\[([^\]]{0,200})\] (.*)$/s.exec(name) ?? [];
  if (place === undefined || text === undefined) return undefined;
  const words = place.trim().split(/\s+/);
  if (!/^\d+\/\d+$/.test(words.at(-1) ?? '')) return undefined;
  return { stage: words.length < 2 ? '' : (words.at(-2) ?? '').replace(/^\w+\/\w+.*$/, ''), text: oneLine(text) };
}

/** `#8 [builder 3/7] RUN make`, and later `#8 DONE 12.3s`. */
function readPlain(lines: readonly string[]): Timed[] {
  const names = new Map<string, Pick<Timed, 'stage' | 'text'>>();
  const seconds = new Map<string, number>();
  for (const line of lines) {
    const [, number, rest] = /^#(\d{1,6}) (.*)$/.exec(line) ?? [];
    if (number === undefined || rest === undefined) continue;
    const done = /^DONE (\d{1,7}(?:\.\d{1,6})?)s\s*$/.exec(rest)?.[1];
    if (done !== undefined) seconds.set(number, Number(done));
    else if (!names.has(number)) {
      const name = readName(rest);
      if (name !== undefined) names.set(number, name);
    }
  }
  return [...names].flatMap(([number, name]) => {
    const took = seconds.get(number);
    return took === undefined ? [] : [{ ...name, seconds: took }];
  });
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** What a line of `--progress=rawjson` says of steps: `{"vertexes": [{"digest", "name", "started", "completed", "cached"}]}`. */
const vertexesOf = (line: unknown): readonly Readonly<Record<string, unknown>>[] => {
  const list: unknown = isObject(line) ? line['vertexes'] ?? line['Vertexes'] : undefined;
  return Array.isArray(list) ? list.filter(isObject) : [];
};

function readJson(lines: readonly string[]): Timed[] {
  const steps = new Map<string, Timed>();
  for (const vertex of lines.flatMap((line) => (line.startsWith('{') ? vertexesOf(parse(line)) : []))) {
    const name = readName(textOf(vertex['name'] ?? vertex['Name']));
    const took = (Date.parse(textOf(vertex['completed'])) - Date.parse(textOf(vertex['started']))) / 1000;
    if (name === undefined || vertex['cached'] === true || !Number.isFinite(took) || took < 0) continue;
    steps.set(textOf(vertex['digest']) || `${name.stage} ${name.text}`, { ...name, seconds: took });
  }
  return [...steps.values()];
}

/**
 * Reads how long the steps of a build took, of what `docker build --progress=plain` prints, or `--progress=rawjson`, or
 * `docker buildx history logs` of an older build. Steps that came from the cache have no time.
 * @returns no steps where the text is none of these
 */
export function readTimings(text: string): Timings {
  const lines = text.split(/\r?\n/);
  return [...readPlain(lines), ...readJson(lines)];
}

/** Whether a step's name may be an instruction's text with its variables put in: all that stands between them is there, in order. */
function isLike(name: string, text: string): boolean {
  const [first = '', ...others] = text.split(/\$(?:\{[^}]{0,200}\}|\w+)/);
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of others) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  const last = others.at(-1);
  return last === undefined ? at === name.length : name.endsWith(last);
}

/** An instruction as a build's progress prints it: continued lines joined, comments left out. */
function printed(file: Dockerfile, { instruction }: Layer): string {
  const { logical, bodyIndex } = instruction;
  const flags = instruction.flags.map((flag) => textAt(file.source, flag.span)).join(' ');
  return oneLine(`${instruction.keyword} ${flags} ${logical.text.slice(bodyIndex)}`);
}

/** Seconds of a step in a former build; undefined where it was not there, or was cached. */
export function secondsOf(timings: Timings, file: Dockerfile, layer: Layer): number | undefined {
  const text = printed(file, layer);
  const like = timings.filter((step) => step.text === text || isLike(step.text, text));
  const own = like.filter(({ stage }) => stage === (layer.stage.name ?? `stage-${layer.stage.index}`));
  return (own.length > 0 ? own : like)[0]?.seconds;
}

/** What installing the project itself costs once its dependencies are there. */
const lastPartOfInstall = 5;

/** Installs of the project alone: an earlier step of the stage brought the dependencies. */
function isLastPart(file: Dockerfile, { instruction, stage }: Layer): boolean {
  const installs = file.commandsOf(instruction).flatMap((command) => readInvocation(command) ?? []).filter(({ action }) => action.startsWith('install'));
  return installs.length > 0 && installs.every((install) => dependenciesCameFirst(file, stage, install, instruction));
}

/** What a step costs by its classes, about seconds. Base images are there already, and a folder is made in no time. */
function unitsOf(file: Dockerfile, layer: Layer): number {
  if (layer.kind === 'from' || layer.kind === 'workdir') return 0;
  const isLast = isLastPart(file, layer);
  return costClasses(file, layer.instruction.inner ?? layer.instruction)
    .reduce((sum, kind) => sum + (kind === 'language packages' && isLast ? lastPartOfInstall : costUnits[kind]), 0);
}

const bodyOf = ({ logical, bodyIndex }: Instruction): string => oneLine(logical.text.slice(bodyIndex));

const unitsOfClasses = (classes: readonly CostClass[]): number => classes.reduce((sum, kind) => sum + costUnits[kind], 0);

/** Seconds of a RUN that was part of a longer one in the former build: its share by the classes of both. */
function shareOf(timings: Timings, file: Dockerfile, { instruction }: Layer): number | undefined {
  const body = bodyOf(instruction);
  const whole = instruction.keyword === 'RUN' && body !== '' ? timings.find(({ text }) => text.startsWith('RUN ') && (text.includes(` ${body} &&`) || text.endsWith(`&& ${body}`))) : undefined;
  if (whole === undefined) return undefined;
  const former = readDockerfile(`FROM scratch\n${whole.text}\n`);
  const units = unitsOfClasses(costClasses(file, instruction));
  return whole.seconds * units / Math.max(units, ...former.instructions.map((each) => unitsOfClasses(costClasses(former, each))));
}

/** The cost of steps: seconds of a former build where it has them, else what their class costs. */
export const stepCost = (timings: Timings = []): StepCost =>
  (file, layer) => (layer.kind === 'from' ? 0 : secondsOf(timings, file, layer) ?? shareOf(timings, file, layer) ?? unitsOf(file, layer));
