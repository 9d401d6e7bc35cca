import type { BuildContext } from '../context/context.ts';
import { textAt } from '../span.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, requirementFiles, type PythonPackage } from './python-packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';

const installsIn = (file: Dockerfile, stages: readonly Stage[]): Invocation[] =>
  stages.flatMap(({ instructions }) => instructions.flatMap((each) => pythonInstalls(file, each)));

/** A torch that is installed over the one of a PyTorch image. */
export interface SecondTorch {
  readonly package: PythonPackage;
  readonly image: string;
  /** The version the image has. */
  readonly has: string;
}

/** The command installs into another place than the image's own Python. */
const installsElsewhere = ({ command }: Invocation): boolean =>
  command.words.some(({ text }) => /^(?:-t|--target|--prefix|--python|-p)(?:=|$)/.test(text)) || command.program.text.includes('/');

/** Installs of another version of torch than the PyTorch image has: both ship, each with its CUDA. */
export function secondTorch(file: Dockerfile): SecondTorch[] {
  const stages = lineage(file.targetStage);
  const { image, imageWord } = stages.at(-1) ?? {};
  if (image === undefined || imageWord === undefined || image.registry !== undefined || image.name !== 'pytorch/pytorch') return [];
  const has = /^\d+\.\d+\.\d+(?=-|$)/.exec(image.tag ?? '')?.[0];
  if (has === undefined) return [];
  return installsIn(file, stages).filter((each) => !installsElsewhere(each)).flatMap((invocation) =>
    pythonPackages(file, undefined, invocation).flatMap((each) => {
      const wanted = each.name === 'torch' ? /^==\s*(\d+\.\d+\.\d+)(?:\+\w+)?$/.exec(each.version)?.[1] : undefined;
      return wanted === undefined || wanted === has ? [] : [{ package: each, image: imageWord.text, has }];
    }));
}

/** Packages that load the CUDA libraries of the system, or compile against them; the wheel of torch does not. */
const usesSystemCuda = new RegExp(`^(?:${[
  'tensorflow.*', 'onnxruntime-gpu', 'jax.*', 'cupy.*', 'faster-whisper', 'whisperx', 'ctranslate2', 'tensorrt.*', 'llama-cpp-python', 'paddlepaddle-gpu',
  'pycuda', 'numba', 'cudf.*', 'cuml.*', 'deepspeed', 'flash-attn', 'flashinfer.*', 'vllm', 'sglang', 'auto-gptq', 'autoawq', 'detectron2', 'apex', 'dlib',
  'mmcv.*', 'xformers', 'nvidia-dali.*', 'torch-tensorrt', 'pytorch3d', 'torch-scatter', 'torch-sparse', 'torch-geometric', 'gsplat',
].join('|')})$`);

/** Commands, variables and packages by which the file uses CUDA itself, or builds something that may. */
const usesCudaItself = new RegExp([
  '\\bnvcc\\b', 'CUDA_HOME', 'LD_LIBRARY_PATH', '\\bc?make\\b', '\\bg?cc\\b', 'g\\+\\+', 'build-essential', 'setup\\.py', 'git clone', 'git\\+', '\\.sh\\b',
  '\\bconda\\b', 'cuda-', 'libcudnn', 'libcublas', '\\bffmpeg\\b',
].join('|'));

/** Everything the command installs is known by name. */
const isKnown = (file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): boolean =>
  invocation.manifestFlags.length === requirementFiles(file, context, invocation).length &&
  invocation.packages.length === pythonPackages(file, undefined, invocation).length;

/**
 * Where torch, with CUDA in its wheel, is all that uses CUDA on an image that has the libraries too.
 * @returns the stage that begins with that image; undefined where something else may need them, or nobody can tell
 */
export function doubleCuda(file: Dockerfile, context: BuildContext | undefined): Stage | undefined {
  const stages = lineage(file.targetStage);
  const root = stages.at(-1);
  if (root?.image === undefined || !/(?:^|\/)nvidia\/cuda$/.test(root.image.name) || root.facts?.variant !== 'runtime') return undefined;
  const unreadable = stages.some(({ instructions }) => instructions.some((each) => file.scripts(each).some((script) => script.unreadable)));
  const installs = installsIn(file, stages);
  if (unreadable || usesCudaItself.test(file.source) || !installs.every((each) => isKnown(file, context, each))) return undefined;
  if (installs.some(({ command }) => /\/cpu\b/.test(textAt(file.source, command.span)))) return undefined;
  const packages = installs.flatMap((each) => pythonPackages(file, context, each));
  const hasTorch = packages.some(({ name, version }) => name === 'torch' && !version.includes('cpu'));
  return hasTorch && !packages.some(({ name }) => usesSystemCuda.test(name)) ? root : undefined;
}
