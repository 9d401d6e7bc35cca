import { PassThrough } from 'node:stream';
import { Frames } from '../../src/lsp/framing.ts';
import { runServer } from '../../src/lsp/server.ts';

export interface Answer {
  readonly id?: number | null;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Place {
  readonly line: number;
  readonly character: number;
}

export interface Area {
  readonly start: Place;
  readonly end: Place;
}

export interface ShownDiagnostic {
  readonly range: Area;
  readonly severity: number;
  readonly code: string;
  readonly message: string;
}

export interface Published {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly ShownDiagnostic[];
}

export interface ShownEdit {
  readonly range: Area;
  readonly newText: string;
}

export interface ShownAction {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred?: boolean;
  readonly data?: unknown;
  readonly diagnostics?: readonly ShownDiagnostic[];
  readonly edit?: {
    readonly changes?: Readonly<Record<string, readonly ShownEdit[]>>;
    readonly documentChanges?: readonly { readonly kind?: string; readonly uri?: string; readonly textDocument?: { readonly uri: string; readonly version: number | null }; readonly edits?: readonly ShownEdit[] }[];
  };
}

/** What an editor of today says that it can do, without pulling diagnostics. */
export const modern = {
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] } },
  textDocument: {
    publishDiagnostics: { versionSupport: true, relatedInformation: true },
    hover: { contentFormat: ['markdown', 'plaintext'] },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
  },
};

/** An editor at the other end of a connection to the server. */
export class EditorClient {
  readonly input = new PassThrough();
  readonly output = new PassThrough();
  /** Everything the server sent, in order. */
  readonly received: Answer[] = [];
  readonly exit: Promise<number>;
  #count = 0;
  #wake: (() => void)[] = [];

  constructor(folder: string, config?: string | false, environment?: Readonly<Record<string, string | undefined>>) {
    const frames = new Frames();
    this.output.on('data', (chunk: Buffer) => {
      for (const frame of frames.push(chunk)) {
        if ('problem' in frame) throw new Error(frame.problem);
        const answer: Answer = JSON.parse(frame.body);
        this.received.push(answer);
      }
      for (const wake of this.#wake.splice(0)) wake();
    });
    this.exit = runServer({ input: this.input, output: this.output, folder, config, environment, version: '1.2.3' });
  }

  raw(text: string): void {
    this.input.write(text);
  }

  send(message: object): void {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.raw(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  tell(method: string, params: object = {}): void {
    this.send({ method, params });
  }

  /** Waits for what the server sends, from now or before. */
  async until<Found>(find: (received: readonly Answer[]) => Found | undefined): Promise<Found> {
    for (;;) {
      const found = find(this.received);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => { this.#wake.push(resolve); });
    }
  }

  /** Sends a request without waiting; gives its number. */
  request(method: string, params?: object): number {
    this.#count += 1;
    this.send({ id: this.#count, method, ...(params !== undefined && { params }) });
    return this.#count;
  }

  answer(id: number): Promise<Answer> {
    return this.until((received) => received.find((each) => each.id === id && each.method === undefined));
  }

  /** The result of a request; its form is for the caller to know. */
  async ask<Result>(method: string, params?: object): Promise<Result> {
    const { result, error } = await this.answer(this.request(method, params));
    if (error !== undefined) throw new Error(error.message);
    const known: Result = JSON.parse(JSON.stringify(result ?? null));
    return known;
  }

  async start(capabilities: object = modern): Promise<Answer> {
    const answer = await this.answer(this.request('initialize', { processId: null, rootUri: null, capabilities }));
    this.tell('initialized');
    return answer;
  }

  open(uri: string, text: string, languageId = 'dockerfile', version = 1): void {
    this.tell('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
  }

  change(uri: string, version: number, ...contentChanges: readonly object[]): void {
    this.tell('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  #published(uri: string, received: readonly Answer[]): Published[] {
    return received.flatMap(({ method, params }) => {
      if (method !== 'textDocument/publishDiagnostics') return [];
      const published: Published = JSON.parse(JSON.stringify(params));
      return published.uri === uri ? [published] : [];
    });
  }

  /** How often diagnostics of a document were published. */
  publications(uri: string): number {
    return this.#published(uri, this.received).length;
  }

  /** The next diagnostics of a document, or those of a version. */
  async diagnostics(uri: string, version?: number): Promise<readonly ShownDiagnostic[]> {
    const published = await this.until((received) =>
      (version === undefined ? this.#published(uri, received).at(-1) : this.#published(uri, received).findLast((each) => each.version === version)));
    return published.diagnostics;
  }

  actions(uri: string, range: Area, only?: readonly string[]): Promise<readonly ShownAction[]> {
    return this.ask('textDocument/codeAction', { textDocument: { uri }, range, context: { diagnostics: [], ...(only !== undefined && { only }) } });
  }

  async stop(): Promise<number> {
    await this.ask('shutdown');
    this.tell('exit');
    return this.exit;
  }
}

/** Lines end as editors say: with LF, CRLF or a lone CR. */
function offsetOf(text: string, { line, character }: Place): number {
  const starts = [0, ...[...text.matchAll(/\r\n|\n|\r/g)].map((match) => match.index + match[0].length)];
  return (starts[line] ?? text.length) + character;
}

export const textIn = (text: string, { start, end }: Area): string => text.slice(offsetOf(text, start), offsetOf(text, end));

/** Applies edits as an editor does, by lines and characters. */
export function applyShown(text: string, edits: readonly ShownEdit[]): string {
  const placed = edits.map(({ range, newText }, index) => ({ start: offsetOf(text, range.start), end: offsetOf(text, range.end), newText, index }));
  return placed.sort((a, b) => b.start - a.start || b.index - a.index).reduce((done, { start, end, newText }) => done.slice(0, start) + newText + done.slice(end), text);
}

/** What an action does to a document. */
export function editsFor(action: ShownAction, uri: string): readonly ShownEdit[] {
  const { changes, documentChanges } = action.edit ?? {};
  return changes?.[uri] ?? documentChanges?.find(({ textDocument }) => textDocument?.uri === uri)?.edits ?? [];
}
