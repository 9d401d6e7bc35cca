import { span, textAt, type Span } from '../../span.ts';
import { readHeredocWord } from '../heredoc.ts';
import type { Instruction } from '../instruction.ts';
import { readJson, skipWideSpace, type Word } from '../words.ts';
import { checkFlags } from './flags.ts';
import { isSignal, portProblem } from './port.ts';
import { expandedPart, isExpandable, lexed, literal, shown, type Check } from './values.ts';

/** What an instruction needs at least. RUN, CMD and ENTRYPOINT may be empty. */
const needs: Readonly<Record<string, string>> = {
  ADD: 'a source and a destination',
  ARG: 'a name, as in `ARG NAME=value`',
  COPY: 'a source and a destination',
  ENV: 'a name and a value, as in `ENV NAME=value`',
  EXPOSE: 'a port',
  FROM: 'an image',
  HEALTHCHECK: '`CMD` and a command, or `NONE`',
  LABEL: 'a name and a value, as in `LABEL name=value`',
  MAINTAINER: 'a name',
  ONBUILD: 'an instruction',
  SHELL: 'a JSON array, as in `SHELL ["/bin/bash", "-c"]`',
  STOPSIGNAL: 'a signal',
  USER: 'a user',
  VOLUME: 'a path',
  WORKDIR: 'a directory',
};

/** The keywords of all instructions. */
export const keywords: readonly string[] = [...Object.keys(needs), 'CMD', 'ENTRYPOINT', 'RUN'];

const jsonKeywords = new Set(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'VOLUME', 'ADD', 'COPY']);

const wordKeywords = new Set(['ADD', 'COPY', 'EXPOSE', 'VOLUME']);

/** The first item of a JSON array that is no string. */
function wrongItem(instruction: Instruction, from: number): Span {
  const { logical } = instruction;
  const tokens = [...logical.text.slice(from).matchAll(/"(?:[^"\\]|\\.)*"|[^",[\]\s]+|[[\]]/g)].slice(1);
  const wrong = tokens.find(([token]) => !token.startsWith('"'));
  const start = from + (wrong?.index ?? 0);
  return logical.span(start, start + (wrong?.[0].length ?? 1));
}

/** Reports a JSON array with something else than strings in it. `from`: index of the array in the logical text. */
function hasJsonProblem({ instruction, report }: Check, from: number): boolean {
  if (readJson(instruction.logical, from)?.wrongItem !== true) return false;
  report(wrongItem(instruction, from), `The JSON form of ${instruction.keyword} takes strings only; put double quotes around this.`);
  return true;
}

/** Where the word behind HEALTHCHECK ends and its command begins. */
function healthcheckParts({ logical, bodyIndex }: Instruction): { type: string; typeSpan: Span; rest: number } {
  const type = /^\S*/.exec(logical.text.slice(bodyIndex))?.[0] ?? '';
  const end = bodyIndex + type.length;
  return { type, typeSpan: logical.span(bodyIndex, end), rest: skipWideSpace(logical.text, end) };
}

function hasPairProblem({ instruction, report }: Check): boolean {
  const { keyword, pairs, legacyPairs } = instruction;
  if (keyword === 'ARG') return false;
  const [first] = pairs;
  if (legacyPairs && first?.value === undefined && first !== undefined) {
    report(first.span, `${shown(first.name)} has no value; write ${shown(`${keyword} ${first.name}=value`)}.`);
    return true;
  }
  const bare = legacyPairs ? undefined : pairs.find((pair) => pair.value === undefined);
  if (bare === undefined) return false;
  report(bare.span, `${shown(bare.name)} has no \`=\`; put quotes around a value with blanks, or write \`NAME=value\` for each name.`);
  return true;
}

/** What makes BuildKit's parser stop, in an instruction or in the one behind ONBUILD. */
function hasFormProblem(check: Check): boolean {
  const { instruction } = check;
  if (jsonKeywords.has(instruction.keyword)) return hasJsonProblem(check, instruction.bodyIndex);
  if (instruction.keyword === 'HEALTHCHECK') return hasJsonProblem(check, healthcheckParts(instruction).rest);
  if (instruction.keyword === 'ONBUILD' && instruction.inner !== undefined) return hasFormProblem({ ...check, instruction: instruction.inner });
  return hasPairProblem(check);
}

