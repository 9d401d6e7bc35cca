// A stand-in for Visual Studio Code that runs the packaged extension: as much of the editor as the extension and its library
// touch, with one Dockerfile open. Prints what a person would see: findings, and what the quick fixes make of the file.
// Variables: EXTENSION (its folder), DOCKERFILE, TRUSTED (1 or 0), SERVER (the setting `shipshape.server`).
import { readFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const { EXTENSION: home, DOCKERFILE: file, TRUSTED: trusted = '1', SERVER: chosen = '' } = process.env;
const text = readFileSync(file, 'utf8');
const event = () => nothing;
const isEvent = (key) => /^on[A-Z]/.test(key);

/** Whatever nobody described below: may be called, made, extended, and asked for more. */
const anything = new Proxy(class {}, {
  get: (target, key) => (key === 'prototype' ? target.prototype : typeof key === 'symbol' || key === 'then' ? undefined : isEvent(key) ? event : anything),
  apply: () => nothing,
});

/** Things that are described, and anything else beside them. */
const partly = (known) => new Proxy(known, { get: (target, key) => (key in target || typeof key === 'symbol' ? target[key] : anything[key]) });

/** What calls give: a disposable, a watcher, a status bar … */
const nothing = partly({ dispose() {} });

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

class Range {
  constructor(...at) {
    const [start, end] = at.length === 4 ? [new Position(at[0], at[1]), new Position(at[2], at[3])] : at;
    Object.assign(this, { start, end });
  }
}

class Diagnostic {
  constructor(range, message, severity) {
    Object.assign(this, { range, message, severity });
  }
}

class Uri {
  static file = (path) => new Uri(pathToFileURL(path).href);
  static parse = (written) => new Uri(written);

  constructor(written) {
    this.written = written;
    this.scheme = written.split(':')[0];
    this.fsPath = fileURLToPath(written);
  }

  toString() {
    return this.written;
  }
}

class EventEmitter {
  #listeners = new Set();

  event = (listener, self) => {
    const heard = listener.bind(self);
    this.#listeners.add(heard);
    return { dispose: () => this.#listeners.delete(heard) };
  };

  fire(value) {
    for (const listener of this.#listeners) listener(value);
  }

  dispose() {
    this.#listeners.clear();
  }
}

class CancellationTokenSource {
  token = { isCancellationRequested: false, onCancellationRequested: event };
  cancel() {}
  dispose() {}
}

class CodeActionKind {
  constructor(value) {
    this.value = value;
  }

  append(part) {
    return new CodeActionKind(this.value === '' ? part : `${this.value}.${part}`);
  }
}
const kinds = { Empty: '', QuickFix: 'quickfix', Refactor: 'refactor', Source: 'source', SourceFixAll: 'source.fixAll' };
for (const [name, value] of Object.entries(kinds)) CodeActionKind[name] = new CodeActionKind(value);

class CodeAction {
  constructor(title, kind) {
    Object.assign(this, { title, kind });
  }
}

class TextEdit {
  constructor(range, newText) {
    Object.assign(this, { range, newText });
  }
}

class WorkspaceEdit {
  edits = new Map();

  set(uri, edits) {
    this.edits.set(String(uri), edits.map((each) => (Array.isArray(each) ? each[0] : each)));
  }
}

class TabInputText {
  constructor(uri) {
    this.uri = uri;
  }
}

const document = {
  uri: Uri.file(file), fileName: file, languageId: 'dockerfile', version: 1, isUntitled: false, isClosed: false, isDirty: false, getText: () => text,
};
const tab = { input: new TabInputText(document.uri) };
const log = [];
const registered = [];
let actions;
let show;
const shown = new Promise((resolve) => { show = resolve; });
const note = (message) => void log.push(message);

const vscode = partly({
  version: '1.91.0',
  Position, Range, Diagnostic, Uri, EventEmitter, CancellationTokenSource, CodeActionKind, CodeAction, TextEdit, WorkspaceEdit, TabInputText,
  DiagnosticSeverity: { Error: 0, Warning: 1, Information: 2, Hint: 3 },
  workspace: partly({
    isTrusted: trusted === '1',
    textDocuments: [document],
    notebookDocuments: [],
    workspaceFolders: [{ uri: Uri.file(dirname(file)), name: 'folder', index: 0 }],
    getConfiguration: (section) => ({ get: (name, other) => (section === 'shipshape' && name === 'server' ? chosen : other), has: () => false, inspect: () => undefined }),
  }),
  languages: partly({
    match: () => 10,
    createDiagnosticCollection: () => partly({
      set(_uri, diagnostics) {
        if (diagnostics.length > 0) show(diagnostics);
      },
    }),
    registerCodeActionsProvider(_selector, provider) {
      actions = provider;
      return nothing;
    },
  }),
  window: partly({
    activeTextEditor: { document },
    visibleTextEditors: [{ document }],
    tabGroups: partly({ all: [{ tabs: [tab] }], activeTabGroup: { activeTab: tab } }),
    createOutputChannel: () => partly({ logLevel: 3, append: note, appendLine: note, info: note, warn: note, error: note }),
    showErrorMessage: async (message) => note(message),
  }),
  commands: partly({
    registerCommand(name) {
      registered.push(name);
      return nothing;
    },
    executeCommand: async () => undefined,
  }),
});

const load = Module._load;
Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));

/** The text of the document after an edit of whole lines and characters. */
function applied(edits) {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  const offset = ({ line, character }) => (starts[line] ?? text.length) + character;
  const inOrder = edits.toSorted((a, b) => offset(b.range.start) - offset(a.range.start));
  return inOrder.reduce((done, { range, newText }) => done.slice(0, offset(range.start)) + newText + done.slice(offset(range.end)), text);
}

async function main() {
  const require = createRequire(import.meta.url);
  const extension = require(join(home, require(join(home, 'package.json')).main));
  await extension.activate({ subscriptions: [], asAbsolutePath: (path) => join(home, path) });
  const diagnostics = await shown;
  for (const { code, range, message } of diagnostics) console.log(`finding ${code} ${range.start.line}:${range.start.character} ${message}`);
  const whole = new Range(0, 0, 9999, 0);
  const { token } = new CancellationTokenSource();
  for (const { title, edit } of await actions.provideCodeActions(document, whole, { diagnostics, triggerKind: 1 }, token)) {
    const edits = edit?.edits.get(String(document.uri));
    console.log(`action ${title}${edits === undefined ? '' : ` ${JSON.stringify(applied(edits))}`}`);
  }
  for (const name of registered) console.log(`command ${name}`);
  for (const message of log) console.log(`log ${message}`);
  await extension.deactivate();
}

const limit = setTimeout(() => {
  console.error(['no findings came', ...log].join('\n'));
  process.exit(1);
}, 20_000);
try {
  await main();
} catch (error) {
  console.error([error, ...log].join('\n'));
  process.exitCode = 1;
}
clearTimeout(limit);
