import { gpuUses } from '../../src/model/gpu-code.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'GPU used while the image is built',
  why: `A build has no GPU: the driver, with it \`nvidia-smi\` and \`libcuda\`, is put into a container when it starts, by the
runtime of NVIDIA and only where it is asked for. A check for a GPU in a RUN fails on every usual builder, and where it
happens to pass, it tells of the builder and not of the machine the image will run on. Check when the container starts instead.

There is no fix. Switch it off where your builders hand their GPUs to the build (the legacy builder with NVIDIA's runtime as its
default). A RUN with \`--device\` is left alone.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN nvidia-smi\nCMD ["python3", "serve.py"]\n',
      good: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nCMD ["python3", "serve.py"]\n',
    },
    {
      bad: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN python -c "import torch; assert torch.cuda.is_available()"\n',
      good: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN python -c "import torch; print(torch.cuda.is_available())"\n',
    },
    {
      bad: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install --no-cache-dir fastapi && nvidia-smi -L\n',
      good: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install --no-cache-dir fastapi && (nvidia-smi -L || true)\n',
    },
  ],
  * check({ file }) {
    if (!/nvidia-smi|cuda|GPU|is_gpu/.test(file.source)) return;
    for (const stage of file.neededStages) {
      for (const instruction of stage.instructions) {
        if (instruction.keyword !== 'RUN') continue;
        for (const { at, what } of file.scripts(instruction).flatMap((script) => gpuUses(file, script))) {
          yield { at, message: `\`${what}\` fails here: there is no GPU while an image is built. Check for one when the container starts.` };
        }
      }
    }
  },
});
