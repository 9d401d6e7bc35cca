import type { Readable, Writable } from 'node:stream';
import { createConnection } from 'vscode-languageserver';
import {
  AbstractMessageReader, CodeActionTriggerKind, CodeLensRefreshRequest, createProtocolConnection, DidChangeWatchedFilesNotification, Disposable, LSPErrorCodes, MessageType, ResponseError,
  ShowMessageNotification, StreamMessageWriter,
  type CancellationToken, type DataCallback, type Logger, type Message, type MessageWriter,
} from 'vscode-languageserver/node';
import { sentenceOf } from '../cli/errors.ts';
import type { Environment } from '../shellcheck/find.ts';
import { Frames, type Frame } from './framing.ts';
import { fixAllKind } from './actions.ts';
import { applyOrder, orderKind } from './orders.ts';
import { Session } from './session.ts';
import { watchedFiles } from './watched.ts';

export interface ServerOptions {
  readonly input: Readable;
  readonly output: Writable;
  readonly folder: string;
  readonly config: string | false | undefined;
  /** Where programs are looked for; without it none is run. */
  readonly environment?: Environment | undefined;
  readonly version: string;
}

type Connection = ReturnType<typeof createConnection>;

const isMessage = (value: unknown): value is Message => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Milliseconds after the end of the input in which what came with it is still answered. */
const lastWords = 100;

/** Reads messages; what is none is answered, and does no harm. */
class Reader extends AbstractMessageReader {
  readonly #input: Readable;
  readonly #refuse: (code: number, message: string) => void;
  #end: NodeJS.Timeout | undefined;

  constructor(input: Readable, refuse: (code: number, message: string) => void) {
    super();
    this.#input = input;
    this.#refuse = refuse;
  }

  override listen(callback: DataCallback): Disposable {
    const frames = new Frames();
    const onData = (chunk: Buffer): void => {
      for (const frame of frames.push(chunk)) this.#read(frame, callback);
    };
    const onEnd = (): void => {
      this.#end ??= setTimeout(() => this.fireClose(), lastWords);
    };
    const onError = (error: Error): void => this.fireError(error);
    this.#input.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    return Disposable.create(() => this.#input.off('data', onData).off('end', onEnd).off('close', onEnd));
  }

  override dispose(): void {
    clearTimeout(this.#end);
    super.dispose();
  }

  #read(frame: Frame, callback: DataCallback): void {
    if ('problem' in frame) return this.#refuse(-32700, frame.problem);
    try {
      const message: unknown = JSON.parse(frame.body);
      if (isMessage(message)) callback(message);
      else this.#refuse(-32600, 'A message is no object.');
    } catch (error) {
      this.#refuse(-32700, sentenceOf(error, 'A message could not be read'));
    }
  }
}

/** A log that says nothing once nobody listens: the library would throw. */
function untilEnd(logger: Logger, ended: () => boolean): Logger {
  const when = (log: (message: string) => void) => (message: string): void => {
    if (!ended()) log(message);
  };
  return {
    error: when((message) => logger.error(message)), warn: when((message) => logger.warn(message)),
    info: when((message) => logger.info(message)), log: when((message) => logger.log(message)),
  };
}

/** Answers a message that has no number to answer to. */
const refuseOn = (writer: MessageWriter) => (code: number, message: string): void => {
  const answer = { jsonrpc: '2.0', id: null, error: { code, message } };
  writer.write(answer).catch(() => undefined);
};

/** @throws ResponseError once the client wants no answer any more */
function checkCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** Lets changes and cancellations that came meanwhile go first. */
async function giveWay(token: CancellationToken): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  checkCancelled(token);
}

