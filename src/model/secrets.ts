/** A secret found in a text: what it is, and where. Never the secret itself. */
export interface FoundSecret {
  /** With its article: "a Hugging Face token". */
  readonly what: string;
  readonly start: number;
  readonly end: number;
}

/**
 * Tokens that tell by their shape what they are, as their makers document them. Each begins with a prefix of its
 * own, so that no hash or version is taken for one.
 */
const tokenShapes: readonly (readonly [string, string])[] = [
  ['a GitHub token', 'gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{40,}'],
  ['a GitLab token', 'gl(?:pat|dt|rt|cbt|ptt|ft|soat)-[\\w-]{20,}'],
  ['a Hugging Face token', 'hf_[A-Za-z0-9]{30,}'],
  ['an OpenAI or Anthropic key', 'sk-(?:proj-|ant-|svcacct-|admin-|or-v1-)[\\w-]{20,}|sk-[A-Za-z0-9]{32,}'],
  ['a Groq key', 'gsk_[A-Za-z0-9]{40,}'],
  ['a Replicate token', 'r8_[A-Za-z0-9]{37}'],
  ['an AWS access key', '(?:AKIA|ASIA)[A-Z0-9]{16}'],
  ['a Google key', 'AIza[\\w-]{35}'],
  ['a Slack token', 'xox[abeoprs]-[A-Za-z0-9-]{10,}|xapp-\\d-[A-Za-z0-9-]{20,}'],
  ['an npm token', 'npm_[A-Za-z0-9]{36}'],
  ['a PyPI token', 'pypi-AgE[\\w-]{50,}'],
  ['a Docker Hub token', 'dckr_pat_[\\w-]{20,}'],
  ['a Stripe key', '[sr]k_live_[A-Za-z0-9]{20,}'],
  ['a SendGrid key', 'SG\\.[\\w-]{22}\\.[\\w-]{43}'],
  ['a DigitalOcean token', 'do[opr]_v1_[a-f0-9]{64}'],
];

/** All shapes at once; the group that matched tells which. */
const anyToken = new RegExp(`(?<![A-Za-z0-9_-])(?:${tokenShapes.map(([, pattern]) => `(${pattern})`).join('|')})(?![A-Za-z0-9])`, 'g');

