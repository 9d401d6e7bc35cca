import type { Commit } from '../context/history.ts';
import type { Move, Refusal } from '../optimize/plan.ts';
import { unifiedDiff } from './diff.ts';
import { style } from './html-style.ts';
import { inlineHtml } from './html-text.ts';
import { orderStyle } from './order-html-style.ts';
import { amount, orderRows, orderSteps, percent, refusalWords, rowsByStage, saving, sourceText, unitText, type OrderFailure, type OrderReporter, type OrderResult, type OrderRow, type OrderStep, type Share } from './order.ts';
import { plural, visibleLines } from './text.ts';
import { escapeXml } from './xml.ts';

/** So many commits are drawn; nobody tells more columns apart. */
const mostColumns = 400;

const lines = (parts: readonly string[]): string => parts.filter((part) => part !== '').join('\n');

/** A layer of the picture: as tall as it is dear, its bar as long as it is often run. */
function layerHtml({ text, class: kind, share, cost }: OrderStep, dearest: number, tag: string): string {
  const height = (1.7 + 2 * Math.sqrt(dearest === 0 ? 0 : cost / dearest)).toFixed(2);
  const width = (100 * share.share).toFixed(1);
  const bar = `<span class="bar${share.share === 0 ? ' none' : ''}" style="width:${width}%"></span>`;
  const mark = tag === '' ? '' : `<span class="tag">${tag}</span>`;
  const often = kind === 'base image' ? '' : `<span class="share">${percent(share.share)}</span>`;
  return `<li class="layer" style="min-height:${height}rem" title="${escapeXml(`${text} (${kind})`)}">${bar}<code>${escapeXml(text)}</code>${mark}${often}</li>`;
}

function layersHtml(heading: string, steps: readonly OrderStep[], dearest: number, cost: number, tagOf: (step: OrderStep) => string): string {
  const stages = [...new Set(steps.map(({ stage }) => stage))];
  const lists = stages.map((stage) => {
    const layers = steps.filter((step) => step.stage === stage).map((step) => layerHtml(step, dearest, tagOf(step)));
    return `<p class="stage">${escapeXml(stage)}</p>\n<ol>\n${layers.join('\n')}\n</ol>`;
  });
  return `<div>\n<h4>${heading}: ${amount(cost)} a commit</h4>\n${lists.join('\n')}\n</div>`;
}

function pictureHtml(result: OrderResult, rows: readonly OrderRow[]): string {
  const { plan, costOf } = result;
  const before = orderSteps(plan.before, costOf);
  const after = orderSteps(plan.after, costOf);
  const dearest = Math.max(0, ...[...before, ...after].map(({ cost }) => cost));
  const rowOf = ({ stage, text }: OrderStep): OrderRow | undefined => rows.find((row) => row.stage === stage && row.step === text && row.after !== undefined);
  const tagOf = (step: OrderStep): string => {
    const row = rowOf(step);
    return row?.before === undefined ? 'new' : row.moved ? 'moved' : '';
  };
  const lists = [layersHtml(plan.moves.length === 0 ? 'As it is' : 'Before', before, dearest, plan.costBefore, () => '')];
  if (plan.moves.length > 0) lists.push(layersHtml('After', after, dearest, plan.costAfter, tagOf));
  return `<section>\n<h3>The layers</h3>\n<p class="about">A bar is as long as the share of commits that run the step again; a step is as tall as it is dear.</p>\n<div class="layers">\n${lists.join('\n')}\n</div>\n</section>`;
}

const cells = (share: Share | undefined): readonly [string, string] => (share === undefined ? ['–', '–'] : [percent(share.share), amount(share.cost)]);

const tagText = ({ before, after, moved }: OrderRow): string => (after === undefined ? 'gone' : before === undefined ? 'new' : moved ? 'moved' : '');

function tableHtml(result: OrderResult, rows: readonly OrderRow[]): string {
  const body = [...rowsByStage(rows)].map(([stage, own]) => {
    const steps = own.map((row) => {
      const [shareBefore, costBefore] = cells(row.before);
      const [shareAfter, costAfter] = cells(row.after);
      const tag = tagText(row);
      const counts = [shareBefore, shareAfter, costBefore, costAfter].map((text) => `<td class="count">${text}</td>`).join('');
      return `<tr><th scope="row"><code>${escapeXml(row.step)}</code>${tag === '' ? '' : ` <span class="tag">${tag}</span>`}</th><td>${row.class}</td>${counts}</tr>`;
    });
    return `<tbody>\n<tr><th scope="rowgroup" colspan="6">${escapeXml(stage)}</th></tr>\n${steps.join('\n')}\n</tbody>`;
  });
  const heads = ['Run again before', 'after', 'Cost before', 'after'].map((text) => `<th scope="col" class="count">${text}</th>`).join('');
  return lines([
    '<section>', '<h3>The steps</h3>', '<div class="scroll" tabindex="0" role="region" aria-label="Table of steps">', '<table>',
    `<caption>Share of commits that run a step again, and what it costs a commit: ${unitText(result)}.</caption>`,
    `<thead><tr><th scope="col">Step</th><th scope="col">Class</th>${heads}</tr></thead>`, ...body, '</table>', '</div>', '</section>',
  ]);
}

