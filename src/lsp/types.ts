/** The parts of the language server protocol that the server speaks, by their names there; lists are mutable as it has them. */

/** Lines from 0, characters in UTF-16 code units. */
export interface Position {
  line: number;
  character: number;
}

export interface Range {
  start: Position;
  end: Position;
}

export interface TextEdit {
  range: Range;
  newText: string;
}

export interface RelatedInformation {
  location: { uri: string; range: Range };
  message: string;
}

/** A finding as editors show it. 1 is an error, 2 a warning, 3 information. */
export interface EditorDiagnostic {
  range: Range;
  severity: 1 | 2 | 3;
  code: string;
  source: string;
  message: string;
  relatedInformation?: RelatedInformation[];
}

export interface TextDocumentEdit {
  textDocument: { uri: string; version: number | null };
  edits: TextEdit[];
}

export interface CreateFile {
  kind: 'create';
  uri: string;
  options: { ignoreIfExists: boolean };
}

export interface WorkspaceEdit {
  changes?: Record<string, TextEdit[]>;
  documentChanges?: (TextDocumentEdit | CreateFile)[];
}

export interface CodeAction {
  title: string;
  kind: string;
  diagnostics?: EditorDiagnostic[];
  isPreferred?: boolean;
  edit?: WorkspaceEdit;
  /** The document, for an action whose edit is made when it is chosen. */
  data?: string;
}

/** A line above a piece of the text; a command without a name makes it text that does nothing. */
export interface CodeLens {
  range: Range;
  command: { title: string; command: string; arguments?: string[] };
}

/** Kinds of the protocol: 2 a module, 12 a function, 13 a variable, 7 a property. */
export interface DocumentSymbol {
  name: string;
  detail: string;
  kind: 2 | 7 | 12 | 13;
  range: Range;
  selectionRange: Range;
  children?: DocumentSymbol[];
}

export interface FoldingRange {
  startLine: number;
  endLine: number;
  kind?: 'comment' | 'region';
}

/** What a client can do, as far as answers depend on it. */
export interface Client {
  /** It asks for diagnostics itself. */
  readonly pulls: boolean;
  readonly refreshes: boolean;
  readonly diagnosticVersions: boolean;
  readonly relatedInformation: boolean;
  readonly documentChanges: boolean;
  readonly createsFiles: boolean;
  readonly resolvesEdits: boolean;
  readonly markdown: boolean;
  readonly symbolTrees: boolean;
  readonly watches: boolean;
  /** It wants lenses. */
  readonly lenses: boolean;
  readonly refreshesLenses: boolean;
  /** The server may ask it to change documents. */
  readonly appliesEdits: boolean;
}
