import { span, type LineMap, type Span } from '../span.ts';
import { markdownBlocks } from './markdown.ts';
import { visibleLines } from './text.ts';
import { escapeXml } from './xml.ts';

/** A sentence of ours, in which backticks mark code. */
export const inlineHtml = (text: string): string =>
  text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part, index) => {
    if (index % 2 === 0) return escapeXml(part);
    return part.startsWith('`') ? `<code>${escapeXml(part.slice(1, -1))}</code>` : `<strong>${inlineHtml(part.slice(2, -2))}</strong>`;
  }).join('');

/** Source code, whose tabs and line feeds stay. */
const codeHtml = (text: string): string => visibleLines(text).split(/([\t\n])/).map((part, index) => (index % 2 === 1 ? part : escapeXml(part))).join('');

const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ');

function blockHtml(block: string): string {
  if (block.startsWith('```')) {
    return `<pre tabindex="0"><code>${codeHtml(block.split('\n').slice(1).filter((line) => !line.startsWith('```')).join('\n'))}</code></pre>`;
  }
  if (!/^\s*[-*]\s/.test(block)) return `<p>${inlineHtml(oneLine(block))}</p>`;
  const items = block.split(/\n(?=\s*[-*]\s)/).map((item) => `<li>${inlineHtml(oneLine(item.replace(/^\s*[-*]\s+/, '')))}</li>`);
  return `<ul>${items.join('')}</ul>`;
}

/** The Markdown of a rule's `why` as HTML: paragraphs, lists, fenced code, `code`, **strong**. No markup of its own gets through. */
export const markdownHtml = (text: string): string =>
  markdownBlocks(text).map(blockHtml).join('\n');

const mostLines = 12;
/** Characters of a line to show before its mark and in all. */
const room = { before: 60, whole: 240 };

/** A line with its number; the part of it that a span covers is marked. */
function lineHtml(lines: LineMap, number: number, at: Span): string {
  const whole = lines.line(number);
  const start = number === 1 && lines.source.startsWith('\ufeff') ? 1 : whole.start;
  const marked = span(Math.min(Math.max(at.start, start), whole.end), Math.min(Math.max(at.end, start), whole.end));
  const from = whole.end - start > room.whole ? Math.max(start, marked.start - room.before) : start;
  const to = Math.min(whole.end, from + room.whole);
  const piece = (a: number, b: number): string => codeHtml(lines.source.slice(Math.max(a, from), Math.max(Math.min(b, to), from)));
  const begins = at.start >= start && at.start <= whole.end;
  const mark = begins || marked.end > marked.start ? `<mark>${piece(marked.start, marked.end)}</mark>` : '';
  const text = mark === '' ? piece(start, whole.end) : piece(start, marked.start) + mark + piece(marked.end, whole.end);
  return `<span class="number">${number}</span>${from > start ? '…' : ''}${text}${to < whole.end ? '…' : ''}\n`;
}

/** The lines of a span, with one before and behind them. */
export function sourceHtml(lines: LineMap, at: Span, first: number, last: number): string {
  // Blank where the source is not at hand.
  if (lines.source.trim() === '') return '';
  const from = Math.max(first - 1, 1);
  const to = Math.min(last + 1, lines.count);
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const shown = numbers.slice(0, mostLines).map((number) => lineHtml(lines, number, at));
  const more = numbers.length > mostLines ? [`<span class="number">…</span>to line ${last}\n`] : [];
  const label = first === last ? `Source of line ${first}` : `Source of lines ${first} to ${last}`;
  return `<pre tabindex="0" role="region" aria-label="${label}"><code>${[...shown, ...more].join('')}</code></pre>`;
}
