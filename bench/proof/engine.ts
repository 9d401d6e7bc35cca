import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Cleanup } from './cleanup.ts';
import { debianRelease } from './host.ts';
import { startPrivateEngine } from './private-engine.ts';
import { lastLines, ProofError, run, type Output, type RunOptions } from './process.ts';

/** Something that builds and runs images. */
export interface Engine {
  /** The version, for the report. */
  readonly name: string;
  /** Where a private engine keeps its layers; undefined for one that was here before us, whose images are not ours to make. */
  readonly storage: string | undefined;
  /** A folder for passing files, empty at the start and removed at the end. */
  readonly scratch: string;
  /** A folder that is kept for the next run where the user wants that; the same as `scratch` otherwise. */
  readonly home: string;
  /** The engine's own programs come first on its PATH. */
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** Images that were built and are to go, by id. */
  readonly built: Set<string>;
  docker(args: readonly string[], options?: RunOptions): Promise<Output>;
}

interface EngineRequest {
  /** The folder to keep programs, stand-in images and layers in; without it all of that is temporary. */
  readonly keep: string | undefined;
  readonly cleanup: Cleanup;
}

function engineWith(name: string, storage: string | undefined, folders: { scratch: string; home: string }, environment: NodeJS.ProcessEnv, cleanup: Cleanup): Engine {
  const { signal } = cleanup;
  return { name, storage, ...folders, environment, signal, built: new Set(), docker: (args, options) => run('docker', args, { environment, signal, ...options }) };
}

/** Marks the containers that are ours. */
export const label = `shipshape-proof=${process.pid}`;

/** Takes away what is left of ours, which is only something when we were called off. */
async function removeLeftovers({ environment, built }: Engine): Promise<void> {
  const { stdout } = await run('docker', ['ps', '--all', '--quiet', '--filter', `label=${label}`], { environment, seconds: 30 });
  const ids = stdout.split('\n').filter((id) => id !== '');
  if (ids.length > 0) await run('docker', ['rm', '--force', '--volumes', ...ids], { environment, seconds: 60 });
  if (built.size > 0) await run('docker', ['image', 'rm', ...built], { environment, seconds: 60 });
}

/** The engine that `docker` talks to on this machine, as it is set up. */
async function findEngine(folders: { scratch: string; home: string }, cleanup: Cleanup): Promise<Engine | undefined> {
  const environment = { ...process.env, DOCKER_BUILDKIT: '1' };
  const { code, stdout } = await run('docker', ['version', '--format', '{{.Server.Version}}'], { environment, seconds: 30 }).catch(() => ({ code: 1, stdout: '' }));
  if (code !== 0) return undefined;
  const engine = engineWith(`Docker ${stdout.trim()}`, undefined, folders, environment, cleanup);
  cleanup.add(() => removeLeftovers(engine));
  return engine;
}

/**
 * The engine to prove with: the one DOCKER_HOST names; else, as root on Debian, a private one that is fetched and
 * started in a folder of its own; else the one that `docker` finds.
 * @throws {ProofError} when there is none
 */
export async function openEngine({ keep, cleanup }: EngineRequest): Promise<Engine> {
  const scratch = mkdtempSync(join(tmpdir(), 'shipshape-proof-'));
  cleanup.add(() => rmSync(scratch, { recursive: true, force: true }));
  const home = keep === undefined ? scratch : resolve(keep);
  mkdirSync(home, { recursive: true });
  const folders = { scratch, home };
  const release = debianRelease();
  const mayStart = (process.env['DOCKER_HOST'] ?? '') === '' && process.getuid?.() === 0 && release !== undefined;
  if (mayStart) {
    const { name, storage, environment } = await startPrivateEngine(home, release, cleanup);
    return engineWith(name, storage, folders, environment, cleanup);
  }
  const found = await findEngine(folders, cleanup);
  if (found !== undefined) return found;
  throw new ProofError('There is no engine to build with: run this as root on Debian, or where `docker version` reaches one.');
}

/**
 * Calls docker where it must succeed.
 * @returns what it printed
 * @throws {ProofError} when it fails
 */
export async function docker(engine: Engine, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await engine.docker(args, options);
  if (code === 0) return stdout;
  throw new ProofError(`\`docker ${args.slice(0, 2).join(' ')}\` failed: ${lastLines(stderr, 12)}`);
}

