import type { Command, Script, ShellWord } from '../dockerfile/command.ts';

/** Endings of files that are run, or unpacked and run. */
const program = /\.(?:tar|tar\.\w{2,4}|tgz|tbz2?|txz|zip|deb|rpm|apk|jar|war|whl|gem|run|bin|exe|msi|appimage|so|pkg|xz|gz|zst|bz2)$/i;
/** Where GitHub, GitLab and others serve the files of a release, whatever their names. */
const release = /\/releases?\/(?:latest\/)?download\/|\/-\/releases\/|\bdl\.k8s\.io\/|storage\.googleapis\.com\/kubernetes-release\//i;
/** What a download is checked with; a key or a list of sums is no program. */
const evidence = /(?:\.(?:asc|sig|sha\d+|md5|pem|key|gpg|pub|txt|json|minisig|sha\d+sum|crt|cert))$|sums?(?:\.\w+)*$|keyring/i;

/** Drops query and fragment. */
const pathOf = (url: string): string => url.replace(/[?#].*$/, '');

/** True for the address of an archive, a package or a program, as far as its name tells. */
export const isProgramUrl = (url: string): boolean =>
  /^(?:https?|ftp):\/\//i.test(url) && !evidence.test(pathOf(url)) && (program.test(pathOf(url)) || release.test(pathOf(url)));

const downloaders = new Set(['curl', 'wget', 'aria2c']);

/** The addresses of programs that a command fetches. */
export const fetchedPrograms = (command: Command): ShellWord[] =>
  (downloaders.has(command.name) ? command.words.filter(({ text }) => isProgramUrl(text)) : []);

/** Programs that compare a file with a sum or a signature. */
const checkers = /^(?:(?:sha(?:\d+)?|md5|b2|b3|xxh\w+)(?:sum)?|shasum|gsha\d+sum|cksum|rhash|gpgv?2?|cosign|minisign|signify|slsa-verifier|rpmkeys|dpkg-sig|openssl|certutil)$/;

/** True where a script may check what it fetched: by a program for that, or one of no known name. */
export const mayCheck = (script: Script): boolean => script.unreadable || script.commands.some(({ name, words }) =>
  checkers.test(name) || (name === 'rpm' && words.some(({ text }) => /^(?:-K|--checksig)$/.test(text))) || (name === 'gh' && words[0]?.text === 'attestation') ||
  words.some(({ text }) => /^--(?:checksum|integrity)\b|sha(?:256|512)sum/.test(text)));
