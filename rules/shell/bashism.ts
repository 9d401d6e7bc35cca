import { operands, type Command, type Script } from '../../src/dockerfile/command.ts';
import { insertAfter, removeWithBlanksBefore, replace } from '../../src/edits.ts';
import { commands, echoOption, equals, shellNames, syntaxes, type Bashism } from '../../src/model/bashisms.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { failsTheBuild } from '../../src/model/failure.ts';
import { commandAround, isNeeded } from '../../src/model/run-scripts.ts';
import { shellOf } from '../../src/model/run-shell.ts';
import { defineRule, safe, unsafe, type Edit, type Finding, type Fix } from '../../src/rule.ts';
import { contains, textAt, type Span } from '../../src/span.ts';

/** One place, and how to mend it. */
interface Place {
  readonly bashism: Bashism;
  readonly at: Span;
  readonly edits?: readonly Edit[] | undefined;
  /** The build fails here as it is: what mends it changes nothing that works. */
  readonly certain?: boolean;
}

/** Programs that take names of files: to others `{a,b}` may mean something. */
const takesNames = /^(?:mkdir|rmdir|rm|cp|mv|ln|touch|ls|cat|chmod|chown|echo|install)$/;

function* syntaxPlaces(file: Dockerfile, script: Script): Iterable<Place> {
  for (const { kind, span } of script.constructs) {
    const around = kind === 'braces' || kind === 'redirect-both' ? commandAround(script, span) : undefined;
    const isWord = around?.words.some((word) => contains(word.span, span)) === true;
    if (kind === 'braces' && !(isWord && takesNames.test(around.name))) continue;
    const target = around?.redirects.find((each) => contains(each.span, span))?.target;
    const edits = kind === 'redirect-both' && target !== undefined ? [replace(span, textAt(file.source, span).replace('&>', '>').replace('>&', '>')), insertAfter(target.span, ' 2>&1')] : undefined;
    yield { bashism: syntaxes[kind], at: span, edits };
  }
}

/** `. FILE` finds a name without a slash elsewhere, and takes no arguments. */
function sourcePlace(file: Dockerfile, script: Script, command: Command, bashism: Bashism): Place {
  const [path, another] = command.words;
  const mendable = path?.text.includes('/') === true && another === undefined;
  return { bashism, at: command.program.span, certain: failsTheBuild(file, script, command), edits: mendable ? [replace(command.program, '.')] : undefined };
}

function* commandPlaces(file: Dockerfile, script: Script): Iterable<Place> {
  for (const command of script.commands) {
    const { name, program, words, wrappers } = command;
    const bashism = program.text === name && wrappers.length === 0 ? commands.get(name) : undefined;
    if (bashism !== undefined) yield name === 'source' ? sourcePlace(file, script, command, bashism) : { bashism, at: program.span };
    if (name === '[' || name === 'test') {
      for (const word of words) if (word.value === '==' && !word.quoted) yield { bashism: equals, at: word.span, edits: [replace(word, '=')] };
    }
    const [option] = words;
    if (program.text !== 'echo' || wrappers.length > 0 || option === undefined || !/^-n?en?$/.test(option.text)) continue;
    // dash reads fewer escapes than bash.
    const mendable = !operands(words).some(({ span }) => /\\(?:[eExuU]|0?\d)/.test(textAt(file.source, span)));
    const edit = option.text.includes('n') ? replace(option, '-n') : removeWithBlanksBefore(file.source, option);
    yield { bashism: echoOption, at: option.span, edits: mendable ? [edit] : undefined };
  }
}

function fixOf(places: readonly Place[]): Fix | undefined {
  const edits = places.flatMap(({ edits = [] }) => edits);
  if (edits.length === 0 || places.some((place) => place.edits === undefined)) return undefined;
  return (places.every(({ certain }) => certain === true) ? safe : unsafe)('Write it as every shell reads it', edits);
}

/** One finding for each kind of a script, at the first place. */
function* findings(places: readonly Place[], shell: 'sh' | 'ash'): Iterable<Finding> {
  for (const bashism of new Set(places.map((place) => place.bashism))) {
    const { name, instead, code } = bashism;
    const [first, ...others] = places.filter((place) => place.bashism === bashism);
    if (first === undefined) continue;
    const fix = fixOf([first, ...others]);
    yield {
      at: first.at,
      message: `The shell here is ${shellNames[shell]}, which does not know ${name}; ${instead}${shell === 'ash' ? '' : ', or set bash with SHELL'}.`,
      related: others.map(({ at }) => ({ at, message: 'So here.' })),
      sources: [code],
      ...(fix && { fix }),
    };
  }
}

const runsShell = new Set(['RUN', 'ONBUILD', 'CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

export default defineRule({
  summary: 'Syntax of bash in another shell',
  why: `Without SHELL, steps are read by the \`/bin/sh\` of the base image: dash on Debian and Ubuntu, BusyBox's ash on Alpine. Neither is
bash. Some of its syntax fails the build there; other pieces do something else without a word: \`cmd &> file\` starts \`cmd\` in the
background, \`if [[ … ]]\` is false, \`{a,b}\` is one name, \`echo -e\` prints \`-e\`. Write it as every shell reads it, or set
\`SHELL ["/bin/bash", "-c"]\` where the image has bash.

Nothing is said where the shell is not known: of an unknown image, or behind a RUN that may have replaced \`/bin/sh\`. The fix is safe
where the build fails without it.`,
  severity: 'warning',
  sources: [...new Set([...Object.values(syntaxes), ...commands.values(), equals, echoOption].map(({ code }) => code))],
  examples: [
    { bad: 'FROM debian:12\nRUN source /opt/env && make\n', good: 'FROM debian:12\nRUN . /opt/env && make\n' },
    {
      bad: 'FROM ubuntu:24.04\nARG MODE\nRUN if [ "$MODE" == debug ]; then make debug; fi\n',
      good: 'FROM ubuntu:24.04\nARG MODE\nRUN if [ "$MODE" = debug ]; then make debug; fi\n',
    },
    { bad: 'FROM python:3.12-slim\nRUN make &> /tmp/log\n', good: 'FROM python:3.12-slim\nRUN make > /tmp/log 2>&1\n' },
    { bad: 'FROM debian:12\nRUN echo -e "a\\nb" > /list\n', good: 'FROM debian:12\nRUN echo "a\\nb" > /list\n' },
    {
      bad: 'FROM alpine:3.20\nRUN mkdir -p /srv/{data,log}\n',
      good: 'FROM alpine:3.20\nRUN mkdir -p /srv/data /srv/log && if [[ -f /x ]]; then source /x; fi\n',
    },
    {
      bad: 'FROM debian:12\nRUN [[ -f /etc/x ]] && make\n',
      good: 'FROM debian:12\nSHELL ["/bin/bash", "-c"]\nRUN [[ -f /etc/x ]] && make\n',
    },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (!runsShell.has(instruction.keyword) || !isNeeded(file, instruction)) continue;
      for (const script of file.scripts(instruction)) {
        if (script.exec || script.unreadable) continue;
        const places = [...syntaxPlaces(file, script), ...commandPlaces(file, script)];
        const shell = places.length === 0 ? undefined : shellOf(file, script);
        if (shell === undefined || shell === 'bash') continue;
        yield* findings(places.filter(({ bashism }) => shell === 'sh' || !bashism.inAsh), shell);
      }
    }
  },
});
