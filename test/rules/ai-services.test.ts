import { describe, expect, it } from 'vitest';
import hubMount from '../../rules/cache/hf-cache-mount.ts';
import mismatch from '../../rules/correctness/cuda-mismatch.ts';
import deviceMap from '../../rules/correctness/device-map-without-accelerate.ts';
import atBuild from '../../rules/correctness/gpu-at-build.ts';
import visible from '../../rules/correctness/nvidia-visible-devices.ts';
import baked from '../../rules/size/baked-model.ts';
import condaCache from '../../rules/size/conda-cache.ts';
import toolkit from '../../rules/size/cuda-devel-shipped.ts';
import twice from '../../rules/size/torch-twice.ts';
import { findings } from './lint.ts';

const conda = 'FROM continuumio/miniconda3:24.9.2-0\n';
const cuda = 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\n';
const python = 'FROM python:3.12-slim\n';

describe('size/conda-cache', () => {
  it.each([
    'RUN conda install -y numpy && conda clean -ay\n',
    'RUN conda install -y numpy && rm -rf /opt/conda/pkgs\n',
    'RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy\n',
    'RUN conda create -y -n empty\n',
    'RUN if [ -f environment.yml ]; then conda env update -f environment.yml; fi\n',
    'RUN conda config --set channel_priority strict && conda list\n',
  ])('finds nothing in %j', (run) => {
    expect(findings(condaCache, conda + run)).toEqual([]);
  });

  it('leaves a stage alone of which only a result is taken', () => {
    expect(findings(condaCache, `${conda.trim()} AS build\nRUN conda install -y numpy\nFROM debian:12\nCOPY --from=build /out /out\n`)).toEqual([]);
  });

  it.each([
    ['RUN set -e; conda update -y conda; conda install -y numpy\n', 'RUN set -e; conda update -y conda; conda install -y numpy; conda clean -afy\n'],
    ['RUN conda install -y a \\\n    && pip install b \\\n    # the end\n    && true\n', 'RUN conda install -y a \\\n    && pip install b \\\n    # the end\n    && true \\\n    && conda clean -afy\n'],
    ['RUN /opt/conda/bin/conda install -y numpy\n', 'RUN /opt/conda/bin/conda install -y numpy && /opt/conda/bin/conda clean -afy\n'],
    ['RUN conda install -y a && conda clean -ay && conda install -y b\n', 'RUN conda install -y a && conda clean -ay && conda install -y b && conda clean -afy\n'],
  ])('mends %j', (before, after) => {
    expect(findings(condaCache, conda + before).map(({ fixed }) => fixed)).toEqual([conda + after]);
  });

  it.each([
    ['FROM pytorch/pytorch:1.0.1-cuda10.0-cudnn7-devel\n', 'conda clean -ay'],
    ['FROM continuumio/miniconda3:4.5.12\n', 'conda clean -ay'],
    ['FROM continuumio/miniconda3:4.12.0\n', 'conda clean -afy'],
    ['FROM debian:12\nRUN wget https://x.example/Miniconda3-4.6.14-Linux-x86_64.sh && bash M*.sh -b\n', 'conda clean -ay'],
    ['FROM debian:12\nRUN wget https://x.example/Miniconda3-latest-Linux-x86_64.sh && bash M*.sh -b\n', 'conda clean -afy'],
  ])('forces nothing where conda may be too old: %s', (before, clean) => {
    expect(findings(condaCache, `${before}RUN conda install -y numpy\n`).map(({ fixed }) => fixed)).toEqual([`${before}RUN conda install -y numpy && ${clean}\n`]);
  });

  it.each([
    'RUN ["conda", "install", "-y", "numpy"]\n',
    'RUN conda install -y numpy\nRUN conda install -y --offline scipy\n',
    'RUN conda install -y numpy\nRUN cp /opt/conda/pkgs/urls.txt /urls.txt\n',
  ])('has no fix for %j', (run) => {
    expect(findings(condaCache, conda + run).map(({ fix }) => fix)).toEqual([undefined]);
  });
});

