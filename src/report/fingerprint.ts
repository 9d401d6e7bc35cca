import { digest } from '../digest.ts';
import type { FileReport } from './report.ts';
import { LineMap } from '../span.ts';

const hash = (...parts: readonly string[]): string => digest(parts.join('\0')).slice(0, 32);

/**
 * A name for each finding of a file, in order, that stays when lines move or are indented anew: made of the rule, the text of the line
 * where the finding begins, and how many findings of that rule on such a line came before it.
 */
export function fingerprints({ text, diagnostics }: Pick<FileReport, 'text' | 'diagnostics'>): string[] {
  const lines = new LineMap(text);
  const seen = new Map<string, number>();
  return diagnostics.map(({ rule, at }) => {
    const { start, end } = lines.line(lines.position(at.start).line);
    const key = hash(rule, text.slice(start, end).trim());
    const occurrence = (seen.get(key) ?? 0) + 1;
    seen.set(key, occurrence);
    return hash(key, String(occurrence));
  });
}

/** The same, for formats that want a name that no other file of the report has. */
export const fingerprintsAmongFiles = (file: FileReport): string[] => fingerprints(file).map((each) => hash(file.path, each));

/** A name for a file that could not be checked. */
export const failureFingerprint = ({ path }: FileReport): string => hash(path, 'failed');
