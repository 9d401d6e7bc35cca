import type { BuildContext } from '../context/context.ts';
import { ConfigError } from '../config/error.ts';
import { dotnet } from './dotnet.ts';
import { go } from './go.ts';
import { java } from './java.ts';
import type { EcosystemName } from './names.ts';
import { node } from './node.ts';
import { php } from './php.ts';
import type { Ecosystem } from './plan.ts';
import { python } from './python.ts';
import { ruby } from './ruby.ts';
import { rust } from './rust.ts';
import { staticFiles } from './static.ts';

/** Every kind of project there is a Dockerfile for. */
export const ecosystems: Readonly<Record<EcosystemName, Ecosystem>> = { python, node, go, rust, java, dotnet, php, ruby, static: staticFiles };

/** A kind of project, and the file that shows it. */
export interface Candidate {
  readonly name: EcosystemName;
  readonly ecosystem: Ecosystem;
  readonly mark: string;
}

const isEcosystemName = (name: string): name is EcosystemName => Object.hasOwn(ecosystems, name);

/** A Dockerfile of that kind would have something to start: a manifest that only brings tools has not. */
function starts({ ecosystem }: Candidate, context: BuildContext): boolean {
  try {
    const plan = ecosystem.plan(context, {});
    return plan.start !== undefined || plan.serves !== undefined;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
}

/** The kinds of project a folder may be: those with something to start, where there are several. */
export function candidates(context: BuildContext): readonly Candidate[] {
  const all = Object.entries(ecosystems).flatMap(([name, ecosystem]) => {
    const mark = ecosystem.mark(context);
    return mark === undefined || !isEcosystemName(name) ? [] : [{ name, ecosystem, mark }];
  });
  const built = all.filter(({ name }) => name !== 'static');
  if (built.length <= 1) return built.length === 1 ? built : all;
  const able = built.filter((each) => starts(each, context));
  return able.length > 0 ? able : built;
}

const manifests =
  /^(?:pyproject\.toml|requirements\.txt|package\.json|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|composer\.json|Gemfile|.+\.[cfv][sb]proj)$/;
const aside = /(?:^|\/)(?:tests?|testdata|docs?|examples?|samples?|fixtures|vendor|third[-_]party|node_modules|\.[^/]+)(?:\/|$)/;

/** Folders below that look like projects of their own, down to the third level; none inside another. */
export function projectFolders(context: BuildContext): readonly string[] {
  const folders = context.files.flatMap((path) => {
    const slash = path.lastIndexOf('/');
    const folder = path.slice(0, Math.max(slash, 0));
    return slash > 0 && manifests.test(path.slice(slash + 1)) && folder.split('/').length <= 3 && !aside.test(folder) ? [folder] : [];
  });
  const distinct = [...new Set(folders)].sort();
  return distinct.filter((folder) => !distinct.some((other) => folder.startsWith(`${other}/`)));
}
