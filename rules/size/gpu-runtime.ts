import { replace } from '../../src/edits.ts';
import { addFlag } from '../../src/model/append.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { doubleCuda, secondTorch } from '../../src/model/double-cuda.ts';
import { isTorch, needlessCuda, type NeedlessCuda } from '../../src/model/gpu.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

const cpuIndex = 'https://download.pytorch.org/whl/cpu';

/** Puts the index of PyTorch's builds for CPUs in: alone where nothing else is installed, else beside PyPI, which only pip can weigh. */
function torchFix({ invocation, alone }: NeedlessCuda): Fix | undefined {
  const { command, manager, subcommand } = invocation;
  const flag = alone ? '--index-url' : '--extra-index-url';
  if (subcommand === undefined || command.instruction.json !== undefined) return undefined;
  if (manager.name !== 'pip' && !(manager.name === 'uv' && alone && invocation.subcommandKey === 'pip install')) return undefined;
  return unsafe('Install the build for CPUs', addFlag(command, subcommand, `${flag} ${cpuIndex}`));
}

/** Packages that require `tensorflow` by that name, and would bring it back. */
const requiresTensorflow = /\b(?:tensorflow-(?!gpu|cpu)|tf-|keras|ktrain|tflite)/i;

/** Puts another name in for a package named on the command line. */
function renameFix(file: Dockerfile, { package: named, instead }: NeedlessCuda): Fix | undefined {
  const index = textAt(file.source, named.at).toLowerCase().indexOf(named.name);
  if (index === -1 || instead === undefined || named.file !== undefined) return undefined;
  if (named.name === 'tensorflow' && requiresTensorflow.test(file.source)) return undefined;
  return unsafe(`Install \`${instead}\``, replace(span(named.at.start + index, named.at.start + index + named.name.length), instead));
}

function messageOf({ package: named, instead }: NeedlessCuda): string {
  const where = named.file === undefined ? '' : ` in \`${named.file}\``;
  const no = 'nothing here says that the image runs on a GPU';
  if (isTorch(named.name)) return `\`${named.name}\`${where} brings gigabytes of CUDA from PyPI, and ${no}; for a CPU, install it from \`${cpuIndex}\`.`;
  return `\`${named.name}\`${where} is built for CUDA, which this base image has not, and ${no}; for a CPU, install \`${instead ?? ''}\`.`;
}

export default defineRule({
  summary: 'GPU libraries where nothing says there is a GPU',
  why: `From PyPI, PyTorch for Linux comes with CUDA: about 3 GB of NVIDIA libraries that a machine without a GPU never loads. The builds for
CPUs have an index of their own. ONNX Runtime or a quantised model often need no PyTorch at all.

Whether there is a GPU is decided where the container runs, so the rule only speaks where the file, its name and its base image say
nothing of one, and its fixes are unsafe. It also points out CUDA that ships twice: a second PyTorch on top of a PyTorch image, or
PyTorch, which brings its own, on an image with CUDA's libraries.
Switch it off for images that get a GPU at run time.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir torch==2.4.1 torchvision==0.19.1\n',
      good: `FROM python:3.12-slim\nRUN pip install --index-url ${cpuIndex} --no-cache-dir torch==2.4.1 torchvision==0.19.1\n`,
    },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir torch transformers\n',
      good: `FROM python:3.12-slim\nRUN pip install --extra-index-url ${cpuIndex} --no-cache-dir torch transformers\n`,
    },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir "onnxruntime-gpu==1.19.2" fastapi\n',
      good: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir "onnxruntime==1.19.2" fastapi\n',
    },
    {
      bad: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n',
      good: `FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --extra-index-url ${cpuIndex} --no-cache-dir -r requirements.txt\n`,
      context: { 'requirements.txt': 'fastapi==0.115.6\ntorch==2.4.1\n' },
    },
    {
      bad: 'FROM pytorch/pytorch:2.1.0-cuda12.1-cudnn8-runtime\nRUN pip install --no-cache-dir torch==2.4.1\n',
      good: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\n',
    },
    {
      bad: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install --no-cache-dir torch==2.4.1 fastapi==0.115.6\n',
      good: 'FROM nvidia/cuda:12.4.1-base-ubuntu22.04\nRUN pip install --no-cache-dir torch==2.4.1 fastapi==0.115.6\n',
    },
  ],
  * check({ file, context }) {
    for (const found of needlessCuda(file, context)) {
      const fix = isTorch(found.package.name) ? torchFix(found) : renameFix(file, found);
      yield { at: found.package.at, message: messageOf(found), ...(fix && { fix }) };
    }
    const double = doubleCuda(file, context)?.imageWord;
    if (double !== undefined) {
      const message = `\`${double.text}\` has the CUDA libraries, and the wheel of torch brings its own, which it uses`;
      yield { at: double.span, message: `${message}; the image with \`base\` in place of \`runtime\` is enough.` };
    }
    for (const { package: named, image, has } of secondTorch(file)) {
      const message = `\`${image}\` has torch ${has} already, so this puts a second one with its CUDA libraries on top`;
      yield { at: named.at, message: `${message}; begin with the image of the version you need.` };
    }
  },
});
