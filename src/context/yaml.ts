import { FlowReader } from './yaml-flow.ts';
import { isYamlMap, YamlError, type YamlEntry, type YamlNode } from './yaml-node.ts';

/** What is made of a YAML file: maps, lists and texts, nothing is converted. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

interface Line {
  readonly indent: number;
  /** Where its text begins in the source. */
  readonly start: number;
  readonly text: string;
}

interface Reading {
  readonly source: string;
  readonly flow: FlowReader;
  readonly lines: Line[];
  at: number;
}

const deepest = 40;

const isItem = (line: Line): boolean => /^-(?: |$)/.test(line.text);

/** Cuts a comment off: `#` at the start or behind a blank, outside quotes. */
function withoutComment(text: string): string {
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (quote !== '') quote = character === quote ? '' : quote;
    else if ((character === '"' || character === "'") && /^$|[\s,[{:-]/.test(text[index - 1] ?? '')) quote = character;
    else if (character === '#' && /^$|\s/.test(text[index - 1] ?? '')) return text.slice(0, index).trimEnd();
  }
  return text.trimEnd();
}

function linesOf(source: string): Line[] {
  const lines: Line[] = [];
  let start = source.startsWith('\uFEFF') ? 1 : 0;
  for (const raw of source.slice(start).split('\n')) {
    const line = withoutComment(raw);
    const indent = line.search(/\S/);
    if (indent !== -1 && !(line === '---' && lines.length === 0)) lines.push({ indent, start: start + indent, text: line.slice(indent) });
    start += raw.length + 1;
  }
  return lines;
}

/** Where the colon of `key: value` stands; -1 when the line has none. */
function colonAt(text: string): number {
  const quote = text[0];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, 1);
    return end !== -1 && text[end + 1] === ':' ? end + 1 : -1;
  }
  for (let at = text.indexOf(':'); at !== -1; at = text.indexOf(':', at + 1)) {
    if (at === text.length - 1 || text[at + 1] === ' ') return at;
  }
  return -1;
}

/** A value on one line; one in brackets may reach over several. */
function scalar(text: string, start: number, reading: Reading): YamlNode {
  if (/^[&*!]/.test(text)) throw new YamlError(start, 'anchors, aliases and tags are not taken');
  if (!/^["'[{]/.test(text)) return { at: start, value: text };
  const { node, end } = reading.flow.read(start);
  while ((reading.lines[reading.at]?.start ?? end) < end) reading.at += 1;
  const rest = /[^\r\n]*/.exec(reading.source.slice(end, end + 1000))?.[0] ?? '';
  if (!/^\s*(?:\s#|$)/.test(rest)) throw new YamlError(end, 'the line should end');
  return node;
}

function readList(reading: Reading, indent: number, depth: number): YamlNode {
  const items: YamlNode[] = [];
  const at = reading.lines[reading.at]?.start ?? 0;
  for (let line = reading.lines[reading.at]; line?.indent === indent && isItem(line); line = reading.lines[reading.at]) {
    const rest = line.text.slice(1).trimStart();
    const inner = line.text.length - rest.length;
    if (rest === '') {
      reading.at += 1;
      items.push(readNested(reading, line, depth));
    } else if (/^-(?: |$)/.test(rest) || (colonAt(rest) !== -1 && !/^[[{]/.test(rest))) {
      reading.lines[reading.at] = { indent: indent + inner, start: line.start + inner, text: rest };
      items.push(readBlock(reading, depth + 1));
    } else {
      reading.at += 1;
      items.push(scalar(rest, line.start + inner, reading));
    }
  }
  return { at, value: items };
}

/** What stands below a key or a dash; an empty text for nothing. */
function readNested(reading: Reading, { indent, start }: Line, depth: number): YamlNode {
  const next = reading.lines[reading.at];
  const isList = next?.indent === indent && isItem(next);
  return next !== undefined && (next.indent > indent || isList) ? readBlock(reading, depth + 1) : { at: start, value: '' };
}

function skipBelow(reading: Reading, indent: number): void {
  while ((reading.lines[reading.at]?.indent ?? -1) > indent) reading.at += 1;
}

function readPair(reading: Reading, line: Line, depth: number): readonly [key: string, entry: YamlEntry] {
  const { start, text } = line;
  const colon = colonAt(text);
  if (text.includes('\t')) throw new YamlError(start + text.indexOf('\t'), 'a tab does not belong');
  if (/^[&*!?%]|^<</.test(text)) throw new YamlError(start, 'anchors, aliases and tags are not taken');
  if (colon === -1) throw new YamlError(start, 'a key with a colon and a blank is missing');
  const name = text.slice(0, colon).trim();
  const value = text.slice(colon + 1).trim();
  reading.at += 1;
  const key = /^["']/.test(name) ? reading.flow.readText(start) : name;
  if (value === '') return [key, { at: start, node: readNested(reading, line, depth) }];
  if (!/^[|>][-+\d]*$/.test(value)) return [key, { at: start, node: scalar(value, start + text.length - value.length, reading) }];
  skipBelow(reading, line.indent);
  return [key, { at: start, node: { at: start, value: '' } }];
}

function readMap(reading: Reading, indent: number, depth: number): YamlNode {
  const entries = new Map<string, YamlEntry>();
  const at = reading.lines[reading.at]?.start ?? 0;
  for (let line = reading.lines[reading.at]; line?.indent === indent; line = reading.lines[reading.at]) entries.set(...readPair(reading, line, depth));
  return { at, value: entries };
}

function readBlock(reading: Reading, depth: number): YamlNode {
  const line = reading.lines[reading.at];
  if (line === undefined || depth > deepest) throw new YamlError(line?.start ?? reading.source.length, 'it is nested too deeply');
  return isItem(line) ? readList(reading, line.indent, depth) : readMap(reading, line.indent, depth);
}

/**
 * Reads the plain YAML that tools and people write into settings: maps, lists, texts on one line, brackets. Each value knows its
 * place. Texts in blocks (`|`, `>`) are left empty.
 * @throws {YamlError} for anything else (anchors, tags, texts over several lines, several documents)
 */
export function readYamlTree(source: string): YamlNode {
  const reading: Reading = { source, flow: new FlowReader(source, deepest), lines: linesOf(source), at: 0 };
  const [first] = reading.lines;
  if (first === undefined) return { at: 0, value: new Map() };
  const root = /^[[{]/.test(first.text) ? scalar(first.text, first.start, reading) : readBlock(reading, 0);
  const left = reading.lines[reading.at];
  if (left !== undefined) throw new YamlError(left.start, 'the indentation fits none above');
  return root;
}

function valueOf({ value }: YamlNode): YamlValue {
  if (typeof value === 'string') return value;
  return isYamlMap(value) ? Object.fromEntries([...value].map(([key, { node }]) => [key, valueOf(node)])) : value.map(valueOf);
}

/** The same without places; undefined for what it does not take. */
export function readYaml(source: string): YamlValue | undefined {
  try {
    return valueOf(readYamlTree(source));
  } catch (error) {
    if (error instanceof YamlError) return undefined;
    throw error;
  }
}
