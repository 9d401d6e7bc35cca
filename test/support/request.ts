import { rules } from '../../rules/index.ts';
import { knownNames } from '../../src/config/names.ts';
import { resolveRules } from '../../src/config/settings.ts';
import type { BuildContext } from '../../src/context/context.ts';
import type { LintRequest } from '../../src/lint.ts';

/** A request that runs every rule of a preset. */
export function requestAll(context: BuildContext | undefined, preset: 'recommended' | 'all' = 'all'): LintRequest {
  return {
    path: 'Dockerfile',
    rules: resolveRules(rules, undefined, { preset, only: [], ignore: [], levels: [] }, 'Dockerfile'),
    known: knownNames(rules),
    context,
    contextGiven: true,
    buildArguments: {},
    target: undefined,
  };
}
