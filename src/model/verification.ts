import type { Command, ShellWord } from '../dockerfile/command.ts';
import { managerOf } from './packages.ts';

/** A word by which a command gives up a check, and the code of the same check elsewhere. */
export interface GivenUp {
  readonly word: ShellWord;
  /** Checkov's code, where it has one. */
  readonly code: string | undefined;
  /** The word may go and leave a command; else what stands around it belongs to it. */
  readonly alone: boolean;
}

/** Flags of curl whose letter takes what follows as its value. */
const curlValues = new Set('AbcCdDeEFhHKmoPQrtTuUwxXyYz');

/** True where a cluster of curl's letters holds `k`: `-fsSLk`, but not `-ok`. */
export function curlLetter(text: string, letter: string): boolean {
  if (!/^-[a-zA-Z#]+$/.test(text)) return false;
  for (const each of text.slice(1)) {
    if (each === letter) return true;
    if (curlValues.has(each)) return false;
  }
  return false;
}

interface Row {
  readonly programs: RegExp;
  /** The word that gives the check up. */
  readonly word: RegExp | ((text: string) => boolean);
  readonly code?: string;
  /** What has to stand in front of the word. */
  readonly behind?: RegExp;
  /** Words that have to be there too, in order. */
  readonly with?: RegExp;
}

const off = '(?:0|false|no|off)';

const isOff = (name: string): RegExp => new RegExp(`^(?:--setopt=)?(?:[^=\\s]+\\.)?${name}=["']?${off}["']?$`, 'i');

/** How programs are told not to look at certificates. */
const certificateRows: readonly Row[] = [
  { programs: /^curl$/, word: (text) => text === '--insecure' || curlLetter(text, 'k'), code: 'CKV2_DOCKER_2' },
  { programs: /^wget2?$/, word: /^--no-check/, code: 'CKV2_DOCKER_3' },
  { programs: /^pip/, word: /^--trusted-host(?:=|$)/, code: 'CKV2_DOCKER_4' },
  { programs: /^(?:npm|yarn|pnpm)$/, word: /^(?:strict-ssl=)?false$/, behind: /^(?:set|strict-ssl)$/, with: /\bset strict-ssl\b/, code: 'CKV2_DOCKER_13' },
  { programs: /^(?:npm|yarn|pnpm)$/, word: /^--(?:strict-ssl=false|no-strict-ssl)$/ },
  { programs: /^(?:yum|dnf)-config-manager$/, word: isOff('sslverify'), code: 'CKV2_DOCKER_15' },
  { programs: /^(?:yum|dnf)$/, word: isOff('sslverify'), with: /\bconfig-manager\b/, code: 'CKV2_DOCKER_15' },
  { programs: /^(?:yum|dnf|microdnf|tdnf)$/, word: isOff('sslverify') },
  { programs: /^(?:uv|uvx)$/, word: /^--(?:allow-insecure-host|trusted-host)(?:=|$)/ },
  { programs: /^git$/, word: new RegExp(`^http\\.(?:\\S*\\.)?sslverify=${off}$`, 'i') },
  { programs: /^git$/, word: new RegExp(`^${off}$`, 'i'), behind: /^http\.(?:\S*\.)?sslverify$/i },
  { programs: /^(?:apt|apt-get|aptitude)$/, word: new RegExp(`^(?:-o|--option=)?Acquire::https::(?:\\S*::)?Verify-(?:Peer|Host)=["']?${off}["']?$`, 'i') },
  { programs: /^aria2c$/, word: /^--check-certificate=false$/ },
  { programs: /^(?:conda|mamba|micromamba)$/, word: /^(?:false|no)$/i, behind: /^ssl_verify$/ },
];

/** How package managers are told not to look at signatures. */
const signatureRows: readonly Row[] = [
  { programs: /^apk$/, word: /^--allow-untrusted$/, code: 'CKV2_DOCKER_7' },
  { programs: /^(?:apt|apt-get|aptitude)$/, word: /^--allow-unauthenticated$/, code: 'CKV2_DOCKER_8' },
  { programs: /^(?:yum|dnf|microdnf|tdnf|yum-config-manager)$/, word: /^--nogpgcheck$|^--no-gpgchecks$/, code: 'CKV2_DOCKER_9' },
  { programs: /^rpm$/, word: /^--no(?:digest|signature|verify|filedigest)$/, code: 'CKV2_DOCKER_10' },
  { programs: /^(?:apt|apt-get|aptitude)$/, word: /^--force-yes$/, code: 'CKV2_DOCKER_11' },
  {
    programs: /^(?:apt|apt-get|aptitude)$/,
    word: /^(?:-o|--option=)?(?:APT::Get::AllowUnauthenticated|Acquire::AllowInsecureRepositories)=["']?(?:1|true|yes|on)["']?$/i,
  },
  { programs: /^(?:apt|apt-get|aptitude)$/, word: /^--allow-insecure-repositories$/ },
  { programs: /^(?:yum|dnf|microdnf|tdnf)$/, word: isOff('gpgcheck') },
  { programs: /^zypper$/, word: /^--(?:no-gpg-checks?|gpgcheck-allow-unsigned(?:-package|-repo)?|allow-unsigned-rpm)$/ },
];

const isWord = ({ word }: Row, text: string): boolean => (typeof word === 'function' ? word(text) : word.test(text));

function find(rows: readonly Row[], command: Command): GivenUp | undefined {
  // `pip3.11` goes by `pip`.
  const name = managerOf(command.name)?.name === 'pip' ? 'pip' : command.name;
  const all = command.words.map(({ text }) => text);
  for (const row of rows) {
    if (!row.programs.test(name) || (row.with !== undefined && !row.with.test(all.join(' ').replace('=', ' ')))) continue;
    const at = command.words.findIndex(({ text }, index) => isWord(row, text) && (row.behind === undefined || row.behind.test(all[index - 1] ?? '')));
    const word = command.words[at];
    if (word === undefined) continue;
    const value = /^--(?:trusted-host|allow-insecure-host)$/.test(word.text);
    return { word, code: row.code, alone: !value && word.text.startsWith('--') && row.behind === undefined };
  }
  return undefined;
}

/** The word by which a command gives up looking at the certificate of the host it talks to. */
export const withoutCertificate = (command: Command): GivenUp | undefined => find(certificateRows, command);

/** The word by which a package manager gives up looking at who signed a package. */
export const withoutSignature = (command: Command): GivenUp | undefined => find(signatureRows, command);

/** Variables that turn certificates off, the values that do, and the code of the same check elsewhere. */
const variables: Readonly<Record<string, { readonly values: RegExp; readonly code: string }>> = {
  PYTHONHTTPSVERIFY: { values: /^0$/, code: 'CKV2_DOCKER_5' },
  NODE_TLS_REJECT_UNAUTHORIZED: { values: /^0$/, code: 'CKV2_DOCKER_6' },
  NPM_CONFIG_STRICT_SSL: { values: /^false$/i, code: 'CKV2_DOCKER_12' },
  // git looks whether it is set, not what to.
  GIT_SSL_NO_VERIFY: { values: /^/, code: 'CKV2_DOCKER_14' },
  PIP_TRUSTED_HOST: { values: /./, code: 'CKV2_DOCKER_16' },
  GOINSECURE: { values: /./, code: 'CKV2_DOCKER_18' },
};

/** The code of the check that a variable's value gives up; undefined where it gives up none. */
export function givesUpCertificates(name: string, value: string | undefined): string | undefined {
  const key = name.toUpperCase();
  const row = Object.hasOwn(variables, key) ? variables[key] : undefined;
  return row !== undefined && value !== undefined && row.values.test(value) ? row.code : undefined;
}

/** The codes of all of these checks of variables. */
export const certificateVariableCodes: readonly string[] = Object.values(variables).map(({ code }) => code);
