import type { BuildContext } from '../context/context.ts';
import { flag, type Instruction } from '../dockerfile/instruction.ts';
import type { Word } from '../dockerfile/words.ts';
import { contains } from '../span.ts';
import { cleanContextPath } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';

/** What an ADD takes: `plain` is certainly neither fetched nor extracted, `likely` by all one can see, `unknown` where a variable decides. */
export interface AddSource {
  readonly text: string;
  readonly kind: 'remote' | 'archive' | 'plain' | 'likely' | 'unknown';
}

/** Fetched: URLs and repositories, also the short form that names its host. */
const isRemote = (text: string): boolean => /^(?:[a-z+]+:\/\/|[\w.-]+@[\w.-]+:|(?:www\.)?github\.com\/)/i.test(text);

/** Endings of what ADD extracts, and of archives it may learn to extract. */
const isArchive = (text: string): boolean => /\.(?:tar|tar\.\w+|Z|bz2|gz|lz|lzma|xz|zst|tZ|tb2|tbz|tbz2|tgz|tlz|tpz|txz|tzst)$/.test(text);

/** Files of these endings are no tar archives: texts, programs' own formats, and archives of other kinds. */
const plainEnding = new RegExp(`\\.(?:${[
  'txt md rst adoc html? css scss js mjs cjs jsx tsx? json json5 jsonc ya?ml toml ini cfg conf config cnf env properties xml xsl xsd csv tsv sql graphql proto',
  'py pyi pyx rb rake gemspec php pl pm lua go rs java kt kts scala groovy gradle clj cs fs vb csproj fsproj vbproj sln c cc cpp cxx h hh hpp swift m r jl ex exs erl hs',
  'sh bash zsh fish bat cmd ps1 awk sed tcl vim lock mod sum cabal lisp el cmake mk am ac in tmpl tpl j2 jinja2? erb template service socket timer rules list repo',
  'sources pref key pub asc gpg pem crt cer cert der p12 pfx jks diff patch zip jar war ear whl egg deb rpm apk exe dll so a png jpe?g gif svg ico webp ttf otf woff2?',
  'pdf ipynb htaccess vcl vhost nginx supervisor crontab cron profile bashrc zshrc vimrc gitconfig npmrc pypirc dockerignore gitignore tf hcl nix logrotate pam xinetd',
].join(' ').split(' ').join('|')})$`, 'i');

/** Whole names of texts. */
const plainName = /(?:^|\/)(?:Dockerfile|Gemfile|Rakefile|Makefile|Procfile|Pipfile|Cargo\.lock|LICENSE|README|VERSION|Caddyfile|Jenkinsfile|Vagrantfile|crontab|sources\.list|pom\.xml)$/;

/** What the context shows of a path: a folder or a text is no archive. */
function isPlainThere(path: string, context: BuildContext | undefined): boolean {
  if (context === undefined || context.isLink(path)) return false;
  return context.isFolder(path) || context.read(path)?.includes('\0') === false;
}

function kindOf(text: string | undefined, { text: written }: Word, context: BuildContext | undefined): AddSource['kind'] {
  // What a variable holds today, another build may change.
  if (text === undefined || written.includes('$')) return isRemote(written) ? 'remote' : isArchive(written) ? 'archive' : 'unknown';
  if (isRemote(text)) return 'remote';
  if (isArchive(text)) return 'archive';
  const path = cleanContextPath(text);
  if (path === '' || /\/\.?$/.test(text) || plainEnding.test(text) || plainName.test(text)) return 'plain';
  // A pattern such as `*` or `app-1.*` may match an archive.
  if (/[*?[]/.test(text)) return /[*?\]][^./]*$|\.[^/]*[*?[][^/]*$/.test(text) ? 'unknown' : 'likely';
  return isPlainThere(path, context) ? 'plain' : 'likely';
}

/** The sources of an ADD and what it does with each; none where a flag says that they are fetched or extracted. */
export function addSources(file: Dockerfile, instruction: Instruction, context: BuildContext | undefined): AddSource[] {
  if (['checksum', 'keep-git-dir', 'unpack'].some((name) => flag(instruction, name) !== undefined)) return [];
  return instruction.words.slice(0, -1).map((word) => {
    const isHeredoc = instruction.heredocs.some((heredoc) => contains(heredoc.word, word.span));
    return { text: word.text, kind: isHeredoc ? 'plain' : kindOf(file.expand(word.raw, instruction), word, context) };
  });
}
