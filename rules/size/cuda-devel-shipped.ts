import { replace } from '../../src/edits.ts';
import { shippedToolkit } from '../../src/model/cuda-devel.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

export default defineRule({
  summary: 'CUDA development image in what ships',
  why: `The images of NVIDIA and PyTorch with \`devel\` in their tag have nvcc, headers, static libraries and debuggers on top of what a
program needs to run. Where nothing is compiled, or what is compiled is copied from a stage of its own, the image with \`runtime\`
is the same without them.

The fix takes that one. It is unsafe: a package may compile for the GPU when the service runs (DeepSpeed, Triton, \`torch.compile\`),
and needs a compiler then. Where the file speaks of such a thing, compiles itself, or installs what can't be read here, nothing is
said. Stages that only build may have the toolkit.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*\nRUN pip3 install --no-cache-dir onnxruntime-gpu==1.19.2 fastapi==0.115.6\nCOPY app.py .\nCMD ["python3", "app.py"]\n',
      good: 'FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nRUN apt-get update && apt-get install -y --no-install-recommends python3-pip && rm -rf /var/lib/apt/lists/*\nRUN pip3 install --no-cache-dir onnxruntime-gpu==1.19.2 fastapi==0.115.6\nCOPY app.py .\nCMD ["python3", "app.py"]\n',
    },
    {
      bad: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-devel\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
      good: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
      context: { 'requirements.txt': 'transformers==4.46.3\nfastapi==0.115.6\nuvicorn==0.34.0\n', 'main.py': '' },
    },
    {
      bad: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04 AS build\nCOPY . /src\nRUN make -C /src\nFROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nCOPY --from=build /src/server /usr/local/bin/server\nCMD ["server"]\n',
      good: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04 AS build\nCOPY . /src\nRUN make -C /src\nFROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nCOPY --from=build /src/server /usr/local/bin/server\nCMD ["server"]\n',
    },
    {
      bad: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04\nRUN apt-get update && apt-get install -y cmake build-essential && rm -rf /var/lib/apt/lists/*\nCOPY . /src\nRUN cmake -S /src -B /build && cmake --build /build\nCMD ["/build/server"]\n',
      good: 'FROM nvidia/cuda:12.4.1-devel-ubuntu22.04 AS build\nRUN apt-get update && apt-get install -y cmake build-essential && rm -rf /var/lib/apt/lists/*\nCOPY . /src\nRUN cmake -S /src -B /build && cmake --build /build\nFROM nvidia/cuda:12.4.1-runtime-ubuntu22.04\nCOPY --from=build /build/server /usr/local/bin/server\nCMD ["server"]\n',
    },
  ],
  * check({ file, context }) {
    const found = shippedToolkit(file, context);
    const image = found?.stage.imageWord;
    if (found === undefined || image === undefined) return;
    const { stage, instead, built, saves } = found;
    const ships = `\`${stage.image?.text ?? image.text}\` ships nvcc and all it takes to compile for CUDA`;
    yield {
      at: image.span,
      message: built === undefined
        ? `${ships}, and nothing here does; \`${instead}\` is ${saves} smaller to pull.`
        : `${ships}, which \`${built}\` needs for the build alone; build in a stage of its own, and copy the result into \`${instead}\`, ${saves} smaller to pull.`,
      fix: built === undefined ? unsafe(`Use \`${instead}\``, replace(image, instead)) : undefined,
    };
  },
});
