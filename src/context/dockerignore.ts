import ignore from '@balena/dockerignore';

/** Stand-in. */
export function readIgnoreFile(text: string): { patterns: readonly { text: string; span: { start: number; end: number }; negated: boolean }[]; ignores(path: string): boolean } {
  const matcher = ignore({ ignorecase: false }).add(text);
  return { patterns: [], ignores: (path) => matcher.ignores(path) };
}
