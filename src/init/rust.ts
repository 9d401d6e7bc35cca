import type { BuildContext } from '../context/context.ts';
import { itemsOf, tableAt, textAt, textsOf, valueAt, type Table } from '../context/manifests/values.ts';
import { readToml } from '../context/toml.ts';
import { ConfigError } from '../config/error.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { portIn, sourcesOf } from './ports.ts';
import { cache, choiceNote, command, debianSuffix, expose, fileOf, isName, isPath, json, run, syntax } from './text.ts';
import { stated, versions } from './versions.ts';

interface Program {
  readonly package: string;
  readonly name: string;
}

const manifestAt = (context: BuildContext, folder: string): Table => readToml(context.read(folder === '' ? 'Cargo.toml' : `${folder}/Cargo.toml`) ?? '') ?? {};

/** The programs of one package: those it names, and what lies where Cargo looks. */
function programsOf(context: BuildContext, folder: string): Program[] {
  const manifest = manifestAt(context, folder);
  const own = textAt(manifest, 'package', 'name');
  if (own === undefined || !isName(own)) return [];
  const at = (path: string): string => (folder === '' ? path : `${folder}/${path}`);
  const named = itemsOf(manifest['bin']).map((each) => textAt(each, 'name')).filter((name) => name !== undefined);
  const main = named.length === 0 && context.has(at('src/main.rs')) ? [own] : [];
  const preferred = textAt(manifest, 'package', 'default-run');
  const names = [...new Set([...(preferred === undefined ? [] : [preferred]), ...main, ...named])];
  return names.filter(isName).map((name) => ({ package: own, name }));
}

/** Members of a workspace, of which a glob stands for every folder that has a manifest. */
function membersOf(context: BuildContext): string[] {
  const patterns = textsOf(valueAt(manifestAt(context, ''), 'workspace', 'members')).slice(0, 200);
  return patterns.flatMap((pattern) => {
    if (!pattern.endsWith('/*')) return isPath(pattern) ? [pattern] : [];
    const folder = pattern.slice(0, -2);
    const manifests = context.files.filter((path) => path.startsWith(`${folder}/`) && /^[^/]+\/Cargo\.toml$/.test(path.slice(folder.length + 1)));
    return manifests.map((path) => path.replace(/\/Cargo\.toml$/, '')).filter(isPath);
  });
}

const toolchain = (context: BuildContext): string | undefined =>
  stated(textAt(readToml(context.read('rust-toolchain.toml') ?? '') ?? {}, 'toolchain', 'channel')) ?? stated(context.read('rust-toolchain'));

const ports = [
  /"(?:0\.0\.0\.0|127\.0\.0\.1|localhost|\[::\]):(\d{2,5})"/, /\(\s*\[(?:\d+,\s*){3}\d+\],\s*(\d{2,5})\s*\)/,
  /\bbind\(\(\s*"[\d.]+",\s*(\d{2,5})\s*\)/, /"PORT"\)[\s\S]{0,80}?"?(\d{4,5})\b/,
];

const caches = [cache('/usr/local/cargo/registry'), cache('/usr/local/cargo/git/db'), cache('/src/target')];

function plan(context: BuildContext, wishes: Wishes): Plan {
  const found = ['', ...membersOf(context)].flatMap((folder) => programsOf(context, folder));
  const [program, ...others] = found;
  if (program === undefined) throw new ConfigError('Cargo.toml makes no program: there is neither src/main.rs nor a [[bin]].');
  const version = toolchain(context) ?? versions.rust.usual;
  const files = sourcesOf(context, /\.rs$/);
  const port = wishes.port ?? portIn(context, files, ports);
  const local = files.some((path) => /"(?:127\.0\.0\.1|localhost):\d/.test(context.read(path) ?? ''));
  const locked = context.has('Cargo.lock') ? ' --locked' : '';
  const select = Object.keys(tableAt(manifestAt(context, ''), 'workspace')).length > 0 ? ` --package ${program.package}` : '';
  const { name } = program;
  const words = wishes.start ?? [`/${name}`];
  return {
    dockerfile: fileOf(
      ...syntax, `FROM rust:${version}${debianSuffix(version, 70)} AS build`, 'WORKDIR /src', 'COPY . .',
      '# The caches keep crates and what was compiled; only the program leaves them',
      run(caches, `cargo build --release${locked}${select} --bin ${name}`, `install -D target/release/${name} /out/${name}`),
      '', '# Holds the C library and OpenSSL, and no shell', 'FROM gcr.io/distroless/cc-debian12:nonroot', `COPY --from=build /out/${name} /${name}`,
      expose(port), wishes.start === undefined ? `ENTRYPOINT ${json(words)}` : command(words),
    ),
    start: words, port,
    notes: [
      ...choiceNote(name, others.map((each) => each.name)),
      ...(locked === '' ? ['There is no `Cargo.lock`: commit it, so that each build compiles the same.'] : []),
      ...(local ? ['A source binds to 127.0.0.1, which nobody outside the container reaches: bind to 0.0.0.0.'] : []),
    ],
  };
}

export const rust: Ecosystem = {
  title: 'Rust',
  mark: (context) => (context.has('Cargo.toml') ? 'Cargo.toml' : undefined),
  plan,
};
