import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/baked-model.ts';
import { findings } from './lint.ts';

const python = 'FROM python:3.12-slim\n';

describe('finds', () => {
  it.each([
    ['COPY weights/*.safetensors /models/\n', 'weights/*.safetensors', '*.safetensors'],
    ['COPY a.gguf b.gguf c.txt /models/\n', 'a.gguf', '`a.gguf` and 1 more'],
    ['COPY model/pytorch_model.bin checkpoints/best.pt /models/\n', 'model/pytorch_model.bin', 'and 1 more'],
    ['ADD https://example.com/sam2_tiny.pt?download=true /models/\n', 'https://example.com/sam2_tiny.pt?download=true', '`sam2_tiny.pt`) are downloaded'],
    ['RUN hf download Qwen/Qwen3-0.6B\n', 'Qwen/Qwen3-0.6B', 'downloaded'],
    ['RUN huggingface-cli download org/model model.gguf --local-dir /models\n', 'org/model', 'downloaded'],
    ['RUN python -c "from transformers import AutoModelForCausalLM; AutoModelForCausalLM.from_pretrained(\'gpt2\')"\n', 'python', '`AutoModelForCausalLM.from_pretrained`'],
    ['RUN uv run python -c "from sentence_transformers import SentenceTransformer; SentenceTransformer(\'all-MiniLM-L6-v2\')"\n', 'uv', '`SentenceTransformer`'],
    ['RUN python3 <<EOF\nfrom huggingface_hub import snapshot_download\nsnapshot_download("org/model")\nEOF\n', '<<EOF', '`snapshot_download`'],
    ['RUN <<EOF\n#!/usr/bin/env python3\nimport whisper\nwhisper.load_model("base")\nEOF\n', '<<EOF', '`whisper.load_model`'],
    ['RUN git lfs install && git clone https://huggingface.co/org/model /models\n', 'https://huggingface.co/org/model', '`org/model`'],
    ['RUN curl -L -o /models/m.gguf https://huggingface.co/org/m/resolve/main/m-q4.gguf\n', '/models/m.gguf', '`m.gguf`'],
    ['ARG URL=https://example.com/net.onnx\nRUN wget -q "$URL"\n', '"$URL"', '`net.onnx`'],
    ['RUN for m in a b; do wget https://example.com/$m.safetensors; done\n', 'https://example.com/$m.safetensors', 'downloaded'],
    ['RUN aws s3 cp s3://bucket/model.safetensors /models/\n', 's3://bucket/model.safetensors', '`model.safetensors`'],
    ['RUN ollama serve & sleep 5 && ollama pull llama3.2\n', 'llama3.2', '`llama3.2`'],
    ['RUN python -m spacy download en_core_web_lg\n', 'en_core_web_lg', 'downloaded'],
    ['RUN python scripts/download_models.py --all\n', 'scripts/download_models.py', '`download_models.py`'],
    ['RUN bash -c "mineru-models-download -m all"\n', '"mineru-models-download -m all"', '`mineru-models-download`'],
  ])('in %j', (text, at, words) => {
    const [found, ...others] = findings(rule, python + text);
    expect(others).toEqual([]);
    expect(found?.text).toBe(at);
    expect(found?.message).toContain(words);
  });

  it('in what a stage copies from a builder, and from another one by way of it', () => {
    expect(findings(rule, `FROM python:3.12 AS a\nRUN hf download org/m --local-dir /m\nFROM scratch AS b\nCOPY --from=a /m /files/m\n${python}COPY --from=b /files /files\n`)).toHaveLength(1);
    expect(findings(rule, `FROM python:3.12 AS a\nRUN hf download org/m\n${python}COPY --from=a /root/.cache/huggingface /root/.cache/huggingface\n`)).toHaveLength(1);
    expect(findings(rule, `${python}COPY --from=example.com/weights:1 /net.onnx /net.onnx\n`)).toHaveLength(1);
  });

  it('in a broad copy, by the context', () => {
    const context = { 'app.py': '', 'models/a.gguf': '', 'models/b.gguf': '', 'tests/tiny.onnx': '', 'examples/mnist/model.pt': '', 'locale/de.pt': '' };
    const [found, ...others] = findings(rule, `${python}COPY . /app\n`, { context });
    expect(others).toEqual([]);
    expect(found?.message).toContain('`models/a.gguf` and 1 more');
    expect(findings(rule, `${python}COPY app.py /app/\n`, { context })).toEqual([]);
    expect(findings(rule, `${python}COPY . /app\n`, { context: { ...context, '.dockerignore': 'models\n' } })).toEqual([]);
  });
});

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'other files': `${python}COPY app.py config.json data.bin templates/page.pt sitecustomize.pth /app/\n`,
    'a mounted cache': `${python}RUN --mount=type=cache,target=/root/.cache/huggingface python -c "from transformers import AutoModel; AutoModel.from_pretrained('bert')"\n`,
    'a mounted folder': `${python}RUN --mount=type=cache,target=/models hf download org/m --local-dir /models/m\n`,
    'a tokenizer': `${python}RUN python -c "from transformers import AutoTokenizer; AutoTokenizer.from_pretrained('bert')"\n`,
    'settings of a model': `${python}RUN hf download org/m tokenizer.json config.json && hf download org/m --include "*.json"\n`,
    'a data set': `${python}RUN hf download org/d --repo-type dataset\nRUN python -c "from huggingface_hub import snapshot_download; snapshot_download('a', repo_type='dataset')"\n`,
    'a space': `${python}RUN git lfs install && git clone https://huggingface.co/spaces/org/app\n`,
    'pointers only': `${python}RUN git lfs install && GIT_LFS_SKIP_SMUDGE=1 git clone https://huggingface.co/org/model\nRUN env GIT_LFS_SKIP_SMUDGE=1 git clone https://huggingface.co/org/model2\n`,
    'no extension for large files': `${python}RUN git clone https://huggingface.co/org/model\n`,
    'a download that is a choice': `${python}ARG PRELOAD\nRUN if [ "$PRELOAD" = true ]; then hf download org/m; fi\n`,
    'a download that is converted and removed': `${python}RUN wget https://example.com/net.pth && ./convert net.pth && rm net.pth\n`,
    'a small model': `${python}RUN python -m spacy download en_core_web_sm\n`,
    'a script that is only copied': `${python}COPY download_model.py .\nRUN chmod +x download_model.py\n`,
    'a builder that ships something else': `FROM python:3.12 AS a\nRUN hf download org/m --local-dir /m && python train.py\n${python}COPY --from=a /out /out\n`,
    'weights copied from a stage, found there': `${python}FROM python:3.12 AS a\nRUN ./make-weights\n${python}COPY --from=a /net.onnx /net.onnx\n`,
    'a download when it starts': `${python}CMD hf download org/m && python app.py\n`,
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
