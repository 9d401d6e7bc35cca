/** Extensions that nothing but weights of models has. */
const certain = /\.(?:safetensors|gguf|ggml|onnx|ckpt|tflite|caffemodel|pdparams|pdiparams|nemo|mlmodel)$/i;
/** Extensions that others have as well, templates and settings of Python among them; a name or folder that speaks of a model decides. */
const likely = /\.(?:pt|pth|bin|h5|keras)$/i;
/** Those that nothing else has when it comes from the network. */
const remote = /^(?:https?|s3|gs):\/\/.*(?:\.(?:pt|pth|keras)|huggingface\.co\/.*\.bin)$/i;

const modelWords = [
  'models?', 'weights?', 'checkpoints?', 'ckpts?', 'pytorch[-_]model', 'ggml', 'yolo\\w{0,9}', 'resnet\\w{0,9}', 'bert', 'llama', 'whisper', 'best', 'last', 'u2net',
];
const speaksOfModel = new RegExp(`(?:^|[/_.-])(?:${modelWords.join('|')})(?=[/_.\\d-]|$)`, 'i');

const otherFolders = ['tests?', '__tests__', 'testdata', 'fixtures?', 'locales?', 'i18n', 'templates?', 'node_modules', 'site-packages'];
const otherFiles = new RegExp(`(?:^|/)(?:${otherFolders.join('|')})/`, 'i');

/** A path or address without what a browser would not send on: `model.onnx?download=true`. */
export const withoutQuery = (text: string): string => text.replace(/[?#].*$/s, '');

/** True for a path or address that names weights of a model, by its name. */
export function isWeightFile(path: string): boolean {
  const clean = withoutQuery(path);
  return !otherFiles.test(clean) && (certain.test(clean) || remote.test(clean) || (likely.test(clean) && speaksOfModel.test(clean)));
}