function hasHeredocProblem({ instruction, report }: Check): boolean {
  const open = instruction.heredocs.find((heredoc) => heredoc.terminator === undefined);
  if (open === undefined) return false;
  const isShift = /^\d+\)*$|\)\)$/.test(open.name);
  report(open.word, isShift
    ? 'BuildKit takes `<<` for the start of a heredoc; write the shift without blanks, as in `1<<2`.'
    : `No line ends this heredoc; it needs a line that holds ${shown(open.name)} and nothing else.`);
  return true;
}

function checkPairs(check: Check): void {
  const { pairs, words, legacyPairs, keyword } = check.instruction;
  for (const [index, pair] of pairs.entries()) {
    const written = words[index]?.raw ?? '';
    const name = legacyPairs ? written : written.slice(0, Math.max(written.indexOf('='), 0));
    if (written.startsWith('=')) check.report(pair.span, `${keyword} has a value without a name here; write the name in front of the \`=\`.`);
    else if ((keyword !== 'ARG' && !isExpandable(name, pair.nameSpan, check)) || pair.raw === undefined) continue;
    else isExpandable(pair.raw, pair.valueSpan, check);
  }
}

/** COPY, ADD, VOLUME and EXPOSE split at blanks within quotes too. Index of the word that closes the quote of word `index`. */
function closingWord({ instruction }: Check, index: number, quote: string): number {
  if (instruction.json !== undefined || !wordKeywords.has(instruction.keyword)) return -1;
  for (let at = index + 1; at < instruction.words.length; at += 1) {
    if ((instruction.words[at]?.raw.split(quote).length ?? 1) % 2 === 0) return at;
  }
  return -1;
}

/** Calls back for each word that BuildKit can expand, and reports the others. */
function eachExpandable(check: Check, then: (word: Word, index: number) => void): void {
  const { instruction, report } = check;
  const { words, keyword } = instruction;
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index];
    if (word === undefined) break;
    const raw = expandedPart(instruction, word);
    const { error } = lexed(raw, check);
    const close = error === undefined ? -1 : closingWord(check, index, raw[error.start] ?? '');
    const last = words[close];
    if (last !== undefined) {
      const advice = keyword === 'EXPOSE' ? 'take the quotes away' : `write the JSON form, \`${keyword} ["…"]\``;
      report(span(word.span.start, last.span.end), `${keyword} splits its words at blanks, even in quotes; ${advice}.`);
      index = close;
    } else if (isExpandable(raw, word.span, check)) then(word, index);
  }
}

/** Words that are expanded; gives each one that holds no variable to `then`. */
const checkWords = (check: Check, then?: (text: string, at: Span) => void): void => eachExpandable(check, (word) => {
  const text = literal(expandedPart(check.instruction, word), check.escape);
  if (text !== undefined) then?.(text, word.span);
});

const checkExpose = (check: Check): void => checkWords(check, (text, at) => {
  const problem = text === '' ? undefined : portProblem(text);
  if (problem !== undefined) check.report(at, `${shown(text)} ${problem}.`);
});

const checkVolume = (check: Check): void => checkWords(check, (text, at) => {
  if (text.trim() === '') check.report(at, 'This path is empty; write the directory of the volume, or take it away.');
});

const checkStopSignal = (check: Check): void => checkWords(check, (text, at) => {
  if (!isSignal(text)) check.report(at, `${shown(text)} is no signal; write one such as \`SIGTERM\`.`);
});

function checkShell({ instruction, report }: Check): void {
  const { json, body, words } = instruction;
  if (json === undefined && words.length > 0) {
    report(body, 'SHELL must be a JSON array of strings in double quotes, as in `SHELL ["/bin/bash", "-c"]`.');
  } else if (json?.items.length === 0) {
    report(body, 'SHELL names no program; write one, as in `SHELL ["/bin/bash", "-c"]`.');
  }
}

