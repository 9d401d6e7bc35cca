import { cudaMismatch, flashWithoutNvcc } from '../../src/model/cuda.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'CUDA of the image that does not fit what is compiled',
  why: `The wheels of PyTorch bring a CUDA of their own, and run on an image with another one. What is compiled against PyTorch while the
image is built is another matter: it uses the image's nvcc, and PyTorch refuses one of another major version. \`flash-attn\` asks nvcc for
its version wherever it finds \`/usr/local/cuda\`, so it can't be installed in an image with CUDA's libraries alone.

Take the image whose CUDA is that of the wheel, or the wheel for the image's CUDA. Only what certainly fails is found; different
minor versions work.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nENV FLASH_ATTENTION_FORCE_BUILD=TRUE\nRUN pip install torch==2.4.1 --index-url https://download.pytorch.org/whl/cu118\nRUN pip install flash-attn==2.6.3 --no-build-isolation\n',
      good: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nENV FLASH_ATTENTION_FORCE_BUILD=TRUE\nRUN pip install torch==2.4.1 --index-url https://download.pytorch.org/whl/cu124\nRUN pip install flash-attn==2.6.3 --no-build-isolation\n',
    },
    {
      bad: 'FROM nvidia/cuda:11.8.0-devel-ubuntu22.04\nRUN pip install torch==2.4.1\nRUN DS_BUILD_OPS=1 pip install deepspeed==0.15.1\n',
      good: 'FROM nvidia/cuda:12.1.1-devel-ubuntu22.04\nRUN pip install torch==2.4.1\nRUN DS_BUILD_OPS=1 pip install deepspeed==0.15.1\n',
    },
    {
      bad: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN pip install torch==2.4.1 packaging\nRUN pip install flash-attn==2.6.3 --no-build-isolation\n',
      good: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN pip install torch==2.4.1 packaging\nRUN pip install flash-attn==2.6.3 --no-build-isolation\n',
    },
  ],
  * check({ file, context }) {
    if (!/cuda/i.test(file.source)) return;
    const found = cudaMismatch(file, context);
    if (found !== undefined) {
      const { extension, torch, torchCuda, imageCuda, image } = found;
      yield {
        at: extension.at,
        message: `\`${extension.name}\` is compiled here with CUDA ${imageCuda} of \`${image}\`, but torch is built with CUDA ${torchCuda} and refuses that; take an image and a wheel of the same major version.`,
        related: [{ at: torch.package.at, message: `This torch is built with CUDA ${torchCuda}.` }],
      };
    }
    const flash = flashWithoutNvcc(file, context);
    if (flash !== undefined) {
      yield { at: flash.at, message: `\`flash-attn\` runs nvcc when it is installed, and \`${flash.image}\` has none; install it on the image with \`devel\`, and copy the packages from there.` };
    }
  },
});
