import { isPlaceholder, isSecretName, secretsIn } from './secrets.ts';

/** What a file is by its name. */
export interface SecretFile {
  /** With its article: "a private SSH key". */
  readonly what: string;
  /** The name alone tells it; else only the text does. */
  readonly certain: boolean;
}

const certain = (what: string): SecretFile => ({ what, certain: true });
const possible = (what: string): SecretFile => ({ what, certain: false });

/** Names of files that hold secrets; the first pattern that fits the end of the path counts. */
const secretNames: readonly (readonly [RegExp, SecretFile | undefined])[] = [
  [/(?:^|[./_-])(?:example|sample|template|dist|tmpl|tpl|defaults?|schema|ci|test|docker)$|\.(?:example|sample|template|dist)\.|\.pub$/i, undefined],
  [/^\.env(?:\.(?:[\w-]+\.)?local)?$/, certain('a file of settings and secrets')],
  [/^\.env\.(?:prod|production|staging|stage|live|secrets?)$/, possible('a file of settings and secrets')],
  [/^id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|\.ppk$/, certain('a private SSH key')],
  [/^[._]netrc$|^\.git-credentials$|^\.pgpass$|^\.my\.cnf$/, certain('a file of passwords')],
  [/^\.vault-token$|^\.dockercfg$|^kubeconfig$|\.kubeconfig$|^\.s3cfg$|^\.boto$/, certain('a file of credentials')],
  [/^(?:application_default_credentials|client_secret[\w.-]*|service[-_]?account[\w-]*)\.json$/i, certain('a key of a service account')],
  [/^(?:gcp[-_](?:key|credentials|sa)[\w-]*|gcloud[-_]?key[\w-]*|firebase-adminsdk[\w-]*)\.json$/i, certain('a key of a service account')],
  [/^(?:credentials|token|key|secrets?)\.json$|^secrets?\.(?:ya?ml|toml|env|ini|properties)$/i, possible('a file of credentials')],
  [/\.(?:p12|pfx)$|^master\.key$/i, certain('a private key')],
  [/^(?:server|privkey|private|tls|ssl|host|domain|localhost|jwt[\w-]*)[\w.-]*\.key$/i, certain('a private key')],
  [/(?:^|[._-])priv(?:ate)?(?:[._-]?key)?\.pem$|^(?:server|tls|ssl|jwt)?[._-]?key\.pem$|[._-]key\.pem$/i, certain('a private key')],
  [/\.(?:pem|key|asc)$/i, possible('a private key')],
  [/^\.(?:npmrc|pypirc|yarnrc\.yml|condarc)$|^pip\.conf$|^nuget\.config$/i, possible('a file of credentials')],
  [/^settings\.xml$|^auth\.json$|^\.?terraformrc$|^rclone\.conf$/i, possible('a file of credentials')],
];

/** Folders that hold secrets, with the file in them that does. */
const secretPaths: readonly (readonly [RegExp, SecretFile])[] = [
  [/(?:^|\/)\.ssh(?:\/id_\w+)?$/, certain('a private SSH key')],
  [/(?:^|\/)\.aws(?:\/credentials)?$/, certain('AWS credentials')],
  [/(?:^|\/)\.gnupg$/, certain('private GPG keys')],
  [/(?:^|\/)(?:\.kube\/config|\.docker\/config\.json|\.azure|\.config\/gcloud)$/, certain('a file of credentials')],
  [/(?:^|\/)(?:\.cargo\/credentials(?:\.toml)?|\.gem\/credentials|\.streamlit\/secrets\.toml)$/, certain('a file of credentials')],
];

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** What a file or folder is by its path; undefined for one that does not look like a secret. */
export function secretFile(path: string): SecretFile | undefined {
  const clean = path.replace(/\/+$/, '');
  const found = secretPaths.find(([pattern]) => pattern.test(clean));
  return found === undefined ? secretNames.find(([pattern]) => pattern.test(baseOf(clean)))?.[1] : found[1];
}

/** What tells credentials in the configuration of a package manager or a service account. */
const credentials = new RegExp([
  /_authToken\s*=\s*(?!\$)[\w-]{8,}/, /^\s*_(?:auth|password)\s*=\s*(?!\$)\S{6,}/, /npmAuthToken:\s*["']?(?!\$)[\w-]{8,}/,
  /^\s*password\s*[=:]\s*(?!\$)\S{4,}/, /<password>(?!\$|\{env)[^<]{4,}</, /ClearTextPassword"\s+value="(?!%)[^"]{4,}/,
  /"(?:private_key|client_secret|refresh_token)"\s*:\s*"[^"]{8,}/, /aws_secret_access_key\s*=\s*\S{16,}/,
].map(({ source }) => source).join('|'), 'im');

/** A line of settings whose value is a secret. */
function isSecretLine(line: string): boolean {
  const [, name = '', value = ''] = /^\s*(?:export\s+)?([\w.-]+)\s*[=:](.*)/.exec(line.slice(0, 2000)) ?? [];
  const bare = value.trim().replace(/^["']|["'],?$/g, '');
  if (bare === '' || bare.startsWith('$') || !(isSecretName(name) || /key|token|secret|pass|pwd|cred|dsn/i.test(name))) return false;
  return !isPlaceholder(bare) || /^\d+$/.test(bare);
}

/** True for a text that holds literal secrets: keys, tokens, passwords. An empty one tells nothing, so it counts as one. */
export const holdsSecrets = (text: string): boolean =>
  text.trim() === '' || secretsIn(text).length > 0 || credentials.test(text) || text.split('\n').some(isSecretLine);

/**
 * Whether a file is a secret, by its name and, where it can be read, its text.
 * @param text undefined when it cannot be read
 */
export function isSecret(file: SecretFile, text: string | undefined): boolean {
  if (text === undefined || text.trim() === '') return file.certain;
  if (file.what.includes('key') && !file.what.includes('account')) return secretsIn(text).length > 0 || (file.certain && !/-----BEGIN/.test(text));
  return holdsSecrets(text);
}

/** Names of folders whose files are for tests and demonstrations, or come with packages. */
const foreignFolders =
  /^(?:tests?|__tests__|testdata|test[-_]data|spec|fixtures?|mocks?|examples?|samples?|demos?|docs?|node_modules|vendor|site-packages|third[-_]party)$/i;

/** True for a file for tests and demonstrations, or of a package. */
export const isForTests = (path: string): boolean => path.split('/').slice(0, -1).some((name) => foreignFolders.test(name));
