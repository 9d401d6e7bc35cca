import { createServer, type Server } from 'node:http';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | undefined;
}

/** A stand-in for the API of GitHub: answers by `METHOD /path`, remembers what it was asked. */
export class GitHub {
  readonly asked: Asked[] = [];
  readonly answers = new Map<string, { readonly status: number; readonly body: unknown }>();
  readonly #server: Server;

  constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const { method = '', url = '', headers } = request;
        const body: unknown = text === '' ? undefined : JSON.parse(text);
        this.asked.push({ method, path: url, body, authorization: headers.authorization });
        const answer = this.answers.get(`${method} ${url}`) ?? this.answers.get(`${method} ${url.split('?', 1)[0] ?? ''}`) ?? { status: 404, body: { message: 'Not Found' } };
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((done) => { this.#server.listen(0, '127.0.0.1', done); });
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
  }

  answer(request: string, body: unknown, status = 200): void {
    this.answers.set(request, { status, body });
  }

  /** What was sent, without what was only read. */
  get sent(): readonly Asked[] {
    return this.asked.filter(({ method }) => method !== 'GET');
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => { this.#server.close(done); });
  }
}

/** A command that a runner of GitHub Actions would obey. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly message: string;
}

const unescape = (text: string): string => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%');

/** Reads a log as the runner does: both forms of commands (`::name …::`, and `##[name …]` anywhere in a line), and where they are stopped. */
export function commandsIn(log: string): Command[] {
  let stopped: string | undefined;
  const found: Command[] = [];
  for (const line of log.split(/\r\n|\r|\n/)) {
    const match = /^\s*::([^\s:]+)(?: ([^:]*))?::(.*)$/.exec(line) ?? /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/.exec(line);
    if (match === null) continue;
    const [, name = '', properties = '', message = ''] = match;
    if (stopped !== undefined) {
      if (name === stopped) stopped = undefined;
      continue;
    }
    if (name === 'stop-commands') stopped = message;
    else {
      const entries = properties.split(',').filter((each) => each !== '').map((each): [string, string] => {
        const equals = each.indexOf('=');
        return [each.slice(0, equals), unescape(each.slice(equals + 1))];
      });
      found.push({ name, properties: Object.fromEntries(entries), message: unescape(message) });
    }
  }
  return found;
}

/** Reads a file of outputs as the runner does. */
export function outputsIn(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  const lines = text.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const heredoc = /^([^=]*?)<<(.+)$/.exec(line);
    if (heredoc === null) {
      const equals = line.indexOf('=');
      if (equals !== -1) outputs[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    const end = lines.indexOf(heredoc[2] ?? '', at + 1);
    outputs[heredoc[1] ?? ''] = lines.slice(at + 1, end).join('\n');
    at = end;
  }
  return outputs;
}
