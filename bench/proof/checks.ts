import { get as request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { docker, label, type Engine } from './engine.ts';
import { lastLines } from './process.ts';
import type { Check } from './project.ts';

/** What a container answered to one check. */
export interface Answer {
  /** Compared before and after; the exit code or the status of an answer is part of it. */
  readonly text: string;
  /** The number of the user its program ran as; undefined where it had ended before it could be asked. */
  readonly user: string | undefined;
  /** Why it is not what was expected; empty when it is. */
  readonly failure: string;
}

const timeLimit = 30;

/** Status and body; undefined while nobody answers. */
const fetchText = (address: string): Promise<string | undefined> => new Promise((resolve) => {
  const sent = request(address, { timeout: 2000, agent: false }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => void chunks.push(chunk));
    response.on('error', () => resolve(undefined));
    response.on('end', () => resolve(`${response.statusCode ?? 0} ${response.headers['content-type'] ?? ''}\n${Buffer.concat(chunks).toString('utf8')}`));
  });
  sent.on('timeout', () => void sent.destroy());
  sent.on('error', () => resolve(undefined));
});

/** True when somebody listens there already, whose answers would be taken for the container's. */
const isTaken = (port: number): Promise<boolean> => new Promise((resolve) => {
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false)).once('close', () => resolve(false));
  socket.once('connect', () => void socket.destroy());
});

async function userOf(engine: Engine, container: string): Promise<string | undefined> {
  const { stdout } = await engine.docker(['top', container, '-eo', 'uid']);
  return /^\s*(\d+)\s*$/m.exec(stdout)?.[1];
}

async function isRunning(engine: Engine, container: string): Promise<boolean> {
  const { stdout } = await engine.docker(['inspect', '--format', '{{.State.Running}}', container]);
  return stdout.trim() === 'true';
}

async function askServer(engine: Engine, container: string, address: string, expect: string): Promise<Answer> {
  for (const start = performance.now(); performance.now() - start < timeLimit * 1000;) {
    const text = await fetchText(address);
    if (text !== undefined) {
      const user = await userOf(engine, container);
      const failure = text.includes(expect) ? '' : `${address} answered ${JSON.stringify(text.slice(0, 200))}, without ${JSON.stringify(expect)}`;
      return { text, user, failure };
    }
    if (!(await isRunning(engine, container))) break;
    await sleep(50);
  }
  const { stdout, stderr } = await engine.docker(['logs', container]);
  return { text: '', user: undefined, failure: `nobody answered at ${address}: ${lastLines(stdout + stderr, 4)}` };
}

async function serve(engine: Engine, image: string, address: string, expect: string): Promise<Answer> {
  const port = Number(new URL(address).port);
  if (await isTaken(port)) return { text: '', user: undefined, failure: `port ${port} of this machine is taken` };
  const container = (await docker(engine, ['run', '--detach', '--label', label, '--network', 'host', image])).trim();
  try {
    return await askServer(engine, container, address, expect);
  } finally {
    await docker(engine, ['rm', '--force', '--volumes', container]);
  }
}

async function runToEnd(engine: Engine, options: readonly string[], image: string, words: readonly string[], expect: string): Promise<Answer> {
  const { code, stdout, stderr } = await engine.docker(['run', '--rm', '--label', label, '--network', 'host', ...options, image, ...words], { seconds: timeLimit * 2 });
  const text = `exit ${code ?? 'by a signal'}\n${stdout}`;
  const failure = code === 0 && stdout.includes(expect) ? '' : `${text}${lastLines(stderr, 4)}, where ${JSON.stringify(expect)} was expected`;
  return { text, user: undefined, failure };
}

/** Runs an image and looks at what it answers. */
export function ask(engine: Engine, image: string, check: Check): Promise<Answer> {
  if (check.kind === 'get') return serve(engine, image, check.address, check.expect);
  if (check.kind === 'start') return runToEnd(engine, [], image, check.words, check.expect);
  const [program = '', ...words] = check.words;
  return runToEnd(engine, ['--entrypoint', program], image, words, check.expect);
}