/** The runs of one mark in a row of the strip as one shape, the oldest commit on the left. */
function shape(name: string, columns: number, isMarked: (column: number) => boolean, top: number, height: number): string {
  const parts: string[] = [];
  for (let column = 0; column < columns; column += 1) {
    if (!isMarked(column)) continue;
    const start = column;
    while (column < columns && isMarked(column)) column += 1;
    parts.push(`M${start} ${top}h${column - start}v${height}h${start - column}z`);
  }
  return parts.length === 0 ? '' : `<path class="${name}" d="${parts.join('')}"/>`;
}

function stripRow({ step, before, after }: OrderRow, columns: number): string {
  const ran = (share: Share | undefined, column: number): boolean => share?.runs[columns - 1 - column] === 1;
  const saved = (column: number): boolean => ran(before, column) && !ran(after, column);
  const count = (isMarked: (column: number) => boolean): number => Array.from({ length: columns }, (_, column) => column).filter(isMarked).length;
  const [runs, spared] = [count((column) => ran(after, column)), count(saved)];
  const title = `${step}: run by ${runs} of ${plural(columns, 'commit')}${spared === 0 ? '' : `, no longer by ${spared}`}`;
  const shapes = shape('run', columns, (column) => ran(after, column), 0, 10) + shape('saved', columns, saved, 7, 3);
  return `<tr><th scope="row" title="${escapeXml(step)}"><code>${escapeXml(step)}</code></th><td><svg viewBox="0 0 ${columns} 10" preserveAspectRatio="none" role="img" aria-label="${escapeXml(title)}"><title>${escapeXml(title)}</title>${shapes}</svg></td><td class="count">${runs}${spared === 0 ? '' : ` (−${spared})`}</td></tr>`;
}

const day = ({ time }: Commit): string => new Date(time * 1000).toISOString().slice(0, 10);

/** How many steps a commit runs. */
const stepsRun = (rows: readonly OrderRow[], which: 'before' | 'after', index: number): number => rows.filter((row) => row[which]?.runs[index] === 1).length;

const commitText = (commit: Commit, rows: readonly OrderRow[], index: number): string =>
  `${commit.id.slice(0, 10)} ${day(commit)} ${commit.subject}: ${plural(stepsRun(rows, 'before', index), 'step')}, then ${stepsRun(rows, 'after', index)}`;

function commitsHtml(commits: readonly Commit[], rows: readonly OrderRow[]): string {
  const items = commits.map((commit, index) =>
    `<tr><th scope="row"><code>${escapeXml(commit.id.slice(0, 10))}</code></th><td>${day(commit)}</td><td>${escapeXml(commit.subject)}</td><td class="count">${stepsRun(rows, 'before', index)}</td><td class="count">${stepsRun(rows, 'after', index)}</td></tr>`);
  return lines([
    '<details>', `<summary>The ${plural(commits.length, 'commit')}</summary>`, '<div class="scroll" tabindex="0" role="region" aria-label="Table of commits">', '<table>',
    '<thead><tr><th scope="col">Commit</th><th scope="col">Date</th><th scope="col">Subject</th><th scope="col" class="count">Steps run before</th><th scope="col" class="count">after</th></tr></thead>',
    `<tbody>\n${items.join('\n')}\n</tbody>`, '</table>', '</div>', '</details>',
  ]);
}

