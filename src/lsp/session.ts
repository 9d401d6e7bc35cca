import { rules } from '../../rules/index.ts';
import { sentenceOf } from '../cli/errors.ts';
import { actionsAt, fixAllEdit, wants } from './actions.ts';
import { Analyst, type Analysis } from './analysis.ts';
import { clientOf } from './client.ts';
import { diagnosticsOf } from './diagnostics.ts';
import { Documents, isDockerfile, rangeOf, spanOf, type Change } from './documents.ts';
import { hoverAt } from './hover.ts';
import { orderKind, Orders } from './orders.ts';
import { Project, type ProjectOptions } from './project.ts';
import { Publisher } from './publisher.ts';
import { ShellChecks } from './shellcheck.ts';
import { foldsOf, symbolsOf } from './symbols.ts';
import type { Client, CodeAction, CodeLens, DocumentSymbol, EditorDiagnostic, FoldingRange, Position, Range, WorkspaceEdit } from './types.ts';

/** Milliseconds of silence in which there is time to read the disk again. */
const rest = 1000;

/** Milliseconds of silence after which lenses are asked for again. */
const lensRest = 300;

/** Milliseconds of silence after which ShellCheck reads the scripts that changed. */
const shellRest = 400;

/** What the server tells the client of itself. */
export interface Outlet {
  readonly publish: (params: { uri: string; version?: number; diagnostics: EditorDiagnostic[] }) => Promise<void>;
  /** Asks a client that pulls to do so again. */
  readonly refresh: () => Promise<void>;
  /** Asks the client to ask for lenses again. */
  readonly refreshLenses: () => Promise<void>;
  readonly log: (message: string) => void;
  /** Shows the user a message. */
  readonly tell: (message: string) => void;
}

/** The answer to a client that asks for diagnostics. */
export type PullReport =
  | { readonly kind: 'full'; readonly resultId?: string; readonly items: EditorDiagnostic[] }
  | { readonly kind: 'unchanged'; readonly resultId: string };

/** The flat form of symbols, for clients that know no other. */
export interface FlatSymbol {
  name: string;
  kind: DocumentSymbol['kind'];
  location: { uri: string; range: Range };
  containerName?: string;
}

/** One editor and its documents: what it is told, and what it may ask. Knows nothing of the connection. */
export class Session {
  readonly #documents = new Documents();
  readonly #project: Project;
  readonly #analyst: Analyst;
  readonly #publisher: Publisher;
  readonly #reader = new Publisher(() => this.#readAgain());
  readonly #lensRefresher = new Publisher(() => this.#attempt(this.#outlet.refreshLenses()));
  readonly #orders: Orders;
  readonly #shell: ShellChecks;
  readonly #shellChecker = new Publisher((uri) => this.#attempt(this.#checkScripts(uri)));
  readonly #outlet: Outlet;
  readonly #toldBugs = new Set<string>();
  #stopped = false;
  /** The client asked for lenses. */
  #showsLenses = false;

  client: Client = clientOf({});

  constructor(options: ProjectOptions, outlet: Outlet) {
    this.#project = new Project(options, outlet.tell);
    this.#analyst = new Analyst(this.#documents, this.#project);
    this.#outlet = outlet;
    this.#orders = new Orders({ analyse: (uri) => this.#analyse(uri), readAt: () => this.#project.readAt, log: outlet.log });
    const { environment = {} } = options;
    this.#shell = new ShellChecks({ environment, configFor: (path) => this.#project.configFor(path), rules, log: outlet.log });
    this.#publisher = new Publisher((uri) => this.#attempt(this.#publish(uri)));
  }

  /** Learns what the client can do, and wants. */
  meet(...said: Parameters<typeof clientOf>): Client {
    this.client = clientOf(...said);
    return this.client;
  }

  /** From now on the client tells of changes on the disk. */
  watching(): void {
    this.#project.watched = true;
  }

  open(uri: string, languageId: string, version: number, text: string): void {
    this.#documents.open(uri, languageId, version, text);
    this.#analyst.forget(uri);
    if (isDockerfile({ languageId })) this.#schedule(uri, 0);
    else this.#textsChanged();
  }

