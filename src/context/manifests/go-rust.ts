import { readToml } from '../toml.ts';
import { mostMembers } from './members.ts';
import { below, code, folderOf, type ManifestReading } from './reading.ts';
import { buildsProject, laysOver, tooManyMembers } from './sentences.ts';
import { tableAt, valueAt } from './values.ts';

/** The directives of a go.mod, blocks taken apart: `replace a => ./b`. */
function* goDirectives(text: string): Generator<readonly [string, string]> {
  let block = '';
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.replace(/\/\/.*$/, '').trim();
    const open = /^(\w+)\s*\($/.exec(line)?.[1];
    if (open !== undefined) block = open;
    else if (line === ')') block = '';
    else if (block !== '') yield [block, line];
    else yield [line.split(/\s/)[0] ?? '', line.replace(/^\w+\s*/, '')];
  }
}

/** Go: go.mod and go.sum, in a workspace those of all its modules; replaced folders and a vendor folder need more. */
export function readGo(reading: ManifestReading): void {
  const { action, subcommandKey, packages, manifestFlags } = reading.invocation;
  if (action === 'install-project') reading.refuse('The command goes through the imports of the sources.');
  const path = reading.own('go.mod');
  if (action === 'install-named') {
    if (packages.some(({ text }) => /^\.{0,2}\//.test(text))) reading.refuse('The command names a folder of the sources.');
    // With a version, `go install` looks at no go.mod (go.dev/ref/mod#go-install); `go get` and `go mod download` do.
    if (subcommandKey === 'install') return;
    if (subcommandKey === 'get' && reading.sends(path)) {
      reading.refuse(laysOver('go get', 'go.mod and go.sum'));
      return;
    }
    if (!reading.sends(path)) return;
  }
  for (const word of manifestFlags) reading.refuse(`${code(word.text)} stands in for go.mod.`);
  const flags = reading.variable('GOFLAGS') ?? '';
  if (/-modfile|-overlay|-mod=vendor/.test(flags)) reading.refuse(`\`GOFLAGS\` is ${code(flags)}, which changes the files Go reads.`);
  if (reading.variable('GO111MODULE') === 'off') reading.refuse('Modules are switched off by `GO111MODULE`.');
  const workspace = workspaceFile(reading);
  if (workspace === undefined || reading.sends(path)) readModule(reading, reading.folder);
  if (workspace !== undefined) readWorkspace(reading, workspace);
  const work = reading.variable('GOWORK');
  if (work !== undefined && work !== '' && work !== 'off') reading.refuse(`\`GOWORK\` names the workspace ${code(work)}.`);
  if (reading.sendsBelow('vendor')) reading.refuse('The context holds a `vendor` folder, from which Go would take the modules.');
}

/** The go.work in force: of the folder, or the nearest above it (go.dev/ref/mod#workspaces). */
function workspaceFile(reading: ManifestReading): string | undefined {
  if (reading.variable('GOWORK') === 'off') return undefined;
  return [reading.folder, ...reading.ancestors()].map((folder) => below(folder, 'go.work') ?? 'go.work').find((path) => reading.sends(path));
}

/** Folders that stand in for modules. */
function checkReplacements(reading: ManifestReading, path: string, text: string): void {
  for (const [name, rest] of goDirectives(text)) {
    const target = /=>\s*(\S+)/.exec(rest)?.[1]?.replace(/^["'`]|["'`]$/g, '');
    if (name !== 'replace' || target === undefined || !/^(?:\.{1,2}(?:\/|$)|\/)/.test(target)) continue;
    reading.refuse(`${code(path)} replaces a module by ${code(target)}, a folder.`);
  }
}

function readModule(reading: ManifestReading, folder: string): void {
  const path = below(folder, 'go.mod') ?? 'go.mod';
  const text = reading.needText(path);
  if (text !== undefined) checkReplacements(reading, path, text);
  reading.take(below(folder, 'go.sum') ?? 'go.sum');
}

/** go.work, and the go.mod and go.sum of each module it uses; what they have no sum for goes to go.work.sum. */
function readWorkspace(reading: ManifestReading, path: string): void {
  const folder = folderOf(path);
  const text = reading.needText(path) ?? '';
  checkReplacements(reading, path, text);
  const used = [...goDirectives(text)].filter(([name]) => name === 'use').map(([, rest]) => rest.replace(/^["'`]|["'`]$/g, ''));
  if (used.length > mostMembers) reading.refuse(tooManyMembers(path, used.length));
  for (const name of used) {
    const module = name.startsWith('/') ? reading.fromImage(name) : reading.path(name, folder);
    if (module !== undefined) readModule(reading, module);
  }
  const sums = below(folder, 'go.work.sum') ?? 'go.work.sum';
  if (reading.take(sums)) reading.doubt(`The download may add to ${code(sums)}, and the later COPY would lay the old one over it.`);
  const vendor = below(folder, 'vendor') ?? 'vendor';
  if (folder !== reading.folder && reading.context.sends(vendor)) reading.refuse(`The context holds ${code(vendor)}, from which Go would take the modules.`);
}

/** Settings that Cargo and rustup look for in the folder and those above it. */
function takeRustSettings(reading: ManifestReading): void {
  for (const folder of [reading.folder, ...reading.ancestors()]) {
    for (const name of ['rust-toolchain.toml', 'rust-toolchain', '.cargo/config.toml', '.cargo/config']) {
      const path = below(folder, name) ?? name;
      const text = reading.takeText(path);
      if (text === undefined || !name.startsWith('.cargo')) continue;
      const table = readToml(text);
      const local = Object.values(tableAt(table, 'source'))
        .some((source) => ['directory', 'local-registry'].some((key) => valueAt(source, key) !== undefined));
      if (table === undefined || local || valueAt(table, 'paths') !== undefined || valueAt(table, 'patch') !== undefined) {
        reading.refuse(`${code(path)} takes crates from a folder.`);
      }
    }
  }
}

/** cargo: what it downloads hangs on every manifest of the workspace, and it accepts none without a target's source file. */
export function readCargo(reading: ManifestReading): void {
  const { subcommandKey, action, packages, manifestFlags } = reading.invocation;
  takeRustSettings(reading);
  if (action === 'install-project') reading.refuse(buildsProject);
  if (action === 'install-named') {
    for (const { text } of packages) if (/^\.{0,2}\//.test(text)) reading.refuse(`${code(text)} is a path.`);
    return;
  }
  if (subcommandKey === 'chef cook') {
    const recipe = manifestFlags.find((word) => word.text.endsWith('.json'));
    const path = recipe === undefined ? reading.own('recipe.json') : reading.wordPath(recipe);
    if (path !== undefined && reading.sends(path)) reading.need(path);
    else reading.doubt('The recipe of cargo-chef does not come from the build context.');
    return;
  }
  const path = reading.own('Cargo.toml');
  const text = reading.needText(path);
  const table = text === undefined ? undefined : readToml(text);
  reading.takeEach('Cargo.lock');
  if (table !== undefined && valueAt(table, 'workspace') !== undefined) {
    // Without one of them: "no targets specified in the manifest" (doc.rust-lang.org/cargo/guide/project-layout.html).
    reading.refuse(`${code(path)} is the root of a workspace, and Cargo accepts the manifests of its members only together with source files of their targets.`);
  } else if (text !== undefined) {
    reading.refuse(`Cargo accepts ${code(path)} only together with a source file of one of its targets, such as \`src/main.rs\`.`);
  }
}
