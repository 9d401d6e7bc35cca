import type { Instruction } from '../dockerfile/instruction.ts';
import { readsContext } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';

const extensions = [
  'sh', 'bash', 'py', 'pl', 'rb', 'js', 'php', 'txt', 'md', 'conf', 'cnf', 'cfg', 'ini', 'json', 'ya?ml', 'toml', 'xml', 'list', 'key', 'asc', 'gpg', 'pem', 'crt',
  'env', 'template', 'tmpl', 'profile', 'properties', 'service', 'sql', 'repo', 'patch', 'diff', 'lock', 'R',
];
const smallText = new RegExp(`\\.(?:${extensions.join('|')})\\*?$|^\\.?(?:bash|conda|curl|npm|pip|screen|vim|wget|yarn|zsh)rc$`);

/** Scripts and settings weigh nothing; a layer more for them is not worth a word. */
export const isSmallText = (path: string): boolean => smallText.test(path.slice(path.lastIndexOf('/') + 1));

/** Installers that call themselves scripts carry what they install: `Miniconda3-latest-Linux-x86_64.sh`. */
const isInstaller = (address: string): boolean => /^\w+:\/\/.*(?:linux|x86_64|aarch64|amd64|arm64)[^/]*$/i.test(address);

/** True for a COPY or ADD that brings nothing but scripts and settings, of the context, the network or its own text. */
export const copiesSmallText = (file: Dockerfile, instruction: Instruction): boolean =>
  readsContext(instruction) && instruction.words.slice(0, -1).every((word) => {
    if (instruction.heredocs.some((heredoc) => heredoc.word.start <= word.span.start && word.span.end <= heredoc.word.end)) return true;
    const text = file.expand(word.raw, instruction) ?? word.text;
    return isSmallText(text) && !isInstaller(text);
  });