/** One column a commit, one row a step. */
function stripHtml({ commits, source }: OrderResult, rows: readonly OrderRow[]): string {
  const shown = source === 'git' ? commits.slice(0, mostColumns) : commits;
  const columns = shown.length;
  const ticks = shown.map((commit, index) => `<rect class="tick" x="${columns - 0.9 - index}" y="0" width="0.8" height="10"><title>${escapeXml(commitText(commit, rows, index))}</title></rect>`);
  const named = source === 'git' ? `<tr><th scope="row">commit (point at one)</th><td><svg viewBox="0 0 ${columns} 10" preserveAspectRatio="none" aria-hidden="true">${ticks.join('')}</svg></td><td></td></tr>` : '';
  const more = commits.length > columns ? ` The newest ${columns} of ${commits.length} are shown.` : '';
  const key = (name: string, y: number, text: string): string => `<span><svg viewBox="0 0 10 10" preserveAspectRatio="none" aria-hidden="true"><path class="${name}" d="M0 ${y}h10v${10 - y}h-10z"/></svg> ${text}</span>`;
  return lines([
    '<section>', '<h3>The commits</h3>', `<p class="key">${key('run', 0, 'runs the step')}${key('saved', 7, 'no longer runs it')}</p>`, '<table class="strip">',
    `<caption>${source === 'git' ? 'Commits' : 'Assumed commits'}, the oldest on the left, and the steps they run again.${more}</caption>`,
    '<thead><tr><th scope="col">Step</th><th scope="col">Commits</th><th scope="col" class="count">Runs</th></tr></thead>', '<tbody>',
    ...rows.filter((row) => row.class !== 'base image').map((row) => stripRow(row, columns)), named, '</tbody>', '</table>',
    source === 'git' ? commitsHtml(shown, rows) : '', '</section>',
  ]);
}

function moveHtml({ safety, title, line, message, notes, before, after }: Move): string {
  const gain = after < before ? `saves ${percent(1 - after / before)} (${amount(before)} → ${amount(after)})` : 'makes way for the others';
  const proof = safety === 'safe' ? ['Proven: the image stays the same.', ...notes] : notes;
  return `<article class="move ${safety}">\n<p><span class="level">${safety}</span> ${inlineHtml(title)}: ${gain}</p>\n<p>${line === undefined ? '' : `Line ${line}: `}${inlineHtml(message)}</p>\n${proof.map((note) => `<p>${inlineHtml(note)}</p>`).join('\n')}\n</article>`;
}

const refusalHtml = ({ line, message, kind, reasons }: Refusal): string =>
  `<article class="move left">\n<p><span class="level">${line === undefined ? '' : `Line ${line}, `}${refusalWords[kind]}</span></p>\n${[message, ...reasons].map((text) => `<p>${inlineHtml(text)}</p>`).join('\n')}\n</article>`;

const section = (heading: string, parts: readonly string[]): string => (parts.length === 0 ? '' : `<section>\n<h3>${heading}</h3>\n${parts.join('\n')}\n</section>`);

function diffHtml({ path, text, plan }: OrderResult): string {
  if (plan.text === text) return '';
  const marked = visibleLines(unifiedDiff({ path, before: text, after: plan.text })).trimEnd().split('\n').map((line) => {
    const shown = line.split('\t').map(escapeXml).join('\t');
    const name = line.startsWith('+') ? 'ins' : line.startsWith('-') ? 'del' : undefined;
    return name === undefined ? shown : `<${name}>${shown}</${name}>`;
  });
  return section('The diff', [`<pre class="diff" tabindex="0" role="region" aria-label="Diff of ${escapeXml(path)}"><code>${marked.join('\n')}</code></pre>`]);
}

function fileHtml(result: OrderResult): string {
  const { plan, path, notes } = result;
  const rows = orderRows(result);
  const head = plan.before.commits === 0 ? 'Nothing was replayed' : plan.moves.length === 0 ? 'No move would save anything' : `${percent(saving(plan))} less to build a commit again: ${amount(plan.costBefore)} → ${amount(plan.costAfter)}`;
  const isReplayed = plan.before.commits > 0;
  return lines([
    '<article class="file">', `<h2>${escapeXml(path)}</h2>`, `<p class="saving">${head}</p>`, `<p class="about">${escapeXml(sourceText(result))}; costs are ${unitText(result)}.</p>`,
    ...notes.map((note) => `<p class="about">${inlineHtml(note)}</p>`),
    ...(isReplayed ? [pictureHtml(result, rows), tableHtml(result, rows), stripHtml(result, rows)] : []),
    section('The moves', plan.moves.map(moveHtml)), section('Left alone', plan.refusals.map(refusalHtml)), diffHtml(result), '</article>',
  ]);
}

const failureHtml = ({ path, error }: OrderFailure): string => `<li><code>${escapeXml(path)}</code>: ${inlineHtml(error)}</li>`;

/** One page for people, with nothing to load and nothing that runs. */
export const orderHtml: OrderReporter = (results, failures) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>shipshape optimize: ${escapeXml(results.map(({ path }) => path).join(', ').slice(0, 200))}</title>
<style>${style}${orderStyle}</style>
</head>
<body>
<header>
<h1>shipshape optimize</h1>
</header>
<main>
${lines([...results.map(fileHtml), failures.length === 0 ? '' : section('Could not be looked at', [`<ul>\n${failures.map(failureHtml).join('\n')}\n</ul>`])])}
</main>
</body>
</html>
`;
