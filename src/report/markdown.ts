import type { Colors } from './colors.ts';
import { displayWidth, wrap } from './text.ts';

/**
 * Paints `code` in a text that may have several lines. With colours the backticks go: the colour says it.
 */
export function paintCode(text: string, pen: Colors): string {
  if (!pen.enabled) return text;
  return text.replace(/`([^`]+)`/g, (_, code: string) => code.split('\n').map(pen.code).join('\n'));
}

const paintInline = (text: string, pen: Colors): string =>
  paintCode(pen.enabled ? text.replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => strong.split('\n').map(pen.strong).join('\n')) : text, pen);

/** `[text](address)` as `text (address)`. */
const plainLinks = (text: string): string => text.replace(/\[([^\]]+)\]\(([^)]+)\)/g, '$1 ($2)');

function renderBlock(block: string, pen: Colors, width: number): string {
  if (block.startsWith('```')) {
    return block.split('\n').slice(1).filter((line) => !line.startsWith('```')).map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
  }
  const heading = /^#+\s+(.*)$/.exec(block);
  if (heading !== null) return pen.strong(heading[1] ?? '');
  const items = block.split(/\n(?=\s*(?:[-*]|\d+\.)\s)/);
  return items.map((item) => {
    const mark = /^\s*(?:[-*]|\d+\.)\s+/.exec(item)?.[0] ?? '';
    const text = plainLinks(item.slice(mark.length));
    const indent = ' '.repeat(displayWidth(mark));
    return mark + paintInline(wrap(text, width - indent.length).join('\n'), pen).replaceAll('\n', `\n${indent}`);
  }).join('\n');
}

/** The blocks of a Markdown text: what blank lines part, and fenced code, which may have some in it. */
export const markdownBlocks = (text: string): string[] =>
  text.split(/^(```[^\n]*\n(?:(?!```)[^\n]*\n)*```)$/m).flatMap((part, index) => (index % 2 === 1 ? [part] : part.split(/\n{2,}/))).map((block) => block.trim()).filter((block) => block !== '');

/** Renders the Markdown of a rule's `why` for a terminal: paragraphs, lists, fenced code, `code`, **strong**, links. */
export const renderMarkdown = (text: string, pen: Colors, width: number): string =>
  markdownBlocks(text).map((block) => renderBlock(block, pen, width)).join('\n\n');
