// The picture of the README: what a run prints, as an SVG. test/generated.test.ts writes it.
import { displayWidth } from '../src/report/text.ts';

const line = 18;
const margin = 20;
/** Width of a character of 13 pixels: fonts differ, so each piece is given its place and its length. */
const advance = 7.8;
const columns = 80;

/** What a terminal calls its colours and weights, by the code that switches each on; and what switches them off. */
const styles: Readonly<Record<string, string>> = { 1: 'strong', 2: 'faint', 4: 'under', 31: 'red', 32: 'green', 33: 'yellow', 34: 'blue', 36: 'cyan' };
const ends: Readonly<Record<string, readonly string[]>> = { 0: Object.values(styles), 22: ['strong', 'faint'], 24: ['under'], 39: ['red', 'green', 'yellow', 'blue', 'cyan'] };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A text without its colours. */
export const plain = (text: string): string => text.replaceAll(/\x1b\[\d*m/g, '');

/** The pieces of a line, of one look each. */
function pieces(text: string): string[] {
  const on = new Set<string>();
  let at = 0;
  return text.split(/(\x1b\[\d*m)/).flatMap((part) => {
    const code = /^\x1b\[(\d*)m$/.exec(part)?.[1];
    if (code !== undefined) {
      const style = styles[code];
      if (style !== undefined) on.add(style);
      for (const end of ends[code === '' ? '0' : code] ?? []) on.delete(end);
      return [];
    }
    const width = displayWidth(part);
    const start = at + part.length - part.trimStart().length;
    at += width;
    const shown = part.trim();
    if (shown === '') return [];
    const looks = on.size === 0 ? '' : ` class="${[...on].join(' ')}"`;
    return [`<tspan x="${(margin + start * advance).toFixed(1)}" textLength="${(displayWidth(shown) * advance).toFixed(1)}"${looks}>${escaped(shown)}</tspan>`];
  });
}

const css = `
    .page { fill: #fff; stroke: #d0d7de } .text { fill: #1f2328; font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; white-space: pre }
    .strong { font-weight: bold } .under { text-decoration: underline } .faint { fill: #59636e }
    .red { fill: #cf222e } .green { fill: #1a7f37 } .yellow { fill: #8a5a00 } .blue { fill: #0969da } .cyan { fill: #0f6f7f }
    @media (prefers-color-scheme: dark) {
      .page { fill: #0d1117; stroke: #3d444d } .text { fill: #e6edf3 } .faint { fill: #9198a1 }
      .red { fill: #ff7b72 } .green { fill: #56d364 } .yellow { fill: #e3b341 } .blue { fill: #79c0ff } .cyan { fill: #76e3ea }
    }
  `;

/**
 * What a terminal shows, as a picture.
 * @param title what it is, for those who do not see it; the text itself stands in the description
 * @param text with the colours of terminals
 */
export function picture(title: string, text: string): string {
  const lines = text.trimEnd().split('\n');
  const [width, height] = [Math.ceil(2 * margin + columns * advance), 2 * margin + lines.length * line];
  const rows = lines.flatMap((each, index) => {
    const row = pieces(each).join('');
    return row === '' ? [] : [`    <text y="${margin + (index + 1) * line - 5}">${row}</text>`];
  });
  return [
    '<!-- Generated from what the program prints: test/generated.test.ts writes this picture. -->',
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title text">`,
    `  <title id="title">${escaped(title)}</title>`,
    `  <desc id="text">${escaped(plain(text.trimEnd()))}</desc>`,
    `  <style>${css}</style>`,
    `  <rect class="page" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8"/>`,
    '  <g class="text">',
    ...rows,
    '  </g>',
    '</svg>',
    '',
  ].join('\n');
}

/**
 * A report cut to its first line, what it says of some rules, and its end.
 * @param report as the terminal gets it
 * @throws where a rule has no finding in it
 */
export function excerptOf(report: string, rules: readonly string[]): string {
  const [heading = '', ...blocks] = report.trimEnd().split('\n\n');
  const end = blocks.pop() ?? '';
  const firsts = rules.map((rule) => blocks.findIndex((block) => plain(block).includes(rule)));
  const missing = rules.find((_rule, index) => firsts[index] === -1);
  if (missing !== undefined) throw new Error(`The report says nothing of ${missing}`);
  const shown = firsts.sort((a, b) => a - b);
  const gap = (from: number, to: number): string => (to === from + 1 ? '\n\n' : '\n         \x1b[2m⋮\x1b[22m\n');
  return `${heading}${shown.map((at, index) => `${gap(shown[index - 1] ?? -1, at)}${blocks[at] ?? ''}`).join('')}${gap(shown.at(-1) ?? -1, blocks.length)}${end}`;
}
