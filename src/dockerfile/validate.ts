import { span, textAt, type Span } from '../span.ts';
import type { Instruction } from './instruction.ts';
import type { Directive, Problem, RawDockerfile } from './parse.ts';
import { checkInstruction } from './validate/instruction.ts';
import { checkStages } from './validate/stages.ts';
import { isKnown, unknownProblem } from './validate/unknown.ts';
import { shown, type Check, type Report } from './validate/values.ts';

/** `docker/dockerfile:1` and its mirrors; any other frontend may have a language of its own. */
const ownFrontend = /(?:^|\/)dockerfile(?:-upstream)?(?:[:@]|$)/;

function hasForeignFrontend(directives: readonly Directive[]): boolean {
  const syntax = directives.find(({ name }) => name === 'syntax')?.value.split(' ')[0];
  return syntax !== undefined && !ownFrontend.test(syntax);
}

/** Options of `# check=`; BuildKit reads the first word of the value, in at most three parts. */
function checkOption(option: string): string | undefined {
  const [name = '', value] = option.split(/=(.*)/s);
  if (value === undefined || !/^(?:skip|experimental|error)$/.test(name.trim())) return `${shown(option)} is no option of \`check\`; it has \`skip=\`, \`experimental=\` and \`error=\`.`;
  return name.trim() !== 'error' || /^(?:1|t|true|0|f|false)$/i.test(value.trim()) ? undefined : `\`error=\` must be \`true\` or \`false\`, not ${shown(value)}.`;
}

function checkDirectives(source: string, directives: readonly Directive[], report: Report): void {
  const check = directives.find(({ name }) => name === 'check');
  // BuildKit looks for this one in the first column only.
  if (check === undefined || /[ \t]/.test(source[check.span.start - 1] ?? '')) return;
  const options = (check.value.split(' ')[0] ?? '').split(';');
  for (const option of [...options.slice(0, 2), ...(options.length > 2 ? [options.slice(2).join(';')] : [])]) {
    const problem = checkOption(option);
    if (problem !== undefined) report(check.valueSpan, problem);
  }
}

/** The first instruction that stands where there is no stage yet. An unknown one above it may have been meant for FROM. */
function checkOrder(instructions: readonly Instruction[], report: Report): void {
  const early = instructions.find(({ keyword }) => keyword !== 'ARG');
  if (early?.keyword === 'FROM' || (early !== undefined && !isKnown(early))) return;
  const at = (early ?? instructions[0])?.keywordSpan;
  if (at === undefined) return;
  if (instructions.some(({ keyword }) => keyword === 'FROM')) {
    report(at, `Only ARG may stand in front of the first FROM; move ${early?.keyword ?? 'it'} below it.`);
  } else report(at, 'There is no FROM, so there is nothing to build on; begin with `FROM` and an image.');
}

/** Marks of template languages. They may stand in a sound file too, within a RUN say. */
const templateMark = /\{\{|\{%|<%|@@\w+@@|%%\w+%%|(?<![\w.])@[A-Z][A-Z0-9_]*@|\$\{templateOption:/;

/** A comment that the C preprocessor reads. */
const preprocessorMark = /^#(?:include [<"]|if |ifdef |ifndef |define \w)/;

function templatePlace(source: string, raw: RawDockerfile, instructions: readonly Instruction[], problems: readonly Problem[]): Span | undefined {
  let next = 0;
  // Problems come in order here, so each instruction is looked at once.
  for (const instruction of instructions) {
    while ((problems[next]?.at.start ?? Infinity) < instruction.span.start) next += 1;
    if ((problems[next]?.at.start ?? Infinity) > instruction.span.end) continue;
    const mark = templateMark.exec(instruction.logical.text);
    if (mark !== null) return instruction.logical.span(mark.index, mark.index + mark[0].length);
  }
  return raw.comments.find((comment) => preprocessorMark.test(textAt(source, comment.span)))?.span;
}

/** A control character that no text holds. The escape character may be part of a coloured message. */
// oxlint-disable-next-line no-control-regex
const binaryMark = /[\0-\x08\x0e-\x1a\x1c-\x1f]/;

/** One problem for all, where the file is not what it should be. */
function otherKind(source: string, raw: RawDockerfile, instructions: readonly Instruction[], problems: readonly Problem[]): Problem | undefined {
  const binary = source.includes('\0') ? source.search(binaryMark) : -1;
  if (binary !== -1) {
    return { at: span(binary, binary + 1), message: 'This is no text in UTF-8, so no Dockerfile; give the file a Dockerfile is in, or save it as UTF-8.' };
  }
  const template = templatePlace(source, raw, instructions, problems);
  if (template !== undefined) {
    return { at: template, message: `${shown(textAt(source, template))} belongs to a template, from which a Dockerfile is made; check the file that comes out of it.` };
  }
  const isNothing = raw.instructions.length > 0 && !instructions.some(isKnown);
  const [first] = instructions;
  if (!isNothing || first === undefined || instructions.length < 2) return undefined;
  return { at: first.keywordSpan, message: 'No line of this file begins with an instruction such as FROM or RUN, so it is no Dockerfile; give another file.' };
}

const inOrder = (problems: readonly Problem[]): Problem[] => problems.toSorted((a, b) => a.at.start - b.at.start || a.at.end - b.at.end);

function collect(source: string, raw: RawDockerfile, instructions: readonly Instruction[]): Problem[] {
  const problems: Problem[] = [];
  const report = (at: Span, message: string): void => void problems.push({ at, message });
  const checks: Check[] = instructions.map((instruction) => ({ instruction, source, escape: raw.escape, report }));
  checkDirectives(source, raw.directives, report);
  checkOrder(instructions, report);
  for (const [index, check] of checks.entries()) {
    if (isKnown(check.instruction)) checkInstruction(check);
    else {
      const problem = unknownProblem(source, check.instruction, instructions[index - 1], raw.escape);
      if (problem !== undefined) problems.push(problem);
    }
  }
  checkStages(checks);
  return inOrder(problems);
}

/**
 * Finds every reason for which BuildKit refuses a Dockerfile: what its parser, its reader of
 * instructions and its planner of stages do not take, in a stage that no target needs too. It holds
 * back where a variable or a base image decides.
 *
 * @param source the text of the file
 * @param raw the same, as {@link RawDockerfile} has it
 * @param instructions its instructions, in order
 * @returns the problems in source order, those of `raw` among them
 */
export function validate(source: string, raw: RawDockerfile, instructions: readonly Instruction[]): Problem[] {
  if (instructions.length === 0 && raw.problems.length > 0) return inOrder(raw.problems);
  if (instructions.length === 0) {
    const message = 'The file holds no instruction; begin with `FROM` and an image.';
    return inOrder([...raw.problems, { at: span(0, 0), message }]);
  }
  if (hasForeignFrontend(raw.directives)) return inOrder(raw.problems);
  const problems = collect(source, raw, instructions);
  const other = problems.length === 0 ? undefined : otherKind(source, raw, instructions, problems);
  return inOrder([...raw.problems, ...(other === undefined ? problems : [other])]);
}
