import { isAbsolute, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import manifest from '../../package.json' with { type: 'json' };
import type { Diagnostic } from '../lint.ts';
import { LineMap, type Span } from '../span.ts';
import { fingerprints } from './fingerprint.ts';
import { printJson } from './json.ts';
import { fixLine, placeOf, type FileReport, type Reporter } from './report.ts';
import { sarifRule } from './sarif-rule.ts';

/** What the working folder is called in the file: viewers know it as the root of the sources. */
const root = '%SRCROOT%';

const levels: Readonly<Record<Diagnostic['severity'], string>> = { error: 'error', warning: 'warning', info: 'note' };

/** In SARIF a text may hold links, `[text](address)`; what only looks like one is no link. */
const plain = (text: string): object => ({ text: text.replace(/\[(?=[^\]]*\]\()/g, '\\[') });

const encode = (part: string): string => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd'));

/** Where a file is: relative to the working folder, or absolute where it lies outside of that. */
function locationOf(path: string, folder: string): { readonly uri: string; readonly uriBaseId?: string } {
  if (isAbsolute(path) || path.split('/')[0] === '..') return { uri: pathToFileURL(resolve(folder, path)).href };
  return { uri: path.split('/').map(encode).join('/'), uriBaseId: root };
}

/** What the parts of one file's findings have in common. */
interface Artifact {
  readonly lines: LineMap;
  readonly location: object;
}

function regionOf(lines: LineMap, at: Span): object {
  const { line, column, endLine, endColumn } = placeOf(lines, at);
  return { startLine: line, startColumn: column, endLine, endColumn };
}

const physical = ({ lines, location }: Artifact, at: Span): object => ({ artifactLocation: location, region: regionOf(lines, at) });

/** The fix of a finding; none where it has no edits, or some in another file, of which a report does not know the place. */
function fixesOf(diagnostic: Diagnostic, { lines, location }: Artifact): readonly object[] {
  const edits = diagnostic.fix?.edits ?? [];
  if (edits.length === 0 || edits.some(({ file }) => file !== undefined)) return [];
  const replacements = edits.map(({ span, text }) => ({ deletedRegion: regionOf(lines, span), ...(text === '' ? {} : { insertedContent: { text } }) }));
  return [{ description: plain(fixLine(diagnostic) ?? ''), artifactChanges: [{ artifactLocation: location, replacements }] }];
}

function resultOf(diagnostic: Diagnostic, fingerprint: string, ruleIndex: number, artifact: Artifact): object {
  const { rule, severity, message, at, related } = diagnostic;
  const fixes = fixesOf(diagnostic, artifact);
  return {
    ruleId: rule,
    ruleIndex,
    level: levels[severity],
    message: plain(message),
    locations: [{ physicalLocation: physical(artifact, at) }],
    ...(related.length === 0 ? {} : {
      relatedLocations: related.map((note, index) => ({ id: index + 1, physicalLocation: physical(artifact, note.at), message: plain(note.message) })),
    }),
    partialFingerprints: { 'ruleAndLine/v1': fingerprint },
    ...(fixes.length === 0 ? {} : { fixes }),
  };
}

/** The files of a run, each once, as others refer to them. */
class Artifacts {
  readonly #indexes: ReadonlyMap<string, number>;

  constructor(files: readonly FileReport[], readonly folder: string) {
    this.#indexes = new Map([...new Set(files.map(({ path }) => path))].map((path, index) => [path, index]));
  }

  reference = (path: string): object => ({ ...locationOf(path, this.folder), index: this.#indexes.get(path) ?? -1 });

  list = (): object[] => [...this.#indexes.keys()].map((path) => ({ location: locationOf(path, this.folder), roles: ['analysisTarget'], sourceLanguage: 'dockerfile' }));
}

function resultsOf(file: FileReport, indexes: ReadonlyMap<string, number>, artifacts: Artifacts): object[] {
  const artifact: Artifact = { lines: new LineMap(file.text), location: artifacts.reference(file.path) };
  const names = fingerprints(file);
  return file.diagnostics.map((diagnostic, at) => resultOf(diagnostic, names[at] ?? '', indexes.get(diagnostic.rule) ?? -1, artifact));
}

function invocationOf(files: readonly FileReport[], artifacts: Artifacts): object {
  const notifications = files.flatMap(({ path, error }) => (error === undefined ? [] : [{
    level: 'error', message: plain(error), locations: [{ physicalLocation: { artifactLocation: artifacts.reference(path) } }],
  }]));
  return { executionSuccessful: notifications.length === 0, toolExecutionNotifications: notifications, workingDirectory: { uri: folderUri(artifacts.folder) } };
}

/** A base of relative addresses ends with a slash. */
const folderUri = (folder: string): string => pathToFileURL(folder).href.replace(/\/?$/, '/');

/** SARIF 2.1.0, the format of code scanning: rules that found something, results with fixes, files that could not be checked. */
export const sarif: Reporter = (files, { rules, folder }) => {
  const ids = [...new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ rule }) => rule)))].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const artifacts = new Artifacts(files, folder);
  const run = {
    tool: {
      driver: { name: manifest.name, version: manifest.version, semanticVersion: manifest.version, rules: ids.map((id) => sarifRule(id, rules.get(id))) },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [root]: { uri: folderUri(folder), description: { text: 'The folder where the run began.' } } },
    invocations: [invocationOf(files, artifacts)],
    artifacts: artifacts.list(),
    results: files.flatMap((file) => resultsOf(file, indexes, artifacts)),
  };
  return printJson({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] });
};
