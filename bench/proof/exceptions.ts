/** A path that need not be the same in two builds of the same steps. */
export interface Exception {
  readonly path: RegExp;
  /** `content`: it must be there in both, of the same kind and owner; `presence`: it may be missing too. */
  readonly of: 'content' | 'presence';
  readonly reason: string;
}

/** What differs between any two builds of one Dockerfile. Times of files are not compared at all. */
export const exceptions: readonly Exception[] = [
  { path: /^\/(?:\.dockerenv|(?:dev|proc|sys)(?:\/.*)?|etc\/(?:hostname|hosts|resolv\.conf|mtab))$/, of: 'presence', reason: 'made by the engine for each container' },
  { path: /^\/var\/log\/(?:apt\/.*|dpkg\.log|alternatives\.log|bootstrap\.log)$/, of: 'content', reason: 'logs of package tools hold times' },
  { path: /^\/var\/cache\/ldconfig\/aux-cache$/, of: 'content', reason: 'holds inode numbers' },
  { path: /^\/var\/lib\/apt\/lists\/[^/]+$/, of: 'content', reason: 'the mirror may publish between two builds' },
  { path: /^\/var\/(?:lib\/dpkg|cache\/debconf)\/[^/]+-old$/, of: 'presence', reason: 'the state before the last change, which a joined RUN makes at another time; nothing reads it' },
  { path: /\/__pycache__\/[^/]+\.pyc$/, of: 'content', reason: 'compiled files hold the time of their source' },
  { path: /^\/tmp\/(?:node-compile-cache|v8-compile-cache-\d+)(?:\/.*)?$/, of: 'presence', reason: 'npm and Yarn keep compiled code there, made anew wherever it is missing' },
  { path: /^\/tmp\/yarn--\d+-0\.\d+(?:\/.*)?$/, of: 'presence', reason: 'Yarn 1 makes one for each script it runs, named after the time' },
  { path: /^\/(?:root|home\/[^/]+)\/\.npm\/(?:_logs|_update-notifier-last-checked)(?:\/.*)?$/, of: 'presence', reason: 'logs of npm are named after the time' },
  { path: /^\/(?:root|home\/[^/]+)\/\.npm\/_cacache\/(?:index-v5|tmp)\/.*$/, of: 'content', reason: 'entries of the cache hold the time of the download' },
  { path: /^\/(?:root|home\/[^/]+)\/\.cache\/pip\/(?:http(?:-v2)?|selfcheck)\/.*$/, of: 'content', reason: 'entries of the cache hold the headers of the answer' },
  {
    path: /\/store\/v\d+\/files\/.*-index\.json$|^\/(?:root|home\/[^/]+)\/(?:\.cache\/pnpm\/.*|\.local\/state\/pnpm\/pnpm-state\.json)$|\/node_modules\/\.modules\.yaml$/,
    of: 'content', reason: 'pnpm notes when it looked at a package',
  },
];
