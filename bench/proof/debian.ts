import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { debianMirror } from './host.ts';
import { must, ProofError, type RunOptions } from './process.ts';

/**
 * The release whose engine is used: its built-in Dockerfile frontend knows heredocs and `COPY --link`, and its
 * programs run on older releases too. Only `runc` is linked to newer libraries: the machine's own release has it.
 */
const release = 'trixie';
const programs = ['docker.io', 'docker-cli', 'docker-buildx', 'containerd', 'debootstrap'];

/** Options that let apt work beside the machine's own state. */
const apart = (folder: string): string[] => [
  `Dir::Etc::SourceList=${folder}/sources.list`, 'Dir::Etc::SourceParts=/dev/null', `Dir::State::Lists=${folder}/lists`,
  'Dir::Cache::pkgcache=', 'Dir::Cache::srcpkgcache=', 'APT::Sandbox::User=root',
].flatMap((option) => ['-o', option]);

/**
 * Puts the engine's programs below a folder: nothing is installed on the machine, no service is started.
 * @param folder where they go; what is there from an earlier run is kept
 * @param own the machine's release
 * @throws {ProofError} when they cannot be had
 */
export async function unpackEngine(folder: string, own: string, options: RunOptions): Promise<void> {
  const ready = join(folder, 'ready');
  if (existsSync(ready)) return;
  const mirror = debianMirror(own);
  if (mirror === undefined) throw new ProofError(`No package source of this machine names the release ${own}: add one to /etc/apt.`);
  const work = join(folder, 'packages');
  mkdirSync(join(work, 'lists/partial'), { recursive: true });
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(work, 'sources.list'), [...new Set([release, own])].map((suite) => `deb [signed-by=${keys}] ${mirror} ${suite} main\n`).join(''));
  const inside = { ...options, cwd: work };
  await must('apt-get', [...apart(work), 'update', '-qq'], inside);
  await must('apt-get', [...apart(work), 'download', '-qq', ...programs.map((name) => `${name}/${release}`), `runc/${own}`], inside);
  for (const name of readdirSync(work).filter((each) => each.endsWith('.deb'))) await must('dpkg-deb', ['-x', name, folder], inside);
  rmSync(work, { recursive: true });
  writeFileSync(ready, '');
}
