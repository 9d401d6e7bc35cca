/** Calls of Python libraries that download a model. */
const calls = [
  /\bsnapshot_download\s*\(/,
  /\b(?:SentenceTransformer|CrossEncoder|WhisperModel|TextEmbedding|YOLO|PaddleOCR|FlagModel|BGEM3FlagModel|KeyBERT|HuggingFaceEmbeddings?)\s*\(\s*\w*=?\s*['"]/,
  /\bwhisper\.load_model\s*\(/,
  /\beasyocr\.Reader\s*\(/,
  /\btorch\.hub\.(?:load|load_state_dict_from_url|download_url_to_file)\s*\(/,
  /\bpipeline\s*\(\s*(?:task\s*=\s*)?['"]/,
  /\btimm\.create_model\s*\([^)]{0,300}pretrained\s*=\s*True/,
  /\bTTS\s*\(\s*\w*=?\s*['"]tts_models/,
];

/** Classes that load words and settings, not weights. */
const withoutWeights = /Tokenizer|Processor|Config|FeatureExtractor/i;

const isDataSet = (code: string): boolean => /repo_type\s*=\s*['"](?:dataset|space)/.test(code);

/**
 * The call in a piece of Python that downloads a model.
 * @returns its text up to the parenthesis; undefined for none
 */
export function callsForWeights(code: string): string | undefined {
  for (const match of code.matchAll(/\b(\w+)\.from_pretrained\s*\(/g)) {
    if (!withoutWeights.test(match[1] ?? '')) return `${match[1] ?? ''}.from_pretrained`;
  }
  const file = /\bhf_hub_download\s*\(([^)]{0,300})\)/.exec(code);
  if (file !== null && !/\.(?:json|txt|model|py|ya?ml)['"]/.test(file[1] ?? '') && !isDataSet(code)) return 'hf_hub_download';
  const found = isDataSet(code) ? undefined : calls.map((call) => call.exec(code)?.[0]).find((text) => text !== undefined);
  return found?.replace(/\s*\([\s\S]*$/, '');
}

const folderNames = ['cache_dir', 'local_dir', 'download_root', 'cache_folder', 'model_dir', 'save_directory', 'output_dir'];
const folder = new RegExp(`(?:\\b(?:${folderNames.join('|')})\\s*=\\s*|\\bsave_pretrained\\s*\\(\\s*|\\.save\\s*\\(\\s*)['"]([^'"\\n]+)['"]`, 'g');

/** Folders that a piece of Python names for its downloads. */
export const placesInCode = (code: string): string[] => [...code.matchAll(folder)].map((match) => match[1] ?? '');
