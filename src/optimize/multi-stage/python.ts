import { hasFlag, type Command } from '../../dockerfile/command.ts';
import type { Instruction } from '../../dockerfile/instruction.ts';
import { slimOf } from '../../model/bases.ts';
import { bringsCompiler, compiledPackage, compiles } from '../../model/native.ts';
import { readInvocation, type Invocation } from '../../model/packages.ts';
import { startInstructions } from '../../model/privileges.ts';
import { pythonPackages, requirementFiles } from '../../model/python-packages.ts';
import { librariesOfPython } from '../../model/runtime-libraries.ts';
import { compilesAtRunTime } from '../../model/toolchain.ts';
import { isRoot } from '../../model/users.ts';
import { virtualEnvironments } from '../../model/virtualenv.ts';
import { checkHealth, isOnly, kindOf, makesUsersOnly, takeUsers } from './common.ts';
import type { Draft } from './draft.ts';
import { installWhatStays, partPackages } from './packages.ts';

const isInstall = (invocation: Invocation): boolean => invocation.manager.name === 'pip' && invocation.action.startsWith('install');

const elsewhere = ['--user', '--target', '-t', '--prefix', '--root', '--editable', '-e', '--python'];

function checkInstall(draft: Draft, invocation: Invocation): void {
  const { command, action } = invocation;
  const { user } = draft.file.stateAt(command.instruction);
  if (action === 'install-project' || hasFlag(command.words, ...elsewhere)) draft.refuse(command.program, 'What is installed lies outside a virtual environment, or is the project itself.');
  else if (command.conditional) draft.refuse(command.program, 'Whether it runs is decided by the build.');
  else if ([...command.wrappers, command.program].some(({ text }) => /^\/(?!opt\/|venv)/.test(text) || text === 'sudo' || /[$]/.test(text))) {
    draft.refuse(command.program, 'It installs with a certain Python, and not with that of a virtual environment.');
  } else if (user === undefined || !isRoot(user)) draft.refuse(command.program, 'It installs as a plain user.');
}

/** Refuses what the stage of the packages must not do besides. */
function checkBuilder(draft: Draft, runs: readonly Instruction[]): void {
  const environments = new Set(virtualEnvironments(draft.file).map(({ command }) => command));
  for (const command of runs.flatMap((run) => [...draft.file.commandsOf(run)])) {
    const invocation = readInvocation(command);
    const kind = kindOf(command);
    if (invocation !== undefined && isInstall(invocation)) checkInstall(draft, invocation);
    else if (environments.has(command) || kind === 'quiet' || kind === 'system') continue;
    else if (kind === 'removal' && command.words.every(({ text }) => /^-|^\/(?:var\/lib\/apt\/lists|var\/cache|tmp|root\/\.cache)(?:\/|$)/.test(text))) continue;
    else if (kind === 'language' && (invocation?.action === 'clean' || invocation?.action === 'query')) continue;
    else if ((kind === 'user' || kind === 'folder') && isOnly(draft, command.instruction, 'user', 'folder', 'quiet')) {
      if (!makesUsersOnly(draft, command.instruction)) draft.places.set(command.instruction, 'both');
    } else draft.refuse(command.program, `\`${command.program.text.slice(0, 60)}\` may leave files that the program needs when it runs.`);
  }
}

/** Files that only pip reads. */
const manifest = /(?:^|\/)(?:[\w.-]*(?:requirements|constraints)[\w.*-]*\.(?:txt|in)|pyproject\.toml|setup\.(?:py|cfg)|requirements\/?)$/;

function placeCopies(draft: Draft, last: number): void {
  for (const copy of draft.all('COPY', 'ADD').filter(({ index }) => index < last)) {
    const isManifest = copy.words.length > 1 && copy.words.slice(0, -1).every(({ text }) => manifest.test(text));
    if (!isManifest) draft.places.set(copy, 'both');
  }
}

