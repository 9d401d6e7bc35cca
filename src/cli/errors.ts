import { ConfigError } from '../config/error.ts';
import { visible } from '../report/text.ts';

const firstLine = (text: string): string => (text.split(/[\r\n]/, 1)[0] ?? '').replace(/\.$/, '');

/**
 * An error as one sentence for the user, with nothing in it that a terminal would obey, and never a stack trace.
 *
 * @param doing what could not be done, to go before the reason of an error that nobody expected
 */
export function sentenceOf(error: unknown, doing: string): string {
  if (error instanceof ConfigError) return visible(error.message);
  if (error instanceof RangeError && /call stack/.test(error.message)) return `${doing}: it is nested too deeply.`;
  return visible(`${doing}: ${firstLine(error instanceof Error ? error.message : String(error))}.`);
}
