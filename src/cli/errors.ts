import { ConfigError } from '../config/error.ts';
import { visible } from '../report/text.ts';

/** What the system's codes mean, for people. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  ENOTDIR: 'there is no such file or folder',
  EISDIR: 'it is a folder',
  EACCES: 'you may not access it',
  EPERM: 'that is not permitted',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  ELOOP: 'its links go in a circle',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'its name is too long',
};

const firstLine = (text: string): string => text.split(/[\r\n]/, 1)[0] ?? '';

/**
 * An error as one sentence for the user, with nothing in it that a terminal would obey, and never a stack trace.
 *
 * @param doing what went wrong, to go before the reason of an error that is no sentence yet: `Dockerfile can't be read`
 */
export function sentenceOf(error: unknown, doing: string): string {
  if (error instanceof ConfigError) return visible(error.message);
  if (!(error instanceof Error)) return visible(`${doing}: ${firstLine(String(error))}.`);
  const reason = 'code' in error && typeof error.code === 'string' ? reasons[error.code] : undefined;
  const unexpected = error instanceof RangeError && /call stack/.test(error.message) ? 'it is nested too deeply' : firstLine(error.message);
  return visible(`${doing}: ${(reason ?? unexpected).replace(/\.$/, '')}.`);
}
