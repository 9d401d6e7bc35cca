const hexadecimal = (value: number): string => (value >>> 0).toString(16).padStart(8, '0');

/**
 * A digest of a text: 128 bits, fast, the same everywhere. It tells contents apart; it is no protection against someone
 * who looks for two texts with one digest.
 */
export function digest(text: string): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  let c = 0xc2b2ae35;
  let d = 0x27d4eb2f;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    a = b ^ Math.imul(a ^ unit, 0x23899191);
    b = c ^ Math.imul(b ^ unit, 0xb529c76d);
    c = d ^ Math.imul(c ^ unit, 0x1b56c4e9);
    d = a ^ Math.imul(d ^ unit, 0x2c1b3c6d);
  }
  a = Math.imul(c ^ (a >>> 18), 0x23899191) ^ text.length;
  b = Math.imul(d ^ (b >>> 22), 0xb529c76d);
  c = Math.imul(a ^ (c >>> 17), 0x1b56c4e9);
  d = Math.imul(b ^ (d >>> 19), 0x2c1b3c6d);
  return hexadecimal(a ^ b ^ c ^ d) + hexadecimal(b ^ a) + hexadecimal(c ^ a) + hexadecimal(d ^ a);
}

/** A digest of several texts; where one ends and the next begins counts. */
export const digestOf = (...parts: readonly string[]): string => digest(parts.map((part) => `${part.length}:${part}`).join(''));
