/** A file, folder or link in an image. */
export interface Entry {
  readonly type: 'file' | 'folder' | 'link' | 'other';
  /** Permissions with the set-id and sticky bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Where a symbolic link leads. */
  readonly target?: string;
  readonly size?: number;
  readonly sha256?: string;
  /** Of a program that has capabilities, as the tool that read them writes them. */
  readonly capabilities?: string;
}

/** What is in an image, by absolute path. */
export type Tree = ReadonlyMap<string, Entry>;
