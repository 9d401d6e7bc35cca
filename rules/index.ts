// Generated from the files of this folder: `npm test -- -u` writes it.
import type { AnyRule } from '../src/rule.ts';
import shellFormCmd from './correctness/shell-form-cmd.ts';
import userNotCreated from './security/user-not-created.ts';
import copyBeforeInstall from './cache/copy-before-install.ts';
import volatileArgEarly from './cache/volatile-arg-early.ts';

/** Every rule by its id, in the order of the documentation. */
export const rules: ReadonlyMap<string, AnyRule> = new Map<string, AnyRule>([
  ['correctness/shell-form-cmd', shellFormCmd],
  ['security/user-not-created', userNotCreated],
  ['cache/copy-before-install', copyBeforeInstall],
  ['cache/volatile-arg-early', volatileArgEarly],
]);
