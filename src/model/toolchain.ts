import { hasFlag, type Command, type ShellWord } from '../dockerfile/command.ts';
import { span, type Span } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import { bringsCompiler } from './native.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { lineage } from './shipped.ts';

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

const intoSlim = 'the program into a slim or distroless image';
const withJava = 'the jar into an image with a Java runtime only';
const node: Kind = {
  tools: 'the development packages and the sources',
  result: 'what was built and the production packages into a slim image',
  builds: /^(?:run|run-script|build|compile|bundle|dist|prod|deploy)$/,
};

const managers: Readonly<Record<string, Kind>> = {
  go: { tools: 'the Go toolchain and the sources', result: intoSlim, builds: /^(?:build|install|get)$/ },
  cargo: { tools: 'the Rust toolchain, the sources and `target`', result: intoSlim, builds: /^(?:build|b|install|rustc)$/ },
  maven: {
    tools: 'Maven, its repository and the sources', result: withJava,
    builds: /^(?:package|install|verify|compile|deploy|.*:(?:repackage|single|war|build))$/,
  },
  gradle: {
    tools: 'Gradle, its caches and the sources', result: withJava,
    builds: /^(?:build|assemble\w*|jar|bootJar|bootWar|war|shadowJar|install\w*Dist|distTar|distZip|classes|buildFatJar|quarkusBuild)$/,
  },
  dotnet: { tools: 'the .NET SDK and the sources', result: 'the published output into the `aspnet` or `runtime` image', builds: /^(?:build|publish)$/ },
  mix: { tools: 'the sources and build tools of Elixir', result: 'the release into a slim image', builds: /^(?:release|compile|escript\.build)$/ },
  npm: node, yarn: node, pnpm: node, bun: node,
};

/** Builders that are no package managers, and the words behind them that mean a build. */
const builders: Readonly<Record<string, Kind>> = {
  stack: { tools: 'GHC and the sources', result: intoSlim, builds: /^(?:build|install)$/ },
  cabal: { tools: 'GHC and the sources', result: intoSlim, builds: /^(?:v2-|new-)?(?:build|install)$/ },
  swift: { tools: 'the Swift toolchain and the sources', result: intoSlim, builds: /^build$/ },
  crystal: { tools: 'the Crystal compiler and the sources', result: intoSlim, builds: /^build$/ },
  zig: { tools: 'the Zig compiler and the sources', result: intoSlim, builds: /^build/ },
  dart: { tools: 'the Dart SDK and the sources', result: intoSlim, builds: /^compile$/ },
  sbt: { tools: 'sbt, its caches and the sources', result: withJava, builds: /^(?:assembly|package|stage|dist|compile)$/ },
  lein: { tools: 'Leiningen and the sources', result: withJava, builds: /^(?:uberjar|jar)$/ },
};

const isNode = ({ manager }: Invocation): boolean => managers[manager.name] === node;

const removedPlace = /^(?:\/usr\/local\/(?:go|cargo|rustup)|\/usr\/lib\/go|.*node_modules)\b/;

/** The later part of the same RUN takes packages away again: the tools may be gone with them. */
function isRemovedAgain(file: Dockerfile, command: Command): boolean {
  const commands = file.commandsOf(command.instruction);
  return commands.slice(commands.indexOf(command) + 1).some((later) =>
    readInvocation(later)?.action === 'remove' || later.name === 'dpkg' || (later.name === 'rm' && later.words.some(({ text }) => removedPlace.test(text))));
}

const omitsDevelopment = (file: Dockerfile, { command }: Invocation): boolean =>
  hasFlag(command.words, '--production', '--prod', '-P', '--omit', '--only') || file.stateAt(command.instruction).lookup('NODE_ENV') === 'production';

/** An install that brings development packages of Node to stay. */
const bringsDevelopmentPackages = (file: Dockerfile, invocation: Invocation): boolean =>
  isNode(invocation) && invocation.action === 'install-manifest' && invocation.packages.length === 0 &&
  !omitsDevelopment(file, invocation) && !isRemovedAgain(file, invocation.command);

const buildWord = /^(?:[\w-]{1,40}:)?(?:build|compile|bundle|dist|prod|generate)(?:[:-]|$)/;