describe('correctness/nvidia-visible-devices', () => {
  it.each([
    'ENV NVIDIA_VISIBLE_DEVICES=all\n', 'ENV NVIDIA_VISIBLE_DEVICES=void\n', 'ENV NVIDIA_VISIBLE_DEVICES none\n', 'ENV CUDA_VISIBLE_DEVICES=""\n', 'ENV CUDA_VISIBLE_DEVICES=-1\n',
    'ARG GPU=0\nENV CUDA_VISIBLE_DEVICES=$GPU\n', 'ARG CUDA_VISIBLE_DEVICES=0\n', 'ENV NVIDIA_VISIBLE_DEVICES=0\nENV NVIDIA_VISIBLE_DEVICES=all\n',
    'RUN CUDA_VISIBLE_DEVICES=0 python build.py\n',
  ])('finds nothing in %j', (text) => {
    expect(findings(visible, cuda + text)).toEqual([]);
  });

  it('finds names of devices and the form without `=`', () => {
    expect(findings(visible, `${cuda}ENV NVIDIA_VISIBLE_DEVICES GPU-8932f937-d72c-4106-c12f-20bd9faed9f6\n`).map(({ fixed }) => fixed)).toEqual([`${cuda}ENV NVIDIA_VISIBLE_DEVICES all\n`]);
    expect(findings(visible, `${cuda}ENV CUDA_VISIBLE_DEVICES=1\n`)).toHaveLength(1);
  });
});

describe('correctness/gpu-at-build', () => {
  it.each([
    'RUN nvidia-smi || true\n', 'RUN nvidia-smi; true\n', 'RUN if command -v nvidia-smi; then nvidia-smi; fi\n', 'RUN --device=nvidia.com/gpu=all nvidia-smi\n',
    'RUN which nvcc && nvcc --version\n', 'CMD ["nvidia-smi"]\n', 'RUN echo nvidia-smi >> ~/.bashrc\n',
    'RUN python -c "import torch; print(torch.cuda.is_available(), torch.version.cuda)"\n',
    'RUN python -c "import torch; d = 0 if torch.cuda.is_available() else -1"\n',
    'RUN python -c "import torch; torch.cuda.is_available() and torch.cuda.init()"\n',
    'RUN python - <<EOF\nimport torch\nif torch.cuda.is_available():\n    print(torch.cuda.get_device_name())\nEOF\n',
  ])('finds nothing in %j', (text) => {
    expect(findings(atBuild, cuda + text)).toEqual([]);
  });

  it.each([
    'RUN nvidia-smi\n', 'RUN ["nvidia-smi"]\n', 'RUN set -e; nvidia-smi; true\n', 'RUN python3 -c "import torch; print(torch.cuda.get_device_name(0))"\n',
    'RUN python -c "import sys, torch; sys.exit(0 if torch.cuda.is_available() else 1)"\n',
    'RUN python -c "import tensorflow as tf; assert len(tf.config.list_physical_devices(\'GPU\')) > 0"\n',
  ])('finds %j', (text) => {
    expect(findings(atBuild, cuda + text)).toHaveLength(1);
  });
});

