import { unifiedDiff } from './diff.ts';
import { printJson } from './json.ts';
import { orderRows, saving, type OrderReporter, type OrderResult, type Share } from './order.ts';

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

const shareOf = (share: Share | undefined): object | null => (share === undefined ? null : { share: rounded(share.share), cost: rounded(share.cost) });

function fileOf(result: OrderResult): object {
  const { path, text, plan, unit, source, commits, notes, isWritten } = result;
  return {
    path,
    history: { source, commits: commits.length, newest: source === 'git' ? commits[0]?.id : undefined, oldest: source === 'git' ? commits.at(-1)?.id : undefined, notes },
    unit,
    cost: { before: rounded(plan.costBefore), after: rounded(plan.costAfter), saving: rounded(saving(plan)) },
    steps: orderRows(result).map(({ before, after, ...row }) => ({ ...row, before: shareOf(before), after: shareOf(after) })),
    moves: plan.moves.map(({ before, after, ...move }) => ({ ...move, cost: { before: rounded(before), after: rounded(after) } })),
    left: plan.refusals,
    diff: plan.text === text ? '' : unifiedDiff({ path, before: text, after: plan.text }),
    written: isWritten,
  };
}

/** The report of `optimize` for other programs. */
export const orderJson: OrderReporter = (results, failures) => printJson({ version: 1, files: [...results.map(fileOf), ...failures] });
