import { accessSync, constants, mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Where a program is on the PATH of this process. */
export function onPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)).find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** A PATH with these programs and no others: what else is installed must not change what a test sees. */
export function pathWith(...names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'shipshape-tools-'));
  for (const name of names) {
    const program = onPath(name);
    if (program !== undefined) symlinkSync(program, join(folder, name));
  }
  return folder;
}
