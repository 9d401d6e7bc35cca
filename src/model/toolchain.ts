import { hasFlag, type Command, type ShellWord } from '../dockerfile/command.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import { span, type Span } from '../span.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { bringsCompiler } from './native.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { lineage } from './shipped.ts';
import { findStage, type Stage } from './stages.ts';
import { joinPath } from './state.ts';

/** What a build leaves in the stage it runs in, and what the image needs of it. */
export interface Leftover {
  readonly at: Span;
  /** The command or package that says so. */
  readonly what: string;
  /** What ships with the build without need; undefined for a compiler, which is it. */
  readonly tools: string | undefined;
  /** What to copy, and into which image. */
  readonly result: string;
}

interface Kind {
  readonly tools: string;
  readonly result: string;
  /** Subcommands that build what ships; tests and development servers are no such thing. */
  readonly builds: RegExp;
}

const program = 'the program into a slim or distroless image';
const jar = 'the jar into an image with a Java runtime only';
const node = { tools: 'the development packages and the sources', result: 'what was built and the production packages into a slim image', builds: /^(?:run|run-script|build|compile|bundle|dist|prod|deploy)$/ };

const kinds: Readonly<Record<string, Kind>> = {
  go: { tools: 'the Go toolchain and the sources', result: program, builds: /^(?:build|install|get)$/ },
  cargo: { tools: 'the Rust toolchain, the sources and `target`', result: program, builds: /^(?:build|b|install|rustc)$/ },
  maven: { tools: 'Maven, its repository and the sources', result: jar, builds: /^(?:package|install|verify|compile|deploy|.*:(?:repackage|single|war|build))$/ },
  gradle: { tools: 'Gradle, its caches and the sources', result: jar, builds: /^(?:build|assemble\w*|jar|bootJar|bootWar|war|shadowJar|install\w*Dist|distTar|distZip|classes|buildFatJar|quarkusBuild)$/ },
  dotnet: { tools: 'the .NET SDK and the sources', result: 'the published output into the `aspnet` or `runtime` image', builds: /^(?:build|publish)$/ },
  npm: node, yarn: node, pnpm: node, bun: node,
  mix: { tools: 'the sources and build tools of Elixir', result: 'the release into a slim image', builds: /^(?:release|compile|escript\.build)$/ },
};

/** Builders that are no package managers, and the words behind them that mean a build. */
const builders: Readonly<Record<string, Kind>> = {
  stack: { tools: 'GHC and the sources', result: program, builds: /^(?:build|install)$/ },
  cabal: { tools: 'GHC and the sources', result: program, builds: /^(?:v2-|new-)?(?:build|install)$/ },
  swift: { tools: 'the Swift toolchain and the sources', result: program, builds: /^build$/ },
  sbt: { tools: 'sbt, its caches and the sources', result: jar, builds: /^(?:assembly|package|stage|dist|compile)$/ },
  lein: { tools: 'Leiningen and the sources', result: jar, builds: /^(?:uberjar|jar)$/ },
  ant: { tools: 'Ant and the sources', result: jar, builds: /^/ },
  javac: { tools: 'the Java compiler and the sources', result: jar, builds: /^/ },
  crystal: { tools: 'the Crystal compiler and the sources', result: program, builds: /^build$/ },
  zig: { tools: 'the Zig compiler and the sources', result: program, builds: /^build/ },
  dart: { tools: 'the Dart SDK and the sources', result: program, builds: /^compile$/ },
};

const nodeManagers = new Set(['npm', 'yarn', 'pnpm', 'bun']);

const word = ({ command, subcommand }: Invocation): Span => span(command.program.span.start, Math.max(command.program.span.end, subcommand?.span.end ?? 0));

/** The later part of the same RUN takes packages away again: the tools may be gone with them. */
function isRemovedAgain(file: Dockerfile, command: Command): boolean {
  const commands = file.commandsOf(command.instruction);
  return commands.slice(commands.indexOf(command) + 1).some((later) => {
    const invocation = readInvocation(later);
    if (invocation?.action === 'remove' || later.name === 'dpkg') return true;
    return later.name === 'rm' && later.words.some(({ text }) => /^(?:\/usr\/local\/(?:go|cargo|rustup)|\/usr\/lib\/go|.*node_modules)\b/.test(text));
  });
}

const omitsDevelopment = (file: Dockerfile, { command }: Invocation): boolean =>
  hasFlag(command.words, '--production', '--prod', '-P', '--omit', '--only') || file.stateAt(command.instruction).lookup('NODE_ENV') === 'production';

/** Development packages of Node are installed in the image, and stay there. */
const shipsDevelopmentPackages = (file: Dockerfile, runs: readonly Instruction[]): boolean =>
  runs.some((run) => file.commandsOf(run).some((command) => {
    const invocation = readInvocation(command);
    return invocation !== undefined && nodeManagers.has(invocation.manager.name) && invocation.action === 'install-manifest' && invocation.packages.length === 0 &&
      !omitsDevelopment(file, invocation) && !isRemovedAgain(file, command);
  }));

