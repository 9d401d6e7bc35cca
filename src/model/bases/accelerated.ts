import type { KnownFacts, KnownImage, TagChanges } from './types.ts';

/** What CUDA's development images have on top. */
const toolkit = 'nvcc gcc g++ make';
const ubuntuUser: readonly [RegExp, KnownFacts] = [/ubuntu2[4-9]\.?\d\d/, { users: 'ubuntu' }];
const cudaVariants: TagChanges = [
  [/(?:^|-)runtime(?=-|$)/, { variant: 'runtime' }],
  [/(?:^|-)devel(?=-|$)/, { variant: 'devel', programs: toolkit }],
];

const onUbuntu = { distribution: 'ubuntu', oneDistribution: true, user: 'root' } as const satisfies Partial<KnownImage>;
const cudaPython = { ...onUbuntu, programs: 'cuda python python3 pip pip3' } as const satisfies Partial<KnownImage>;

const nvidia: readonly KnownImage[] = [
  {
    names: ['nvidia/cuda', 'nvcr.io/nvidia/cuda', 'nvidia/cudagl', 'nvcr.io/nvidia/cudagl'], distribution: 'ubuntu', user: 'root', workdir: '/', programs: 'cuda',
    tags: [...cudaVariants, ubuntuUser],
  },
  { names: ['nvcr.io/nvidia/cuda-dl-base'], ...onUbuntu, programs: `cuda ${toolkit}` },
  { names: ['nvcr.io/nvidia/pytorch', 'nvcr.io/nvidia/tensorflow', 'nvcr.io/nvidia/jax', 'nvcr.io/nvidia/tensorrt', 'nvcr.io/nvidia/nemo'], ...cudaPython, workdir: '/workspace', programs: `${cudaPython.programs} ${toolkit} git` },
  {
    names: ['nvcr.io/nvidia/tritonserver'], ...onUbuntu, workdir: '/opt/tritonserver', users: 'triton-server', programs: 'cuda python3',
    tags: [[/-min$/, { workdir: undefined }], [/-sdk$/, { workdir: '/workspace', programs: 'pip3' }]],
  },
  { names: ['nvcr.io/nvidia/l4t-*', 'dustynv/*', 'nvcr.io/nvidia/deepstream*', 'nvcr.io/nvidia/isaac*'], ...onUbuntu, programs: 'cuda' },
];

const frameworks: readonly KnownImage[] = [
  {
    names: ['pytorch/pytorch'], ...cudaPython, workdir: '/workspace', variant: 'runtime',
    tags: [[/\$/, { variant: undefined }], [/(?:^|-)runtime$/, { variant: 'runtime' }], [/(?:^|-)devel$/, { variant: 'devel', programs: toolkit }]],
  },
  { names: ['pytorch/torchserve', 'pytorch/torchserve-nightly'], distribution: 'ubuntu', oneDistribution: true, users: 'model-server', workdir: '/home/model-server', programs: 'python pip java', tags: [[/gpu/, { programs: 'cuda' }]] },
  {
    names: ['tensorflow/tensorflow'], ...onUbuntu, workdir: undefined, programs: 'python3 pip3 python pip',
    tags: [[/^(?:(?!jupyter|devel|\$).)*$/, { workdir: '/' }], [/gpu/, { programs: 'cuda' }], [/^(?:(?!jupyter|devel|gpu|\$).)*$/, { environment: 'LANG' }]],
  },
  { names: ['tensorflow/serving'], ...onUbuntu, workdir: undefined, tags: [[/gpu/, { programs: 'cuda' }], [/devel/, { programs: 'gcc g++ git' }]] },
  { names: ['huggingface/transformers-pytorch-gpu', 'huggingface/transformers-all-latest-gpu', 'huggingface/transformers-pytorch-deepspeed-latest-gpu', 'huggingface/accelerate-gpu'], ...onUbuntu, programs: 'cuda' },
  { names: ['huggingface/transformers-pytorch-cpu', 'huggingface/transformers-cpu'], ...onUbuntu },
  { names: ['ghcr.io/huggingface/text-generation-inference'], ...onUbuntu, tags: [[/^(?:(?!rocm|intel|neuron|llamacpp|gaudi|\$).)*$/, { programs: 'cuda', workdir: '/usr/src' }]] },
  { names: ['ghcr.io/huggingface/text-embeddings-inference'], user: 'root', workdir: undefined, shell: 'dash', bash: true, manager: 'apt-get apt', tags: [[/^(?:(?!cpu|hpu|\$).)*$/, { programs: 'cuda' }]] },
  { names: ['vllm/vllm-openai'], ...cudaPython, workdir: '/vllm-workspace', programs: 'cuda python3' },
  { names: ['lmsysorg/sglang'], ...cudaPython },
  { names: ['ollama/ollama'], ...onUbuntu, workdir: undefined, programs: 'ollama' },
  { names: ['ghcr.io/ggml-org/llama.cpp', 'ghcr.io/ggerganov/llama.cpp'], ...onUbuntu, tags: [[/cuda/, { programs: 'cuda' }]] },
  { names: ['rapidsai/base', 'rapidsai/notebooks', 'nvcr.io/nvidia/rapidsai/base', 'nvcr.io/nvidia/rapidsai/notebooks'], distribution: 'ubuntu', oneDistribution: true, user: 'rapids', users: 'rapids', workdir: '/home/rapids', programs: 'cuda conda mamba python pip' },
  { names: ['rapidsai/*'], programs: 'cuda conda python pip' },
  { names: ['ray', 'ray-ml', 'ray-llm'].map((name) => `rayproject/${name}`), distribution: 'ubuntu', oneDistribution: true, user: 'ray', users: 'ray', workdir: '/home/ray', programs: 'conda python pip git sudo', tags: [[/(?:gpu|cu\d+)/, { programs: 'cuda' }]] },
];

const otherMakers: readonly KnownImage[] = [
  { names: ['rocm/dev-*'], user: 'root', nameTells: true, programs: 'rocm' },
  { names: ['rocm/pytorch', 'rocm/tensorflow', 'rocm/vllm', 'rocm/vllm-dev', 'rocm/jax', 'rocm/rocm-terminal'], distribution: 'ubuntu', programs: 'rocm', tags: [[/^/, { users: '' }]] },
  { names: ['intel/oneapi-*', 'intel/deep-learning-essentials', 'intel/intel-optimized-*', 'intel/intel-extension-for-pytorch', 'intel/dlstreamer'], distribution: 'ubuntu', shell: undefined, bash: true },
  { names: ['vault.habana.ai/gaudi-docker/*'], user: 'root', nameTells: true, programs: 'python3 pip3' },
  { names: ['quay.io/ascend/*', 'ascendai/*'], user: 'root' },
];

/** Images for machine learning and for graphics processors. */
export const acceleratedImages: readonly KnownImage[] = [...nvidia, ...frameworks, ...otherMakers];
