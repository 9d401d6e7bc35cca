import type { Diagnostic } from '../lint.ts';
import { visible } from '../report/text.ts';
import { span } from '../span.ts';
import type { Analysis } from './analysis.ts';
import { rangeOf } from './documents.ts';
import type { Client, EditorDiagnostic } from './types.ts';

const severities = { error: 1, warning: 2, info: 3 } as const;

/** A finding as editors show it. */
export function toEditor({ document }: Analysis, { rule, severity, at, message, related }: Diagnostic, client: Client): EditorDiagnostic {
  const diagnostic = { range: rangeOf(document, at), severity: severities[severity], code: rule, source: 'shipshape', message: visible(message) };
  if (!client.relatedInformation || related.length === 0) return diagnostic;
  const places = related.map((each) => ({ location: { uri: document.uri, range: rangeOf(document, each.at) }, message: visible(each.message) }));
  return { ...diagnostic, relatedInformation: places };
}

/** All that an editor shows for a document; a config that cannot be used is told of in the first line. */
export function diagnosticsOf(analysis: Analysis, client: Client): EditorDiagnostic[] {
  const { document, problem, diagnostics } = analysis;
  if (problem === undefined) return diagnostics.map((each) => toEditor(analysis, each, client));
  const line = /^[^\r\n]*/.exec(document.getText())?.[0].length ?? 0;
  return [{ range: rangeOf(document, span(0, line)), severity: 1, code: 'config', source: 'shipshape', message: problem }];
}