describe('size/torch-twice', () => {
  const cpu = 'RUN pip install torch==2.4.1 --index-url https://download.pytorch.org/whl/cpu\n';
  it.each([
    `${python}${cpu}RUN pip install torch==2.4.1 transformers\n`,
    `${python}${cpu}RUN pip install transformers torch\n`,
    `${python}${cpu}RUN pip install "torch>=2.3"\n`,
    `${python}${cpu}RUN pip install --target /other torch==2.3.1\n`,
    `${python}${cpu}RUN /opt/venv/bin/pip install torch==2.3.1\n`,
    `${python}RUN python -m venv /a && . /a/bin/activate && pip install torch==2.4.1\nRUN pip install torch==2.3.1\n`,
    `${python}RUN pip install torch==2.4.1 && pip install torch==2.3.1\n`,
    `${python}RUN if [ "$GPU" ]; then pip install torch==2.4.1; fi\nRUN pip install torch==2.3.1\n`,
    `${python}RUN pip install torch\nRUN pip install torch==2.99.0\n`,
    `FROM ubuntu:22.04\nRUN pip install torch\nRUN pip install torch==2.3.1\n`,
    `${python}RUN pip install torch --index-url https://download.pytorch.org/whl/cu118\nRUN pip install torch==2.7.1\n`,
    `${python.trim()} AS a\n${cpu}${python}RUN pip install torch==2.3.1\n`,
  ])('finds nothing in %j', (text) => {
    expect(findings(twice, text)).toEqual([]);
  });

  it.each([
    `${python}${cpu}RUN pip install torch==2.4.1+cu121 --extra-index-url https://download.pytorch.org/whl/cu121\n`,
    `${python}${cpu}RUN pip install torch==2.5\n`,
    `${python}RUN pip install tensorflow==2.15.0\nRUN pip3 install tensorflow==2.16.1\n`,
    `${python}RUN uv pip install --system torch==2.4.0\nRUN uv pip install --system torch==2.4.1\n`,
    `${python.trim()} AS a\n${cpu}FROM a\nRUN pip install torch==2.3.1\n`,
  ])('finds %j', (text) => {
    expect(findings(twice, text)).toHaveLength(1);
  });
});

describe('size/cuda-devel-shipped', () => {
  const start = 'CMD ["python3", "app.py"]\n';
  it.each([
    `${cuda}RUN apt-get update && apt-get install -y python3\n`,
    `${cuda}RUN apt-get update && apt-get install -y python3\nCMD ["bash"]\n`,
    `${cuda}RUN pip install -r requirements.txt\n${start}`,
    `${cuda}RUN pip install vllm\n${start}`,
    `${cuda}RUN pip install torch && ./setup.sh\n${start}`,
    `${cuda}RUN pip install git+https://example.com/a/b\n${start}`,
    `${cuda}ENV CUDA_HOME=/usr/local/cuda\nRUN pip install torch\n${start}`,
    `FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install torch\n${start}`,
    `FROM example.com/cuda:12-devel\nRUN pip install torch\n${start}`,
    `${cuda.trim()} AS build\nRUN make\nFROM nvidia/cuda:12.4.1-base-ubuntu22.04\nCOPY --from=build /a /a\n${start}`,
  ])('finds nothing in %j', (text) => {
    expect(findings(toolkit, text)).toEqual([]);
  });

  it('tells what compiles, without a fix', () => {
    const [found, ...others] = findings(toolkit, `${cuda}RUN CMAKE_ARGS="-DGGML_CUDA=on" pip install llama-cpp-python\n${start}`);
    expect(others).toEqual([]);
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toContain('`llama-cpp-python`');
  });
});

describe('correctness/cuda-mismatch', () => {
  const torch = (build: string): string => `RUN pip install torch==2.4.1 --index-url https://download.pytorch.org/whl/${build}\n`;
  const flash = 'RUN FLASH_ATTENTION_FORCE_BUILD=TRUE pip install flash-attn --no-build-isolation\n';
  it.each([
    cuda + torch('cu118'),
    `${cuda}${torch('cu118')}RUN pip install flash-attn --no-build-isolation\n`,
    cuda + torch('cu121') + flash,
    `${cuda}RUN pip install torch --extra-index-url https://download.pytorch.org/whl/cu118\n${flash}`,
    `${cuda}${torch('cu118')}RUN pip install vllm\n${flash}`,
    `FROM nvidia/cuda:\${VERSION}-devel-ubuntu22.04\n${torch('cu118')}${flash}`,
    'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install flash-attn\n',
    'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN apt-get install -y cuda-nvcc-12-4 && pip install flash-attn\n',
    'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install https://example.com/flash_attn-2.6.3-cp310-linux_x86_64.whl\n',
    'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nENV FLASH_ATTENTION_SKIP_CUDA_BUILD=TRUE\nRUN pip install flash-attn\n',
  ])('finds nothing in %j', (text) => {
    expect(findings(mismatch, text)).toEqual([]);
  });

  it.each([cuda + torch('cu118') + flash, `FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN pip install torch==2.0.1\n${flash}`])('finds %j', (text) => {
    expect(findings(mismatch, text)).toHaveLength(1);
  });
});