function checkHealthcheck(check: Check): void {
  const { instruction, report } = check;
  const { type, typeSpan, rest } = healthcheckParts(instruction);
  const { logical, body } = instruction;
  const command = logical.text.slice(rest).trimEnd();
  const isEmpty = command === '' || readJson(logical, rest)?.items.length === 0;
  const kind = type.toUpperCase();
  if (kind === 'NONE') {
    if (!isEmpty) report(logical.span(rest, rest + command.length), '`HEALTHCHECK NONE` takes no arguments; take them away.');
    return;
  }
  checkFlags(check);
  if (kind !== 'CMD') report(typeSpan, `HEALTHCHECK must go on with \`CMD\` or \`NONE\`, not ${shown(type)}; write \`CMD\` in front of the command.`);
  else if (isEmpty) report(body, '`HEALTHCHECK CMD` has no command; write one behind it, or `HEALTHCHECK NONE`.');
}

function checkRun({ instruction, report }: Check): void {
  if (instruction.json?.items.length === 0) report(instruction.body, 'RUN with an empty JSON array runs nothing; write a command, or take the instruction away.');
}

const noTrigger: Readonly<Record<string, string>> = {
  ONBUILD: 'ONBUILD cannot stand behind ONBUILD; keep one of the two.',
  FROM: 'FROM cannot stand behind ONBUILD; take the line away.',
  MAINTAINER: 'MAINTAINER cannot stand behind ONBUILD; use `ONBUILD LABEL`.',
};

/** BuildKit looks at the instruction behind ONBUILD only when another build makes use of it. */
function checkOnbuild({ instruction, report }: Check): void {
  const problem = noTrigger[instruction.inner?.keyword ?? ''];
  if (problem !== undefined && instruction.inner !== undefined) report(instruction.inner.keywordSpan, problem);
}

const remoteSource = /^(?:https?:\/\/|git:\/\/|git@[\w.-]+:)/;

/** Sources and destination of COPY and ADD. */
function checkCopy(check: Check): void {
  const { instruction, escape, report, source } = check;
  const { keyword, words, heredocs } = instruction;
  const last = words.at(-1);
  if (last !== undefined && readHeredocWord(expandedPart(instruction, last)) !== undefined) {
    report(last.span, `A heredoc cannot be the destination of ${keyword}; write the path of the file behind it.`);
  }
  eachExpandable(check, (word) => {
    const text = literal(expandedPart(instruction, word), escape) ?? word.text;
    if (keyword === 'COPY' && word !== last && remoteSource.test(text)) report(word.span, `COPY cannot fetch ${shown(text)}; use ADD.`);
  });
  for (const { expands, body } of heredocs) {
    if (expands) isExpandable(textAt(source, body), body, check, false);
  }
}

const checks: Readonly<Record<string, (check: Check) => void>> = {
  ADD: checkCopy,
  ARG: checkPairs,
  COPY: checkCopy,
  ENV: checkPairs,
  EXPOSE: checkExpose,
  LABEL: checkPairs,
  ONBUILD: checkOnbuild,
  RUN: checkRun,
  SHELL: checkShell,
  STOPSIGNAL: checkStopSignal,
  USER: checkWords,
  VOLUME: checkVolume,
  WORKDIR: checkWords,
};

function lacksArguments({ instruction, report }: Check): boolean {
  const { keyword, words } = instruction;
  const needed = needs[keyword];
  const least = keyword === 'COPY' || keyword === 'ADD' ? 2 : 1;
  if (needed === undefined || words.length >= least || (keyword === 'SHELL' && instruction.json !== undefined)) return false;
  const [only] = words;
  if (only === undefined) report(instruction.keywordSpan, `${keyword} needs ${needed}.`);
  else report(only.span, `${keyword} needs ${needed}, but there is only ${shown(only.text)}; write both.`);
  return true;
}

/** Reports what BuildKit refuses in an instruction taken alone; its keyword is a known one. */
export function checkInstruction(check: Check): void {
  if (hasHeredocProblem(check) || hasFormProblem(check) || lacksArguments(check)) return;
  if (check.instruction.keyword === 'HEALTHCHECK') checkHealthcheck(check);
  else checkFlags(check);
  checks[check.instruction.keyword]?.(check);
}
