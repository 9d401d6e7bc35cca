import { overlayContext } from '../context/overlay.ts';
import { applyEdits } from '../edits.ts';
import { fixText } from '../fix.ts';
import { objection } from '../guard.ts';
import { lintFile, type Diagnostic, type LintRequest } from '../lint.ts';
import { readDockerfile } from '../model/dockerfile.ts';
import { visible } from '../report/text.ts';
import type { Edit, Fix, Safety } from '../rule.ts';
import type { Span } from '../span.ts';
import type { Analysis } from './analysis.ts';
import { toEditor } from './diagnostics.ts';
import { editsBetween } from './documents.ts';
import { otherText, ownEdits, workspaceEdit } from './edits.ts';
import { ignoreEdit } from './ignore.ts';
import type { Client, CodeAction, WorkspaceEdit } from './types.ts';

const quickFix = 'quickfix';
export const fixAllKind = 'source.fixAll.shipshape';

const safetyWords: Readonly<Record<Safety, string>> = {
  safe: 'safe',
  unsafe: 'unsafe: may change the image',
  manual: 'manual: a proposal to go on from',
};

/** What other files hold after edits, by path. */
function otherFiles(request: LintRequest, edits: readonly Edit[]): ReadonlyMap<string, string> {
  const names = new Set(edits.flatMap(({ file }) => (file === undefined ? [] : [file])));
  return new Map([...names].map((name) => {
    const before = request.context === undefined ? undefined : otherText(request.context, name);
    return [name, applyEdits(before ?? '', edits.filter(({ file }) => file === name))];
  }));
}

/** Says of a fix that counts as safe or unsafe whether it does what it should; a proposal is the author's to judge. */
function holds({ file, diagnostics, bugs }: Analysis, request: LintRequest, diagnostic: Diagnostic, fix: Fix, others: ReadonlyMap<string, string>): boolean {
  if (fix.safety === 'manual') return true;
  const text = applyEdits(file.source, fix.edits.filter((edit) => edit.file === undefined));
  const context = request.context === undefined || others.size === 0 ? request.context : overlayContext(request.context, others);
  const { path, buildArguments, target } = request;
  const after = lintFile(readDockerfile(text, { path, buildArguments, target }), { ...request, context });
  return objection({ file, diagnostics, bugs }, after, [diagnostic], fix.edits) === undefined;
}

/** The edit of a fix; undefined where the guard or the client refuses it. */
function fixEdit(analysis: Analysis, diagnostic: Diagnostic, fix: Fix, client: Client): WorkspaceEdit | undefined {
  const { request } = analysis;
  if (request === undefined || fix.edits.length === 0) return undefined;
  try {
    const others = otherFiles(request, fix.edits);
    if (!holds(analysis, request, diagnostic, fix, others)) return undefined;
    return workspaceEdit(analysis, ownEdits(analysis, fix.edits), others, client);
  } catch (error) {
    // Edits that overlap: a bug of the rule, and no fix.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function fixAction(analysis: Analysis, diagnostic: Diagnostic, client: Client): CodeAction[] {
  const { fix } = diagnostic;
  const edit = fix === undefined ? undefined : fixEdit(analysis, diagnostic, fix, client);
  if (fix === undefined || edit === undefined) return [];
  return [{
    title: `${visible(fix.title)} (${safetyWords[fix.safety]})`,
    kind: quickFix,
    diagnostics: [toEditor(analysis, diagnostic, client)],
    ...(fix.safety === 'safe' && { isPreferred: true }),
    edit,
  }];
}

function ignoreAction(analysis: Analysis, diagnostic: Diagnostic, client: Client): CodeAction[] {
  const ignore = ignoreEdit(analysis, diagnostic);
  const edit = ignore && workspaceEdit(analysis, ownEdits(analysis, [ignore.edit]), new Map(), client);
  return ignore === undefined || edit === undefined ? [] : [{ title: ignore.title, kind: quickFix, diagnostics: [toEditor(analysis, diagnostic, client)], edit }];
}

/** The edit of all safe fixes together, with those of other files; undefined where there is nothing that the client can do. */
export function fixAllEdit(analysis: Analysis, client: Client): WorkspaceEdit | undefined {
  const { document, file, request } = analysis;
  if (request === undefined) return undefined;
  const edit = (rules: LintRequest['rules']): WorkspaceEdit | undefined => {
    const { text, otherFiles: others } = fixText(file.source, { ...request, rules }, 'safe');
    const own = editsBetween(document, text);
    return own.length === 0 && others.size === 0 ? undefined : workspaceEdit(analysis, own, others, client);
  };
  // A client that can make no files gets what is left without the fixes that would.
  const elsewhere = new Set(analysis.diagnostics.filter(({ fix }) => fix?.edits.some((each) => each.file !== undefined) === true).map(({ rule }) => rule));
  return edit(request.rules) ?? (elsewhere.size === 0 ? undefined : edit(request.rules.filter(({ id }) => !elsewhere.has(id))));
}

function fixAllAction(analysis: Analysis, client: Client): CodeAction[] {
  if (!analysis.diagnostics.some(({ fix }) => fix?.safety === 'safe')) return [];
  const action = { title: 'Fix all safe problems', kind: fixAllKind };
  if (client.resolvesEdits) return [{ ...action, data: analysis.document.uri }];
  const edit = fixAllEdit(analysis, client);
  return edit === undefined ? [] : [{ ...action, edit }];
}

/** True when a client that wants only some kinds wants this one: `source` means `source.fixAll` too. */
export const wants = (only: readonly string[] | undefined, kind: string): boolean =>
  only === undefined || only.some((each) => each === '' || kind === each || kind.startsWith(`${each}.`));

const touches = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/**
 * What an editor can do about the findings that a selection touches.
 * @param only the kinds of actions wanted; undefined for all
 */
export function actionsAt(analysis: Analysis, at: Span, only: readonly string[] | undefined, client: Client): CodeAction[] {
  const found = wants(only, quickFix) ? analysis.diagnostics.filter((diagnostic) => touches(diagnostic.at, at)) : [];
  return [
    ...found.flatMap((diagnostic) => fixAction(analysis, diagnostic, client)),
    ...(wants(only, fixAllKind) ? fixAllAction(analysis, client) : []),
    ...found.flatMap((diagnostic) => ignoreAction(analysis, diagnostic, client)),
  ];
}
