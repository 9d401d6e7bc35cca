import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/gpu-runtime.ts';
import { findings } from './lint.ts';

const python = 'FROM python:3.12-slim\n';

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'the index for CPUs': `${python}RUN pip install torch --index-url https://download.pytorch.org/whl/cpu\n`,
    'another index': `${python}RUN pip install --extra-index-url https://example.com/simple torch\n`,
    'an index by a variable': `${python}ENV PIP_INDEX_URL=https://example.com/simple\nRUN pip install torch\n`,
    'an index on the line': `${python}RUN PIP_EXTRA_INDEX_URL=https://example.com/simple pip install torch\n`,
    'settings that are copied': `${python}COPY pip.conf /etc/pip.conf\nRUN pip install torch\n`,
    'a build for CPUs by its version': `${python}RUN pip install torch==2.4.1+cpu\n`,
    'a wheel by its address': `${python}RUN pip install "torch @ https://example.com/torch-2.4.1-cp312.whl"\n`,
    'a CUDA image': 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN pip install torch\n',
    'an image with a GPU in its name': 'FROM example.com/gpu-base:1\nRUN pip install torch\n',
    'an unknown image': 'FROM example.com/base:1\nRUN pip install torch\n',
    'a variable for GPUs': `${python}ENV NVIDIA_VISIBLE_DEVICES=all\nRUN pip install torch\n`,
    'a word for GPUs': `${python}# needs a GPU\nRUN pip install torch\n`,
    'a package for GPUs': `${python}RUN pip install torch bitsandbytes\n`,
    'CUDA on purpose': `${python}RUN pip install "tensorflow[and-cuda]"\n`,
    'another processor': 'FROM --platform=linux/arm64 python:3.12-slim\nRUN pip install torch\n',
    'Alpine': 'FROM python:3.12-alpine\nRUN pip install torch\n',
    'an old TensorFlow': `${python}RUN pip install tensorflow==1.15.5\n`,
    'the one for CPUs': `${python}RUN pip install tensorflow-cpu onnxruntime\n`,
    'a stage that does not ship': `FROM python:3.12 AS test\nRUN pip install torch\nRUN pytest\n${python}COPY --from=test /report.xml /\n`,
    'the torch the image has': 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install torch torchvision && pip install torch==2.4.1\n',
    'CUDA that something else may need': 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install torch -r requirements.txt\n',
    'CUDA that something else needs': 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install torch onnxruntime-gpu\n',
    'a small CUDA image': 'FROM nvidia/cuda:12.4.1-base-ubuntu22.04\nRUN pip install torch\n',
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });

  it('an index in the requirements file', () => {
    const text = `${python}COPY requirements.txt .\nRUN pip install -r requirements.txt\n`;
    expect(findings(rule, text, { context: { 'requirements.txt': '--extra-index-url https://download.pytorch.org/whl/cpu\ntorch==2.4.1\n' } })).toEqual([]);
    expect(findings(rule, text, { context: { 'requirements.txt': 'torch==2.4.1 ; sys_platform == "linux"\n' } })).toHaveLength(1);
  });
});

describe('the fix', () => {
  const cpu = 'https://download.pytorch.org/whl/cpu';
  it.each([
    ['RUN python -m pip install torch torchaudio\n', `RUN python -m pip install --index-url ${cpu} torch torchaudio\n`],
    ['RUN uv pip install --system torch\n', `RUN uv pip install --index-url ${cpu} --system torch\n`],
    ['RUN pip install "torch>=2.4,<3" numpy\n', `RUN pip install --extra-index-url ${cpu} "torch>=2.4,<3" numpy\n`],
    ['RUN pip install tensorflow-gpu==2.4.1\n', 'RUN pip install tensorflow-cpu==2.4.1\n'],
    ['RUN pip install \'onnxruntime-gpu\' pillow\n', 'RUN pip install \'onnxruntime\' pillow\n'],
    ['RUN pip install TensorFlow==2.17.0\n', 'RUN pip install tensorflow-cpu==2.17.0\n'],
  ])('of %j is unsafe', (before, after) => {
    const [found, ...others] = findings(rule, python + before);
    expect(others).toEqual([]);
    expect(found?.fix?.safety).toBe('unsafe');
    expect(found?.fixed).toBe(python + after);
  });

  it.each([
    'RUN uv pip install --system torch numpy\n', 'RUN poetry add torch\n', 'RUN ["pip", "install", "torch"]\n', 'RUN pip install tensorflow tensorflow-hub\n',
  ])('there is none for %j', (line) => {
    expect(findings(rule, python + line).map(({ fix }) => fix)).toEqual([undefined]);
  });
});

it('finds a virtual environment that ships', () => {
  expect(findings(rule, `FROM python:3.12 AS build\nRUN /opt/venv/bin/pip install torch\n${python}COPY --from=build /opt/venv /opt/venv\n`)).toHaveLength(1);
});
