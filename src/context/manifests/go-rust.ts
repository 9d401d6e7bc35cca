import { readToml } from '../toml.ts';
import { below, code, type ManifestReading } from './reading.ts';
import { buildsProject, laysOver, workspaceRoot } from './sentences.ts';
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

/** Go: go.mod and go.sum; workspaces, replaced folders and a vendor folder need more. */
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
  const text = reading.needText(path);
  for (const [name, rest] of text === undefined ? [] : goDirectives(text)) {
    const target = /=>\s*(\S+)/.exec(rest)?.[1]?.replace(/^["'`]|["'`]$/g, '');
    if (name !== 'replace' || target === undefined || !/^(?:\.{1,2}(?:\/|$)|\/)/.test(target)) continue;
    reading.refuse(`${code(path)} replaces a module by ${code(target)}, a folder.`);
  }
  reading.takeEach('go.sum');
  const work = reading.variable('GOWORK');
  for (const folder of work === 'off' ? [] : [reading.folder, ...reading.ancestors()]) {
    const file = below(folder, 'go.work') ?? 'go.work';
    if (reading.sends(file)) reading.refuse(`${code(file)} makes the module part of a workspace, whose modules Go reads.`);
  }
  if (work !== undefined && work !== '' && work !== 'off') reading.refuse(`\`GOWORK\` names the workspace ${code(work)}.`);
  if (reading.sendsBelow('vendor')) reading.refuse('The context holds a `vendor` folder, from which Go would take the modules.');
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
  if (table !== undefined && valueAt(table, 'workspace') !== undefined) reading.refuse(workspaceRoot(path));
  else if (text !== undefined) {
    reading.refuse(`Cargo accepts ${code(path)} only together with a source file of one of its targets, such as \`src/main.rs\`.`);
  }
}
