import type { BuildContext } from '../context/context.ts';
import { ConfigError } from '../config/error.ts';
import { inputsOf } from './inputs.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { portIn, sourcesOf } from './ports.ts';
import { bind, cache, choiceNote, command, debianSuffix, expose, fileOf, isName, isPath, json, run, syntax } from './text.ts';
import { stated, versions } from './versions.ts';

const folderOf = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0));

const isMain = (context: BuildContext, path: string): boolean =>
  /^package main\b/m.test(context.read(path) ?? '') && !/^\/\/(?:go:build ignore|\s*\+build ignore)/m.test(context.read(path) ?? '');

/** Packages that make a program, that of the module's own name first. */
function programs(context: BuildContext, module: string): string[] {
  const files = sourcesOf(context, /\.go$/).filter((path) => !path.endsWith('_test.go') && isPath(path));
  const readable = files.filter((path) => (context.read(path) ?? '') !== '');
  const found = readable.length > 0 ? readable.filter((path) => isMain(context, path)) : files.filter((path) => /(?:^|\/)main\.go$/.test(path));
  const name = module.split('/').at(-1) ?? '';
  const usual = [`cmd/${name}`, '', 'cmd', 'cmd/server', 'cmd/api'];
  const place = (folder: string): number => usual.indexOf(folder) + 1 || (folder.startsWith('cmd/') ? (folder.includes(name) ? 6 : 7) : 8);
  const folders = [...new Set(found.map(folderOf))].filter((folder) => !/^(?:tools?|hack|contrib|ci|\.\w+)(?:\/|$)/.test(folder));
  return folders.sort((left, right) => place(left) - place(right) || left.split('/').length - right.split('/').length);
}

/** Modules that are written in C: they need a compiler, and a C library to run. */
const needsC =
  /^\s*(?:require )?github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|pebbe\/zmq4)(?:\/v\d+)?\s/m;

const usesC = (context: BuildContext, manifest: string): boolean =>
  needsC.test(manifest) || sourcesOf(context, /\.go$/).some((path) => /^import "C"$/m.test(context.read(path) ?? ''));

const ports = [
  /ListenAndServe(?:TLS)?\(\s*"[\w.]*:(\d{2,5})"/, /\bAddr:\s*"[\w.]*:(\d{2,5})"/, /\.(?:Run|Start|Listen)\(\s*"[\w.]*:(\d{2,5})"/,
  /"(?:PORT|port)",\s*"?:?(\d{2,5})"?/, /\b[pP]ort\s*:?=\s*"?:?(\d{2,5})\b/, /Listen\("tcp",\s*"[\w.]*:(\d{2,5})"/,
];

/** Folders beside the program that sources name and do not embed. */
function foldersRead(context: BuildContext): string[] {
  const text = sourcesOf(context, /\.go$/).map((path) => context.read(path) ?? '').join('\n');
  return ['templates', 'static', 'public', 'views', 'assets', 'migrations', 'web', 'config']
    .filter((name) => context.isFolder(name) && new RegExp(`"(?:\\./)?${name}[/"]`).test(text) && !new RegExp(`^//go:embed[^\\n]*\\b${name}\\b`, 'm').test(text));
}

function plan(context: BuildContext, wishes: Wishes): Plan {
  const manifest = context.read('go.mod') ?? '';
  const module = /^module\s+"?([\w.~/-]+)/m.exec(manifest)?.[1] ?? '';
  const [program, ...others] = programs(context, module);
  if (program === undefined) throw new ConfigError('No package of this Go module is a program: none of its files says "package main".');
  const version = stated(/^toolchain\s+go(\S+)/m.exec(manifest)?.[1]) ?? stated(/^go\s+(\S+)/m.exec(manifest)?.[1]) ?? versions.go.usual;
  const last = (program === '' ? module.replace(/\/v\d+$/, '') : program).split('/').at(-1) ?? '';
  const name = isName(last) ? last : 'app';
  const c = usesC(context, manifest);
  const inputs = inputsOf(context, 'go mod download');
  const vendored = context.has('vendor/modules.txt');
  // Go may add to the sums of a workspace, which it couldn't where they are mounted.
  const writes = inputs.files.some((path) => path.endsWith('go.work.sum'));
  const download = !vendored && !writes && inputs.refusals.length === 0 && inputs.files.length > 0
    ? ['# Only a changed manifest makes this run again', run([...inputs.files.filter(isPath).map(bind), cache('/go/pkg/mod')], 'go mod download'), ''] : [];
  const mounts = [...(vendored ? [] : [cache('/go/pkg/mod')]), cache('/root/.cache/go-build')];
  const folders = foldersRead(context);
  const port = wishes.port ?? portIn(context, sourcesOf(context, /\.go$/), ports);
  const words = wishes.start ?? [`/${name}`];
  const target = program === '' ? '.' : `./${program}`;
  return {
    dockerfile: fileOf(
      ...syntax, `FROM golang:${version}${c ? debianSuffix(version, 20) : ''} AS build`, 'WORKDIR /src', download, 'COPY . .',
      c ? '# With C: some of the code is written in it' : '# Without C the program needs nothing of the system it runs on',
      run(mounts, `CGO_ENABLED=${c ? 1 : 0} go build -trimpath -buildvcs=false -ldflags="-s -w" -o /out/${name} ${target}`),
      '', `FROM gcr.io/distroless/${c ? 'base' : 'static'}-debian12:nonroot`,
      ...(folders.length > 0 ? ['WORKDIR /app', ...folders.map((folder) => `COPY ${folder} ${folder}`)] : []),
      `COPY --from=build /out/${name} /${name}`, expose(port), wishes.start === undefined ? `ENTRYPOINT ${json(words)}` : command(words),
    ),
    start: words, port,
    notes: choiceNote(target, others.map((each) => (each === '' ? '.' : `./${each}`))),
  };
}

export const go: Ecosystem = {
  title: 'Go',
  mark: (context) => (context.has('go.mod') ? 'go.mod' : undefined),
  plan,
};
