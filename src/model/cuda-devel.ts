import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import { cudaMajor, cudaRoot } from './cuda.ts';
import type { Dockerfile } from './dockerfile.ts';
import { bringsCompiler, compiledPackage, compiles } from './native.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { isForWork, startsNothing } from './purpose.ts';
import { pythonPackages, requirementFiles } from './python-packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';

/** Words of files whose services compile for the GPU while they run, or have their own use for the toolkit. */
const compilesLater = new RegExp([
  'deepspeed', 'triton', 'vllm', 'sglang', 'flashinfer', 'numba', 'cupy', 'pycuda', '\\bjax', 'tensorrt', '\\btrt', 'torch\\.compile', 'torch_extensions',
  'cpp_extension', 'CUDA_HOME', 'CUDA_PATH', 'TORCH_CUDA_ARCH_LIST', '\\bninja\\b', '\\btvm\\b', 'mlc[-_]', 'exllama', '\\bwarp', 'taichi', 'gsplat', 'unsloth', 'tensorflow', 'xla',
  'paddle', 'rapids', 'cudf', 'jupyter', 'notebook', '\\bsshd?\\b', 'openssh', 'theano', 'mxnet', 'lmdeploy', 'colossalai', 'megatron', 'apex', 'nsight', 'cuda-gdb', 'nvcc\\s+--version',
].join('|'), 'i');

/** Programs that need no compiler, whatever they are told. */
const harmless = new Set([
  'apt-get', 'apt', 'yum', 'dnf', 'pip', 'pip3', 'uv', 'rm', 'mkdir', 'ln', 'echo', 'printf', 'cd', 'set', 'export', 'useradd', 'adduser', 'groupadd', 'addgroup', 'usermod',
  'chown', 'chmod', 'update-alternatives', 'wget', 'curl', 'hf', 'huggingface-cli', 'locale-gen', 'cp', 'mv', 'cat', 'tar', 'unzip', 'add-apt-repository', 'apt-key', 'gpg', 'sed', 'tee',
  'true', 'test', '[', 'id', 'touch', 'ldconfig', 'find', 'dpkg-reconfigure', 'apt-mark', 'locale', 'update-locale', 'python', 'python3', 'apt-cache', 'install', 'tr', 'grep',
]);

/** Runs code that nobody can read here. */
const runsCode = ({ name, words }: Command): boolean =>
  /^(?:python3?)$/.test(name) && !words.some(({ text }) => text === '-c' || text === '--version' || text === '-V');

/** Everything the install brings is a wheel of PyPI that is known by name; a system package is no compiler. */
function isPlainInstall(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): boolean {
  if (invocation.manager.kind === 'system') return !bringsCompiler(invocation) && !invocation.packages.some(({ text }) => /cuda|nvidia|cmake|ninja|-dev$/.test(text));
  if (!invocation.action.startsWith('install')) return invocation.action !== 'build';
  const files = requirementFiles(file, context, invocation);
  const named = pythonPackages(file, undefined, invocation);
  const known = files.length === invocation.manifestFlags.length && named.length === invocation.packages.length;
  const lines = files.flatMap((each) => each.lines);
  return known && invocation.action !== 'install-project' && compiledPackage(file, context, invocation) === undefined &&
    !lines.some((line) => /git\+|^-e|^\.|^-r|file:/.test(line) || compilesLater.test(line)) && named.every(({ version }) => !/git\+|file:/.test(version));
}

function isHarmless(file: Dockerfile, context: BuildContext | undefined, command: Command): boolean {
  if (!harmless.has(command.name) || compiles(command) || runsCode(command)) return false;
  const invocation = readInvocation(command);
  return invocation === undefined ? !/^(?:apt|apt-get|yum|dnf|pip3?|uv)$/.test(command.name) : isPlainInstall(file, context, invocation);
}

/** Builds whose result runs without nvcc: compilers, and packages that compile once. */
const buildsOnce = /^(?:make|cmake|nvcc|gcc|g\+\+|clang|clang\+\+|configure|git|nproc)$/;
const packagesBuiltOnce = new Set(['llama-cpp-python', 'flash-attn']);

/** What the command compiles with, or brings to compile; undefined where it may be anything. */
function builtBy(file: Dockerfile, context: BuildContext | undefined, command: Command): string | undefined {
  if (buildsOnce.test(command.name)) return command.name;
  const invocation = readInvocation(command);
  if (invocation?.manager.kind === 'system') return command.name;
  const own = invocation === undefined ? undefined : compiledPackage(file, context, invocation);
  const alone = invocation?.packages.length === 1 && invocation.manifestFlags.length === 0;
  return own !== undefined && alone && packagesBuiltOnce.has(own) ? own : undefined;
}

/** A development image of CUDA that ships. */
export interface ShippedToolkit {
  readonly stage: Stage;
  /** The image without the toolkit. */
  readonly instead: string;
  /** What compiles here, once, while the image is built; undefined where nothing does. */
  readonly built: string | undefined;
  /** About what the image without the toolkit saves to pull. */
  readonly saves: string;
}

function savesOf(stage: Stage): string {
  const major = cudaMajor(stage);
  return major !== undefined && major < 11 ? 'several hundred megabytes' : 'about 2 GB';
}

/** What compiles among the commands; undefined where one of them may be anything, null where nothing does. */
function builtIn(file: Dockerfile, context: BuildContext | undefined, commands: readonly Command[]): string | null | undefined {
  const rest = commands.filter((command) => !isHarmless(file, context, command)).map((command) => builtBy(file, context, command));
  if (rest.includes(undefined)) return undefined;
  if (rest.length === 0) return null;
  // A compiler that is installed, or sources that are fetched, say nothing of what comes of them.
  return rest.find((name) => name !== undefined && (/^(?:make|cmake|nvcc)$/.test(name) || packagesBuiltOnce.has(name)));
}

/**
 * The development image that what ships begins with, where nothing says that the service compiles when it runs.
 * @returns undefined where something does, or nobody can tell
 */
export function shippedToolkit(file: Dockerfile, context: BuildContext | undefined): ShippedToolkit | undefined {
  const stage = cudaRoot(file.targetStage);
  if (stage?.image === undefined || stage.imageWord === undefined || stage.facts?.variant !== 'devel') return undefined;
  if (compilesLater.test(file.source) || isForWork(file) || startsNothing(file)) return undefined;
  const runs = lineage(file.targetStage).flatMap(({ instructions }) => instructions).filter(({ keyword }) => keyword === 'RUN');
  if (runs.some((run) => file.scripts(run).some(({ unreadable }) => unreadable))) return undefined;
  const built = builtIn(file, context, runs.flatMap((run) => file.commandsOf(run)));
  const text = built === null ? stage.imageWord.raw : stage.image.text;
  const instead = text.replace(/-devel(?=-|$)/, '-runtime');
  if (built === undefined || instead === text) return undefined;
  return { stage, instead, built: built ?? undefined, saves: savesOf(stage) };
}
