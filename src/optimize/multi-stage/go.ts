import { flagValue, type Command } from '../../dockerfile/command.ts';
import { debianReleases } from '../../model/bases/tag.ts';
import { lowPort } from '../../model/privileges.ts';
import { readInvocation } from '../../model/packages.ts';
import { textAt } from '../../span.ts';
import { copyAlso, copyAssets, dropIdleWorkdir } from './assets.ts';
import { checkHealth, leaveUsers, plainUser, settleEnvironment, takeUsers } from './common.ts';
import type { Draft } from './draft.ts';
import { checkBuilder, inFolder, isMade, isMoved, type Made } from './program.ts';

const isSource = (path: string): boolean => /\.(?:go|proto|sum|work|s|c|h)$|(?:^|\/)go\.mod$/.test(path);

const builds = (command: Command): boolean => {
  const invocation = readInvocation(command);
  return invocation?.manager.name === 'go' && /^(?:build|install|get)$/.test(invocation.subcommandKey);
};

/** Where a `go build`, `go install` or `go get` puts programs. */
function madeBy(draft: Draft, command: Command): Made {
  const invocation = readInvocation(command);
  if (invocation?.subcommandKey !== 'build') {
    const { lookup } = draft.file.stateAt(command.instruction);
    const own = lookup('GOBIN') ?? (lookup('GOPATH') === undefined || lookup('GOPATH') === null ? '/go/bin' : `${lookup('GOPATH') ?? ''}/bin`);
    return { path: undefined, folder: own };
  }
  const target = flagValue(command.words, '-o', '--o');
  if (target === undefined) return { path: undefined, folder: inFolder(draft, command, invocation.directory?.text ?? '.') };
  const text = target.value ?? draft.file.expand(textAt(draft.file.source, target.span), command.instruction);
  const path = text === undefined ? undefined : inFolder(draft, command, text);
  return text?.endsWith('/') === true || text === '.' ? { path: undefined, folder: path } : { path, folder: path };
}

/** Go 1.20 and later do without C where there is no compiler, as in the images on Alpine (go.dev/doc/go1.20#cgo). */
function hasNoCompiler(draft: Draft, { instruction }: Command): boolean {
  const { facts, image } = draft.stage;
  const brings = draft.commands.some((each) => {
    const invocation = readInvocation(each);
    return invocation?.manager.kind === 'system' && invocation.packages.some(({ text }) => /^(?:gcc|g\+\+|clang|build-base|alpine-sdk|tcc)/.test(text));
  });
  const { lookup } = draft.file.stateAt(instruction);
  return facts?.distribution === 'alpine' && /^(?:1\.[2-9]\d[.-]|1-|alpine)/.test(image?.tag ?? '') && !brings && typeof lookup('CC') !== 'string' && typeof lookup('CGO_ENABLED') !== 'string';
}

