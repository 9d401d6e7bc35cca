import { nameOf, parentOf, root, Tree, type Entry } from './tree.ts';

/** A base image: its files and what its config sets. */
export interface BaseImage {
  readonly tree: Tree;
  readonly environment: ReadonlyMap<string, string>;
  readonly folder: string;
}

const file = (text: string, mode = 0o644): Entry => ({ kind: 'file', text, owner: '0:0', mode });

const programs: Readonly<Record<string, readonly string[]>> = {
  debian: ['/bin/sh', '/bin/bash', '/usr/bin/make', '/usr/bin/apt-get', '/usr/bin/curl'],
  node: ['/usr/local/bin/node', '/usr/local/bin/npm', '/usr/local/bin/npx', '/usr/local/bin/yarn'],
  python: ['/usr/local/bin/python', '/usr/local/bin/pip'],
  golang: ['/usr/local/go/bin/go'],
};

const paths = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const environments: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  debian: { PATH: paths },
  node: { PATH: paths, NODE_VERSION: '22.1.0' },
  python: { PATH: paths, LANG: 'C.UTF-8', PYTHON_VERSION: '3.12.3' },
  golang: { PATH: `/go/bin:/usr/local/go/bin:${paths}`, GOPATH: '/go' },
};

/** The image a FROM names; those that are no language's hold what Debian holds. */
export function baseImage(name: string): BaseImage {
  const [kind = ''] = nameOf(name).split(/[:@]/);
  const tree = new Tree();
  const accounts = ['root:0:0:/root', 'daemon:1:1:/usr/sbin', 'www-data:33:33:/var/www', ...(kind === 'node' ? ['node:1000:1000:/home/node'] : [])];
  const folders = ['/root', '/home', '/etc', '/tmp', '/opt', '/srv', '/var/lib/dpkg', '/var/log', '/var/mail', '/usr/src', '/usr/share', '/usr/local/lib'];
  for (const path of folders) tree.makeFolders(path, root);
  tree.entries.set('/tmp', { kind: 'folder', text: '', owner: '0:0', mode: 0o1777 });
  tree.entries.set('/etc/passwd', file(accounts.join('\n')));
  tree.entries.set('/etc/os-release', file(name));
  if (kind === 'node') tree.entries.set('/home/node', { kind: 'folder', text: '', owner: '1000:1000', mode: 0o755 });
  for (const path of [...(programs['debian'] ?? []), ...(programs[kind] ?? [])]) {
    tree.makeFolders(parentOf(path), root);
    tree.entries.set(path, file(`program ${nameOf(path)}`, 0o755));
  }
  const environment = new Map(Object.entries(environments[kind] ?? { PATH: paths }));
  return { tree, environment, folder: kind === 'golang' ? '/go' : '/' };
}
