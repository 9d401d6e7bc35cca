import type { BuildContext } from '../../src/context/context.ts';
import type { Script } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { mayLackInterpreter, meetsCommand, startsCommandItself } from '../../src/model/start.ts';
import { defineRule, safe, unsafe, type Finding, type Fix } from '../../src/rule.ts';
import { overlaps, textAt } from '../../src/span.ts';

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

/** `exec` in front of the command, or of one of several: the author has thought of signals. */
const callsExec = ({ commands }: Script): boolean => commands.some(({ wrappers: [first] }) => first?.text === 'exec');

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
function adviceOf(script: Script, fix: Fix | undefined): string {
  const { commands, steps } = script;
  if (fix !== undefined || callsExec(script)) return 'write it as a JSON array';
  const { kind } = steps.at(-1) ?? {};
  if (kind === 'pipeline') return 'call a script that hands them on, in a JSON array';
  if (kind === 'compound') return 'put `exec` in front of the command that stays, or call a script that does';
  return commands.length > 1 ? 'put `exec` in front of the last command, or call a script that does' : 'begin it with `exec`, or write it as a JSON array';
}

/** SHELL, here or in the base image, names another shell: BuildKit says nothing then. */
const choosesShell = (file: Dockerfile, instruction: Instruction): boolean =>
  file.stateAt(instruction).shellSetBy !== undefined || file.stageOf(instruction)?.facts?.shellCommand !== undefined;

/** The shell gives its place to the program, or nobody can tell. */
const isMeant = (script: Script | undefined): boolean => script === undefined || script.unreadable || callsExec(script);

/** A text in the form of a JSON array that BuildKit takes for a command: it has other quotes, or a comma too many. */
const isBrokenArray = (text: string): boolean =>
  /^\[\s*["'\u2018-\u201f]/.test(text) && text.endsWith(']') && !/["']\s+(?:[!=]?=|-[a-z]{2})\s/.test(text);

function brokenArray(file: Dockerfile, instruction: Instruction): Finding {
  const mended = textAt(file.source, instruction.body).replace(/['\u2018-\u201f]/g, '"').replace(/,\s*\]$/, ']');
  const fix = /^\[\s*"[^"\\\n]*"(?:\s*,\s*"[^"\\\n]*")*\s*\]$/.test(mended) ? unsafe('Write the array as JSON has it', replace(instruction.body, mended)) : undefined;
  return {
    at: instruction.body,
    message: `This ${instruction.keyword} has the form of a JSON array, but is none, so a shell takes it for a command, which fails; write each word in double quotes, with commas between.`,
    ...(fix && { fix }),
  };
}

const shown = (shell: readonly string[]): string => `\`${shell.join(' ')}\``;

const hadolint = 'hadolint/DL3025';

export default defineRule({
  summary: 'CMD or ENTRYPOINT that runs through a shell',
  why: `In the shell form, \`/bin/sh -c\` is process 1: it does not hand on signals, so \`docker stop\` waits ten seconds and
then kills the program in the middle of its work. In the JSON (exec) form the program is process 1 itself.

The fix is safe where the program starts the same way: no ENTRYPOINT or CMD meets it that takes the words otherwise, and it is no
script of the project that may lack its \`#!\` line, which a shell runs all the same.

Nothing is said of a command that begins with \`exec\`, under a SHELL that the file chose, and of health checks, unless another tool's
code asks for it.`,
  severity: 'warning',
  sources: [hadolint, 'buildkit/JSONArgsRecommended'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCMD uvicorn main:app --host 0.0.0.0\n',
      good: 'FROM python:3.12-slim\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0"]\n',
    },
    {
      bad: 'FROM debian:12\nENTRYPOINT ./start.sh "two words"\n',
      good: 'FROM debian:12\nENTRYPOINT ["./start.sh", "two words"]\n',
    },
    { bad: "FROM node:22\nCMD ['npm', 'start']\n", good: 'FROM node:22\nCMD ["npm", "start"]\n' },
    { bad: 'FROM debian:12\nCMD gunicorn app:app --workers $WORKERS\n', good: 'FROM debian:12\nCMD exec gunicorn app:app --workers $WORKERS\n' },
  ],
  * check({ file, context }) {
    for (const instruction of file.instructions) {
      const { keyword, inner } = instruction;
      if (keyword === 'HEALTHCHECK' && inner?.json === undefined && inner?.words.length === 1) {
        yield { at: inner.body, message: 'This check runs through a shell; a JSON array does without.', sources: [hadolint], onRequest: true };
      }
      if ((keyword !== 'CMD' && keyword !== 'ENTRYPOINT') || instruction.json !== undefined || instruction.words.length === 0) continue;
      if (isBrokenArray(textAt(file.source, instruction.body))) {
        // An item that is no string is a problem of the file already.
        if (!file.problems.some(({ at }) => overlaps(at, instruction.body))) yield brokenArray(file, instruction);
        continue;
      }
      const [script] = file.scripts(instruction);
      const { shell } = file.stateAt(instruction);
      const isChosen = choosesShell(file, instruction);
      const fix = script && !isMeant(script) && !isChosen ? fixOf(file, instruction, script, context) : undefined;
      const advice = script === undefined ? 'write it as a JSON array' : adviceOf(script, fix);
      yield {
        at: instruction.body,
        message: `This ${keyword} runs through ${shown(shell)}, so signals may not reach the program; ${advice}.`,
        ...(isChosen && { sources: [hadolint] }),
        ...((isChosen || isMeant(script)) && { onRequest: true }),
        ...(fix && { fix }),
      };
    }
  },
});
