import type { BuildContext } from '../context/context.ts';
import { isPort } from './text.ts';

/** Files that say nothing of how the project runs. */
const asideFolder =
  /(?:^|\/)(?:tests?|__tests__|testdata|spec|e2e|docs?|examples?|samples?|scripts|benchmarks?|migrations|fixtures|node_modules|vendor|dist|build|target)\//;
const asideFile = /(?:^|\/)(?:test_[^/]*|conftest\.py|[^/]*[._](?:test|spec)\.\w+)$/;

const mostFiles = 400;

/** Sources of the project that are fit to be read, the shallowest first. */
export function sourcesOf(context: BuildContext, ending: RegExp, deepest = 5): string[] {
  const depth = (path: string): number => path.split('/').length;
  const isAside = (path: string): boolean => asideFolder.test(path) || asideFile.test(path);
  const found = context.files.filter((path) => ending.test(path) && !isAside(path) && depth(path) <= deepest && !context.isLink(path));
  return found.sort((left, right) => depth(left) - depth(right)).slice(0, mostFiles);
}

/** The first port that a pattern finds in the files; its group holds the number. */
export function portIn(context: BuildContext, files: readonly string[], patterns: readonly RegExp[]): number | undefined {
  for (const file of files) {
    const text = context.read(file) ?? '';
    for (const pattern of patterns) {
      const port = Number(pattern.exec(text)?.[1] ?? '');
      if (isPort(port)) return port;
    }
  }
  return undefined;
}
