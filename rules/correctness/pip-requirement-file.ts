import type { ShellWord } from '../../src/dockerfile/command.ts';
import { insertBefore } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { failsTheBuild } from '../../src/model/failure.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** No archive pip takes ends in `.txt`, so a word that does names a list. */
const isList = ({ text }: ShellWord): boolean => text.endsWith('.txt') || /(?:^|\/)requirements?[\w.-]*\.(?:in|pip)$/.test(text);

/** `-e FILE`, or a dash that no keyboard has: `—r FILE`. */
const followsFlag = ({ command: { words } }: Invocation, word: ShellWord): boolean =>
  /^(?:-\w*e$|--editable$|[\u2010-\u2015\u2212])/.test(words[words.indexOf(word) - 1]?.text ?? '');

const takesLists = (invocation: Invocation): boolean =>
  (invocation.manager.name === 'pip' && /^(?:install|download|wheel)$/.test(invocation.subcommandKey)) ||
  (invocation.manager.name === 'uv' && invocation.subcommandKey === 'pip install');

function fixOf(file: Dockerfile, { command }: Invocation, word: ShellWord): Fix | undefined {
  if (word.value === undefined && word.variables.length === 0) return undefined; // A pattern may stand for several files.
  const script = file.scripts(command.instruction).find(({ commands }) => commands.includes(command));
  if (script === undefined) return undefined;
  const make = failsTheBuild(file, script, command) ? safe : unsafe;
  return make('Put `-r` in front of it', insertBefore(word, script.exec ? '"-r", ' : '-r '));
}

export default defineRule({
  summary: '`pip install` of a requirements file without `-r`',
  why: `\`pip install requirements.txt\` looks for a package of that name; there is none, and the install fails. \`-r\` tells pip
that the word is a file with one requirement a line. Each file needs its own \`-r\`.

Where the failure stops the build the fix is safe; where \`||\` or \`;\` hides it, the packages were missing until now, so the image
changes. There is hardly a reason to switch it off: pip takes nothing that ends in \`.txt\` for a package.`,
  severity: 'error',
  examples: [
    { bad: 'FROM python:3.12-slim\nRUN pip install requirements.txt\n', good: 'FROM python:3.12-slim\nRUN pip install -r requirements.txt\n' },
    {
      bad: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir -r base.txt \\\n    "dev/requirements.txt" && \\\n    pip check\n',
      good: 'FROM python:3.12-slim\nRUN pip install --no-cache-dir -r base.txt \\\n    -r "dev/requirements.txt" && \\\n    pip check\n',
    },
    { bad: 'FROM python:3.12-slim\nRUN ["pip", "install", "requirements.txt"]\n', good: 'FROM python:3.12-slim\nRUN ["pip", "install", "-r", "requirements.txt"]\n' },
  ],
  * check({ file }) {
    for (const command of file.commands) {
      const invocation = readInvocation(command);
      if (invocation === undefined || !takesLists(invocation)) continue;
      for (const word of invocation.packages) {
        if (!isList(word) || followsFlag(invocation, word)) continue;
        const fix = fixOf(file, invocation, word);
        yield {
          at: word.span,
          message: `pip takes \`${word.text}\` for the name of a package, which fails; a requirements file needs \`-r\` in front of it.`,
          ...(fix && { fix }),
        };
      }
    }
  },
});
