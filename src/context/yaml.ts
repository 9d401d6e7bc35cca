/** What the small reader below makes of a YAML file: maps, lists and plain texts, nothing is converted. */
export type YamlValue = string | readonly YamlValue[] | { readonly [key: string]: YamlValue };

interface Line {
  readonly indent: number;
  readonly text: string;
}

interface Reading {
  readonly lines: Line[];
  at: number;
  broken: boolean;
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

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  for (const raw of text.replace(/^\uFEFF/, '').split(/\r?\n/)) {
    const line = withoutComment(raw);
    const start = line.search(/\S/);
    if (start !== -1 && !(line === '---' && lines.length === 0)) lines.push({ indent: start, text: line.slice(start) });
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

const unquoted = (text: string): string => (/^(?:"[^"]*"|'[^']*')$/.test(text) ? text.slice(1, -1) : text);

/** A value on one line; a map in braces stays a text. */
function scalar(text: string, reading: Reading): YamlValue {
  if (/^[&*!]|^["'][^"']*$/.test(text) || (/^[[{]/.test(text) && !/[\]}]$/.test(text))) reading.broken = true;
  if (!text.startsWith('[')) return unquoted(text);
  const inside = text.slice(1, -1).trim();
  return inside === '' ? [] : inside.split(',').map((part) => unquoted(part.trim()));
}

function readList(reading: Reading, indent: number, depth: number): YamlValue {
  const items: YamlValue[] = [];
  for (let line = reading.lines[reading.at]; line?.indent === indent && isItem(line); line = reading.lines[reading.at]) {
    const rest = line.text.slice(1).trimStart();
    if (rest === '') {
      reading.at += 1;
      items.push(readNested(reading, indent, depth));
    } else if (colonAt(rest) !== -1 || /^-(?: |$)/.test(rest)) {
      const inner = indent + line.text.length - rest.length;
      reading.lines[reading.at] = { indent: inner, text: rest };
      items.push(readBlock(reading, inner, depth + 1));
    } else {
      reading.at += 1;
      items.push(scalar(rest, reading));
    }
  }
  return items;
}

/** What stands below a key or a dash; an empty text for nothing. */
function readNested(reading: Reading, indent: number, depth: number): YamlValue {
  const next = reading.lines[reading.at];
  const isList = next?.indent === indent && isItem(next);
  return next !== undefined && (next.indent > indent || isList) ? readBlock(reading, next.indent, depth + 1) : '';
}

function skipBelow(reading: Reading, indent: number): void {
  while ((reading.lines[reading.at]?.indent ?? -1) > indent) reading.at += 1;
}

function readMap(reading: Reading, indent: number, depth: number): YamlValue {
  const map = new Map<string, YamlValue>();
  for (let line = reading.lines[reading.at]; line?.indent === indent; line = reading.lines[reading.at]) {
    const colon = colonAt(line.text);
    if (colon === -1 || /^[&*!?%]|^<<|\t/.test(line.text)) {
      reading.broken = true;
      return '';
    }
    const key = unquoted(line.text.slice(0, colon).trim());
    const value = line.text.slice(colon + 1).trim();
    reading.at += 1;
    if (/^[|>][-+\d]*$/.test(value)) {
      skipBelow(reading, indent);
      map.set(key, '');
    } else map.set(key, value === '' ? readNested(reading, indent, depth) : scalar(value, reading));
  }
  return Object.fromEntries(map);
}

function readBlock(reading: Reading, indent: number, depth: number): YamlValue {
  const line = reading.lines[reading.at];
  if (line === undefined || depth > deepest) {
    reading.broken = true;
    return '';
  }
  return isItem(line) ? readList(reading, indent, depth) : readMap(reading, indent, depth);
}

/**
 * Reads the plain YAML that tools write into their own files: block maps and lists, texts on one line.
 * @returns undefined for anything else (anchors, tags, texts and brackets over several lines, several documents)
 */
export function readYaml(text: string): YamlValue | undefined {
  const reading: Reading = { lines: linesOf(text), at: 0, broken: false };
  const first = reading.lines[0];
  if (first === undefined) return {};
  const value = readBlock(reading, first.indent, 0);
  return reading.broken || reading.at < reading.lines.length ? undefined : value;
}
