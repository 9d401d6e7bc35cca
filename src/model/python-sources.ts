import type { BuildContext } from '../context/context.ts';
import { factOf } from '../fact.ts';

/** Sources that a service does not load: tests, examples, tools beside it. */
const besides = /(?:^|\/)(?:tests?|examples?|docs?|scripts?|tools?|benchmarks?|notebooks?|training|\.\w[^/]*)\/|(?:^|\/)(?:test_\w+|conftest|setup|train\w*|finetune\w*)\.py$/i;

/** More files than this are an application too large to be judged by a look at some of them. */
const mostFiles = 24;

/** A file of Python that the context sends, and its text without comments. */
export interface PythonSource {
  readonly path: string;
  readonly text: string;
}

/** Long strings and comments are taken off; a `#` in a string takes the rest of its line along, which hides a thing and invents none. */
const withoutComments = (text: string): string => text.replace(/"""[^]*?"""|'''[^]*?'''/g, '""').replace(/#.*$/gm, '');

/** The Python files of a small application, each with its text; undefined where there are too many, or not all can be read. */
export const pythonSources = factOf((context: BuildContext): readonly PythonSource[] | undefined => {
  const paths = context.files.filter((path) => path.endsWith('.py') && !besides.test(path));
  if (context.cut || paths.length === 0 || paths.length > mostFiles) return undefined;
  const sources = paths.filter((path) => context.sends(path)).map((path) => ({ path, text: context.read(path) }));
  const read = sources.flatMap(({ path, text }) => (text === undefined ? [] : [{ path, text: withoutComments(text) }]));
  return read.length === sources.length ? read : undefined;
});
