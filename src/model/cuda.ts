import type { BuildContext } from '../context/context.ts';
import type { Command } from '../dockerfile/command.ts';
import { textAt, type Span } from '../span.ts';
import { nameOf } from './bases/name.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, type PythonPackage } from './python-packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';
import { largeInstalls, type LargeInstall } from './torch.ts';

const cudaImages = /^(?:(?:nvcr\.io\/)?nvidia\/cuda|pytorch\/pytorch)$/;

/** The stage that begins with an image of CUDA or PyTorch, below this one. */
export function cudaRoot(stage: Stage | undefined): Stage | undefined {
  const root = lineage(stage).at(-1);
  return root?.image !== undefined && cudaImages.test(nameOf(root.image)) ? root : undefined;
}

/** The version of CUDA by the image's tag: `12.4.1-devel-ubuntu22.04`, `2.4.1-cuda12.1-cudnn9-devel`; undefined where a variable decides. */
export function cudaMajor({ image }: Stage): number | undefined {
  const tag = image?.tag ?? '';
  const found = (nameOf(image ?? { text: '', registry: undefined, name: '', tag: undefined, digest: undefined }) === 'pytorch/pytorch' ? /-cuda(\d{1,2})\.\d/ : /^(\d{1,2})\.\d/).exec(tag)?.[1];
  return found === undefined ? undefined : Number(found);
}

/** The CUDA that PyPI's wheels of torch are built with, from the first release that is; the last row holds up to 2.9. */
const ofPyPI: readonly (readonly [major: number, minor: number, cuda: number])[] = [[1, 5, 10], [1, 13, 11], [2, 1, 12], [2, 10, 0]];

/** The CUDA a torch is built with; undefined where nobody can tell. */
function torchCuda({ build, version, fromUsualIndex }: LargeInstall): number | undefined {
  if (build !== undefined) return /^cu\d{2,3}$/.test(build) ? Math.floor(Number(build.slice(2)) / 10) : undefined;
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  if (version === undefined || !fromUsualIndex) return undefined;
  const row = ofPyPI.findLast(([first, second]) => major > first || (major === first && minor >= second));
  return row === undefined || row[2] === 0 ? undefined : row[2];
}

/** What makes a package compile for CUDA on a builder without a GPU: a variable, or a word of the command. */
const compiledWhen: readonly (readonly [packages: RegExp, when: RegExp])[] = [
  [/^(?:flash-attn|mamba-ssm|causal-conv1d)$/, /\b(?:FLASH_ATTENTION|MAMBA|CAUSAL_CONV1D)_FORCE_BUILD=["']?TRUE\b/],
  [/^deepspeed$/, /\bDS_BUILD_OPS=["']?1\b/],
  [/^(?:detectron2|pytorch3d|torch-(?:scatter|sparse|cluster|spline-conv))$/, /\bFORCE_CUDA=["']?1\b/],
];

/** A package that compiles against torch with the image's own nvcc. */
export interface Extension {
  readonly name: string;
  readonly at: Span;
}

function extensionOf(file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): Extension | undefined {
  const { command } = invocation;
  const found = pythonPackages(file, context, invocation).find(({ name }) => compiledWhen.some(([packages, when]) => packages.test(name) && when.test(file.source)));
  if (found !== undefined) return { name: found.name, at: found.at };
  return textAt(file.source, command.span).includes('--cuda_ext') ? { name: 'apex', at: command.program.span } : undefined;
}

/** Packages that bring a torch of their own choice. */
const bringsTorch = /^(?:vllm|sglang|torchvision|torchaudio|xformers|torch)$/;

const knowsAll = (file: Dockerfile, context: BuildContext | undefined, invocation: Invocation): PythonPackage[] | undefined =>
  invocation.manifestFlags.length > 0 && context === undefined ? undefined : pythonPackages(file, context, invocation);

/** An extension that is compiled with another CUDA than torch: torch refuses a toolkit of another major version. */
export interface CudaMismatch {
  readonly extension: Extension;
  readonly torch: LargeInstall;
  readonly torchCuda: number;
  readonly imageCuda: number;
  readonly image: string;
}

export function cudaMismatch(file: Dockerfile, context: BuildContext | undefined): CudaMismatch | undefined {
  const root = cudaRoot(file.targetStage);
  const imageCuda = root && cudaMajor(root);
  if (root?.imageWord === undefined || imageCuda === undefined || root.facts?.variant !== 'devel') return undefined;
  if (/cuda-toolkit|cuda-nvcc|cuda-compiler|CUDA_HOME|cudatoolkit|cuda_\d/.test(file.source)) return undefined;
  const torches = largeInstalls(file, context, file.targetStage).filter((each) => each.package.name === 'torch');
  let torch: LargeInstall | undefined;
  for (const invocation of lineage(file.targetStage).toReversed().flatMap((stage) => stage.instructions).flatMap((each) => pythonInstalls(file, each))) {
    const extension = torch === undefined ? undefined : extensionOf(file, context, invocation);
    const own = torch && torchCuda(torch);
    if (extension !== undefined && torch !== undefined && own !== undefined) {
      if (own !== imageCuda) return { extension, torch, torchCuda: own, imageCuda, image: root.imageWord.text };
    }
    const installed = torches.find((each) => each.invocation === invocation);
    const packages = knowsAll(file, context, invocation);
    if (installed !== undefined) torch = installed;
    else if (packages === undefined || packages.some(({ name }) => bringsTorch.test(name))) torch = undefined;
  }
  return undefined;
}

const bringsNvcc = /nvcc|cuda-(?:toolkit|compiler|minimal-build|dev)|cudatoolkit|cuda_\d|CUDA_HOME|SKIP_CUDA_BUILD|\/usr\/local\/cuda|\bconda\b|PIP_|UV_|\.sh\b/;

const takesWheels = ({ words }: Command): boolean =>
  words.some(({ text }) => /^(?:-f|--find-links|-i|--index-url|--extra-index-url|--index|--only-binary|--no-deps-only)(?:=|$)/.test(text));

/**
 * flash-attn where there is CUDA but no nvcc: its set-up asks nvcc for its version as soon as `/usr/local/cuda` is there, before it looks
 * for a wheel that is built already.
 */
export function flashWithoutNvcc(file: Dockerfile, context: BuildContext | undefined): { readonly at: Span; readonly image: string } | undefined {
  if (!/flash|requirement|\.txt/.test(file.source) || bringsNvcc.test(file.source)) return undefined;
  for (const stage of file.neededStages) {
    const root = cudaRoot(stage);
    if (root?.image === undefined || root.imageWord === undefined || nameOf(root.image) === 'pytorch/pytorch') continue;
    if (!/-(?:base|runtime)-/.test(root.image.tag ?? '') || root.facts?.variant === 'devel') continue;
    const installs = stage.instructions.flatMap((each) => pythonInstalls(file, each)).filter(({ command }) => !takesWheels(command) && !command.conditional);
    const found = installs.flatMap((each) => pythonPackages(file, context, each)).find(({ name, version }) => name === 'flash-attn' && !version.includes('@'));
    if (found !== undefined) return { at: found.at, image: root.imageWord.text };
  }
  return undefined;
}
