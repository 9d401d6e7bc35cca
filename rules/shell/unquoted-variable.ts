import { hasFlag, type Command, type Script, type ShellVariable, type ShellWord } from '../../src/dockerfile/command.ts';
import { insertAfter, insertBefore, replace } from '../../src/edits.ts';
import { doubtOf } from '../../src/model/empty-variables.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule, unsafe, type Finding, type Fix } from '../../src/rule.ts';

const isWhole = ({ span }: ShellWord, variable: ShellVariable): boolean => span.start === variable.span.start && span.end === variable.span.end;

const quote = (word: ShellWord): Fix => unsafe(`Quote \`${word.text}\``, insertBefore(word, '"'), insertAfter(word, '"'));

/** `[ $A = b ]`: without a value an operand is missing. `[ $A ]` and `[ -z $A ]` do what they should all the same. */
function* inTest(file: Dockerfile, script: Script, { words }: Command): Iterable<Finding> {
  for (const [index, word] of words.entries()) {
    const [variable, another] = word.variables;
    if (variable === undefined || another !== undefined || variable.quoted || !isWhole(word, variable)) continue;
    const alone = words.filter(({ text }) => text !== ']').length === 1;
    const before = words[index - 1]?.text ?? '';
    if (alone || before === '-z') continue;
    const doubt = doubtOf(file, script, variable);
    if (doubt === undefined) continue;
    const effect = /^-[a-zA-Z]$/.test(before) && doubt === 'empty' ? 'this test is true' : 'this test fails';
    yield { at: word.span, message: `\`${word.text}\` ${doubt === 'empty' ? 'may be empty' : 'holds blanks'}, and then ${effect}; put it in quotes.`, fix: quote(word) };
  }
}

/** `rm -rf $DIR/…` without a value begins at the root. */
function* inRemoval(file: Dockerfile, script: Script, { words }: Command): Iterable<Finding> {
  for (const word of words) {
    const [variable] = word.variables;
    if (variable === undefined || !/^\$(?:\w+|\{\w+\})\//.test(word.text) || doubtOf(file, script, variable) !== 'empty') continue;
    const mended = `\${${variable.name}:?}`;
    yield {
      at: variable.span,
      message: `Should \`${variable.name}\` be empty, this removes \`${word.text.replace(/^\$(?:\w+|\{\w+\})/, '')}\`; \`${mended}\` stops instead.`,
      fix: unsafe(`Write \`${mended}\``, replace(variable.span, mended)),
    };
  }
}

/** `cp $DIR/a b` with a blank in the folder's name: two words instead of one. A variable alone may be a list. */
function* inPaths(file: Dockerfile, script: Script, { words }: Command): Iterable<Finding> {
  for (const word of words) {
    const variable = word.variables.find((each) => !each.quoted && !isWhole(word, each) && doubtOf(file, script, each) === 'blank');
    if (variable === undefined) continue;
    const fix = word.quoted || /[*?[~]/.test(word.text) ? undefined : quote(word);
    yield { at: word.span, message: `\`${variable.name}\` holds blanks: without quotes \`${word.text}\` is several words.`, ...(fix && { fix }) };
  }
}

export default defineRule({
  summary: 'Variable without quotes where an empty value does harm',
  why: `The shell cuts a value without quotes at its blanks, and drops one that is empty. \`[ $A = b ]\` is then \`[ = b ]\`, an error;
\`[ -n $A ]\` is true; \`rm -rf $DIR/lib\` removes \`/lib\`. Only variables are judged that may really be empty or hold blanks: an ARG without
a default, one set to nothing, the output of a search. Those with a plain value in ARG or ENV are fine.

The fix adds the quotes, or \`:?\`, which stops the step where the value is missing. It is not safe: what a step does with an empty
value may be what somebody wanted.`,
  severity: 'info',
  sources: ['shellcheck/SC2086', 'shellcheck/SC2115', 'shellcheck/SC2070'],
  examples: [
    {
      bad: 'FROM debian:12\nARG MODE\nRUN if [ $MODE = debug ]; then make debug; fi\n',
      good: 'FROM debian:12\nARG MODE\nRUN if [ "$MODE" = debug ]; then make debug; fi\n',
    },
    {
      bad: 'FROM debian:12\nARG TARGET\nRUN rm -rf $TARGET/lib\n',
      good: 'FROM debian:12\nARG TARGET\nRUN rm -rf ${TARGET:?}/lib\n',
    },
    {
      bad: 'FROM debian:12\nENV HOME_DIR="/opt/my app"\nRUN cp $HOME_DIR/a /b\n',
      good: 'FROM debian:12\nENV HOME_DIR="/opt/my app"\nRUN cp "$HOME_DIR/a" /b\n',
    },
    {
      bad: 'FROM debian:12\nRUN found=$(find / -name x) && test -f ${found}\n',
      good: 'FROM debian:12\nRUN found=$(find / -name x) && test -f "${found}"\n',
    },
  ],
  * check({ file }) {
    for (const script of neededScripts(file)) {
      if (script.variables.length === 0) continue;
      for (const command of script.commands) {
        const { name, words } = command;
        if (name === '[' || name === 'test') yield* inTest(file, script, command);
        else if (name === 'rm' && hasFlag(words, '-r', '-R', '--recursive')) yield* inRemoval(file, script, command);
        if (/^(?:rm|cp|mv)$/.test(name)) yield* inPaths(file, script, command);
      }
    }
  },
});
