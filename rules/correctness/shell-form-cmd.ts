import type { BuildContext } from '../../src/context/context.ts';
import type { Script } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { mayLackInterpreter, meetsCommand, startsCommandItself } from '../../src/model/start.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** Words a shell acts on itself: run directly, there is no such program, or it does nothing. */
const builtins = new Set(['cd', 'exec', 'source', '.', 'ulimit', 'umask', 'export', 'set', 'unset', 'eval', 'trap', 'wait', 'alias', 'if', 'type', 'command', 'read']);

/** The words of a script that is one plain command a shell adds nothing to; undefined for any other. */
function plainWords(file: Dockerfile, script: Script): string[] | undefined {
  const [command, another] = script.commands;
  const [step, secondStep] = script.steps;
  if (script.unreadable || command === undefined || another !== undefined || step?.kind !== 'command' || secondStep !== undefined) return undefined;
  if (step.negated || step.background || command.assignments.length > 0 || command.redirects.length > 0) return undefined;
  const words = [...command.wrappers, command.program, ...command.words];
  const first = words[0]?.value;
  if (first === undefined || first === '' || builtins.has(first)) return undefined;
  const text = file.source.slice(script.span.start, script.span.end);
  // A lone `#` word would start a comment for the shell; tildes, globs and braces are its work too.
  if (/(?:^|\s)#|[~*?[\]{}$`\\!;<>()&|]/.test(text)) return undefined;
  return words.every((word) => word.value !== undefined) ? words.map((word) => word.value ?? '') : undefined;
}

const otherShell = (file: Dockerfile, instruction: Instruction): boolean => file.stateAt(instruction).shell.join(' ') !== '/bin/sh -c';

/** True when the program gets the same arguments and starts the same way without a shell. */
function startsTheSame(file: Dockerfile, instruction: Instruction, program: string, context: BuildContext | undefined): boolean {
  const alone = instruction.keyword === 'CMD' ? startsCommandItself(file, instruction) : !meetsCommand(file, instruction);
  return alone && !mayLackInterpreter(file, instruction, program, context);
}

function fixOf(file: Dockerfile, instruction: Instruction, script: Script, context: BuildContext | undefined): Fix | undefined {
  const words = instruction.comments.length > 0 ? undefined : plainWords(file, script);
  const [program] = words ?? [];
  if (words === undefined || program === undefined || otherShell(file, instruction)) return undefined;
  const json = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  const make = startsTheSame(file, instruction, program, context) ? safe : unsafe;
  return make(`Write ${instruction.keyword} as a JSON array`, replace(instruction.body, json));
}

/** A JSON array gets no variables, and of several commands only the last one can take the shell's place. */
function adviceOf({ commands }: Script, fix: Fix | undefined): string {
  if (fix !== undefined) return 'write it as a JSON array';
  return commands.length > 1 ? 'put `exec` in front of the last command, or call a script that does' : 'begin it with `exec`, or write it as a JSON array';
}

export default defineRule({
  summary: 'CMD or ENTRYPOINT that runs through a shell',
  why: `In the shell form, \`/bin/sh -c\` is process 1: it does not hand on signals, so \`docker stop\` waits ten seconds and
then kills the program in the middle of its work. In the JSON (exec) form the program is process 1 itself.

The fix is safe where the program starts the same way: no ENTRYPOINT or CMD meets it that takes the words otherwise, and it is no
script of the project that may lack its \`#!\` line, which a shell runs all the same.

Switch it off where a shell is what you want and the command begins with \`exec\`.`,
  severity: 'warning',
  sources: ['hadolint/DL3025', 'buildkit/JSONArgsRecommended'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCMD uvicorn main:app --host 0.0.0.0\n',
      good: 'FROM python:3.12-slim\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0"]\n',
    },
    {
      bad: 'FROM debian:12\nENTRYPOINT ./start.sh "two words"\n',
      good: 'FROM debian:12\nENTRYPOINT ["./start.sh", "two words"]\n',
    },
    { bad: 'FROM debian:12\nCMD gunicorn app:app --workers $WORKERS\n', good: 'FROM debian:12\nCMD exec gunicorn app:app --workers $WORKERS\n' },
  ],
  * check({ file, context }) {
    for (const instruction of file.instructions) {
      const { keyword } = instruction;
      if ((keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || instruction.json !== undefined || instruction.words.length === 0) continue;
      const [script] = file.scripts(instruction);
      if (script === undefined || script.unreadable || script.commands[0]?.wrappers[0]?.text === 'exec') continue;
      if (file.stateAt(instruction).shellSetBy !== undefined) continue;
      const fix = fixOf(file, instruction, script, context);
      yield {
        at: instruction.body,
        message: `This ${keyword} runs through \`/bin/sh -c\`, so signals may not reach the program; ${adviceOf(script, fix)}.`,
        ...(fix && { fix }),
      };
    }
  },
});