const privateKey = /-----BEGIN (?:[A-Z0-9]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----/g;

/** `scheme://user:password@host`, the password literal; the scheme comes last, so that the search stops at `://` only. */
const urlCredentials = /:\/\/(?<=(\b[a-z][a-z0-9+.-]{1,20}):\/\/)([^\s/:@'"`$<>{}|\\]{1,100}):([^\s/@'"`$<>{}|\\]{1,200})@(?=[\w[])/gi;

const isExample = (token: string): boolean => /example|(?:x|\*|0){8,}|1234567890|your/i.test(token);

/** Texts that stand for a value without being one. */
const placeholders: readonly string[] = [
  'change[-_ ]?(?:me|it|this|in).*', '.*change[-_]?me.*', 'replace.*', '(?:your|my)(?:[-_ ].*)?', '(?:your|my)(?:pass|key|token|secret|api).*',
  '<.*>', '\\[.*\\]', '\\{.*\\}', '[x*.?#-]+', 'x{3,}.*', 'to-?do', 'tbd', 'fix-?me', 'none', 'null', 'nil', 'undefined', 'unset', 'dummy.*', '.*dummy.*',
  'fake.*', 'mock.*', 'example.*', 'sample.*', '.*place-?holder.*', 'test(?:ing|s)?', 'test[-_ ].*', 'default', 'secret', 'build(?:[-_ ].*)?',
  '.*for[-_ ]build.*', 'not[-_ ]?(?:set|used|needed|real|a[-_ ]).*', 'insecure.*', 'un-?safe.*', 'unused.*', 'temp(?:orary)?(?:[-_ ].*)?', 'n\\/?a', 'empty',
  'nothing', 'blank', 'true', 'false', 'yes', 'no', 'on', 'off', 'enabled?', 'disabled?', 'auto', 'required?', 'optional', '\\d{1,3}',
];
const placeholder = new RegExp(`^(?:${placeholders.join('|')})$`, 'i');

/** True for a value that is none: empty, a placeholder, a switch. */
export function isPlaceholder(value: string): boolean {
  const bare = value.replace(/^[\s*_#-]+|[\s*_#-]+$/g, '');
  return bare === '' || placeholder.test(bare);
}

const commonLogins = new Set(['user:password', 'username:password', 'user:pass', 'username:pass', 'usr:pwd', 'login:password', 'anonymous:anonymous']);

/** Secrets that a text holds as literal tokens, private keys or credentials in URLs, in order. */
export function secretsIn(text: string): FoundSecret[] {
  const found: FoundSecret[] = [];
  for (const match of text.matchAll(anyToken)) {
    const [what = ''] = tokenShapes[match.slice(1).findIndex((group) => group !== undefined)] ?? [];
    if (!isExample(match[0])) found.push({ what, start: match.index, end: match.index + match[0].length });
  }
  for (const match of text.matchAll(privateKey)) found.push({ what: 'a private key', start: match.index, end: match.index + match[0].length });
  for (const match of text.matchAll(urlCredentials)) {
    const [whole, scheme = '', user = '', password = ''] = match;
    const start = match.index - scheme.length;
    const end = match.index + whole.length;
    const isKnown = found.some((each) => each.start >= start && each.start < end);
    if (isKnown || isPlaceholder(password) || commonLogins.has(`${user}:${password}`.toLowerCase())) continue;
    found.push({ what: 'a password in a URL', start, end });
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Words a name ends with when its value is a secret. */
const secretWords = new Set([
  'passphrase', 'pword', 'pass', 'rootpass', 'secret', 'secrets', 'clientsecret', 'token', 'apitoken', 'authtoken', 'accesstoken', 'apikey', 'secretkey',
  'accesskey', 'credential', 'credentials',
]);

/** A `KEY` is a secret only of these kinds: `PRIMARY_KEY`, `GPG_KEY` or `KEY` alone say nothing. */
const secretKeys = new Set([
  'api', 'secret', 'private', 'encryption', 'signing', 'master', 'auth', 'access', 'deploy', 'jwt', 'fernet', 'account', 'service', 'storage', 'app', 'admin',
]);

/** Words in front of the last one that make it something else: `MAX_TOKEN`, `PULL_SECRET`, `ALLOW_EMPTY_PASSWORD`. */
const harmlessWords = new Set([
  'public', 'max', 'min', 'num', 'per', 'eos', 'bos', 'pad', 'unk', 'sep', 'mask', 'cls', 'stop', 'special', 'new', 'image', 'pull', 'allow',
  'disable', 'enable', 'require', 'requires', 'use', 'has', 'no', 'empty', 'random', 'check', 'validate', 'csrf', 'skip', 'with', 'without',
  'show', 'hide', 'cancellation', 'system',
]);

const wordsOf = (name: string): string[] =>
  name.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase().split(/[^a-z0-9]+/).filter((word) => word !== '' && !/^\d+$/.test(word));

/** Front-end tools put variables of these names into what the browser gets: they are no secrets by definition. */
const publicPrefixes = /^(?:NEXT_PUBLIC|NUXT_PUBLIC|EXPO_PUBLIC|PUBLIC|VITE|REACT_APP|GATSBY|VUE_APP)_/;

/** True when a variable of this name is there to hold a secret: `HF_TOKEN`, `DB_PASSWORD`, `API_KEY`; not `TOKEN_FILE` or `GPG_KEY`. */
export function isSecretName(name: string): boolean {
  if (publicPrefixes.test(name) || name === 'GOOGLE_APPLICATION_CREDENTIALS') return false;
  const words = wordsOf(name);
  const last = words.at(-1) ?? '';
  const before = words.at(-2) ?? '';
  if (words.slice(0, -1).some((word) => harmlessWords.has(word))) return false;
  if (name.toUpperCase().endsWith('SECRET_KEY_BASE') || name.toUpperCase() === 'SSH_PRIVATE_KEY') return true;
  return last === 'key' || last === 'keys' ? secretKeys.has(before) : secretWords.has(last) || /^(?!no).*(?:password|passwd)$/.test(last);
}

/** True when a value may be a secret: one word that is no placeholder, path, or address. */
export function mayBeSecret(value: string): boolean {
  const text = value.trim();
  return !isPlaceholder(text) && !/[\s${}<>]/.test(text) && !/^(?:\.{0,2}\/|~|[a-z]:\\|[a-z][a-z0-9+.-]*:\/\/|file:)/i.test(text);
}

/** True for a text that nobody would make up as a placeholder: long, and letters and digits mixed. */
export const looksRandom = (value: string): boolean =>
  value.length >= 16 && /^[\w+/=.-]+$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value) && value.replace(/\D/g, '').length >= 3;