  change(uri: string, version: number, changes: readonly Change[]): void {
    this.#documents.change(uri, version, changes);
    const document = this.#documents.get(uri);
    if (document === undefined) return;
    if (isDockerfile(document)) {
      this.#orders.changed(uri);
      this.#schedule(uri);
    } else this.#textsChanged();
    if (!this.#project.watched) this.#reader.schedule('', rest);
  }

  close(uri: string): void {
    const document = this.#documents.get(uri);
    this.#documents.close(uri);
    this.#analyst.forget(uri);
    this.#orders.forget(uri);
    this.#publisher.cancel(uri);
    this.#shellChecker.cancel(uri);
    if (document === undefined) return;
    if (!isDockerfile(document)) this.#textsChanged();
    else if (!this.client.pulls) this.#attempt(this.#outlet.publish({ uri, diagnostics: [] }));
  }

  /** Something that findings depend on was written. */
  diskChanged(): void {
    this.#project.forget();
    this.#lookAgain();
  }

  async pull(uri: string, previous: string | undefined): Promise<PullReport> {
    const analysis = await this.#shown(uri);
    if (analysis === undefined) return { kind: 'full', items: [] };
    const resultId = `${analysis.id}.${this.#shell.generation}`;
    return previous === resultId ? { kind: 'unchanged', resultId } : { kind: 'full', resultId, items: diagnosticsOf(analysis, this.client) };
  }

  /** @param waits somebody waits for the answer, and it may take a moment */
  async actions(uri: string, range: Range, only: readonly string[] | undefined, waits: boolean): Promise<CodeAction[]> {
    const orders = wants(only, orderKind) ? await this.#orders.actions(uri, this.client, waits) : [];
    const analysis = await this.#shown(uri);
    return analysis === undefined ? [] : [...actionsAt(analysis, spanOf(analysis.document, range), only, this.client), ...orders];
  }

  async lenses(uri: string): Promise<CodeLens[]> {
    if (!this.client.lenses) return [];
    this.#showsLenses = true;
    return this.#orders.lenses(uri, this.client);
  }

  /** The edit of all proven moves that save something. */
  async order(uri: string): Promise<WorkspaceEdit | undefined> {
    return this.#orders.edit(uri, this.client);
  }

  async fixAll(uri: string): Promise<WorkspaceEdit | undefined> {
    const analysis = await this.#analyse(uri);
    return analysis && fixAllEdit(analysis, this.client);
  }

  async hover(uri: string, position: Position): Promise<{ contents: { kind: 'markdown' | 'plaintext'; value: string }; range: Range } | null> {
    const analysis = await this.#shown(uri);
    const hover = analysis && hoverAt(analysis, analysis.document.offsetAt(position));
    if (analysis === undefined || hover === undefined) return null;
    return { contents: { kind: this.client.markdown ? 'markdown' : 'plaintext', value: hover.markdown }, range: rangeOf(analysis.document, hover.at) };
  }

  async symbols(uri: string): Promise<DocumentSymbol[] | FlatSymbol[]> {
    const analysis = await this.#analyse(uri);
    const symbols = analysis === undefined ? [] : symbolsOf(analysis);
    if (this.client.symbolTrees) return symbols;
    const flat = ({ name, kind, range }: DocumentSymbol): FlatSymbol => ({ name, kind, location: { uri, range } });
    return symbols.flatMap((each) => [flat(each), ...(each.children ?? []).map((child) => ({ ...flat(child), containerName: each.name }))]);
  }

  async folds(uri: string): Promise<FoldingRange[]> {
    const analysis = await this.#analyse(uri);
    return analysis === undefined ? [] : foldsOf(analysis);
  }

  /** Nothing is told any more. */
  stop(): void {
    this.#stopped = true;
    this.#orders.stop();
    this.#lensRefresher.stop();
    this.#shellChecker.stop();
    this.#publisher.stop();
    this.#reader.stop();
  }

  #schedule(uri: string, delay?: number): void {
    if (!this.client.pulls) this.#publisher.schedule(uri, delay);
  }

  /** Reads the disk again where nobody tells of changes, so that the next keystroke need not wait for it. */
  #readAgain(): void {
    if (!this.#project.isOld) return;
    this.diskChanged();
    if (!this.client.pulls) return;
    for (const { uri } of this.#documents.dockerfiles) this.#attempt(this.#analyse(uri));
  }

  #textsChanged(): void {
    this.#project.forgetTexts();
    for (const { uri } of this.#documents.dockerfiles) this.#orders.changed(uri);
    this.#lookAgain();
  }

  #lookAgain(): void {
    for (const { uri } of this.#documents.dockerfiles) this.#schedule(uri);
    if (this.client.pulls && this.client.refreshes) this.#attempt(this.#outlet.refresh());
    if (this.#showsLenses && this.client.refreshesLenses) this.#lensRefresher.schedule('', lensRest);
  }

  /** The analysis of a Dockerfile as it is now; undefined for what is none, or not open. */
  async #analyse(uri: string): Promise<Analysis | undefined> {
    const document = this.#documents.get(uri);
    const analysis = document !== undefined && isDockerfile(document) ? await this.#analyst.analyse(uri) : undefined;
    for (const bug of analysis?.bugs ?? []) {
      if (!this.#toldBugs.has(bug)) this.#outlet.log(bug);
      this.#toldBugs.add(bug);
    }
    return analysis;
  }

  /** The analysis with what ShellCheck is known to say; what is not known is asked for once nothing more is typed. */
  async #shown(uri: string): Promise<Analysis | undefined> {
    const own = await this.#analyse(uri);
    if (own === undefined) return undefined;
    const { analysis, isWhole } = await this.#shell.add(own);
    if (!isWhole && !this.#stopped) this.#shellChecker.schedule(uri, shellRest);
    return analysis;
  }

  async #checkScripts(uri: string): Promise<void> {
    const analysis = await this.#analyse(uri);
    if (analysis === undefined || !(await this.#shell.check(analysis)) || this.#stopped) return;
    if (!this.client.pulls) this.#schedule(uri, 0);
    else if (this.client.refreshes) await this.#outlet.refresh();
  }

  async #publish(uri: string): Promise<void> {
    const analysis = await this.#shown(uri);
    if (analysis === undefined || this.#stopped) return;
    const { version } = analysis;
    await this.#outlet.publish({ uri, ...(this.client.diagnosticVersions && { version }), diagnostics: diagnosticsOf(analysis, this.client) });
  }

  /** What nobody waits for must not fail unheard. */
  #attempt(work: Promise<unknown>): void {
    work.catch((error: unknown) => {
      if (!this.#stopped) this.#outlet.log(sentenceOf(error, 'The editor could not be told'));
    });
  }
}
