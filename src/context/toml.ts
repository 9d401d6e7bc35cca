import { parse } from 'smol-toml';

/** Reads a TOML file; undefined where it is none. Never throws. */
export function readToml(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
