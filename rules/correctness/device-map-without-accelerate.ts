import { missingAccelerate } from '../../src/model/accelerate.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: '`device_map` without accelerate',
  why: `transformers hands the placing of a model on devices to another package, accelerate, which it does not require. A service that loads
its model with \`device_map\` and installs transformers alone builds without a word and ends with an error when it starts, or when the
first request comes. Name \`accelerate\` beside \`transformers\`, or require \`transformers[torch]\`, which has it.

The rule reads the Python files of the build context where they are few, and speaks only where every package that is installed
is known not to bring accelerate. There is no fix, for the version is the author's choice.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt accelerate==1.1.1\nCOPY . .\nCMD ["uvicorn", "main:app"]\n',
      context: {
        'requirements.txt': 'fastapi==0.115.6\nuvicorn[standard]==0.34.0\ntorch==2.4.1\ntransformers==4.46.3\n',
        'main.py': 'from transformers import AutoModelForCausalLM\nmodel = AutoModelForCausalLM.from_pretrained("gpt2", device_map="auto")\n',
      },
    },
    {
      bad: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install --no-cache-dir transformers==4.46.3 fastapi uvicorn\nCOPY app /app\nCMD ["python", "/app/serve.py"]\n',
      good: 'FROM pytorch/pytorch:2.4.1-cuda12.1-cudnn9-runtime\nRUN pip install --no-cache-dir "transformers[torch]==4.46.3" fastapi uvicorn\nCOPY app /app\nCMD ["python", "/app/serve.py"]\n',
      context: { 'app/serve.py': 'from transformers import pipeline\nchat = pipeline("text-generation", model="gpt2", device_map="auto")\n' },
    },
  ],
  * check({ file, context }) {
    const found = context === undefined ? undefined : missingAccelerate(file, context);
    if (found === undefined) return;
    const where = found.transformers.file === undefined ? 'here' : `in \`${found.transformers.file}\``;
    yield {
      at: found.transformers.at,
      message: `\`${found.path}\` gives transformers a \`device_map\`, for which it needs accelerate: it stops with an error when the model is loaded. Add \`accelerate\` ${where}.`,
    };
  },
});