/** The word that names a script that builds: the `build:prod` of `npm run build:prod`, none of `npm run test`. */
function buildScript({ command, subcommand, subcommandKey }: Invocation): ShellWord | undefined {
  if (!/^(?:run|run-script)$/.test(subcommandKey) || subcommand === undefined) return subcommand;
  return command.words.slice(command.words.indexOf(subcommand) + 1).find(({ text }) => buildWord.test(text));
}

/** Installs that compile what they install: `cargo install NAME`. */
const installsFromSource = ({ manager, action }: Invocation): boolean =>
  action === 'install-project' || (action === 'install-named' && /^(?:cargo|go)$/.test(manager.name));

function leftByManager(file: Dockerfile, invocation: Invocation, development: boolean): Leftover | undefined {
  const { manager, command, subcommand, subcommandKey, action } = invocation;
  const kind = Object.hasOwn(managers, manager.name) ? managers[manager.name] : undefined;
  if (kind === undefined || !kind.builds.test(subcommandKey) || !(action === 'build' || installsFromSource(invocation))) return undefined;
  const script = isNode(invocation) ? buildScript(invocation) : subcommand;
  if ((isNode(invocation) && (!development || script === undefined)) || isRemovedAgain(file, command)) return undefined;
  const words = script === undefined || script === subcommand ? subcommandKey : `${subcommandKey} ${script.text}`;
  const end = Math.max(command.program.span.end, script?.span.end ?? 0);
  return { at: span(command.program.span.start, end), what: `${command.name} ${words}`, tools: kind.tools, result: kind.result };
}

function leftByBuilder({ name, words, program }: Command): Leftover | undefined {
  const kind = Object.hasOwn(builders, name) ? builders[name] : undefined;
  const goal = words.find(({ text }) => kind?.builds.test(text) === true);
  if (kind === undefined || goal === undefined) return undefined;
  return { at: span(program.span.start, goal.span.end), what: `${name} ${goal.text}`, tools: kind.tools, result: kind.result };
}

/** What compiles when it runs: with it, a compiler is no leftover. */
export const compilesAtRunTime = /\b(?:torch|triton|vllm|sglang|deepspeed|flash-attn|numba|jax|cython|tvm|mlc-llm|theano|pythran|cffi|torchserve|cupy|dkms)\b/i;

/** What an install that may compile leaves to be copied, by its manager. */
const compiled: Readonly<Record<string, string>> = {
  pip: ', such as a virtual environment', uv: ', such as a virtual environment', poetry: ', such as a virtual environment', pipenv: ', such as a virtual environment',
  npm: ', such as `node_modules`', yarn: ', such as `node_modules`', pnpm: ', such as `node_modules`', bundler: ', such as the gems', gem: ', such as the gems',
};

function leftCompiler(file: Dockerfile, invocation: Invocation, all: readonly Invocation[]): Leftover | undefined {
  if (!bringsCompiler(invocation) || isRemovedAgain(file, invocation.command)) return undefined;
  const found = invocation.packages.find((each) => bringsCompiler({ ...invocation, packages: [each] }));
  const kind = all.map(({ manager }) => compiled[manager.name]).find((each) => each !== undefined);
  const result = `what was built${kind === undefined ? '' : `${kind},`} into an image without it`;
  return found && { at: found.span, what: found.text, tools: undefined, result };
}

/** The first answer that is one. */
function firstOf<Item, Answer>(items: readonly Item[], ask: (item: Item) => Answer | undefined): Answer | undefined {
  for (const item of items) {
    const answer = ask(item);
    if (answer !== undefined) return answer;
  }
  return undefined;
}

/**
 * The first thing in the stages that ship which belongs into a build stage.
 * @returns a build, or else a compiler that is installed to stay; undefined for none
 */
export function leftover(file: Dockerfile): Leftover | undefined {
  const runs = lineage(file.targetStage).toReversed().flatMap(({ instructions }) => instructions.filter(({ keyword }) => keyword === 'RUN'));
  const commands = runs.flatMap((run) => file.commandsOf(run)).filter(({ conditional }) => !conditional);
  const invocations = commands.map((command) => readInvocation(command)).filter((each) => each !== undefined);
  const development = invocations.some((each) => bringsDevelopmentPackages(file, each));
  const build = firstOf(invocations, (each) => leftByManager(file, each, development)) ?? firstOf(commands, leftByBuilder);
  if (build !== undefined || compilesAtRunTime.test(file.source)) return build;
  return firstOf(invocations, (each) => leftCompiler(file, each, invocations));
}