/** The word that names a script that builds: the `build:prod` of `npm run build:prod`, none of `npm run test`. */
const buildScript = ({ command, subcommand, subcommandKey }: Invocation): ShellWord | undefined => {
  if (!/^(?:run|run-script)$/.test(subcommandKey) || subcommand === undefined) return subcommand;
  const behind = command.words.slice(command.words.indexOf(subcommand) + 1);
  return behind.find(({ text }) => /^(?:[\w-]+:)?(?:build|compile|bundle|dist|prod|generate)(?:[:-]|$)/.test(text));
};

function leftByBuilder(command: Command): Leftover | undefined {
  const kind = Object.hasOwn(builders, command.name) ? builders[command.name] : undefined;
  const goal = kind === undefined ? undefined : command.words.find(({ text }) => !text.startsWith('-') && kind.builds.test(text));
  if (kind === undefined || goal === undefined || command.conditional) return undefined;
  const what = kind.builds.source === '^' ? command.name : `${command.name} ${goal.text}`;
  return { at: span(command.program.span.start, what === command.name ? command.program.span.end : goal.span.end), what, tools: kind.tools, result: kind.result };
}

function leftByBuild(file: Dockerfile, command: Command, runs: readonly Instruction[]): Leftover | undefined {
  const invocation = readInvocation(command);
  const kind = invocation !== undefined && Object.hasOwn(kinds, invocation.manager.name) ? kinds[invocation.manager.name] : undefined;
  if (invocation === undefined || kind === undefined || command.conditional || isRemovedAgain(file, command)) return undefined;
  const { manager, action, subcommandKey } = invocation;
  const builds = action === 'build' || (action === 'install-project' && manager.kind === 'language') || (action === 'install-named' && /^(?:cargo|go)$/.test(manager.name));
  if (!builds || !kind.builds.test(subcommandKey)) return undefined;
  if (!nodeManagers.has(manager.name)) return { at: word(invocation), what: `${command.name} ${subcommandKey}`, tools: kind.tools, result: kind.result };
  const script = buildScript(invocation);
  if (script === undefined || !shipsDevelopmentPackages(file, runs)) return undefined;
  const what = script.text === subcommandKey ? subcommandKey : `${subcommandKey} ${script.text}`;
  return { at: span(command.program.span.start, script.span.end), what: `${command.name} ${what}`, tools: kind.tools, result: kind.result };
}

/** What compiles when it runs: with it, a compiler is no leftover. */
const compilesAtRunTime = /\b(?:torch|triton|vllm|sglang|deepspeed|flash-attn|numba|jax|cython|tvm|mlc-llm|theano|pythran|cffi|torchserve|cupy|dkms)\b/i;

function leftCompiler(file: Dockerfile, command: Command): Leftover | undefined {
  const invocation = readInvocation(command);
  if (invocation === undefined || command.conditional || !bringsCompiler(invocation) || isRemovedAgain(file, command)) return undefined;
  const found = invocation.packages.find((each) => bringsCompiler({ ...invocation, packages: [each] }));
  if (found === undefined) return undefined;
  return { at: found.span, what: found.text, tools: undefined, result: 'what was built, such as a virtual environment, into an image without it' };
}

/**
 * The first thing in the stages that ship which belongs into a build stage.
 * @returns a build, or else a compiler that is installed to stay; undefined for none
 */
export function leftover(file: Dockerfile): Leftover | undefined {
  const runs = lineage(file.targetStage).reverse().flatMap((stage) => stage.instructions.filter(({ keyword }) => keyword === 'RUN'));
  const commands = runs.flatMap((run) => file.commandsOf(run));
  for (const command of commands) {
    const found = leftByBuild(file, command, runs) ?? leftByBuilder(command);
    if (found !== undefined) return found;
  }
  if (compilesAtRunTime.test(file.source)) return undefined;
  for (const command of commands) {
    const found = leftCompiler(file, command);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A stage that is built on another one and copies from it what it has already: the other was to be left behind. */
export interface VoidStage {
  readonly stage: Stage;
  readonly from: Stage;
}

const runsSomething = (stage: Stage): boolean => lineage(stage).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'RUN'));

function copiesSamePlace(file: Dockerfile, copy: Instruction): boolean {
  const to = destination(file, copy)?.path;
  return to !== undefined && copy.words.slice(0, -1).some((source) => {
    const text = file.expand(source.raw, copy);
    return text !== undefined && joinPath('/', text) === to;
  });
}

/** The first stage of the image that copies from a stage it is built on. */
export function voidStage(file: Dockerfile): VoidStage | undefined {
  for (const stage of lineage(file.targetStage).reverse()) {
    for (const copy of stage.instructions) {
      const from = copy.keyword === 'COPY' ? flag(copy, 'from')?.value : undefined;
      const source = from === undefined ? undefined : findStage(file.stages, from, stage.index);
      if (source === undefined || !lineage(stage.parent).includes(source)) continue;
      if (runsSomething(source) && copiesSamePlace(file, copy)) return { stage, from: source };
    }
  }
  return undefined;
}
