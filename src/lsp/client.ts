import type { Client } from './types.ts';

/** What a client says of itself, as far as it matters here; it is input of others, and any part may be missing. */
interface Capabilities {
  readonly workspace?: {
    readonly applyEdit?: boolean;
    readonly codeLens?: { readonly refreshSupport?: boolean };
    readonly workspaceEdit?: { readonly documentChanges?: boolean; readonly resourceOperations?: readonly string[] };
    readonly didChangeWatchedFiles?: { readonly dynamicRegistration?: boolean };
    readonly diagnostics?: { readonly refreshSupport?: boolean };
  };
  readonly textDocument?: {
    readonly diagnostic?: object;
    readonly publishDiagnostics?: { readonly relatedInformation?: boolean; readonly versionSupport?: boolean };
    readonly codeAction?: { readonly resolveSupport?: { readonly properties: readonly string[] }; readonly dataSupport?: boolean };
    readonly hover?: { readonly contentFormat?: readonly string[] };
    readonly documentSymbol?: { readonly hierarchicalDocumentSymbolSupport?: boolean };
  };
}

/** The settings that a client sends with its first message: lenses are there unless they are switched off. */
const wantsLenses = (options: unknown): boolean => !(typeof options === 'object' && options !== null && 'codeLens' in options && options.codeLens === false);

/**
 * What a client can do, by what it says of itself; what it does not speak of it cannot.
 * @param options its `initializationOptions`
 */
export function clientOf({ workspace, textDocument }: Capabilities, options?: unknown): Client {
  const { applyEdit, codeLens, workspaceEdit, didChangeWatchedFiles, diagnostics } = workspace ?? {};
  const { diagnostic, publishDiagnostics, codeAction, hover, documentSymbol } = textDocument ?? {};
  return {
    pulls: diagnostic !== undefined,
    refreshes: diagnostics?.refreshSupport === true,
    diagnosticVersions: publishDiagnostics?.versionSupport === true,
    relatedInformation: publishDiagnostics?.relatedInformation === true,
    documentChanges: workspaceEdit?.documentChanges === true,
    createsFiles: workspaceEdit?.resourceOperations?.includes('create') === true,
    resolvesEdits: codeAction?.dataSupport === true && codeAction.resolveSupport?.properties.includes('edit') === true,
    markdown: hover?.contentFormat?.includes('markdown') === true,
    symbolTrees: documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    watches: didChangeWatchedFiles?.dynamicRegistration === true,
    lenses: wantsLenses(options),
    refreshesLenses: codeLens?.refreshSupport === true,
    appliesEdits: applyEdit === true,
  };
}
