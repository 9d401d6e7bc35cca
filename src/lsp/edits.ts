import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildContext } from '../context/context.ts';
import type { Edit } from '../rule.ts';
import type { Analysis } from './analysis.ts';
import { editsBetween, rangeOf, textOf } from './documents.ts';
import type { Client, TextDocumentEdit, TextEdit, WorkspaceEdit } from './types.ts';

/** The text of another file of the context; undefined for one that is not there. */
export const otherText = (context: BuildContext, name: string): string | undefined =>
  (context.ignoreFile?.path === name ? context.ignoreFile.text : context.read(name));

/** Edits of the document itself, as editors take them. */
export const ownEdits = ({ document }: Analysis, edits: readonly Edit[]): TextEdit[] =>
  edits.filter(({ file }) => file === undefined).map(({ span, text }) => ({ range: rangeOf(document, span), newText: text }));

/** A file may be made only where nothing of its name is: a link there would lead the text elsewhere. */
const canCreate = (context: BuildContext, name: string, client: Client): boolean =>
  client.createsFiles && client.documentChanges && !name.includes('/') && !context.has(name);

/**
 * Everything a fix changes, as one edit.
 * @param own edits of the document
 * @param others what other files of the context are to hold, by their paths there
 * @returns undefined where the client cannot do it all
 */
export function workspaceEdit({ document, request }: Analysis, own: TextEdit[], others: ReadonlyMap<string, string>, client: Client): WorkspaceEdit | undefined {
  const context = request?.context;
  const documentChanges: NonNullable<WorkspaceEdit['documentChanges']> = [];
  const changes: TextDocumentEdit[] = [];
  for (const [name, after] of others) {
    if (context?.folder === undefined) return undefined;
    const uri = pathToFileURL(join(context.folder, name)).href;
    const before = otherText(context, name);
    if (before === undefined) {
      if (!canCreate(context, name, client)) return undefined;
      documentChanges.push({ kind: 'create', uri, options: { ignoreIfExists: true } });
    }
    changes.push({ textDocument: { uri, version: null }, edits: editsBetween(textOf(before ?? ''), after) });
  }
  if (own.length > 0) changes.push({ textDocument: { uri: document.uri, version: document.version }, edits: own });
  if (client.documentChanges) return { documentChanges: [...documentChanges, ...changes] };
  return { changes: Object.fromEntries(changes.map(({ textDocument, edits }) => [textDocument.uri, edits])) };
}
