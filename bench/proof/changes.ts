/** What a safe fix may change in the image it leaves "the same"; everything else is a difference. */
export interface Change {
  readonly reason: string;
  /** Paths that may be missing afterwards: leftovers of a tool that no program reads. */
  readonly gone?: RegExp;
  /** What the new lines of the ignore file exclude may be missing, and the ignore file itself may be new. */
  readonly ignored?: true;
  /** Paths whose content may be another, or that may be gone: files that no program reads. */
  readonly content?: RegExp;
  /** The author may have moved into the label `org.opencontainers.image.authors`, to the letter. */
  readonly author?: true;
  /** A shell that does nothing but start the program may be left out of CMD or ENTRYPOINT. */
  readonly unwrapped?: true;
  /** The file may not build without the fix. */
  readonly repairs?: true;
}

const nothing = (reason: string): Change => ({ reason });

/** The folders of downloads that a cache mount keeps out of the image, and their parents once nothing else is there. */
const downloads = /^\/(?:root|home\/[^/]+)\/(?:\.npm|\.cache|\.cache\/(?:pip|uv|composer)|\.composer|\.composer\/cache)(?:\/.*)?$/;

/**
 * By rule, for every rule that has safe fixes. `safe` means: the image behaves the same, with the same files that
 * programs read and the same settings. What may go all the same is named here, with the reason, and nothing else.
 */
export const changes: Readonly<Record<string, Change>> = {
  'cache/copy-before-install': nothing('the same files are copied, in two steps'),
  'cache/layer-order': nothing('the same steps, in another order'),
  'cache/missing-dockerignore': { reason: 'history, caches and local settings of the context stay out of the image', ignored: true },
  'cache/stale-package-list': nothing('the same commands, in one RUN'),
  'cache/use-cache-mount': { reason: 'copies of downloads stay on the builder', gone: downloads },
  'cache/volatile-arg-early': nothing('a declaration moves past steps that do not read it'),
  'cache/weak-dockerignore': { reason: 'history, caches and local settings of the context stay out of the image', ignored: true },
  'correctness/assume-yes': { reason: 'the package manager goes on where it gave up', repairs: true },
  'correctness/broken-continuation': { reason: 'the text becomes what it was meant to be', repairs: true },
  'correctness/broken-mount-flag': { reason: 'the shell no longer starts with an operator', repairs: true },
  'correctness/copy-to-file': nothing('the folder was there already'),
  'correctness/duplicate-instruction': nothing('only the last one counts'),
  'correctness/expose-format': { reason: 'only the container\'s port was ever noted', repairs: true },
  'correctness/install-without-packages': { reason: 'a refresh for an install of nothing goes, and its lists with it', gone: /^\/var\/(?:lib\/apt\/lists|cache\/apt)(?:\/.*)?$/ },
  'correctness/pip-requirement-file': { reason: 'pip was told to install a package called like the file', repairs: true },
  'correctness/shell-form-cmd': { reason: 'the program is started without a shell around it', unwrapped: true },
  'security/sudo': nothing('root becomes root'),
  'shell/bashism': { reason: 'the shell did not know the command', repairs: true },
  'size/apt-lists-left': { reason: 'lists of packages that no later install reads', gone: /^\/var\/lib\/apt\/lists\/.+$/ },
  'size/conda-cache': { reason: 'archives, and the index of channels', gone: /^\/(?:opt|root)\/[^/]+\/pkgs(?:\/.*)?$/ },
  'size/high-uid': { reason: 'no entry in the log of logins', content: /^\/var\/log\/(?:lastlog|faillog)$/ },
  'size/mergeable-runs': nothing('the same commands, in one RUN'),
  'size/package-cache-left': { reason: 'copies of downloads', gone: downloads },
  'size/pip-cache': { reason: 'copies of downloads', gone: /^\/(?:root|home\/[^/]+)\/\.cache(?:\/pip(?:\/.*)?)?$/ },
  'size/redundant-stage-copy': nothing('the files are there from the stage below'),
  'style/add-instead-of-copy': nothing('ADD copies what is no archive'),
  'style/apt-in-scripts': nothing('apt-get does the same'),
  'style/cd-for-workdir': nothing('it is the folder that the step starts in'),
  'style/definition-description': nothing('an empty line'),
  'style/empty-continuation': nothing('empty lines go'),
  'style/expose-proto-casing': nothing('the image has it in small letters'),
  'style/from-as-casing': nothing('a keyword in other letters'),
  'style/instruction-casing': nothing('a keyword in other letters'),
  'style/legacy-key-value': nothing('the same name and value'),
  'style/maintainer': { reason: 'the author is a label now', author: true },
  'style/redundant-platform': nothing('it is the platform without the flag'),
  'style/stage-name-casing': nothing('the stage has the name in small letters'),
  'style/unused-ignore': nothing('a comment goes'),
  'style/wget-progress': nothing('the log of the build is shorter'),
};
