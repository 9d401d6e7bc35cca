import { sentenceOf } from '../cli/errors.ts';
import type { Work } from '../optimize/replay.ts';
import type { Analysis } from './analysis.ts';
import { editsBetween, pathOf, rangeOf } from './documents.ts';
import { workspaceEdit } from './edits.ts';
import type { Histories, Order, OrderChange, Past, StepNote } from './replayed.ts';
import type { Client, CodeAction, CodeLens, WorkspaceEdit } from './types.ts';

export const orderKind = 'refactor.rewrite.shipshape.order';

/** Makes the proven moves of a document, whose address is its argument. */
export const applyOrder = 'shipshape.applyOrder';

/** Milliseconds without a change after which a text is replayed. */
const pause = 300;

/** So many milliseconds of work are done at once; then messages that came meanwhile go first. */
const slice = 25;

/** Milliseconds that a menu waits for a better order; it is there the next time. */
const patience = 1000;

/** So often a search begins anew because the disk has changed. */
const mostAttempts = 3;

/** What orders are found of. */
export interface OrderSources {
  /** The analysis of a document as it is now; undefined for what is no Dockerfile, or not open. */
  readonly analyse: (uri: string) => Promise<Analysis | undefined>;
  /** When the disk was read. */
  readonly readAt: () => number;
  readonly log: (message: string) => void;
}

/** An analysis, and what the replay of its text told: nothing where no history is known. */
interface Found {
  readonly analysis: Analysis;
  readonly past: Past | undefined;
  readonly order: Order | undefined;
}

/** Nothing was typed since. */
const isCurrent = ({ document, version }: Analysis): boolean => document.version === version;

const nextTurn = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });

/** A timer that keeps no program alive. */
const sleep = (milliseconds: number): Promise<undefined> => new Promise((resolve) => { setTimeout(() => resolve(undefined), milliseconds).unref(); });

/** Does work while nobody has to wait for it; undefined where it is not wanted any more. */
async function inSlices<Result>(work: Work<Result>, isWanted: () => boolean): Promise<Result | undefined> {
  for (let start = performance.now(); isWanted();) {
    const piece = work.next();
    if (piece.done === true) return piece.value;
    if (performance.now() - start < slice) continue;
    await nextTurn();
    start = performance.now();
  }
  return undefined;
}

/** What past commits say of the order of steps in open documents. Nothing is loaded or run before it is asked for. */
export class Orders {
  readonly #sources: OrderSources;
  readonly #found = new Map<string, Found>();
  readonly #searches = new Map<string, Promise<Found | undefined>>();
  readonly #changedAt = new Map<string, number>();
  readonly #told = new Set<string>();
  #histories: Histories | undefined;
  #stopped = false;

  constructor(sources: OrderSources) {
    this.#sources = sources;
  }

  /** Puts off what is to be found of a document. */
  changed(uri: string): void {
    this.#changedAt.set(uri, performance.now());
  }

  forget(uri: string): void {
    this.#found.delete(uri);
    this.#changedAt.delete(uri);
    this.#histories?.forget(pathOf(uri) ?? '');
  }

  stop(): void {
    this.#stopped = true;
  }

  /** A line above each step, and one with the better order at the top; answered once the document rests. */
  async lenses(uri: string, client: Client): Promise<CodeLens[]> {
    const found = await this.#find(uri);
    if (found?.order === undefined) return [];
    const { analysis, order: { notes, summary } } = found;
    const lens = ({ at, text }: StepNote, command = ''): CodeLens =>
      ({ range: rangeOf(analysis.document, at), command: { title: text, command, ...(command !== '' && { arguments: [uri] }) } });
    const top = summary && (client.appliesEdits ? lens({ ...summary, text: `${summary.text}; apply` }, applyOrder) : lens(summary));
    return [...(top === undefined ? [] : [top]), ...notes.map((note) => lens(note))];
  }

  /**
   * The better orders of a document.
   * @param waits somebody opened a menu: a short time is taken to find them. Otherwise only what is known counts.
   */
  async actions(uri: string, client: Client, waits: boolean): Promise<CodeAction[]> {
    const found = await (waits ? Promise.race([this.#find(uri), sleep(patience)]) : this.#known(uri));
    if (found?.order === undefined || !isCurrent(found.analysis)) return [];
    const { analysis, order } = found;
    const action = (change: OrderChange | undefined): CodeAction[] => {
      const edit = change && editOf(analysis, change, client);
      return change === undefined || edit === undefined ? [] : [{ title: change.title, kind: orderKind, edit }];
    };
    return [...action(order.safe), ...action(order.unsafe)];
  }

  /** The edit of all proven moves that save something. */
  async edit(uri: string, client: Client): Promise<WorkspaceEdit | undefined> {
    const found = await this.#find(uri);
    return found?.order?.safe && editOf(found.analysis, found.order.safe, client);
  }

  /** One search at a time for each document: whoever asks gets what is found of the newest text. */
  #find(uri: string): Promise<Found | undefined> {
    const search = this.#searches.get(uri) ?? this.#search(uri).finally(() => this.#searches.delete(uri));
    this.#searches.set(uri, search);
    return search;
  }

  async #search(uri: string): Promise<Found | undefined> {
    for (let attempts = 1; ; attempts += 1) {
      await this.#rest(uri);
      const analysis = this.#stopped ? undefined : await this.#sources.analyse(uri);
      if (analysis === undefined) return undefined;
      const found = await this.#lookInto(uri, analysis);
      // Meanwhile something may have been typed, written or closed. Where nobody tells of changes on the disk, they are taken to come again and again.
      const now = await this.#sources.analyse(uri);
      if (this.#stopped || now === undefined || now.version !== analysis.version || (now !== analysis && attempts < mostAttempts)) continue;
      this.#found.set(uri, found);
      return found;
    }
  }

  /** Waits until the document has not been changed for a while. */
  async #rest(uri: string): Promise<void> {
    for (;;) {
      const left = (this.#changedAt.get(uri) ?? -Infinity) + pause - performance.now();
      if (left <= 0 || this.#stopped) return;
      await sleep(left);
    }
  }

  /** What was found of the text as it is now. */
  async #known(uri: string): Promise<Found | undefined> {
    const found = this.#found.get(uri);
    return found !== undefined && found.analysis === await this.#sources.analyse(uri) ? found : undefined;
  }

  async #lookInto(uri: string, analysis: Analysis): Promise<Found> {
    const nothing = { analysis, past: undefined, order: undefined };
    // What has no file has no history.
    if (analysis.request?.context === undefined) return nothing;
    try {
      const { Histories, orderWork } = await import('./replayed.ts');
      this.#histories ??= new Histories();
      const past = await this.#histories.pastOf(analysis, this.#sources.readAt());
      const known = this.#found.get(uri);
      if (known?.analysis === analysis && known.past === past) return known;
      const order = past && await inSlices(orderWork(analysis, past), () => !this.#stopped && isCurrent(analysis));
      for (const bug of order?.bugs ?? []) this.#log(bug);
      return { analysis, past, order };
    } catch (error) {
      this.#log(sentenceOf(error, 'The history could not be replayed'));
      return nothing;
    }
  }

  #log(message: string): void {
    if (!this.#told.has(message)) this.#sources.log(message);
    this.#told.add(message);
  }
}

const editOf = (analysis: Analysis, { text }: OrderChange, client: Client): WorkspaceEdit | undefined =>
  workspaceEdit(analysis, editsBetween(analysis.document, text), new Map(), client);
