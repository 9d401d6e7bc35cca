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
    names: ['nvidia/cuda', 'nvcr.io/nvidia/cuda', 'nvidia/cudagl', 'nvcr.io/nvidia/cudagl'], distribution: 'ubuntu', user: 'root',
    usersAreWhole: true, workdir: '/', programs: 'cuda', tags: [...cudaVariants, ubuntuUser],
  },
  { names: ['nvcr.io/nvidia/base/ubuntu'], ...onUbuntu, workdir: '/', tagIsRelease: true, tags: [[/noble|24\.04/, { users: 'ubuntu' }]] },
  { names: ['nvcr.io/nvidia/cuda-dl-base'], ...onUbuntu, programs: `cuda ${toolkit}` },
  {
    names: [
      'nvcr.io/nvidia/pytorch', 'nvcr.io/nvidia/tensorflow', 'nvcr.io/nvidia/jax', 'nvcr.io/nvidia/tensorrt', 'nvcr.io/nvidia/nemo',
    ],
    ...cudaPython, workdir: '/workspace', programs: `${cudaPython.programs} ${toolkit} git`,
  },
  {
    names: ['nvcr.io/nvidia/tritonserver'], ...onUbuntu, workdir: '/opt/tritonserver', users: 'triton-server', programs: 'cuda python3',
    tags: [[/-min$/, { workdir: undefined }], [/-sdk$/, { workdir: '/workspace', programs: 'pip3' }]],
  },
  { names: ['nvcr.io/nvidia/l4t-*', 'dustynv/*', 'nvcr.io/nvidia/deepstream*', 'nvcr.io/nvidia/isaac*'], ...onUbuntu, programs: 'cuda' },
];

const frameworks: readonly KnownImage[] = [
  {
    names: ['pytorch/pytorch'], ...cudaPython, workdir: '/workspace', variant: 'runtime',
    tags: [
      [/\$/, { variant: undefined }], [/(?:^|-)runtime$/, { variant: 'runtime' }],
      [/(?:^|-)devel$/, { variant: 'devel', programs: toolkit }],
    ],
  },
  {
    names: ['pytorch/torchserve', 'pytorch/torchserve-nightly'], distribution: 'ubuntu', oneDistribution: true,
    users: 'model-server', workdir: '/home/model-server', programs: 'python pip java',
    tags: [[/gpu/, { programs: 'cuda' }], [/^(?:(?!dev|\$).)*$/, { user: 'model-server' }]],
  },
  {
    names: ['tensorflow/tensorflow'], ...onUbuntu, workdir: undefined, programs: 'python pip',
    tags: [
      [/^(?:(?!jupyter|devel|\$).)*$/, { workdir: '/' }], [/gpu/, { programs: 'cuda' }],
      [/^(?:latest|2\.)|py3/, { programs: 'python3 pip3' }],
    ],
  },
  {
    names: ['tensorflow/serving'], ...onUbuntu, workdir: undefined,
    tags: [[/gpu/, { programs: 'cuda' }], [/devel/, { programs: 'gcc g++ git' }]],
  },
  {
    names: [
      'huggingface/transformers-pytorch-gpu', 'huggingface/transformers-all-latest-gpu',
      'huggingface/transformers-pytorch-deepspeed-latest-gpu', 'huggingface/accelerate-gpu',
    ],
    ...onUbuntu, programs: 'cuda',
  },
  { names: ['huggingface/transformers-pytorch-cpu', 'huggingface/transformers-cpu'], ...onUbuntu },
  {
    names: ['ghcr.io/huggingface/text-generation-inference'], ...onUbuntu,
    tags: [[/^(?:(?!rocm|intel|neuron|llamacpp|gaudi|\$).)*$/, { programs: 'cuda', workdir: '/usr/src' }]],
  },
  {
    names: ['ghcr.io/huggingface/text-embeddings-inference'], user: 'root', workdir: undefined, shell: 'dash', bash: true,
    manager: 'apt-get apt', tags: [[/^(?:(?!cpu|hpu|\$).)*$/, { programs: 'cuda' }]],
  },
  { names: ['vllm/vllm-openai'], ...cudaPython, workdir: '/vllm-workspace', programs: 'cuda python3' },
  { names: ['lmsysorg/sglang'], ...onUbuntu, programs: 'python3', tags: [[/^(?:(?!rocm|npu|xeon|\$).)*$/, { programs: 'cuda' }]] },
  { names: ['ollama/ollama'], ...onUbuntu, workdir: undefined, programs: 'ollama' },
  { names: ['ghcr.io/ggml-org/llama.cpp', 'ghcr.io/ggerganov/llama.cpp'], ...onUbuntu, tags: [[/cuda/, { programs: 'cuda' }]] },
  {
    names: ['rapidsai/base', 'rapidsai/notebooks', 'nvcr.io/nvidia/rapidsai/base', 'nvcr.io/nvidia/rapidsai/notebooks'],
    distribution: 'ubuntu', oneDistribution: true, user: 'rapids', users: 'rapids', workdir: '/home/rapids',
    programs: 'cuda conda mamba python pip',
  },
  { names: ['rapidsai/*'], tags: [[/cuda/, { programs: 'cuda' }]] },
  {
    names: ['ray', 'ray-ml', 'ray-llm'].map((name) => `rayproject/${name}`), distribution: 'ubuntu', oneDistribution: true, user: 'ray',
    users: 'ray', workdir: '/home/ray', programs: 'conda python pip git sudo', tags: [[/(?:gpu|cu\d+)/, { programs: 'cuda' }]],
  },
];

const otherMakers: readonly KnownImage[] = [
  { names: ['rocm/dev-*'], user: 'root', nameTells: true, programs: 'rocm' },
  {
    names: ['rocm/pytorch', 'rocm/tensorflow', 'rocm/vllm', 'rocm/vllm-dev', 'rocm/jax'], distribution: 'ubuntu', user: 'root',
    programs: 'rocm',
  },
  {
    names: ['intel/oneapi-*', 'intel/deep-learning-essentials', 'intel/intel-extension-for-pytorch'], distribution: 'ubuntu',
    user: 'root', bash: true,
  },
  { names: ['openvino/ubuntu*'], ...onUbuntu, user: 'openvino', users: 'openvino' },
  { names: ['openvino/model_server'], user: 'ovms', users: 'ovms' },
  {
    names: ['public.ecr.aws/deep-learning-containers/*'], user: 'root', programs: 'python3',
    tags: [[/(?:gpu|cu\d+)/, { programs: 'cuda' }], [/^devel/, { variant: 'devel', programs: 'nvcc gcc g++' }]],
  },
  { names: ['vault.habana.ai/gaudi-docker/*'], user: 'root', nameTells: true, programs: 'python3 pip3' },
];

/** Images for machine learning and for graphics processors. */
export const acceleratedImages: readonly KnownImage[] = [...nvidia, ...frameworks, ...otherMakers];
