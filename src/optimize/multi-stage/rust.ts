import { flagValue, hasFlag, type Command } from '../../dockerfile/command.ts';
import { readInvocation } from '../../model/packages.ts';
import { copyAlso, copyAssets, dropIdleWorkdir } from './assets.ts';
import { checkHealth } from './common.ts';
import type { Draft } from './draft.ts';
import { debianFor, shipOnDebian, shipStatic, startPath } from './go.ts';
import { checkBuilder, inFolder, isMade, type Made } from './program.ts';

const isSource = (path: string): boolean => /\.rs$|(?:^|\/)(?:src|target|benches|examples|\.cargo)\/|(?:^|\/)(?:Cargo\.(?:toml|lock)|rust-toolchain(?:\.toml)?|rustfmt\.toml|clippy\.toml|deny\.toml|cross\.toml)$/i.test(path);

/** Crates of this kind that link nothing of the system beyond what every Debian image has: C sources of their own, or another system's calls. */
const ownSources = new RegExp(`^(?:${[
  'windows', 'linux-raw', 'js', 'web', 'core-foundation', 'security-framework', 'io-kit', 'zstd', 'aws-lc', 'tikv-jemalloc', 'jemalloc', 'libmimalloc', 'lzma', 'bzip2', 'libz', 'libz-ng',
  'inotify', 'fsevent', 'kqueue', 'objc', 'objc2', 'ndk', 'dirs', 'secp256k1', 'ittapi', 'libgit2', 'libssh2', 'lz4', 'brotli', 'openssl', 'wasi', 'core-graphics', 'coreaudio', 'mach', 'renderdoc', 'hermit',
].join('|')})-sys$`);

const builds = (command: Command): boolean => {
  const invocation = readInvocation(command);
  return invocation?.manager.name === 'cargo' && /^(?:build|b|install)$/.test(invocation.subcommandKey);
};

/** Where a `cargo build` or `cargo install` puts programs. */
function madeBy(draft: Draft, command: Command): Made {
  const { words, instruction } = command;
  const { lookup } = draft.file.stateAt(instruction);
  if (readInvocation(command)?.subcommandKey === 'install') {
    const root = flagValue(words, '--root');
    return { path: undefined, folder: root === undefined ? '/usr/local/cargo/bin' : inFolder(draft, command, `${root.value ?? '$'}/bin`) };
  }
  const target = flagValue(words, '--target')?.value;
  const folder = flagValue(words, '--target-dir')?.value ?? lookup('CARGO_TARGET_DIR') ?? 'target';
  const profile = flagValue(words, '--profile')?.value ?? (hasFlag(words, '--release', '-r') ? 'release' : 'debug');
  return { path: undefined, folder: inFolder(draft, command, [folder, ...(target === undefined ? [] : [target]), profile === 'dev' ? 'debug' : profile].join('/')) };
}

const isMusl = (draft: Draft, command: Command): boolean =>
  (draft.stage.facts?.distribution === 'alpine' || /-musl(?:eabi(?:hf)?)?$/.test(flagValue(command.words, '--target')?.value ?? '')) && !/crt-static/.test(draft.file.source);

/** The system's libraries the program is linked with; refuses where the lock file doesn't tell. */
function libraries(draft: Draft): string[] {
  const at = draft.stage.imageWord ?? draft.stage.from;
  const lock = draft.context?.sends('Cargo.lock') === true ? draft.context.read('Cargo.lock') : undefined;
  if (lock === undefined) {
    draft.refuse(at, 'Which libraries the program is linked with can\'t be told without `Cargo.lock`.');
    return [];
  }
  const names = [...lock.matchAll(/^name = "([^"]+)"/gm)].map((match) => match[1] ?? '');
  const unknown = names.find((name) => /[-_]sys$/.test(name) && !ownSources.test(name));
  if (unknown !== undefined) draft.refuse(at, `Which library \`${unknown}\` is linked with can't be told.`);
  if (!names.includes('openssl-sys') || names.includes('openssl-src')) return [];
  if (draft.stage.facts?.release === undefined) draft.refuse(at, 'The program is linked with OpenSSL, and which release of Debian it is of can\'t be told from the tag.');
  return ['openssl'];
}

/** Refuses a project of several programs: one may start another. */
function checkSeveral(draft: Draft): void {
  const manifest = draft.context?.read('Cargo.toml') ?? '';
  const programs = (manifest.match(/^\[\[bin\]\]/gm) ?? []).length;
  const files = draft.context?.files.filter((path) => /^src\/bin\/[^/]+(?:\.rs|\/main\.rs)$/.test(path)).length ?? 0;
  if (programs > 1 || files > 1 || /^\[workspace\]/m.test(manifest)) draft.refuse(draft.stage.from, 'Several programs are built, and which of them are needed can\'t be told.');
}

/** One program that Cargo makes. */
export function rustShape(draft: Draft): void {
  const start = draft.start();
  const commands = draft.commands.filter(builds);
  const made = commands.map((command) => madeBy(draft, command));
  checkBuilder(draft, new Set(['cargo']), /^libssl-dev$/);
  if (start === undefined) return;
  const { command } = start;
  const path = startPath(draft, command, ['/usr/local/cargo/bin', '/usr/local/bin', '/usr/bin'], made);
  if (path === undefined || !isMade(draft, path, made)) {
    draft.refuse(command.program, `Which build makes \`${command.program.text}\` can't be told.`);
    return;
  }
  const readsSources = draft.all('COPY', 'ADD').some(({ index }) => index < (draft.runs.at(-1)?.index ?? -1));
  if (draft.context === undefined && readsSources) draft.refuse(draft.stage.from, 'Which of the copied files the program reads can\'t be told without the build context.');
  checkSeveral(draft);
  copyAssets(draft, isSource);
  if (commands.every((each) => isMusl(draft, each))) shipStatic(draft);
  else {
    const image = draft.stage.facts?.distribution === 'alpine' ? undefined : debianFor(draft, /^1\.(?:[1-8]?\d|9[0-5])(?:\.\d+)?(?:-slim)?$/);
    const packages = libraries(draft);
    if (image === undefined) draft.refuse(draft.stage.imageWord ?? draft.stage.from, 'Which release of the C library the program is linked with can\'t be told from the tag.');
    else shipOnDebian(draft, image, packages);
  }
  const bare = !command.program.text.includes('/');
  copyAlso(draft, path, bare && path.startsWith('/usr/local/cargo/') ? `/usr/local/bin/${command.program.text}` : undefined);
  dropIdleWorkdir(draft, bare || command.program.text.startsWith('/'));
  checkHealth(draft, (program) => program === command.name, draft.image.startsWith('debian:'));
}
