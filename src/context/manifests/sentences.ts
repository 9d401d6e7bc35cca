import { code } from './reading.ts';

/** What more than one manager has to say of an install, in full sentences. */

export const laysOver = (command: string, files: string): string =>
  `${code(command)} writes ${files}, and the later COPY would lay the old ones over them.`;

export const mayRelock = (lock: string, strict: string): string =>
  `Without ${strict} the install may bring ${code(lock)} up to date, and the later COPY would lay the old one over it.`;

export const workspaceRoot = (path: string): string => `${code(path)} is the root of a workspace, whose members the install reads.`;

export const tooManyMembers = (path: string, count: number): string =>
  `The workspace of ${code(path)} has ${count} members, and a COPY for each would be too many lines.`;

export const workspaceAbove = (path: string): string => `${code(path)} is the root of a workspace above the install.`;

export const workedOut = (path: string): string => `The dependencies in ${code(path)} are worked out by a build of the project.`;

export const fromPath = (path: string, what: string): string => `${code(path)} takes ${code(what)} from a path, so the install reads what lies there.`;

export const unreadable = (path: string, format: string): string => `${code(path)} can't be read as ${format}.`;

export const mayReadMore = (path: string): string => `${code(path)} loads extensions, which may read other files (the history, for one).`;

export const buildsProject = 'The install builds the project itself, so it reads the sources.';