/** The virtual environment that is on the PATH where packages are installed, or one that is made for it. */
function environment(draft: Draft, first: Instruction): string {
  const path = draft.all('ENV').flatMap(({ pairs }) => pairs).filter(({ name }) => name === 'PATH').map(({ value }) => value ?? '');
  const own = virtualEnvironments(draft.file)[0];
  if (own !== undefined) {
    const isUsed = draft.all('ENV').some((each) => each.index < first.index && each.pairs.some(({ name, raw }) => name === 'PATH' && (draft.file.expand(raw ?? '', each) ?? raw ?? '').startsWith(`${own.path}/bin`)));
    const inFull = draft.all('ENV').some((each) => each.index < first.index && each.pairs.some(({ name, value }) => name === 'PATH' && value?.startsWith(`${own.path}/bin`) === true));
    if (!isUsed && !inFull) draft.refuse(own.command.program, 'The virtual environment is not the first on the `PATH` where packages are installed.');
    return own.path;
  }
  if (path.some((value) => !/\$\{?PATH\b/.test(value))) draft.refuse(first, '`PATH` is set as a whole, so a virtual environment would not be on it.');
  const made = '/opt/venv';
  // In front of the files: what changes with them would be made again each time.
  const before = draft.stage.instructions.find(({ index, keyword }) => index <= first.index && (keyword === 'COPY' || keyword === 'ADD' || index === first.index)) ?? first;
  draft.builderFirst = { before, lines: [`RUN python -m venv ${made}`, `ENV PATH=${made}/bin:$PATH`] };
  draft.shippedFirst.push(`ENV PATH=${made}/bin:$PATH`);
  return made;
}

/** The names of all packages that are installed; undefined where the files that list them can't be read. */
function allPackages(draft: Draft, installs: readonly Invocation[]): string[] | undefined {
  const names: string[] = [];
  for (const each of installs) {
    const files = requirementFiles(draft.file, draft.context, each);
    if (files.length < each.manifestFlags.length || files.some(({ lines }) => lines.some((line) => /^-(?:r|c|e|-requirement|-constraint|-editable)|^\.|^\//.test(line)))) return undefined;
    names.push(...pythonPackages(draft.file, draft.context, each).map(({ name }) => name));
  }
  return names;
}

/** The libraries that what is compiled loads from the system. */
function libraries(draft: Draft, installs: readonly Invocation[], leavesFull: boolean, build: readonly string[]): string[] {
  const names = allPackages(draft, installs);
  const [first] = installs;
  const atRunTime = names?.find((name) => compilesAtRunTime.test(name));
  if (first !== undefined && atRunTime !== undefined) draft.refuse(first.command.program, `\`${atRunTime}\` may compile when it runs.`);
  if (leavesFull && first !== undefined) {
    if (names === undefined) draft.refuse(first.command.program, 'Which libraries of the full image the packages need can\'t be told without the files that list them.');
    const own = installs.map((each) => compiledPackage(draft.file, draft.context, each)).find((name) => name !== undefined && !Object.hasOwn(librariesOfPython, name));
    if (own !== undefined) draft.refuse(first.command.program, `Which libraries of the full image \`${own}\` needs can't be told.`);
  }
  const known = (names ?? []).flatMap((name) => (Object.hasOwn(librariesOfPython, name) ? librariesOfPython[name] ?? [] : []));
  if (draft.stage.facts?.distribution === 'alpine') return build.some((name) => /^(?:g\+\+|build-base|alpine-sdk)$/.test(name)) ? ['libstdc++', 'libgomp'] : [];
  // OpenMP comes with the compiler; which packages use it is told by their names alone.
  return [...known, ...(names === undefined ? ['libgomp1'] : [])];
}

/** Refuses a start that needs a compiler, or the Python outside the virtual environment. */
function checkStart(draft: Draft): void {
  for (const each of startInstructions(draft.file)) {
    const scripts = draft.file.scripts(each);
    if (scripts.some(({ unreadable }) => unreadable)) draft.refuse(each, 'What the container starts can\'t be read.');
    for (const command of scripts.flatMap(({ commands }) => [...commands])) checkStarted(draft, command);
  }
}

function checkStarted(draft: Draft, command: Command): void {
  const { text, value } = command.program;
  const words = [command.program, ...command.words];
  const script = words.find((word) => /\.(?:sh|bash)$/.test(word.text));
  if (script !== undefined) {
    const name = script.text.slice(script.text.lastIndexOf('/') + 1);
    const path = draft.context?.files.find((file) => file.endsWith(`/${name}`) || file === name);
    const body = path === undefined ? undefined : draft.context?.read(path);
    if (body === undefined) draft.refuse(script, `What \`${script.text}\` does when the container starts is not known; it may need the compiler.`);
    else if (/\b(?:gcc|g\+\+|make|cmake|pip3?|apt-get|apk|cc)\b/.test(body)) draft.refuse(script, `\`${script.text}\` installs or compiles when the container starts.`);
  } else if (value === undefined && command.name === '') draft.refuse(command.program, 'What the container starts is decided when it runs.');
  else if (text.startsWith('/usr/') || /^(?:supervisord|cron|crond|init|sh|bash|su|sudo)$/.test(command.name)) draft.refuse(command.program, `\`${text}\` may start Python without the virtual environment.`);
  else if (compiles(command)) draft.refuse(command.program, `\`${text}\` compiles when the container starts.`);
}

/** What comes behind the packages stays as it is, in the stage that ships. */
function placeRest(draft: Draft, last: number): void {
  for (const run of draft.runs.filter(({ index }) => index > last)) {
    draft.places.set(run, 'run');
    for (const command of draft.file.commandsOf(run)) {
      const invocation = readInvocation(command);
      const brings = invocation !== undefined && bringsCompiler(invocation);
      if (brings || compiles(command)) draft.refuse(command.program, 'It needs a compiler behind the install of the packages.');
    }
  }
  const runsThere = draft.runs.some((run) => draft.places.get(run) === 'run');
  if (runsThere) for (const each of draft.all('ENV')) if (each.index < last) draft.places.set(each, 'both');
}

/** Python: the packages are installed where the compiler is, into a virtual environment that is copied. */
export function pythonShape(draft: Draft): void {
  const installs = draft.commands.map((command) => readInvocation(command)).filter((each) => each !== undefined).filter(isInstall);
  const first = installs[0]?.command.instruction;
  const last = installs.at(-1)?.command.instruction;
  const other = draft.commands.map((command) => readInvocation(command)).find((each) => each?.manager.kind === 'language' && each.manager.name !== 'pip');
  if (first === undefined || last === undefined || other !== undefined) {
    draft.refuse(other?.command.program ?? draft.stage.from, 'Only packages that `pip` installs can be moved into a virtual environment.');
    return;
  }
  if (/site-packages|\/usr\/local\/lib\/python|\/usr\/local\/bin/.test(draft.file.source)) draft.refuse(draft.stage.from, 'The file names the folders of the system\'s Python.');
  checkBuilder(draft, draft.runs.filter(({ index }) => index <= last.index));
  placeCopies(draft, last.index);
  placeRest(draft, last.index);
  const path = environment(draft, first);
  const raw = draft.stage.imageWord?.raw ?? '';
  const slim = slimOf(raw, draft.stage.image?.text);
  draft.image = slim ?? raw;
  if (slim === undefined && draft.stage.facts?.variant === 'full') draft.refuse(draft.stage.imageWord ?? draft.stage.from, 'The image has no slim twin that is known.');
  const packages = partPackages(draft, false);
  installWhatStays(draft, packages, libraries(draft, installs, slim !== undefined, packages.build));
  takeUsers(draft, ['nobody', 'www-data']);
  checkStart(draft);
  draft.copies.push({ from: path });
  draft.title = 'Install the packages in a stage of its own and ship them without the compiler';
  checkHealth(draft, (program) => /^python3?$/.test(program) || packages.run.includes(program) || (draft.stage.facts?.distribution === 'alpine' && program === 'wget'), true);
}
