import { fileURLToPath } from 'node:url';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Span } from '../span.ts';
import type { Range, TextEdit } from './types.ts';

/** A text that can tell lines and characters, as editors count them, from offsets. */
export type EditorText = Pick<TextDocument, 'uri' | 'version' | 'languageId' | 'getText' | 'positionAt' | 'offsetAt'>;

/** A change of a document: of a range, or, without one, the whole text. */
export type Change = { readonly text: string } | { readonly range: Range; readonly text: string };

const languages = new Set(['dockerfile', 'containerfile']);

/** The documents that are open in the editor, with their text as it is there. */
export class Documents {
  readonly #byUri = new Map<string, TextDocument>();

  /** @throws TypeError for a document with a part missing, which a client may send all the same */
  open(uri: string, languageId: string, version: number, text: string): void {
    if ([uri, languageId, text].some((part) => typeof part !== 'string')) throw new TypeError('a document needs an address, a language and a text');
    this.#byUri.set(uri, TextDocument.create(uri, languageId, version, text));
  }

  /** Takes over changes, in their order; those of a document that is not open are passed over. */
  change(uri: string, version: number, changes: readonly Change[]): void {
    const document = this.#byUri.get(uri);
    if (document !== undefined) this.#byUri.set(uri, TextDocument.update(document, [...changes], version));
  }

  close(uri: string): void {
    this.#byUri.delete(uri);
  }

  get(uri: string): EditorText | undefined {
    return this.#byUri.get(uri);
  }

  /** Those to be linted. */
  get dockerfiles(): readonly EditorText[] {
    return [...this.#byUri.values()].filter(isDockerfile);
  }

  /** The texts of the others, by their paths: ignore files, for one, that are not saved yet. */
  get otherTexts(): ReadonlyMap<string, string> {
    const others = [...this.#byUri.values()].filter((document) => !isDockerfile(document));
    return new Map(others.flatMap((document) => {
      const path = pathOf(document.uri);
      return path === undefined ? [] : [[path, document.getText()] as const];
    }));
  }
}

export const isDockerfile = ({ languageId }: Pick<EditorText, 'languageId'>): boolean => languages.has(languageId.toLowerCase());

/** The file of a document; undefined for one that is no file, such as a new one without a name. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

/** A text that no editor need have open. */
export const textOf = (text: string): EditorText => TextDocument.create('', '', 0, text);

/** A span as editors write it. */
export const rangeOf = (text: EditorText, { start, end }: Span): Range => ({ start: text.positionAt(start), end: text.positionAt(end) });

/** The span of a range; one that leaves the text ends with it. */
export const spanOf = (text: EditorText, { start, end }: Range): Span => ({ start: text.offsetAt(start), end: text.offsetAt(end) });

const linesOf = (text: string): string[] => text.split(/(?<=\n)/);

/** How many of two lists' first members are the same. */
function sameAtStart(a: readonly string[], b: readonly string[]): number {
  const different = a.findIndex((line, index) => line !== b[index]);
  return different === -1 ? a.length : different;
}

/** The edits that turn one text into another: of the lines between those that both begin and those that both end with. */
export function editsBetween(before: EditorText, after: string): TextEdit[] {
  const source = before.getText();
  if (source === after) return [];
  const old = linesOf(source);
  const fresh = linesOf(after);
  const first = sameAtStart(old, fresh);
  const last = sameAtStart(old.slice(first).toReversed(), fresh.slice(first).toReversed());
  const start = old.slice(0, first).join('').length;
  const end = old.slice(0, old.length - last).join('').length;
  return [{ range: rangeOf(before, { start, end }), newText: fresh.slice(first, fresh.length - last).join('') }];
}
