import { pathsIntoImage } from '../../src/model/shipped.ts';
import { bakedWeights, isCopiedOn, type BakedWeights } from '../../src/model/weights.ts';
import { defineRule } from '../../src/rule.ts';

function messageOf({ what, how, more }: BakedWeights): string {
  const others = more === 0 ? '' : ` and ${more} more`;
  return `Model weights (\`${what}\`${others}) are ${how} into the image; keep them on a volume, or download them to one when the container starts.`;
}

export default defineRule({
  summary: 'Model weights in the image',
  why: `A model is data, and far bigger than the service that loads it. In the image it is built, pushed and pulled again whenever
a layer below it changes, and each version of the service keeps its own copy. On a volume, or downloaded at start into one, it is
there once and changes on its own.

A model in the image has its uses: no network at start, one thing to deploy. Switch the rule off then, and copy or download the model
in a layer above all that changes more often.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY models/llama.gguf /models/\nCOPY app.py .\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nVOLUME /models\nCOPY app.py .\nCMD ["python", "app.py"]\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir transformers torch\nRUN python -c "from transformers import AutoModel; AutoModel.from_pretrained(\'bert-base-uncased\')"\n',
      good: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir transformers torch\nENV HF_HOME=/models\nVOLUME /models\n',
    },
    {
      bad: 'FROM python:3.12-slim AS model\nRUN hf download Qwen/Qwen3-0.6B --local-dir /model\nFROM python:3.12-slim\nCOPY --from=model /model /model\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nVOLUME /model\nCMD ["python", "app.py"]\n',
    },
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY app.py .\nCMD ["python", "app.py"]\n',
      context: { 'app.py': '', 'weights/model.safetensors': '' },
    },
  ],
  * check({ file, context }) {
    const paths = pathsIntoImage(file);
    for (const stage of file.stages) {
      const ships = file.shippedStages.has(stage);
      const copied = paths.get(stage);
      if (!ships && copied === undefined) continue;
      for (const instruction of stage.instructions) {
        const baked = bakedWeights(file, context, instruction);
        if (baked !== undefined && (ships || isCopiedOn(baked, copied ?? []))) yield { at: baked.at, message: messageOf(baked) };
      }
    }
  },
});
