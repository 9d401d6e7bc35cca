import { shown } from './values.ts';

const component = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const host = new RegExp(`^(?:${component}(?:\\.${component})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?$`);
const pathPart = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const tagForm = /^\w[\w.-]{0,127}$/;
const digestLength: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** Splits off the registry, by the rule that Docker follows. */
function splitHost(text: string): { registry: string | undefined; rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isHost = slash !== -1 && (first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase());
  return isHost ? { registry: first, rest: text.slice(slash + 1) } : { registry: undefined, rest: text };
}

function digestProblem(digest: string): string | undefined {
  const [algorithm = '', hexadecimal = '', ...more] = digest.split(':');
  const length = digestLength[algorithm];
  if (length === undefined) return algorithm === 'blake3' ? undefined : 'has a digest that is none; it begins with `sha256:`';
  const isRight = hexadecimal.length === length && /^[0-9a-f]*$/.test(hexadecimal) && more.length === 0;
  return isRight ? undefined : `has a digest that is none; behind \`${algorithm}:\` belong ${length} hexadecimal digits in lower case`;
}

/**
 * What is wrong with an image reference, after the grammar of the distribution project
 * (https://pkg.go.dev/github.com/distribution/reference), as the rest of a sentence that begins with it.
 */
export function referenceProblem(reference: string): string | undefined {
  if (/^[a-f0-9]{64}$/.test(reference)) return 'is the id of an image; write its name';
  if (/^https?:\/\//.test(reference)) return 'is a web address; take `https://` away';
  if (/\s/.test(reference)) return 'holds blanks, which no image name has';
  const at = reference.indexOf('@');
  const { registry, rest } = splitHost(at === -1 ? reference : reference.slice(0, at));
  const colon = rest.indexOf(':');
  const path = colon === -1 ? rest : rest.slice(0, colon);
  const tag = colon === -1 ? undefined : rest.slice(colon + 1);
  if (registry !== undefined && !host.test(registry)) return `has ${shown(registry)} for its registry, which is no host name; correct it`;
  if (path === '') return 'names no image; write one';
  if (path !== path.toLowerCase()) return `has capitals in the image name; write ${shown(path.toLowerCase())}`;
  const wrong = path.split('/').find((part) => !pathPart.test(part));
  if (wrong !== undefined) {
    return `is no image name; ${wrong === '' ? 'a part of it is empty' : `${shown(wrong)} may hold letters, digits, and single \`.\`, \`_\` or \`-\` between them`}`;
  }
  if (path.length > 255) return 'is longer than the 255 characters an image name may have';
  if (tag !== undefined && !tagForm.test(tag)) {
    return tag === '' ? 'ends in a colon without a tag; write the tag' : `has the tag ${shown(tag)}, but a tag holds letters, digits, \`_\`, \`.\` and \`-\` only`;
  }
  return at === -1 ? undefined : digestProblem(reference.slice(at + 1));
}

const systems = new Set('aix android darwin dragonfly freebsd hurd illumos ios js linux macos nacl netbsd openbsd plan9 solaris wasip1 windows zos'.split(' '));
const architectures = new Set(('386 amd64 amd64p32 arm armbe arm64 arm64be ppc64 ppc64le loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc riscv riscv64 '
  + 's390 s390x sparc sparc64 wasm i386 x86_64 x86-64 aarch64 armhf armel').split(' '));

/** What is wrong with a value of `--platform`, as the rest of a sentence that begins with it. */
export function platformProblem(platform: string): string | undefined {
  const [system = '', ...rest] = platform.split('/');
  const isSystem = /^[\w-]+(?:\([\w.%+-]*\))?$/.test(system);
  const isWhole = isSystem && rest.length <= 2 && rest.every((part) => /^[\w.-]+$/.test(part));
  const name = system.replace(/\(.*/s, '').toLowerCase();
  const isKnown = rest.length > 0 || systems.has(name) || architectures.has(name);
  return isWhole && isKnown ? undefined : 'is no platform; write one such as `linux/amd64`';
}
