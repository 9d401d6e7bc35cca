import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach } from 'vitest';
import { main } from '../../src/cli.ts';
import type { Output, Terminal } from '../../src/cli/terminal.ts';
import type { JsonReport } from '../../src/report/json.ts';
import { pathWith } from './tools.ts';

export interface Ran {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

const path = pathWith('git');
afterAll(() => rmSync(path, { recursive: true }));

/** A folder that is new for each test, in which the program runs. */
export class Place {
  folder = '';
  /** Variables that a test sets for itself. */
  environment: Terminal['environment'] = {};

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), 'shipshape-run-'));
      this.environment = {};
    });
    afterEach(() => rmSync(this.folder, { recursive: true, force: true }));
  }

  at = (path: string): string => join(this.folder, path);

  read = (path: string): string => readFileSync(this.at(path), 'utf8');

  write(files: Readonly<Record<string, string | Uint8Array>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(this.at(path)), { recursive: true });
      writeFileSync(this.at(path), text);
    }
  }

  /** @param folder the working folder, from this one */
  async run(words: readonly string[], folder = '.', input = ''): Promise<Ran> {
    const texts = { output: '', errors: '' };
    const outputFor = (name: 'output' | 'errors'): Output => ({ isTerminal: false, columns: undefined, write: (text) => { texts[name] += text; } });
    const environment: Terminal['environment'] = { ...process.env, PATH: path, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1', ...this.environment };
    const terminal: Terminal = { folder: this.at(folder), environment, output: outputFor('output'), errors: outputFor('errors'), readInput: async () => Buffer.from(input) };
    const code = await main(words, terminal);
    return { code, ...texts };
  }

  async lint(words: readonly string[], folder = '.'): Promise<JsonReport & Ran> {
    const ran = await this.run(['-f', 'json', ...words], folder);
    const report: JsonReport = JSON.parse(ran.output === '' ? '{"version":1,"files":[]}' : ran.output);
    return { ...report, ...ran };
  }

  /** The paths of the report. */
  async paths(words: readonly string[], folder = '.'): Promise<string[]> {
    return (await this.lint(words, folder)).files.map(({ path }) => path);
  }
}
