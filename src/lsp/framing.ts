/** A message's text as it came, or a sentence about what is no message. */
export type Frame = { readonly body: string } | { readonly problem: string };

const headerEnd = Buffer.from('\r\n\r\n');

/** Longer headers and messages are none. */
const longestHeader = 8192;
const longestBody = 64 * 1024 * 1024;

/**
 * The length a header gives. The last `Content-Length` counts, wherever on its line it stands: in front of it may be the
 * rest of a message whose own length was wrong, and from here on the stream is read rightly again.
 */
function lengthIn(header: string): number | undefined {
  const last = [...header.matchAll(/content-length:[ \t]*(\d{1,9})[ \t]*(?=\r\n|$)/gi)].at(-1)?.[1];
  const length = last === undefined ? undefined : Number(last);
  return length === undefined || length > longestBody ? undefined : length;
}

/** Cuts the bytes of a connection into messages; what is none is told of, and the next message is found again. */
export class Frames {
  #chunks: Buffer[] = [];
  #size = 0;
  /** Bytes of the body that is waited for; undefined in front of a header. */
  #length: number | undefined;

  /** Takes some bytes; gives the messages that they complete. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
    const frames: Frame[] = [];
    for (let frame = this.#next(); frame !== undefined; frame = this.#next()) if (frame !== 'header') frames.push(frame);
    return frames;
  }

  #next(): Frame | 'header' | undefined {
    if (this.#length === undefined) return this.#readHeader();
    if (this.#size < this.#length) return undefined;
    const body = this.#take(this.#length).toString('utf8');
    this.#length = undefined;
    return { body };
  }

  #readHeader(): Frame | 'header' | undefined {
    const bytes = this.#joined();
    const end = bytes.indexOf(headerEnd);
    if (end === -1) {
      if (this.#size <= longestHeader) return undefined;
      // The beginning of a header may stand at the end.
      this.#take(this.#size - longestHeader / 2);
      return { problem: 'A message begins with no header.' };
    }
    const header = this.#take(end + headerEnd.length).toString('latin1', 0, end);
    this.#length = lengthIn(header);
    return this.#length === undefined ? { problem: 'The header of a message gives no length that can be used.' } : 'header';
  }

  #joined(): Buffer {
    const [first] = this.#chunks;
    if (first !== undefined && this.#chunks.length === 1) return first;
    const bytes = Buffer.concat(this.#chunks);
    this.#chunks = [bytes];
    return bytes;
  }

  #take(count: number): Buffer {
    const bytes = this.#joined();
    this.#chunks = count < bytes.length ? [bytes.subarray(count)] : [];
    this.#size -= count;
    return bytes.subarray(0, count);
  }
}
