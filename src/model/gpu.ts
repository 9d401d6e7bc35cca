import type { BuildContext } from '../context/context.ts';
import { flag } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import { isCudaImage } from './bases.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, requirementLines, type PythonPackage } from './python-packages.ts';
import { lineage, pathsCopiedFrom } from './shipped.ts';
import type { Stage } from './stages.ts';
import { definitions } from './variables.ts';

/** Packages whose wheel on PyPI brings CUDA, or is made for it, and what does the same on a CPU. */
const cudaPackages: Readonly<Record<string, { readonly instead: string | undefined }>> = {
  torch: { instead: undefined }, torchvision: { instead: undefined }, torchaudio: { instead: undefined },
  tensorflow: { instead: 'tensorflow-cpu' }, 'tensorflow-gpu': { instead: 'tensorflow-cpu' }, 'onnxruntime-gpu': { instead: 'onnxruntime' },
};

export const isTorch = (name: string): boolean => /^torch(?:vision|audio)?$/.test(name);

/** What says that the image is to run on a GPU or another accelerator, or that somebody thought of it. */
const evidence = /\bcu(?:da|dnn|blas|1[0-3]\d)|nvidia|\bgpus?\b|_gpu|gpu_|rocm|\bhip\b|tensorrt|\btriton|vllm|sglang|flash[-_]attn|bitsandbytes|xformers|deepspeed|gptq|autoawq|\bcupy|habana|gaudi|\bhpu\b|\bxpu\b|\bnpu\b|\btpu\b|neuron|ascend|openvino|\bipex\b|apex\b|download\.pytorch\.org/i;

/** True when the file, its name or its base image speaks of an accelerator; packages made for one in its own list don't count. */
function speaksOfGpu(file: Dockerfile): boolean {
  const text = file.source.replace(/\b(?:tensorflow|onnxruntime)-gpu\b/gi, '');
  return evidence.test(file.path) || evidence.test(text) || [...file.neededStages].some(({ facts }) => isCudaImage(facts));
}

const indexFlag = /^(?:-i|--index-url|--extra-index-url|-f|--find-links|--default-index|--index|--torch-backend|--no-index|--config-settings?)(?:=|$)/;
const indexVariable = /^(?:PIP_(?:EXTRA_)?INDEX_URL|PIP_FIND_LINKS|PIP_CONFIG_FILE|UV_(?:EXTRA_)?INDEX_URL|UV_DEFAULT_INDEX|UV_INDEX|UV_FIND_LINKS|UV_TORCH_BACKEND|UV_CONFIG_FILE)$/;

/** The command, the environment or a settings file names another index than PyPI. */
function usesOtherIndex(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): boolean {
  const { command } = invocation;
  if (command.words.some(({ text }) => indexFlag.test(text)) || command.assignments.some(({ name }) => indexVariable.test(name))) return true;
  if ([...definitions(file.stateAt(command.instruction).definitions)].some(({ name }) => indexVariable.test(name))) return true;
  if (context !== undefined && requirementLines(file, context, invocation).some(({ lines }) => lines.some((line) => indexFlag.test(line.split(/[\s=]/)[0] ?? '')))) return true;
  return /pip\.conf|pip3? config set|uv\.toml/.test(file.source);
}

/** Where Python packages may lie that a later stage copies. */
const packagePlace = /venv|site-packages|python|\.local|\/usr\/local|\/opt|install|conda|\/app$|^\/$|\/env$/;

const ships = (file: Dockerfile, stage: Stage): boolean =>
  file.shippedStages.has(stage) || pathsCopiedFrom(file, stage).some((path) => packagePlace.test(path));

/** PyPI has CUDA builds for x86 only, as far as one can count on. */
const isForOtherProcessor = (stage: Stage): boolean =>
  lineage(stage).some(({ from, imageWord }) => /arm|aarch|ppc64|s390x|riscv/.test(`${flag(from, 'platform')?.value ?? ''} ${imageWord?.text ?? ''}`));

/** A release without CUDA: TensorFlow kept it in a package of its own before 2.1; a local version says what it holds. */
const isOtherBuild = ({ name, version, extras }: PythonPackage): boolean =>
  /[+@]/.test(version) || extras.length > 0 || (name === 'tensorflow' && /^(?:==|~=|<=?)\s*(?:0|1|2\.0)(?:\.|$|,)|^<\s*2(?:,|$)/.test(version));

/** A package with CUDA in an image that nothing in the file calls one for GPUs. */
export interface NeedlessCuda {
  readonly package: PythonPackage;
  readonly invocation: Invocation;
  /** Everything the command installs by name is of PyTorch's own index. */
  readonly alone: boolean;
  readonly instead: string | undefined;
}

