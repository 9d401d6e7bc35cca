import type { BuildContext } from '../context/context.ts';
import { textAt } from '../span.ts';
import { nameOf } from './bases/name.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { pythonInstalls, pythonPackages, requirementFiles, type PythonPackage } from './python-packages.ts';
import { pythonSources, type PythonSource } from './python-sources.ts';
import { lineage } from './shipped.ts';

/** Packages whose requirements hold no accelerate, whatever their version: with others nobody can tell from here. */
const withoutAccelerate = new Set((
  'torch torchvision torchaudio transformers tokenizers sentencepiece safetensors huggingface-hub hf-transfer hf-xet protobuf einops bitsandbytes tiktoken ' +
  'fastapi uvicorn gunicorn starlette pydantic pydantic-settings python-multipart python-dotenv httpx requests aiohttp aiofiles websockets sse-starlette orjson ' +
  'flask flask-cors numpy scipy pandas scikit-learn pillow matplotlib tqdm loguru redis jinja2 pyyaml prometheus-client openai anthropic ' +
  'sqlalchemy psycopg2-binary asyncpg alembic celery boto3 pytest ruff black mypy typing-extensions pip setuptools wheel packaging regex filelock fsspec'
).split(' '));

/** Images whose Python has no accelerate. */
const plainImages = /^(?:python|debian|ubuntu|(?:nvcr\.io\/)?nvidia\/cuda|pytorch\/pytorch)$/;

/** Everything the install brings, by name; undefined where a file or a word of it can't be read. */
function wholeInstall(file: Dockerfile, context: BuildContext, invocation: Invocation): PythonPackage[] | undefined {
  const files = requirementFiles(file, context, invocation);
  const packages = pythonPackages(file, context, invocation);
  const lines = files.flatMap((each) => each.lines).filter((line) => !/^--?(?:i|extra-index-url|index-url|find-links|f)\b/.test(line));
  const whole = files.length === invocation.manifestFlags.length && packages.length === lines.length + invocation.packages.length;
  return whole && invocation.action !== 'install-project' && invocation.unknown.length === 0 ? packages : undefined;
}

/** `device_map="auto"`: a text stands there, nothing that may be None. */
const asksForMap = /\bdevice_map\s*=\s*["'](?:auto|balanced|balanced_low_0|sequential|cpu|cuda(?::\d)?)["']\s*(?=[,)\n])/;
const loadsModel = /\bfrom_pretrained\s*\(|\bpipeline\s*\(/;
const usesTransformers = /^\s*(?:from\s+transformers\b|import\s+transformers\b)/m;
const guarded = /\btry\s*:|import_module|is_accelerate_available|\bif\s+\w+[^\n]*:\s*\n[^\n]*device_map/;

const asks = ({ text }: PythonSource): boolean => asksForMap.test(text) && loadsModel.test(text) && usesTransformers.test(text) && !guarded.test(text);

/** A source that loads a model by `device_map`, and the install that lacks accelerate. */
export interface MissingAccelerate {
  readonly transformers: PythonPackage;
  /** The source that asks for it. */
  readonly path: string;
}

/** Where transformers is installed without accelerate for a small application that gives `device_map`; undefined where nobody can tell. */
export function missingAccelerate(file: Dockerfile, context: BuildContext | undefined): MissingAccelerate | undefined {
  const stages = lineage(file.targetStage);
  const image = stages.at(-1)?.image;
  if (context === undefined || image === undefined || !plainImages.test(nameOf(image)) || /accelerate|\bconda\b/.test(file.source)) return undefined;
  const runs = stages.flatMap(({ instructions }) => instructions);
  if (runs.some((each) => each.keyword === 'COPY' && /--from/.test(textAt(file.source, each.span)))) return undefined;
  if (runs.some((each) => file.scripts(each).some(({ unreadable }) => unreadable && each.keyword === 'RUN'))) return undefined;
  const installs = runs.flatMap((each) => pythonInstalls(file, each)).map((each) => wholeInstall(file, context, each));
  const packages = installs.flatMap((each) => each ?? []);
  const transformers = packages.find(({ name, extras }) => name === 'transformers' && extras.length === 0);
  const others = packages.some(({ name, extras }) => !withoutAccelerate.has(name) || (name === 'transformers' && extras.length > 0));
  if (transformers === undefined || others || installs.includes(undefined)) return undefined;
  if (file.commands.some((command) => /\.sh$|^(?:make|poetry|pdm|pipenv)$/.test(command.name) || readInvocation(command)?.action === 'install-project')) return undefined;
  const sources = pythonSources(context);
  if (sources === undefined || sources.some(({ text }) => /\baccelerate\b/.test(text))) return undefined;
  const source = sources.find(asks);
  return source && { transformers, path: source.path };
}
