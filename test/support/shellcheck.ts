import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a stand-in does besides finding `BAD` (SC2086) and `WORSE` (SC2046) in scripts. */
export interface Manner {
  readonly version?: string;
  /** A statement that it runs before all else. */
  readonly first?: string;
  /** A statement for each script, its text being `text`. */
  readonly each?: string;
}

const program = ({ version = '0.10.0', first = '', each = '' }: Manner, log: string): string => `#!${process.execPath}
const { appendFileSync, readFileSync, statSync } = require('node:fs');
const words = process.argv.slice(2);
const files = words.filter((word) => !word.startsWith('-'));
appendFileSync(${JSON.stringify(log)}, JSON.stringify({
  words, folder: process.cwd(), options: process.env.SHELLCHECK_OPTS ?? null,
  modes: [process.cwd(), ...files].map((file) => (statSync(file).mode & 0o777).toString(8)),
  texts: files.map((file) => readFileSync(file, 'utf8')),
}) + '\\n');
${first};
if (words[0] === '--version') {
  console.log('ShellCheck - shell script analysis tool\\nversion: ${version}\\nlicense: none');
  process.exit(0);
}
const comments = [];
for (const file of files) {
  const text = readFileSync(file, 'utf8');
  ${each};
  for (const [index, line] of text.split('\\n').entries()) {
    for (const match of line.matchAll(/BAD|WORSE/g)) {
      const column = [...line.slice(0, match.index)].length + 1;
      const isBad = match[0] === 'BAD';
      comments.push({
        file, line: index + 1, endLine: index + 1, column, endColumn: column + match[0].length, level: isBad ? 'info' : 'warning',
        code: isBad ? 2086 : 2046, message: isBad ? 'Quote it.' : 'Quote this.', fix: null,
      });
    }
  }
}
process.stdout.write(JSON.stringify({ comments }));
process.exitCode = comments.length > 0 ? 1 : 0;
`;

/** One call of the stand-in. */
export interface Call {
  readonly words: readonly string[];
  readonly folder: string;
  readonly options: string | null;
  readonly modes: readonly string[];
  readonly texts: readonly string[];
}

/** A folder with a program that is called `shellcheck`. */
export class StandIn {
  readonly folder = mkdtempSync(join(tmpdir(), 'shipshape-stand-in-'));
  readonly path = join(this.folder, 'shellcheck');
  readonly #log = join(this.folder, 'log');

  constructor(manner: Manner = {}) {
    this.set(manner);
  }

  set(manner: Manner): void {
    writeFileSync(this.path, program(manner, this.#log));
    chmodSync(this.path, 0o755);
    rmSync(this.#log, { force: true });
  }

  /** The calls since the last question, without those for its version. */
  calls(): Call[] {
    const text = existsSync(this.#log) ? readFileSync(this.#log, 'utf8') : '';
    rmSync(this.#log, { force: true });
    const calls: Call[] = text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
    return calls.filter(({ words }) => words[0] !== '--version');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
