import type { BuildContext } from '../context/context.ts';
import { flagValue, hasFlag } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, requirementFiles, type PythonPackage } from './python-packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';
import { definitions } from './variables.ts';

/** Packages so large that a second version of one is gigabytes, or at least hundreds of megabytes. */
const large = new Set(['torch', 'tensorflow', 'tensorflow-cpu', 'tensorflow-gpu', 'jaxlib', 'onnxruntime-gpu']);

/** One install of a large package into the Python of the image. */
export interface LargeInstall {
  readonly package: PythonPackage;
  readonly invocation: Invocation;
  readonly instruction: Instruction;
  /** `2.4.1` where it is pinned; undefined where the index decides. */
  readonly version: string | undefined;
  /** `cpu`, `cu118`: the build, by its version or by PyTorch's own index; undefined where nobody can tell. */
  readonly build: string | undefined;
  /** Nothing but PyPI, or PyTorch's index for CPUs, can give it. */
  readonly fromUsualIndex: boolean;
  /** It is installed even where the same version is there already. */
  readonly forced: boolean;
}

const pytorchIndex = /^https?:\/\/download\.pytorch\.org\/whl\/(cpu|cu\d{2,3})\/?$/;
const otherIndex = ['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--index', '--default-index', '--torch-backend'];
const indexVariable = /^(?:PIP|UV)_(?:(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?|FIND_LINKS|CONFIG_FILE|TORCH_BACKEND|CONSTRAINT)$/;

/** Where the command installs to is not the Python that other installs of the file see. */
function installsElsewhere(file: Dockerfile, { command }: Invocation): boolean {
  if (hasFlag(command.words, '-t', '--target', '--prefix', '--root', '--python', '-p', '--user', '--dry-run')) return true;
  if (command.program.text.includes('/') || command.conditional || command.wrappers.some(({ text }) => !/^(?:python3?|-m)$/.test(text))) return true;
  // An activated or made environment may be another one in each RUN.
  return file.commandsOf(command.instruction).some(({ name, words }) => /^(?:source|\.|activate|deactivate)$/.test(name) || words[0]?.text === 'activate');
}

/** The file works with more than one Python. */
const manyPythons = /\bvirtualenv\b|-m\s+venv\b|\buv\s+venv\b|\b(?:conda|mamba)\s+(?:create|env)\b|\bpyenv\b|\bpipx\b|conda\s+run\b/;

/** The index of PyTorch that alone gives the package. */
const ownIndex = ({ command }: Invocation): string | undefined =>
  hasFlag(command.words, '--extra-index-url', '-f', '--find-links') ? undefined
    : pytorchIndex.exec(flagValue(command.words, '--index-url', '-i', '--default-index')?.text ?? '')?.[1];

function usesOther(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): boolean {
  const { command } = invocation;
  if (hasFlag(command.words, ...otherIndex) || command.assignments.some(({ name }) => indexVariable.test(name))) return true;
  const lines = requirementFiles(file, context, invocation).flatMap((each) => each.lines);
  if (lines.some((line) => line.startsWith('-'))) return true;
  return [...definitions(file.stateAt(command.instruction).definitions)].some(({ name }) => indexVariable.test(name));
}

function largeIn(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): LargeInstall[] {
  const { command, manager } = invocation;
  if ((manager.name !== 'pip' && manager.name !== 'uv') || installsElsewhere(file, invocation)) return [];
  if (!/^(?:pip )?install$/.test(invocation.subcommandKey)) return [];
  return pythonPackages(file, context, invocation).flatMap((each): LargeInstall[] => {
    if (!large.has(each.name) || each.version.includes(';')) return [];
    const pin = /^===?\s*(\d+(?:\.\d+)*)(?:\+(\w+))?$/.exec(each.version);
    if (each.version !== '' && pin === null) return [];
    const index = each.name === 'torch' ? ownIndex(invocation) : undefined;
    const usual = index === 'cpu' || !usesOther(file, context, invocation);
    return [{
      package: each, invocation, instruction: command.instruction, version: pin?.[1], build: pin?.[2] ?? index, fromUsualIndex: usual,
      forced: hasFlag(command.words, '--force-reinstall', '--ignore-installed', '-I', '--reinstall'),
    }];
  });
}

/** The large packages that a stage and those below it install into one and the same Python, in order. */
export function largeInstalls(file: Dockerfile, context: BuildContext | undefined, stage: Stage | undefined): LargeInstall[] {
  const names = context === undefined ? /torch|tensorflow|jaxlib|onnxruntime/ : /torch|tensorflow|jaxlib|onnxruntime|requirement|\.txt/;
  if (!names.test(file.source) || manyPythons.test(file.source)) return [];
  return lineage(stage).toReversed().flatMap(({ instructions }) => instructions)
    .flatMap((each) => pythonInstalls(file, each)).flatMap((each) => largeIn(file, context, each));
}

/** `2.10.0` as numbers; missing parts are 0. */
const parts = (version: string): number[] => version.split('.').map(Number);

function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** A release of torch that is newer than any older pin: what the index gives Python 3.9 and later is at least that. */
const surelyThere = '2.8.0';

/** True when the second install certainly takes the first one away and puts another build in its place. */
export function replaces(first: LargeInstall, second: LargeInstall, pythonIsNew: boolean): boolean {
  if (first.package.name !== second.package.name || first.instruction === second.instruction) return false;
  if (second.forced && second.package.file === undefined) return true;
  if (second.version === undefined) return false;
  if (first.version !== undefined) {
    if (compareVersions(first.version, second.version) !== 0) return true;
    // `==2.4.1` is content with 2.4.1+cpu; `==2.4.1+cu118` is not.
    return first.build !== undefined && /\+/.test(second.package.version) && second.build !== first.build;
  }
  return first.package.name === 'torch' && first.fromUsualIndex && pythonIsNew && compareVersions(second.version, surelyThere) < 0;
}
