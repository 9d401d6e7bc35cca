import { displayWidth, wrap } from '../report/text.ts';
import type { OptionAbout, OptionGroups } from './table.ts';

const nameOf = (name: string, { value, letter }: OptionAbout): string =>
  `${letter === undefined ? '    ' : `-${letter}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

/** The help of a command: how to call it, what it does, its options by heading. */
export function helpText(usage: readonly string[], about: string, groups: OptionGroups, columns: number): string {
  const names = Object.values(groups).flatMap((table) => Object.entries(table).map(([name, option]) => displayWidth(nameOf(name, option))));
  const width = Math.max(...names) + 4;
  const blocks = Object.entries(groups).map(([heading, table]) => {
    const lines = Object.entries(table).map(([name, option]) => {
      const text = wrap(option.about, columns - width).join(`\n${' '.repeat(width)}`);
      return `  ${nameOf(name, option)}`.padEnd(width) + text;
    });
    return [heading, ...lines].join('\n');
  });
  return `${[`Usage: ${usage.join('\n       ')}`, wrap(about, columns).join('\n'), ...blocks].join('\n\n')}\n`;
}
