/** Words that make a name a secret's for BuildKit, and those that take it back (its check SecretsUsedInArgOrEnv). */
const buildkitWords = new Set(['apikey', 'auth', 'credential', 'credentials', 'key', 'password', 'pword', 'passwd', 'secret', 'token']);
const buildkitHarmless = new Set(['public', 'file', 'version']);

/** What hadolint looks for anywhere in a name (DL3064). */
const hadolintParts = /api_key|client_key|password|private|secret|token|username/i;
/** It takes these for secrets too: where one is kept, which modules are private, what a tokenizer does. */
const hadolintHarmless = /_(?:FILE|PATH|DIR|URL)$|^GOPRIVATE$|TOKENIZERS?_|TIKTOKEN/i;

/** Codes of the tools that take a variable of this name for a secret, whatever its value. */
export function secretCodes(name: string): readonly string[] {
  const words = name.toLowerCase().split('_');
  const isBuildkits = words.some((word) => buildkitWords.has(word)) && !words.some((word) => buildkitHarmless.has(word));
  const isHadolints = hadolintParts.test(name) && !hadolintHarmless.test(name);
  return [...(isBuildkits ? ['buildkit/SecretsUsedInArgOrEnv'] : []), ...(isHadolints ? ['hadolint/DL3064'] : [])];
}
