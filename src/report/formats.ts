import type { Reporter } from './report.ts';

/** Every format by name; its reporter is loaded when it is asked for. */
export const formats = {
  stylish: async () => (await import('./stylish.ts')).stylish,
  'tty-compact': async () => (await import('./tty-compact.ts')).ttyCompact,
  json: async () => (await import('./json.ts')).json,
  sarif: async () => (await import('./sarif.ts')).sarif,
  github: async () => (await import('./github.ts')).github,
  gitlab: async () => (await import('./gitlab.ts')).gitlab,
  codeclimate: async () => (await import('./codeclimate.ts')).codeclimate,
  checkstyle: async () => (await import('./checkstyle.ts')).checkstyle,
  junit: async () => (await import('./junit.ts')).junit,
  gnu: async () => (await import('./gnu.ts')).gnu,
  markdown: async () => (await import('./summary.ts')).summary,
  html: async () => (await import('./html.ts')).html,
} satisfies Readonly<Record<string, () => Promise<Reporter>>>;

export type Format = keyof typeof formats;

const isFormat = (name: string): name is Format => Object.hasOwn(formats, name);

/** The names of all formats, the default first. */
export const formatNames: readonly Format[] = Object.keys(formats).filter(isFormat);
