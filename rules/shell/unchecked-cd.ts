import { operands, type Command, type Script, type Step } from '../../src/dockerfile/command.ts';
import { insertAfter } from '../../src/edits.ts';
import { stopsAtFailure } from '../../src/model/failure.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule, unsafe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

/** Folders every image has, or that were left a moment ago. */
const isThere = (path: string | undefined): boolean => path === undefined || /^(?:\/|\/tmp|\/root|\/opt|\/usr|\/var|\/etc|\/home|\/usr\/src|\/usr\/local|\.|\.\.|(?:\.\.\/)+(?:\.\.)?|-|~)\/?$/.test(path);

const withoutSlash = (path: string): string => path.replace(/(?<=.)\/$/, '');

/** The script makes the folder itself. */
const isMade = ({ commands }: Script, { span }: Command, path: string): boolean => commands.some((each) =>
  each.name === 'mkdir' && each.span.start < span.start && operands(each.words, ['-m', '--mode']).some(({ text }) => withoutSlash(text) === withoutSlash(path)));

/** Where the RUN goes on whether `cd` succeeded or not. */
function goesOn(script: Script, command: Command): Step | undefined {
  const at = script.steps.indexOf(command.step);
  const next = script.steps[at + 1];
  return command.place === 'alone' && !command.conditional && next !== undefined && (next.operator === ';' || next.operator === '\n') ? next : undefined;
}

function fixOf(file: Dockerfile, command: Command): Fix | undefined {
  const { step, span: at } = command;
  if (step.operator === '&&' || step.operator === '||' || step.operator === '&' || step.kind !== 'command') return undefined;
  return unsafe('Add `|| exit 1`', insertAfter(span(at.start, at.start + textAt(file.source, at).trimEnd().length), ' || exit 1'));
}

export default defineRule({
  summary: '`cd` that may fail while the script goes on',
  why: `After \`cd x; rm -rf *\` with a folder \`x\` that is not there, \`rm\` works where the step began. Join the two with \`&&\`, begin
the script with \`set -e\`, or say \`cd x || exit 1\`. \`WORKDIR\` makes the folder if need be and holds for all steps that follow.

The fix adds \`|| exit 1\`; it is not safe: a build that went on in the wrong folder now stops.`,
  severity: 'info',
  sources: ['shellcheck/SC2164'],
  examples: [
    { bad: 'FROM debian:12\nRUN cd /srv/app; make\n', good: 'FROM debian:12\nRUN cd /srv/app || exit 1; make\n' },
    {
      bad: 'FROM debian:12\nRUN <<EOF\ncd /srv/app\nmake install\nEOF\n',
      good: 'FROM debian:12\nRUN <<EOF\ncd /srv/app || exit 1\nmake install\nEOF\n',
    },
    {
      bad: 'FROM debian:12\nRUN mkdir -p /srv && cd $TARGET; make\n',
      good: 'FROM debian:12\nRUN set -e; cd /srv/app; make\n',
    },
  ],
  * check({ file }) {
    for (const script of neededScripts(file)) {
      for (const command of script.commands) {
        const [to] = command.words;
        if (command.name !== 'cd' || to === undefined || isThere(to.value ?? to.text) || goesOn(script, command) === undefined || isMade(script, command, to.text) || stopsAtFailure(file, script)) continue;
        const fix = fixOf(file, command);
        yield { at: command.span, message: `Should \`${to.text}\` not be there, the script goes on in the wrong folder; ${fix === undefined ? 'join what follows with `&&`' : 'write `|| exit 1` behind it'}.`, ...(fix && { fix }) };
      }
    }
  },
});
