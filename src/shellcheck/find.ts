import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

const isProgram = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
};

/** Where `shellcheck` is on the PATH; folders that hang on the working folder are passed over, for anybody may have filled that. */
export function findShellCheck({ PATH = '' }: Environment): string | undefined {
  const name = process.platform === 'win32' ? 'shellcheck.exe' : 'shellcheck';
  return PATH.split(delimiter).filter(isAbsolute).map((folder) => join(folder, name)).find(isProgram);
}