describe('cache/hf-cache-mount', () => {
  const mount = 'RUN --mount=type=cache,target=/root/.cache/huggingface ';
  it.each([
    `${mount}hf download gpt2\n`,
    `ENV HF_HOME=/root/.cache/huggingface\n${mount}hf download gpt2\n`,
    `ENV HF_HOME=/models\n${mount}hf download gpt2 --local-dir /out\n`,
    `ENV HF_HOME=/models\n${mount}HF_HOME=/root/.cache/huggingface hf download gpt2\n`,
    `ENV HF_HOME=/models\n${mount}export HF_HOME=/root/.cache/huggingface && hf download gpt2\n`,
    `ARG HF_HOME\nENV HF_HOME=$HF_HOME\n${mount}--mount=type=cache,target=$HF_HOME hf download gpt2\n`,
    `ENV HF_HOME=/models\n${mount}pip install transformers\n`,
    'ENV HF_HOME=/models\nRUN --mount=type=cache,target=/root/.cache/pip hf download gpt2\n',
    'USER 1000\nRUN --mount=type=cache,target=/root/.cache/huggingface hf download gpt2\n',
  ])('finds nothing in %j', (text) => {
    expect(findings(hubMount, python + text)).toEqual([]);
  });

  it('names the variable that decides', () => {
    const [found] = findings(hubMount, `${python}ENV HF_HUB_CACHE=/hub\n${mount}python -c "from huggingface_hub import snapshot_download; snapshot_download('gpt2')"\n`);
    expect(found?.message).toContain('`HF_HUB_CACHE` puts them into `/hub`');
  });
});

describe('correctness/device-map-without-accelerate', () => {
  const text = `${python}WORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "main.py"]\n`;
  const main = 'from transformers import AutoModel\nm = AutoModel.from_pretrained("x", device_map="auto")\n';
  const requirements = 'transformers==4.46.3\ntorch==2.4.1\n';
  const quiet: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'a package nobody knows': { 'requirements.txt': `${requirements}peft==0.13.2\n`, 'main.py': main },
    'another requirements file': { 'requirements.txt': `${requirements}-r more.txt\n`, 'main.py': main },
    'accelerate itself': { 'requirements.txt': `${requirements}accelerate\n`, 'main.py': main },
    'no device map': { 'requirements.txt': requirements, 'main.py': main.replace(', device_map="auto"', '') },
    'a map that may be None': { 'requirements.txt': requirements, 'main.py': main.replace('"auto"', '"auto" if gpu else None') },
    'a comment': { 'requirements.txt': requirements, 'main.py': main.replace('m =', '# m =') },
    'a test': { 'requirements.txt': requirements, 'main.py': '', 'tests/test_main.py': main },
    'an ignored file': { 'requirements.txt': requirements, 'main.py': '', 'old.py': main, '.dockerignore': 'old.py\n' },
  };
  it.each(Object.entries(quiet))('finds nothing with %s', (_name, context) => {
    expect(findings(deviceMap, text, { context })).toEqual([]);
  });

  it('finds it, and needs a context', () => {
    expect(findings(deviceMap, text, { context: { 'requirements.txt': requirements, 'main.py': main } })).toHaveLength(1);
    expect(findings(deviceMap, text)).toEqual([]);
  });
});

describe('size/baked-model', () => {
  it.each(['/root /root', '/root/.cache /root/.cache', '/root/.cache/huggingface /models'])('finds the cache of a home that is copied: %s', (paths) => {
    const text = `${python.trim()} AS build\nRUN python -c "from transformers import AutoModel; AutoModel.from_pretrained('gpt2')"\n${python}COPY --from=build ${paths}\n`;
    expect(findings(baked, text)).toHaveLength(1);
  });
});
