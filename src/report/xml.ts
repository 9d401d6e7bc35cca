import { visible } from './text.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text on one line for XML and HTML, in an attribute or between tags. No character that XML 1.0 forbids is left in it. */
export const escapeXml = (text: string): string =>
  visible(text).replace(/[\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, (character) => entities[character] ?? '');

export type Attributes = Readonly<Record<string, string | number>>;

/** An element: empty, or with children on lines of their own. */
export function element(name: string, attributes: Attributes, children?: readonly string[]): string {
  const start = `<${name}${Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`).join('')}`;
  return children === undefined || children.length === 0 ? `${start}/>` : `${start}>\n${children.join('\n').replace(/^/gm, '  ')}\n</${name}>`;
}

export const xmlDocument = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
