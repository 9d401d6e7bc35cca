/** A value in a YAML file, and where it begins. */
export interface YamlNode {
  readonly at: number;
  readonly value: string | readonly YamlNode[] | ReadonlyMap<string, YamlEntry>;
}

/** What a map holds under a key, and where the key begins. */
export interface YamlEntry {
  readonly at: number;
  readonly node: YamlNode;
}

export const isYamlMap = (value: YamlNode['value']): value is ReadonlyMap<string, YamlEntry> => value instanceof Map;

/** Something our reader of YAML does not take; the message fits before "here". */
export class YamlError extends Error {
  override readonly name = 'YamlError';

  constructor(readonly at: number, message: string) {
    super(message);
  }
}