/** The packages with CUDA that the image installs although nothing says that it runs on a GPU; one a command. */
export function needlessCuda(file: Dockerfile, context: BuildContext | undefined): NeedlessCuda[] {
  if (speaksOfGpu(file)) return [];
  const found: NeedlessCuda[] = [];
  for (const stage of file.neededStages) {
    const { facts } = stage;
    if (facts?.distribution === undefined || facts.distribution === 'alpine' || isForOtherProcessor(stage) || !ships(file, stage)) continue;
    for (const invocation of stage.instructions.flatMap((each) => pythonInstalls(file, each))) {
      const packages = pythonPackages(file, context, invocation);
      const named = packages.find((each) => Object.hasOwn(cudaPackages, each.name) && !isOtherBuild(each));
      if (named === undefined || usesOtherIndex(file, context, invocation)) continue;
      const alone = packages.length === invocation.packages.length && invocation.manifestFlags.length === 0 && packages.every(({ name }) => isTorch(name));
      found.push({ package: named, invocation, alone, instead: cudaPackages[named.name]?.instead });
    }
  }
  return found;
}

/** A torch that is installed over the one of a PyTorch image. */
export interface SecondTorch {
  readonly package: PythonPackage;
  readonly image: string;
  /** The version the image has. */
  readonly has: string;
}

/** Installs of another version of torch than the PyTorch image has: both ship, each with its CUDA. */
export function secondTorch(file: Dockerfile): SecondTorch[] {
  const root = lineage(file.targetStage).at(-1);
  const has = root?.image?.registry === undefined && root?.image?.name === 'pytorch/pytorch' ? /^\d+\.\d+\.\d+(?=-|$)/.exec(root.image.tag ?? '')?.[0] : undefined;
  if (root?.imageWord === undefined || has === undefined) return [];
  const image = textAt(file.source, root.imageWord.span);
  return lineage(file.targetStage).flatMap(({ instructions }) => instructions.flatMap((each) => pythonInstalls(file, each))).flatMap((invocation) => {
    if (invocation.command.wrappers.some(({ text }) => text === 'conda') || invocation.command.words.some(({ text }) => /^(?:-t|--target|--prefix|--python|-p)(?:=|$)/.test(text))) return [];
    return pythonPackages(file, undefined, invocation).flatMap((each) => {
      const wanted = each.name === 'torch' ? /^==\s*(\d+\.\d+\.\d+)(?:\+\w+)?$/.exec(each.version)?.[1] : undefined;
      return wanted === undefined || wanted === has ? [] : [{ package: each, image, has }];
    });
  });
}

/** Packages that load the CUDA libraries of the system, or compile against them; the wheel of torch does not. */
const usesSystemCuda = /^(?:tensorflow.*|onnxruntime-gpu|jax.*|cupy.*|faster-whisper|whisperx|ctranslate2|tensorrt.*|llama-cpp-python|paddlepaddle-gpu|pycuda|numba|cudf.*|cuml.*|deepspeed|flash-attn|flashinfer.*|vllm|sglang|auto-gptq|autoawq|detectron2|apex|dlib|mmcv.*|xformers|nvidia-dali.*|torch-tensorrt|pytorch3d|torch-scatter|torch-sparse|torch-geometric|gsplat)$/;
const usesCudaItself = /\bnvcc\b|CUDA_HOME|LD_LIBRARY_PATH|\bcmake\b|\bmake\b|\bg?cc\b|g\+\+|build-essential|setup\.py|git clone|git\+|\.sh\b|\bconda\b|cuda-|libcudnn|libcublas|\bffmpeg\b/;

/**
 * Where torch, with CUDA in its wheel, is all that uses CUDA on an image that has the libraries too.
 * @returns the stage that begins with that image; undefined where something else may need them, or nobody can tell
 */
export function doubleCuda(file: Dockerfile, context: BuildContext | undefined): Stage | undefined {
  const stages = lineage(file.targetStage);
  const root = stages.at(-1);
  if (root?.image === undefined || !/(?:^|\/)nvidia\/cuda$/.test(root.image.name) || root.facts?.variant !== 'runtime') return undefined;
  if (usesCudaItself.test(file.source) || stages.some(({ instructions }) => instructions.some((each) => file.scripts(each).some(({ unreadable }) => unreadable)))) return undefined;
  const installs = stages.flatMap(({ instructions }) => instructions.flatMap((each) => pythonInstalls(file, each)));
  const packages = installs.flatMap((each) => pythonPackages(file, context, each));
  const known = installs.every((each) => {
    const read = context === undefined ? 0 : requirementLines(file, context, each).length;
    return each.manifestFlags.length === read && each.packages.length === pythonPackages(file, undefined, each).length && !/\/cpu\b/.test(textAt(file.source, each.command.span));
  });
  const certain = known && packages.some(({ name, version }) => name === 'torch' && !/cpu/.test(version)) && !packages.some(({ name }) => usesSystemCuda.test(name));
  return certain ? root : undefined;
}
