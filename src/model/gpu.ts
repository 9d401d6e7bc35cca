import type { BuildContext } from '../context/context.ts';
import { flag } from '../dockerfile/instruction.ts';
import { isCudaImage } from './bases.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, requirementFiles, type PythonPackage } from './python-packages.ts';
import { lineage, pathsIntoImage } from './shipped.ts';
import type { Stage } from './stages.ts';
import { definitions } from './variables.ts';

/** Packages whose wheel on PyPI brings CUDA, or is made for it, and what does the same on a CPU. */
const cudaPackages: ReadonlyMap<string, string | undefined> = new Map([
  ['torch', undefined], ['torchvision', undefined], ['torchaudio', undefined],
  ['tensorflow', 'tensorflow-cpu'], ['tensorflow-gpu', 'tensorflow-cpu'], ['onnxruntime-gpu', 'onnxruntime'],
]);

export const isTorch = (name: string): boolean => /^torch(?:vision|audio)?$/.test(name);

/** What says that the image is to run on a GPU or another accelerator, or that somebody thought of it. */
const evidence = new RegExp([
  '\\bcu(?:da|dnn|blas|1[0-3]\\d)', 'nvidia', '\\bgpus?\\b', '_gpu', 'gpu_', 'rocm', '\\bhip\\b', 'tensorrt', '\\btriton', 'vllm', 'sglang', 'flash[-_]attn',
  'bitsandbytes', 'xformers', 'deepspeed', 'gptq', 'autoawq', '\\bcupy', 'habana', 'gaudi', '\\b[hxn]pu\\b', '\\btpu\\b', 'neuron', 'ascend', 'openvino',
  '\\bipex\\b', '\\bapex\\b', 'download\\.pytorch\\.org',
].join('|'), 'i');

/** True when the file, its name or its base image speaks of an accelerator; a package made for one is no such word by itself. */
function speaksOfGpu(file: Dockerfile): boolean {
  const text = file.source.replace(/\b(?:tensorflow|onnxruntime)-gpu\b/gi, '');
  return evidence.test(file.path) || evidence.test(text) || [...file.neededStages].some(({ facts }) => isCudaImage(facts));
}

const indexFlag = /^(?:-i|--index-url|--extra-index-url|-f|--find-links|--default-index|--index|--torch-backend|--no-index|--config-settings?)(?:=|$)/;
const indexVariable = /^(?:PIP|UV)_(?:(?:EXTRA_|DEFAULT_)?INDEX(?:_URL)?|FIND_LINKS|CONFIG_FILE|TORCH_BACKEND)$/;
const settingsFile = /pip\.conf|pip3? config set|uv\.toml/;

/** The command, its requirements or the environment name another index than PyPI. */
function usesOtherIndex(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): boolean {
  const { command } = invocation;
  if (command.words.some(({ text }) => indexFlag.test(text)) || command.assignments.some(({ name }) => indexVariable.test(name))) return true;
  if (requirementFiles(file, context, invocation).some(({ lines }) => lines.some((line) => indexFlag.test(line.split(/[\s=]/, 1)[0] ?? '')))) return true;
  return [...definitions(file.stateAt(command.instruction).definitions)].some(({ name }) => indexVariable.test(name));
}

/** Where Python packages may lie that a later stage copies. */
const packagePlace = /venv|site-packages|python|\.local|\/usr\/local|\/opt|install|conda|\/app$|^\/$|\/env$/;

/** PyPI has CUDA builds for x86, and for others not for all versions. */
const isForOtherProcessor = (stage: Stage): boolean =>
  lineage(stage).some(({ from, imageWord }) => /arm|aarch|ppc64|s390x|riscv/.test(`${flag(from, 'platform')?.value ?? ''} ${imageWord?.text ?? ''}`));

/** TensorFlow kept CUDA in a package of its own before 2.1. */
const withoutCuda = /^(?:==|~=|<=?)\s*(?:0|1|2\.0)(?:\.|$|,)|^<\s*2(?:,|$)/;

/** A build of another kind: an address, a local version such as `+cpu`, an extra that asks for CUDA, a release without it. */
const isOtherBuild = ({ name, version, extras }: PythonPackage): boolean =>
  /[+@]/.test(version) || extras.length > 0 || (name === 'tensorflow' && withoutCuda.test(version));

/** A package with CUDA in an image that nothing in the file calls one for GPUs. */
export interface NeedlessCuda {
  readonly package: PythonPackage;
  readonly invocation: Invocation;
  /** Everything the command installs is on PyTorch's own index. */
  readonly alone: boolean;
  /** The package for CPUs, where it has another name. */
  readonly instead: string | undefined;
}

function needlessIn(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): NeedlessCuda[] {
  const packages = pythonPackages(file, context, invocation);
  const named = packages.find((each) => cudaPackages.has(each.name) && !isOtherBuild(each));
  if (named === undefined || usesOtherIndex(file, context, invocation)) return [];
  const all = packages.length === invocation.packages.length && invocation.manifestFlags.length === 0;
  return [{ package: named, invocation, alone: all && packages.every(({ name }) => isTorch(name)), instead: cudaPackages.get(named.name) }];
}

/** The packages with CUDA that the image installs although nothing says that it runs on a GPU; one a command. */
export function needlessCuda(file: Dockerfile, context: BuildContext | undefined): NeedlessCuda[] {
  if (speaksOfGpu(file) || settingsFile.test(file.source)) return [];
  const copied = pathsIntoImage(file);
  const ships = (stage: Stage): boolean => file.shippedStages.has(stage) || copied.get(stage)?.some((path) => packagePlace.test(path)) === true;
  return [...file.neededStages].flatMap((stage) => {
    const { facts } = stage;
    if (facts?.distribution === undefined || facts.distribution === 'alpine' || isForOtherProcessor(stage) || !ships(stage)) return [];
    return stage.instructions.flatMap((each) => pythonInstalls(file, each)).flatMap((invocation) => needlessIn(file, context, invocation));
  });
}