/** Lifecycle and documents. */
function connectDocuments(connection: Connection, session: Session, version: string): void {
  connection.onInitialize(({ capabilities, initializationOptions }) => {
    const client = session.meet(capabilities, initializationOptions);
    return {
      serverInfo: { name: 'shipshape', version },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: 2, save: true },
        codeActionProvider: { codeActionKinds: ['quickfix', fixAllKind, orderKind], resolveProvider: client.resolvesEdits },
        hoverProvider: true,
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        ...(client.lenses && { codeLensProvider: {} }),
        ...(client.lenses && client.appliesEdits && { executeCommandProvider: { commands: [applyOrder] } }),
        ...(client.pulls && { diagnosticProvider: { identifier: 'shipshape', interFileDependencies: false, workspaceDiagnostics: false } }),
      },
    };
  });
  connection.onInitialized(async () => {
    if (!session.client.watches) return;
    await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watchedFiles.map((globPattern) => ({ globPattern })) });
    session.watching();
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version: first, text } }) => session.open(uri, languageId, first, text));
  connection.onDidChangeTextDocument(({ textDocument, contentChanges }) => session.change(textDocument.uri, textDocument.version, contentChanges));
  connection.onDidCloseTextDocument(({ textDocument }) => session.close(textDocument.uri));
  connection.onDidSaveTextDocument(() => session.diskChanged());
  connection.onDidChangeWatchedFiles(() => session.diskChanged());
}

/** Questions. */
function connectRequests(connection: Connection, session: Session): void {
  connection.languages.diagnostics.on(async ({ textDocument, previousResultId }, token) => {
    await giveWay(token);
    const report = await session.pull(textDocument.uri, previousResultId);
    checkCancelled(token);
    return report;
  });
  connection.onCodeAction(async ({ textDocument, range, context }, token) => {
    await giveWay(token);
    return session.actions(textDocument.uri, range, context.only, context.triggerKind !== CodeActionTriggerKind.Automatic);
  });
  connection.onCodeActionResolve(async (action, token) => {
    await giveWay(token);
    const uri: unknown = action.data;
    const edit = typeof uri === 'string' ? await session.fixAll(uri) : undefined;
    return edit === undefined ? action : { ...action, edit };
  });
  connection.onCodeLens(async ({ textDocument }, token) => {
    await giveWay(token);
    const lenses = await session.lenses(textDocument.uri);
    checkCancelled(token);
    return lenses;
  });
  connection.onExecuteCommand(async ({ command, arguments: [uri] = [] }) => {
    if (command !== applyOrder || typeof uri !== 'string') return;
    const edit = await session.order(uri);
    if (edit !== undefined) await connection.workspace.applyEdit({ label: 'Order the layers', edit });
  });
  connection.onHover(async ({ textDocument, position }, token) => {
    await giveWay(token);
    return session.hover(textDocument.uri, position);
  });
  connection.onDocumentSymbol(async ({ textDocument }, token) => {
    await giveWay(token);
    return session.symbols(textDocument.uri);
  });
  connection.onFoldingRanges(async ({ textDocument }, token) => {
    await giveWay(token);
    return session.folds(textDocument.uri);
  });
}

/**
 * Serves an editor until it is told to end, or its input does.
 * @returns the exit code: 0 where the editor said first that it would end it, as the protocol wants, else 1
 */
export function runServer({ input, output, folder, config, environment, version }: ServerOptions): Promise<number> {
  return new Promise((resolve) => {
    let ended = false;
    const watchDog = {
      shutdownReceived: false,
      // Input that ends says enough. The client's process need not be one that can be seen from here: it may be outside of a container.
      initialize: () => undefined,
      exit(code: number): void {
        if (ended) return;
        ended = true;
        session.stop();
        input.destroy();
        reader.dispose();
        resolve(code);
      },
    };
    const writer = new StreamMessageWriter(output);
    const reader = new Reader(input, refuseOn(writer));
    // Heard before the connection hears it, which then takes no messages any more.
    reader.onClose(() => watchDog.exit(watchDog.shutdownReceived ? 0 : 1));
    const connection = createConnection((logger) => createProtocolConnection(reader, writer, untilEnd(logger, () => ended)), watchDog);
    const session = new Session({ folder, config, environment }, {
      publish: (params) => connection.sendDiagnostics(params),
      refresh: () => connection.languages.diagnostics.refresh(),
      refreshLenses: () => connection.sendRequest(CodeLensRefreshRequest.type),
      log: (message) => connection.console.warn(message),
      tell: (message) => {
        connection.sendNotification(ShowMessageNotification.type, { type: MessageType.Info, message }).catch(() => undefined);
      },
    });
    connectDocuments(connection, session, version);
    connectRequests(connection, session);
    connection.listen();
  });
}
