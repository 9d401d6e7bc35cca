/** An image that stands in for an official one. */
export interface Base {
  /** The names it goes by; the first is the one it is made under. */
  readonly tags: readonly [string, ...string[]];
  /** The Dockerfile in `bases/` that makes it. */
  readonly recipe: string;
  /** Another stand-in, or what debootstrap made, that it is built on. */
  readonly parent: string;
  readonly arguments?: Readonly<Record<string, string>>;
  /** npm packages it is made of, by the folder the recipe finds them in. */
  readonly packages?: Readonly<Record<string, string>>;
}

const buildpack = 'buildpack-deps:bookworm';
const slim = 'debian:bookworm-slim';
const withCompiler = [['', buildpack], ['-slim', slim]] as const;

const node = (version: string): Base[] => withCompiler.map(([suffix, parent]) => ({
  tags: [`node:${version}${suffix}`, `node:${version}-bookworm${suffix}`],
  recipe: 'node', parent,
  arguments: { NODE: `node-${version}`, VERSION: version },
  packages: { [`node-${version}`]: `node-linux-${process.arch}@${version}`, npm: 'npm@10', corepack: 'corepack@0.34', yarn: 'yarn@1.22.22' },
}));

const python = (version: string): Base[] => withCompiler.map(([suffix, parent]) => ({
  tags: [`python:${version}${suffix}`, `python:${version}${suffix}-bookworm`],
  recipe: 'python', parent,
  arguments: { VERSION: version, PACKAGES: suffix === '' ? 'python3-dev' : '' },
}));

const distroless = (name: string, libraries: string): Base[] => [['latest', '0', '/'], ['nonroot', '65532', '/home/nonroot']].map(([tag, user = '', folder = '']) => ({
  tags: [`gcr.io/distroless/${name}-debian12:${tag ?? ''}`, `gcr.io/distroless/${name}:${tag ?? ''}`],
  recipe: 'distroless', parent: slim,
  arguments: { LIBRARIES: libraries, USER_ID: user, FOLDER: folder },
}));

/** What debootstrap makes, with documentation and without. */
export const rootFileSystems = { full: 'shipshape-proof:full', slim: 'shipshape-proof:slim' } as const;

/**
 * Every image that a project of the proof may be built on. Each is made when it is first needed. They stand in for the
 * official ones: the same names, users, folders, variables and commands, from Debian's packages; the full ones have
 * compilers and headers, the slim ones have none.
 */
export const bases: readonly Base[] = [
  { tags: ['debian:bookworm', 'debian:12'], recipe: 'debian', parent: rootFileSystems.full },
  { tags: [slim, 'debian:12-slim'], recipe: 'debian-slim', parent: rootFileSystems.slim },
  { tags: [buildpack], recipe: 'buildpack', parent: 'debian:bookworm' },
  ...['20', '22', '24'].flatMap(node),
  ...['3.11', '3.12'].flatMap(python),
  { tags: ['golang:1.22', 'golang:1.22-bookworm'], recipe: 'golang', parent: buildpack, arguments: { VERSION: '1.22' } },
  { tags: ['nginx:1.27', 'nginx:1.27-bookworm'], recipe: 'nginx', parent: slim },
  { tags: ['nginxinc/nginx-unprivileged:stable-alpine-slim'], recipe: 'nginx-unprivileged', parent: slim },
  ...distroless('static', ''),
  ...distroless('base', '/lib64/ld-linux-* /lib/*-linux-gnu/libc.so.6 /lib/*-linux-gnu/libm.so.6 /lib/*-linux-gnu/libpthread.so.0 /usr/lib/*-linux-gnu/libssl.so.3 /usr/lib/*-linux-gnu/libcrypto.so.3'),
];

/** The name under which a local engine knows an image: without the parts that may be left out. */
export function localName(reference: string): string {
  const short = reference.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  return /:[^/]*$|@/.test(short) ? short : `${short}:latest`;
}

/** The stand-in for an image; undefined where there is none. */
export function baseFor(reference: string): Base | undefined {
  const name = localName(reference);
  return bases.find(({ tags }) => tags.includes(name));
}
