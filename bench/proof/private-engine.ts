import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup.ts';
import { unpackEngine } from './debian.ts';
import { textOf } from './host.ts';
import { lastLines, must, ProofError, run } from './process.ts';

interface Started {
  readonly name: string;
  readonly storage: string;
  readonly environment: NodeJS.ProcessEnv;
}

const hasEnded = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function waitForEnd(child: ChildProcess, seconds: number): Promise<boolean> {
  for (let count = 0; count < seconds * 20 && !hasEnded(child); count += 1) await sleep(50);
  return hasEnded(child);
}

/** The process that a file names, if it is still the one that was started for this folder. */
function runningFrom(file: string, folder: string): number | undefined {
  const id = Number(textOf(file).trim());
  return id > 1 && textOf(`/proc/${id}/cmdline`).includes(folder) ? id : undefined;
}

/** Takes down what is still mounted below folders, the innermost first; otherwise they cannot be removed. */
async function unmountBelow(...folders: readonly string[]): Promise<void> {
  const points = textOf('/proc/self/mountinfo').split('\n').map((line) => line.split(' ')[4] ?? '').filter((point) => folders.some((folder) => point === folder || point.startsWith(`${folder}/`)));
  for (const point of points.toReversed()) await run('umount', ['-l', point]);
}

/** Ends the containers, the engine and, should it have died before, the containerd it had started: by their ids alone. */
async function stop(child: ChildProcess, state: string, storage: string, environment: NodeJS.ProcessEnv): Promise<void> {
  if (!hasEnded(child)) {
    const { stdout } = await run('docker', ['ps', '-aq'], { environment, seconds: 20 });
    const ids = stdout.split('\n').filter((id) => id !== '');
    if (ids.length > 0) await run('docker', ['rm', '-f', '-v', ...ids], { environment, seconds: 60 });
    child.kill('SIGTERM');
    if (!(await waitForEnd(child, 20))) child.kill('SIGKILL');
  }
  const containerd = runningFrom(join(state, 'exec/containerd/containerd.pid'), state);
  if (containerd !== undefined) process.kill(containerd, 'SIGKILL');
  await unmountBelow(state, storage);
}

/** A configuration of our own, without anybody's settings and credentials, that names the plugin `docker build` calls. */
function writeConfig(folder: string, programs: string): void {
  const plugin = join(folder, 'cli-plugins/docker-buildx');
  mkdirSync(join(folder, 'cli-plugins'), { recursive: true });
  rmSync(plugin, { force: true });
  symlinkSync(join(programs, 'usr/libexec/docker/cli-plugins/docker-buildx'), plugin);
  writeFileSync(join(folder, 'daemon.json'), '{}\n');
}

/** Ends with its parent, should that be killed. */
async function launch(args: readonly string[], log: string, environment: NodeJS.ProcessEnv): Promise<ChildProcess> {
  const { code } = await run('setpriv', ['--pdeathsig', 'TERM', 'true']).catch(() => ({ code: 1 }));
  const words = [...(code === 0 ? ['setpriv', '--pdeathsig', 'TERM'] : []), 'dockerd', ...args];
  const file = openSync(log, 'w');
  // In a process group of its own: an interrupt from the keyboard is for us, who then end it in order.
  const child = spawn(words[0] ?? '', words.slice(1), { env: environment, stdio: ['ignore', file, file], detached: true });
  child.on('error', () => { /* It shows as one that never answers. */ });
  closeSync(file);
  return child;
}

async function waitForAnswer(child: ChildProcess, log: string, environment: NodeJS.ProcessEnv): Promise<string> {
  for (let count = 0; count < 300 && !hasEnded(child); count += 1) {
    const { code, stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], { environment, seconds: 30 });
    if (code === 0) return stdout.trim();
    await sleep(100);
  }
  throw new ProofError(`The engine did not start: ${lastLines(textOf(log), 2)}`);
}

/**
 * Starts a Docker engine that shares nothing with another on the machine: programs, layers, socket and containers
 * lie below one folder. Builds and containers use the machine's network, so it needs no bridge and no firewall rules.
 * @param home where its programs and layers are, or are put
 * @param release the machine's Debian release
 * @throws {ProofError} when the programs cannot be had or do not start
 */
export async function startPrivateEngine(home: string, release: string, cleanup: Cleanup): Promise<Started> {
  const programs = join(home, 'engine');
  await unpackEngine(programs, release, { signal: cleanup.signal });
  const state = join(home, 'state');
  const storage = join(home, 'layers');
  if (runningFrom(join(state, 'pid'), state) !== undefined) {
    throw new ProofError(`Another proof is at work in ${home}: wait for its end, or give this one another folder.`);
  }
  // A run that was killed could take nothing down.
  await unmountBelow(state, storage);
  rmSync(join(state, 'exec'), { recursive: true, force: true });
  mkdirSync(state, { recursive: true });
  const socket = `unix://${join(state, 'socket')}`;
  const environment: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: ['usr/sbin', 'usr/bin'].map((each) => join(programs, each)).join(':') + `:${process.env['PATH'] ?? ''}`,
    DEBOOTSTRAP_DIR: join(programs, 'usr/share/debootstrap'),
    DOCKER_HOST: socket, DOCKER_CONFIG: join(state, 'config'), DOCKER_BUILDKIT: '1',
  };
  delete environment['DOCKER_CONTEXT'];
  writeConfig(join(state, 'config'), programs);
  const log = join(state, 'log');
  const name = `shipshape-proof-${process.pid}`;
  const child = await launch([
    '--data-root', storage, '--exec-root', join(state, 'exec'), '--pidfile', join(state, 'pid'), '--host', socket,
    '--containerd-namespace', name, '--containerd-plugins-namespace', `${name}-plugins`, '--config-file', join(state, 'config/daemon.json'),
    '--storage-driver', 'overlay2', '--bridge', 'none', '--iptables=false', '--ip6tables=false', '--ip-masq=false', '--ip-forward=false', '--log-level', 'warn',
  ], log, environment);
  cleanup.add(() => stop(child, state, storage, environment));
  const version = await waitForAnswer(child, log, environment);
  // What an earlier run built must not stand in for a step of this one; what it was called off at is left over.
  await must('docker', ['builder', 'prune', '--all', '--force'], { environment });
  await must('docker', ['image', 'prune', '--force'], { environment });
  return { name: `Docker ${version}, its own`, storage, environment };
}