/** True for a build without C: `CGO_ENABLED=0` by ENV, in front of the command or exported; or linked statically. */
function isStatic(draft: Draft, command: Command): boolean {
  const { file } = draft;
  const own = [...command.wrappers.map(({ text }) => text), ...command.assignments.map(({ name, value }) => `${name}=${value?.text ?? ''}`)];
  const script = file.scripts(command.instruction).find((each) => each.commands.includes(command));
  const exported = script?.commands.some(({ name, words, span }) => name === 'export' && span.start < command.span.start && words.some(({ text }) => text === 'CGO_ENABLED=0')) === true;
  const isOn = own.includes('CGO_ENABLED=1') || own.includes('CGO_ENABLED=') || /-buildmode[= ](?:plugin|c-shared|shared)/.test(textAt(file.source, command.span));
  if (isOn) return false;
  return own.includes('CGO_ENABLED=0') || exported || hasNoCompiler(draft, command) || file.stateAt(command.instruction).lookup('CGO_ENABLED') === '0' || /-extldflags[= ]\\?["']?-static\b/.test(textAt(file.source, command.span));
}

/** The newest Debian that is stable; a program runs on the C library it was built with, and on newer ones. */
const newestDebian = 'trixie';

/** The slim Debian a program of this image runs on; undefined where the image's own release can't be told. */
export function debianFor(draft: Draft, isOlder: RegExp): string | undefined {
  const { facts, image } = draft.stage;
  if (facts?.distribution !== 'debian' && facts?.distribution !== undefined) return undefined;
  const known = facts?.release !== undefined && [...debianReleases.values()].includes(facts.release) ? facts.release : undefined;
  if (known !== undefined) return `debian:${known}-slim`;
  return image?.tag !== undefined && isOlder.test(image.tag) ? `debian:${newestDebian}-slim` : undefined;
}

/** What a program takes from the system that the slim image lacks. */
export const certificates = (packages: readonly string[] = []): string =>
  `RUN apt-get update && apt-get install -y --no-install-recommends ${['ca-certificates', ...packages].join(' ')} && rm -rf /var/lib/apt/lists/*`;

/** Ships on an image without libraries and shell, as a user that is not root. */
export function shipStatic(draft: Draft): void {
  draft.image = draft.images.static;
  draft.title = `Build in a stage of its own and ship \`${draft.image}\``;
  const isScratch = draft.image === 'scratch';
  for (const each of draft.all('CMD', 'ENTRYPOINT')) {
    if (each.json === undefined) draft.refuse(each, `\`${each.keyword}\` needs a shell, which \`${draft.image}\` lacks: write it as a JSON array.`);
  }
  leaveUsers(draft);
  settleEnvironment(draft);
  for (const [each, place] of draft.places) {
    if (each.keyword === 'RUN' && place === 'both') draft.refuse(each, `\`${draft.image}\` has no shell to make this folder with.`);
  }
  if (plainUser(draft) === undefined) {
    const port = lowPort(draft.file);
    if (port !== undefined) draft.refuse(draft.stage.from, `Port ${port} is open to root only, and the program would run as another user.`);
  }
  for (const each of draft.all('VOLUME')) draft.refuse(each, 'Who owns the volume can\'t be told, and the program would run as another user.');
  if (isScratch) {
    copyAlso(draft, '/etc/ssl/certs/ca-certificates.crt');
    draft.shippedFirst.push('USER 65532:65532');
  }
}

/** Ships on Debian's slim image, for a program that is linked with the C library. */
export function shipOnDebian(draft: Draft, image: string, packages: readonly string[] = []): void {
  draft.image = image;
  draft.title = `Build in a stage of its own and ship \`${image}\``;
  draft.shippedFirst.push(certificates(packages));
  takeUsers(draft, ['nobody', 'www-data']);
  settleEnvironment(draft);
}

/** The program's path, where it is started by one; a bare name stands for a program in one of the folders. */
export function startPath(draft: Draft, command: Command, folders: readonly string[], made: readonly Made[]): string | undefined {
  const { text } = command.program;
  if (text.includes('/')) return inFolder(draft, command, text);
  return folders.map((folder) => `${folder}/${text}`).find((path) => isMade(draft, path, made));
}

/** Copies the program, and those that are built beside it: it may start them. */
function copyPrograms(draft: Draft, path: string, commands: readonly Command[], made: readonly Made[], bare: boolean): void {
  const folder = path.slice(0, path.lastIndexOf('/'));
  const onPath = bare && folder.startsWith('/go/') ? '/usr/local/bin' : folder;
  const isMany = (command: Command): boolean => command.words.some(({ text }) => text.endsWith('...'));
  const several = commands.find((command, index) => isMany(command) && made[index]?.folder !== folder);
  if (several !== undefined) draft.refuse(several.program, 'It builds several programs, and which of them are needed can\'t be told.');
  if (commands.some(isMany)) copyAlso(draft, folder, onPath);
  else copyAlso(draft, path, `${onPath}/${path.slice(folder.length + 1)}`);
  for (const each of made) {
    if (each.path === undefined && commands.length > 1 && each.folder !== folder) draft.refuse(draft.stage.from, 'Several programs are built, and which of them are needed can\'t be told.');
    if (each.path !== undefined && each.path !== path && commands.length > 1 && !isMoved(draft, each.path)) copyAlso(draft, each.path);
  }
}

/** Tools that call `go` when they run, or read what it has installed. */
const callsGo = new Set([
  'goose', 'air', 'dlv', 'mage', 'gopls', 'golangci-lint', 'ginkgo', 'gotestsum', 'reflex', 'CompileDaemon', 'gox', 'goreleaser', 'wire', 'swag', 'mockgen', 'staticcheck',
  'ko', 'fresh', 'gin', 'realize', 'govulncheck', 'gosec', 'stringer', 'xk6', 'xcaddy', 'godoc', 'pkgsite', 'gore', 'yaegi', 'gomobile', 'fyne', 'wails', 'task',
]);

/** One program that Go makes. */
export function goShape(draft: Draft): void {
  const start = draft.start();
  const commands = draft.commands.filter(builds);
  const made = commands.map((command) => madeBy(draft, command));
  checkBuilder(draft, new Set(['go']));
  if (start === undefined) return;
  const { command } = start;
  const path = startPath(draft, command, ['/go/bin', '/usr/local/bin', '/usr/bin', '/bin'], made);
  if (path === undefined || !isMade(draft, path, made)) {
    draft.refuse(command.program, `Which build makes \`${command.program.text}\` can't be told.`);
    return;
  }
  if (callsGo.has(command.name)) draft.refuse(command.program, `\`${command.name}\` calls \`go\` when it runs.`);
  copyAssets(draft, isSource);
  if (commands.every((each) => isStatic(draft, each))) shipStatic(draft);
  else {
    // Go 1.27 and later may be built on a newer Debian.
    const image = debianFor(draft, /^1(?:\.(?:\d|1\d|2[0-6])(?:\.\d+)?)$/);
    if (image === undefined) draft.refuse(draft.stage.imageWord ?? draft.stage.from, 'The program is linked with C libraries (`CGO_ENABLED=0` is not set), and which release they are of can\'t be told from the tag.');
    else shipOnDebian(draft, image, ['tzdata']);
  }
  const bare = !command.program.text.includes('/');
  copyPrograms(draft, path, commands, made, bare);
  dropIdleWorkdir(draft, bare || command.program.text.startsWith('/'));
  checkHealth(draft, (program) => program === command.name, draft.image.startsWith('debian:'));
}
