import { unifiedDiff } from './diff.ts';
import { amount, orderRows, percent, refusalWords, saving, sourceText, unitText, type OrderReporter, type OrderResult, type OrderRow, type Share } from './order.ts';
import { visible, visibleLines } from './text.ts';

const longestStep = 80;

/** Text as code, in a cell of a table. */
function code(text: string): string {
  const shown = visible(text);
  const short = shown.length > longestStep ? `${shown.slice(0, longestStep - 1)}…` : shown;
  const ticks = '`'.repeat(Math.max(0, ...[...short.matchAll(/`+/g)].map(([run]) => run.length)) + 1);
  return `${ticks}${ticks.length > 1 ? ' ' : ''}${short.replaceAll('|', '\\|')}${ticks.length > 1 ? ' ' : ''}${ticks}`;
}

/** A sentence of ours: what stands in backticks is code, the rest has no markup of its own. */
export const sentence = (text: string): string =>
  visible(text).split(/(`[^`]+`)/).map((part, index) => (index % 2 === 1 ? part : part.replace(/[\\*_[\]<>|#~&@]/g, '\\$&'))).join('');

const both = (share: Share | undefined): readonly [string, string] => (share === undefined ? ['–', '–'] : [percent(share.share), amount(share.cost)]);

function rowLine({ stage, step, class: kind, before, after, moved }: OrderRow): string {
  const [shareBefore, costBefore] = both(before);
  const [shareAfter, costAfter] = both(after);
  const mark = after === undefined ? 'gone' : before === undefined ? 'new' : moved ? 'moved' : '';
  return `| ${sentence(stage)} | ${code(step)} | ${mark} | ${kind} | ${shareBefore} | ${shareAfter} | ${costBefore} | ${costAfter} |`;
}

function section(result: OrderResult): string {
  const { plan, path, text } = result;
  const head = plan.before.commits === 0 ? 'Nothing was replayed.' : plan.moves.length === 0 ? 'No move would save anything.' : `**${percent(saving(plan))} less** to build a commit again: ${amount(plan.costBefore)} → ${amount(plan.costAfter)}.`;
  const rows = orderRows(result).filter((row) => row.class !== 'base image').map(rowLine);
  const moves = plan.moves.map(({ safety, title, message, notes, before, after }) =>
    `- **${safety}**: ${sentence(title)} (${amount(before)} → ${amount(after)}). ${[message, ...notes].map(sentence).join(' ')}`);
  const left = plan.refusals.map(({ kind, line, message, reasons }) => `- ${line === undefined ? '' : `line ${line}, `}${refusalWords[kind]}: ${[message, ...reasons].map(sentence).join(' ')}`);
  const diff = plan.text === text ? [] : ['```diff', visibleLines(unifiedDiff({ path, before: text, after: plan.text })).replaceAll('```', "'''").trimEnd(), '```'];
  const table = plan.before.commits === 0 ? [] : [
    '| stage | step | | class | re-run before | after | cost before | after |', '| --- | --- | --- | --- | ---: | ---: | ---: | ---: |', ...rows,
  ];
  const parts = [
    [`## ${sentence(path)}`], [head], [`${sentence(sourceText(result))}; costs are ${unitText(result)}.`, ...result.notes.map(sentence)],
    table, moves.length === 0 ? [] : ['### Moves', '', ...moves], left.length === 0 ? [] : ['### Left alone', '', ...left], diff,
  ];
  return parts.filter((part) => part.length > 0).map((part) => part.join('\n')).join('\n\n');
}

/** The report of `optimize` for a pull request. */
export const orderMarkdown: OrderReporter = (results, failures) =>
  `${[...results.map(section), ...failures.map(({ path, error }) => `## ${sentence(path)}\n\n${sentence(error)}`)].join('\n\n')}\n`;
