import type { AppliedFix, Diagnostic } from '../lint.ts';
import type { AnyRule } from '../rule.ts';
import { LineMap } from '../span.ts';
import { inlineHtml, markdownHtml, sourceHtml } from './html-text.ts';
import { style } from './html-style.ts';
import { countsInWords, fixLabels, shownPlace, summarize, type FileReport, type Reporter, type Summary } from './report.ts';
import { plural } from './text.ts';
import { escapeXml } from './xml.ts';

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const listHtml = (items: readonly string[], name: string): string =>
  items.length === 0 ? '' : `<ul class="${name}">${items.map((item) => `<li>${item}</li>`).join('')}</ul>`;

function findingHtml(diagnostic: Diagnostic, lines: LineMap): string {
  const { rule, severity, message, at, related, fix } = diagnostic;
  const { line, column, endLine } = shownPlace(lines, at);
  const notes = related.map((note) => `line ${shownPlace(lines, note.at).line}: ${inlineHtml(note.message)}`);
  const name = escapeXml(rule);
  return [
    `<article class="finding ${severity}">`,
    `<p><span class="level">${severity}</span> <span class="place">line ${line}, column ${column}</span> <a href="#rule-${name}">${name}</a></p>`,
    `<h3>${inlineHtml(message)}</h3>`,
    sourceHtml(lines, at, line, endLine),
    listHtml(notes, 'notes'),
    fix === undefined ? '' : `<p><strong>${upperFirst(fixLabels[fix.safety])}:</strong> ${inlineHtml(fix.title)}</p>`,
    '</article>',
  ].filter((part) => part !== '').join('\n');
}

const fixedHtml = ({ rule, title }: AppliedFix): string => `<strong>fixed</strong> ${inlineHtml(title)} (${escapeXml(rule)})`;

function fileHtml(file: FileReport): string {
  const { path, text, diagnostics, fixed } = file;
  const lines = new LineMap(text);
  return [
    '<details class="file" open>',
    `<summary><h2>${escapeXml(path)}</h2> <small>${countsInWords({ ...summarize([file]), failed: 0 })}</small></summary>`,
    listHtml((fixed ?? []).map(fixedHtml), 'fixed'),
    ...diagnostics.map((diagnostic) => findingHtml(diagnostic, lines)),
    '</details>',
  ].filter((part) => part !== '').join('\n');
}

/** A part of the page with a heading; nothing where it has no content. */
const sectionHtml = (id: string, heading: string, content: string): string =>
  content === '' ? '' : `<section aria-labelledby="${id}">\n<h2 id="${id}">${heading}</h2>\n${content}\n</section>`;

function ruleHtml(id: string, rule: AnyRule | undefined): string {
  const name = escapeXml(id);
  const about = rule === undefined ? '' : `\n<p><strong>${inlineHtml(rule.summary)}.</strong></p>\n${markdownHtml(rule.why)}`;
  return `<article id="rule-${name}">\n<h3><code>${name}</code></h3>${about}\n</article>`;
}

function filterHtml({ errors, warnings, infos }: Summary): string {
  const levels = [['error', plural(errors, 'error'), errors], ['warning', plural(warnings, 'warning'), warnings], ['info', `${infos} info`, infos]] as const;
  const boxes = levels.filter(([, , count]) => count > 0).map(([level, words]) => `<label><input type="checkbox" id="show-${level}" checked> ${words}</label>`);
  return boxes.length < 2 ? '' : `<fieldset>\n<legend>Show</legend>\n${boxes.join('\n')}\n</fieldset>`;
}

function bodyHtml(files: readonly FileReport[], counts: Summary, rules: ReadonlyMap<string, AnyRule>): string {
  const failures = files.flatMap(({ path, error }) => (error === undefined ? [] : [`<code>${escapeXml(path)}</code>: ${inlineHtml(error)}`]));
  const isQuiet = ({ diagnostics, fixed }: FileReport): boolean => diagnostics.length === 0 && (fixed?.length ?? 0) === 0;
  const clean = files.filter((file) => isQuiet(file) && file.error === undefined).map(({ path }) => escapeXml(path));
  const ids = [...new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ rule }) => rule)))].sort();
  const parts = [
    `<header>\n<h1>shipshape</h1>\n<p>${upperFirst(countsInWords(counts))} in ${plural(files.length, 'file')}.</p>\n${filterHtml(counts)}\n</header>\n<main>`,
    sectionHtml('failed', 'Could not be checked', listHtml(failures, 'failures')),
    ...files.filter((file) => !isQuiet(file)).map(fileHtml),
    clean.length === 0 ? '' : `<details class="file">\n<summary><h2>${plural(clean.length, 'file')} without findings</h2></summary>\n${listHtml(clean, 'clean')}\n</details>`,
    sectionHtml('why', 'Why it matters', ids.map((id) => ruleHtml(id, rules.get(id))).join('\n')),
    '</main>',
  ];
  return parts.filter((part) => part !== '').join('\n');
}

/** One page for people, with nothing to load and nothing that runs. */
export const html: Reporter = (files, { rules }) => {
  const counts = summarize(files);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>shipshape: ${countsInWords(counts)}</title>
<style>${style}</style>
</head>
<body>
${bodyHtml(files, counts, rules)}
</body>
</html>
`;
};
