import { createHash, type Hash } from 'node:crypto';
import type { Entry } from './tree.ts';

const block = 512;

/** Fields of the next entry that stand in a header of their own, because they did not fit or are no field of old. */
type Extra = Map<string, string>;

interface Open {
  readonly path: string;
  readonly entry: Entry;
  readonly hash: Hash | undefined;
  /** What an extra header says is kept; what a file holds only goes through the hash. */
  readonly kept: Buffer[] | undefined;
  readonly kind: string;
  left: number;
  padding: number;
}

const text = (header: Buffer, from: number, length: number): string => {
  const end = header.indexOf(0, from);
  return header.toString('utf8', from, end === -1 || end > from + length ? from + length : end);
};

/** A number in octal digits, or, where they were not enough, in binary. */
function number(header: Buffer, from: number, length: number): number {
  if (((header[from] ?? 0) & 0x80) === 0) return Number.parseInt(text(header, from, length).trim() || '0', 8);
  return Number(BigInt.asUintN(62, BigInt(`0x${header.toString('hex', from + 1, from + length)}`)));
}

function checked(header: Buffer): Buffer {
  let sum = 0;
  for (let at = 0; at < block; at += 1) sum += at >= 148 && at < 156 ? 32 : header[at] ?? 0;
  if (sum !== number(header, 148, 8)) throw new Error('the archive is damaged: a header has another sum than it says');
  return header;
}

/** `LENGTH NAME=VALUE\n`, the length being that of the whole in bytes. */
function readExtra(content: Buffer): Extra {
  const extra: Extra = new Map();
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const length = Number.parseInt(content.toString('utf8', at, space), 10);
    if (!(length > 0)) throw new Error('the archive is damaged: an extended header has no length');
    const equals = content.indexOf(0x3d, space);
    const value = content.subarray(equals + 1, at + length - 1);
    const name = content.toString('utf8', space + 1, equals);
    extra.set(name, value.toString(name.startsWith('SCHILY.xattr.') ? 'hex' : 'utf8'));
    at += length;
  }
  return extra;
}

const types: Readonly<Record<string, Entry['type']>> = { '0': 'file', '\0': 'file', '2': 'link', '3': 'other', '4': 'other', '5': 'folder', '6': 'other' };

/**
 * Reads the archive that `docker export` writes (POSIX ustar with pax headers) piece by piece, and keeps of each file
 * what it takes to compare it. A hard link is the file it is a link to.
 */
export class TarReader {
  readonly entries = new Map<string, Entry>();
  #rest: Buffer = Buffer.alloc(0);
  #extra: Extra = new Map();
  #open: Open | undefined;

  /** @throws {Error} for an archive that is damaged or of a kind it does not know */
  write(chunk: Buffer): void {
    let data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#open === undefined) {
        if (data.length < block) break;
        this.#begin(data.subarray(0, block));
        data = data.subarray(block);
        continue;
      }
      const open = this.#open;
      const piece = data.subarray(0, open.left);
      open.hash?.update(piece);
      open.kept?.push(Buffer.from(piece));
      open.left -= piece.length;
      const skipped = open.left > 0 ? 0 : Math.min(open.padding, data.length - piece.length);
      open.padding -= skipped;
      data = data.subarray(piece.length + skipped);
      if (open.left > 0 || open.padding > 0) break;
      this.#end(open);
    }
    this.#rest = Buffer.from(data);
  }

  #begin(header: Buffer): void {
    if (header.every((byte) => byte === 0)) return;
    checked(header);
    const kind = text(header, 156, 1) || '\0';
    const extra = this.#extra;
    const isHeader = /^[xgLK]$/.test(kind);
    const size = Number((isHeader ? undefined : extra.get('size')) ?? number(header, 124, 12));
    const prefix = text(header, 257, 5) === 'ustar' ? text(header, 345, 155) : '';
    const name = extra.get('path') ?? (prefix === '' ? '' : `${prefix}/`) + text(header, 0, 100);
    const target = extra.get('linkpath') ?? text(header, 157, 100);
    const path = `/${name.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '')}`;
    if (!isHeader) this.#extra = new Map();
    if (kind === '1') {
      const linked = this.entries.get(`/${target.replace(/^(?:\.?\/)+/, '')}`);
      if (linked !== undefined) this.entries.set(path, linked);
      return;
    }
    const type = types[kind];
    if (type === undefined && !isHeader) throw new Error(`the archive holds an entry of the unknown kind ${JSON.stringify(kind)}`);
    const capabilities = extra.get('SCHILY.xattr.security.capability');
    const entry: Entry = {
      type: type ?? 'other', mode: number(header, 100, 8) & 0o7777, uid: Number(extra.get('uid') ?? number(header, 108, 8)), gid: Number(extra.get('gid') ?? number(header, 116, 8)),
      ...(type === 'link' && { target }), ...(type === 'file' && { size }), ...(capabilities !== undefined && { capabilities }),
    };
    this.#open = {
      path, entry, kind, hash: type === 'file' ? createHash('sha256') : undefined, kept: isHeader ? [] : undefined, left: size, padding: (block - (size % block)) % block,
    };
    if (size === 0) this.#end(this.#open);
  }

  #end({ path, entry, hash, kept, kind }: Open): void {
    this.#open = undefined;
    if (kept !== undefined) {
      const content = Buffer.concat(kept);
      if (kind === 'x') this.#extra = readExtra(content);
      else if (kind !== 'g') this.#extra.set(kind === 'L' ? 'path' : 'linkpath', text(content, 0, content.length));
      return;
    }
    this.entries.set(path, hash === undefined ? entry : { ...entry, sha256: hash.digest('hex') });
  }
}
