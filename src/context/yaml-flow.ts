import { YamlError, type YamlEntry, type YamlNode } from './yaml-node.ts';

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\', '/': '/', ' ': ' ' };

/** Up to a bracket, a comma, a line end, a comment, or a colon with a blank behind it. */
const plain = /(?:[^[\]{},:#\n]+|:(?=[^\s,[\]{}])|(?<=\S)#)*/y;

function unescaped(name: string, at: number): string {
  const known = Object.hasOwn(escapes, name) ? escapes[name] : undefined;
  if (known === undefined && name.length === 1) throw new YamlError(at, 'an escape that is not taken stands');
  return known ?? String.fromCharCode(Number.parseInt(name.slice(1), 16));
}

/** Reads the part of YAML that looks like JSON, quotes and brackets, from a place in the source. */
export class FlowReader {
  #at = 0;

  /** @param deepest brackets in brackets beyond are refused */
  constructor(readonly source: string, readonly deepest: number) {}

  /** @throws {YamlError} for what is not closed or not taken */
  read(start: number): { readonly node: YamlNode; readonly end: number } {
    this.#at = start;
    const node = this.#value(0);
    return { node, end: this.#at };
  }

  /** The text in the quotes that begin here. */
  readText(start: number): string {
    this.#at = start;
    return this.#quoted();
  }

  #value(depth: number): YamlNode {
    const at = this.#at;
    const first = this.source[at] ?? '';
    if (depth > this.deepest) throw new YamlError(at, 'it is nested too deeply');
    if (/[&*!]/.test(first)) throw new YamlError(at, 'anchors, aliases and tags are not taken');
    if (first === '[') return { at, value: this.#list(depth) };
    if (first === '{') return { at, value: this.#map(depth) };
    return { at, value: this.#text() };
  }

  #text(): string {
    return /["']/.test(this.source[this.#at] ?? '') ? this.#quoted() : this.#take(plain).trimEnd();
  }

  #list(depth: number): YamlNode[] {
    const items: YamlNode[] = [];
    this.#each(']', () => { items.push(this.#value(depth + 1)); });
    return items;
  }

  #map(depth: number): Map<string, YamlEntry> {
    const entries = new Map<string, YamlEntry>();
    this.#each('}', () => {
      const at = this.#at;
      const key = this.#text();
      this.#skip();
      const hasValue = this.source[this.#at] === ':';
      if (hasValue) this.#at += 1;
      this.#skip();
      const isEmpty = !hasValue || /[,}]/.test(this.source[this.#at] ?? '');
      entries.set(key, { at, node: isEmpty ? { at, value: '' } : this.#value(depth + 1) });
    });
    return entries;
  }

  /** Reads what stands between brackets, one after the other. */
  #each(close: string, read: () => void): void {
    const open = this.#at;
    this.#at += 1;
    for (this.#skip(); this.source[this.#at] !== close; this.#skip()) {
      const before = this.#at;
      if (before < this.source.length) read();
      this.#skip();
      const next = this.source[this.#at];
      if (next === undefined) throw new YamlError(open, 'a bracket is not closed');
      if (next !== close && next !== ',') throw new YamlError(this.#at, 'a comma or a closing bracket is missing');
      if (this.#at === before) throw new YamlError(before, 'a value is missing');
      if (next === ',') this.#at += 1;
    }
    this.#at += 1;
  }

  /** Goes over what a pattern matches here, and gives it. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.source)?.[0] ?? '';
    this.#at += text.length;
    return text;
  }

  #skip(): void {
    this.#take(/(?:\s+|(?<=\s)#[^\n]*)*/y);
  }

  #quoted(): string {
    const start = this.#at;
    const text = this.#take(/"(?:[^"\\\n]+|\\.)*"|'(?:[^'\n]+|'')*'/y);
    if (text === '') throw new YamlError(start, 'a quote is not closed');
    const inside = text.slice(1, -1);
    return text.startsWith("'") ? inside.replaceAll("''", "'") : inside.replace(/\\(x[\da-f]{2}|u[\da-f]{4}|.)/gi, (_, name: string) => unescaped(name, start));
  }
}
