/** The files of a build context: texts by path. A path that ends in `/` is an empty folder. */
export type ContextFiles = Readonly<Record<string, string>>;

/** A pattern of an ignore file, or of COPY, as a regular expression: `*` and `?` stop at `/`, `**` does not. */
function patternOf(pattern: string, all: boolean): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at] ?? '';
    if (all && pattern.startsWith('**/', at)) {
      source += '(?:.*/)?';
      at += 2;
    } else if (all && pattern.startsWith('**', at)) {
      source += '.*';
      at += 1;
    } else source += character === '*' ? '[^/]*' : character === '?' ? '[^/]' : character.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  }
  return new RegExp(`^${source}$`);
}

/** Tells what an ignore file leaves out: the last pattern that matches a path, or a folder above it, decides. */
export function ignoring(text: string): (path: string) => boolean {
  const patterns = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#')).map((line) => {
    const excepts = line.startsWith('!');
    const pattern = line.replace(/^!/, '').trim().replace(/^\/+/, '').replace(/\/+$/, '');
    return { excepts, expression: patternOf(pattern, true) };
  });
  return (path) => {
    const parts = path.split('/');
    const prefixes = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    return patterns.reduce((ignored, { excepts, expression }) => (prefixes.some((each) => expression.test(each)) ? !excepts : ignored), false);
  };
}

/** What a COPY can see of a context, folders included: texts by path, undefined for a folder. */
export function sentFiles(files: ContextFiles): Map<string, string | undefined> {
  const ignored = ignoring(files['.dockerignore'] ?? '');
  const sent = new Map<string, string | undefined>();
  for (const [path, text] of Object.entries(files)) {
    const plain = path.replace(/\/$/, '');
    if (ignored(plain)) continue;
    const parts = plain.split('/');
    for (let length = 1; length < parts.length; length += 1) sent.set(parts.slice(0, length).join('/'), undefined);
    sent.set(plain, path.endsWith('/') ? undefined : text);
  }
  return sent;
}

export const isPattern = (source: string): boolean => /[*?[]/.test(source);

/** Paths that a source of COPY names. */
export function matching(paths: Iterable<string>, source: string): string[] {
  const plain = source.replace(/^(?:\.?\/)+/, '').replace(/\/+$/, '');
  if (!isPattern(plain)) return [plain === '.' ? '' : plain];
  const expression = patternOf(plain, false);
  return [...paths].filter((path) => expression.test(path)).sort();
}
