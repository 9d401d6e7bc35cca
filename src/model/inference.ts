import type { BuildContext } from '../context/context.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation } from './packages.ts';
import { definitions } from './variables.ts';

/** Packages of Python that load a model into memory when the service starts. */
const packageNames = [
  'transformers', 'sentence-transformers', 'diffusers', 'vllm', 'sglang', 'llama-cpp-python', 'llama-index-llms-huggingface', 'ctransformers',
  'text-generation', 'text-generation-inference', 'text-generation-server', 'accelerate', 'torch', 'torchvision', 'torchaudio', 'tensorflow',
  'tensorflow-cpu', 'tensorflow-gpu', 'keras', 'optimum', 'auto-gptq', 'autoawq', 'bitsandbytes', 'faster-whisper', 'openai-whisper', 'whisperx',
  'ultralytics', 'fastembed', 'flagembedding', 'gpt4all', 'exllamav2', 'mlc-llm', 'ctranslate2', 'paddlepaddle', 'onnxruntime', 'onnxruntime-gpu',
];

const packagePattern = new RegExp(`^(?:${packageNames.join('|')})(?=$|[\\s\\[=<>~!;@])`, 'i');

/** Images that are such a service. */
const imagePattern = /(?:^|\/)(?:vllm-(?:openai|cpu|dev)|vllm|sglang|text-(?:generation|embeddings)-inference|tritonserver|torchserve|ollama|llama\.cpp|llama-cpp-python|localai|transformers-pytorch-\w+|pytorch)$/;

/** Variables that name a model or the folder of models. */
const variablePattern = /^(?:HF_HOME|HF_HUB_CACHE|HF_MODEL_ID|HUGGINGFACE_HUB_CACHE|TRANSFORMERS_CACHE|SENTENCE_TRANSFORMERS_HOME|TORCH_HOME|OLLAMA_MODELS|(?:LLM_|EMBEDDING_|WHISPER_|DEFAULT_)?MODEL_(?:ID|PATH|NAME|DIR))$/;

function installedBy(file: Dockerfile, instruction: Instruction): string | undefined {
  for (const command of file.commandsOf(instruction)) {
    const invocation = readInvocation(command);
    if (invocation?.action.startsWith('install') !== true || !/^(?:pip|uv|poetry|pdm|pipenv|conda)$/.test(invocation.manager.name)) continue;
    const found = invocation.packages.find(({ text }) => packagePattern.test(text));
    if (found !== undefined) return packagePattern.exec(found.text)?.[0];
  }
  return undefined;
}

/** The file of the context that a requirements file of the image was copied from, where only one has its name. */
function contextFile(path: string, context: BuildContext): string | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const named = context.files.filter((each) => each === name || each.endsWith(`/${name}`));
  return named.length === 1 ? named[0] : named.find((each) => each === path);
}

function requiredBy(file: Dockerfile, instruction: Instruction, context: BuildContext): string | undefined {
  for (const { value } of file.commandsOf(instruction).flatMap((command) => readInvocation(command)?.manifestFlags ?? [])) {
    const path = value === undefined ? undefined : contextFile(value, context);
    const lines = path === undefined ? [] : (context.read(path)?.split('\n') ?? []);
    const found = lines.map((line) => packagePattern.exec(line.trim())?.[0]).find((name) => name !== undefined);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What says that a container of the stage that is built loads a model when it starts: an image, a package (installed
 * in this or another stage the build needs) or a variable.
 * @returns its name; undefined where nothing says so
 */
export function modelEvidence(file: Dockerfile, context: BuildContext | undefined): string | undefined {
  const image = file.targetStage === undefined ? undefined : [...file.shippedStages].at(-1)?.image?.name;
  if (image !== undefined && imagePattern.test(image)) return image;
  for (const instruction of [...file.neededStages].flatMap((stage) => stage.instructions)) {
    if (instruction.keyword !== 'RUN') continue;
    const found = installedBy(file, instruction) ?? (context && requiredBy(file, instruction, context));
    if (found !== undefined) return found;
  }
  const state = file.targetStage && file.stateAfterStage(file.targetStage);
  for (const { name, kind } of definitions(state?.definitions)) {
    if (kind === 'ENV' && variablePattern.test(name)) return name;
  }
  return undefined;
}
