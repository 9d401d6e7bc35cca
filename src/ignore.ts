import { codesOf, sourcesNamed } from './codes.ts';
import type { Instruction } from './dockerfile/instruction.ts';
import type { Comment } from './dockerfile/parse.ts';
import type { Dockerfile } from './model/dockerfile.ts';
import type { AnyRule } from './rule.ts';
import { span, type Span } from './span.ts';

/** One name in an ignore comment. */
export interface IgnoredName {
  readonly text: string;
  readonly at: Span;
  /** Ids of the rules it stands for; empty for a name nobody knows; undefined stands for all. */
  readonly rules: readonly string[] | undefined;
}

/** A comment that switches rules off for a piece of the file. */
export interface IgnoreComment {
  readonly tool: 'shipshape' | 'hadolint' | 'check';
  readonly at: Span;
  readonly names: readonly IgnoredName[];
  /** Findings that begin in here are ignored. */
  readonly scope: Span;
  /** The names that took a finding away; the engine fills it. */
  readonly used: Set<IgnoredName>;
}

/** Every name a rule may be called by, in lower case, and the rules it stands for. */
export type KnownNames = ReadonlyMap<string, readonly string[]>;

const ourPattern = /^shipshape\s+ignore\s*:\s*(.*?)\s*(?:(?:--|#).*)?$/i;
const hadolintPattern = /^hadolint\s+(?:(global|stage)\s+)?ignore\s*=\s*([^#]*?)\s*(?:#.*)?$/;
const checkPattern = /^check\s*=\s*(\S+)/i;

function namesIn(list: string, start: number, known: KnownNames, everything: string | undefined): IgnoredName[] {
  return [...list.matchAll(/[^\s,]+/g)].map((match) => {
    const text = match[0];
    const at = span(start + match.index, start + match.index + text.length);
    return { text, at, rules: text === everything ? undefined : (known.get(text.toLowerCase()) ?? []) };
  });
}

/** The whole instruction, or an empty span where there is none. */
const scopeOf = (instruction: Instruction | undefined): Span => instruction?.span ?? span(-1, -1);

/** The first instruction that begins behind a comment. */
const next = (file: Dockerfile, comment: Comment): Instruction | undefined =>
  file.instructions.find((instruction) => instruction.span.start >= comment.span.end);

/** The instruction on the line right below a comment, as hadolint wants it, other comments let through. */
function directlyBelow(file: Dockerfile, comment: Comment): Instruction | undefined {
  const instruction = next(file, comment);
  if (instruction === undefined) return undefined;
  return /\n[ \t\r]*\n/.test(file.source.slice(comment.span.end, instruction.span.start)) ? undefined : instruction;
}

function hadolintScope(file: Dockerfile, comment: Comment, kind: string | undefined): Span {
  if (kind === 'global') return span(0, file.source.length + 1);
  if (kind !== 'stage') return scopeOf(directlyBelow(file, comment));
  const stage = file.stages.find((each) => each.from.span.start >= comment.span.end);
  return stage === undefined ? span(-1, -1) : span(stage.span.start, stage.span.end + 1);
}

const wholeFile = (file: Dockerfile): Span => span(0, file.source.length + 1);

function ourComment(file: Dockerfile, comment: Comment, known: KnownNames): IgnoreComment | undefined {
  const match = ourPattern.exec(comment.text);
  if (match === null) return undefined;
  const [first] = file.instructions;
  const header = first === undefined || comment.span.end <= first.span.start;
  const list = match[1] ?? '';
  const start = comment.span.start + file.source.slice(comment.span.start, comment.span.end).indexOf(list, comment.text.indexOf(':'));
  const inner = file.instructions.find((each) => each.span.start < comment.span.start && comment.span.end < each.span.end);
  const scope = header ? wholeFile(file) : scopeOf(inner ?? next(file, comment));
  return { tool: 'shipshape', at: comment.span, names: namesIn(list, start, known, undefined), scope, used: new Set() };
}

function hadolintComment(file: Dockerfile, comment: Comment, known: KnownNames): IgnoreComment | undefined {
  const match = hadolintPattern.exec(comment.text);
  if (match === null) return undefined;
  const list = match[2] ?? '';
  // One word that is no code makes hadolint take the whole comment for a plain one.
  if (!/^\s*(?:DL|SC)\d+(?:\s*,\s*(?:DL|SC)\d+)*\s*$/.test(list)) return undefined;
  return { tool: 'hadolint', at: comment.span, names: namesIn(list, comment.span.start, known, undefined), scope: hadolintScope(file, comment, match[1]), used: new Set() };
}

/** The names behind `skip=` of a `check` directive or comment. */
const skipped = (value: string): string => /(?:^|;)\s*skip\s*=\s*([^;]*)/i.exec(value)?.[1] ?? '';

function checkComment(file: Dockerfile, comment: Comment, known: KnownNames): IgnoreComment | undefined {
  const match = checkPattern.exec(comment.text);
  if (match === null || file.directives.some((directive) => directive.span.start === comment.span.start)) return undefined;
  const names = namesIn(skipped(match[1] ?? ''), comment.span.start, known, 'all').map((name) => ofBuildkit(name, known));
  return { tool: 'check', at: comment.span, names, scope: scopeOf(next(file, comment)), used: new Set() };
}

/** `check=skip=all` speaks of BuildKit's checks only: the rules that name one as their source. */
function ofBuildkit(name: IgnoredName, known: KnownNames): IgnoredName {
  return name.rules === undefined ? { ...name, rules: known.get('buildkit/*') ?? [] } : name;
}

function checkDirective(file: Dockerfile, known: KnownNames): IgnoreComment[] {
  return file.directives.filter(({ name }) => name === 'check').map((directive) => {
    const names = namesIn(skipped(directive.value), directive.valueSpan.start, known, 'all').map((name) => ofBuildkit(name, known));
    return { tool: 'check', at: directive.span, names, scope: wholeFile(file), used: new Set<IgnoredName>() };
  });
}

/** Reads every ignore comment of a file: ours, hadolint's and BuildKit's. */
export function readIgnores(file: Dockerfile, known: KnownNames): IgnoreComment[] {
  const readers = [ourComment, hadolintComment, checkComment];
  const comments = file.comments.flatMap((comment) => {
    if (!/shipshape|hadolint|check/i.test(comment.text)) return [];
    for (const read of readers) {
      const found = read(file, comment, known);
      if (found !== undefined) return [found];
    }
    return [];
  });
  return [...checkDirective(file, known), ...comments];
}

/** A code of another tool means those findings of a rule that go by it, where the rule tells them apart. */
function means({ text }: IgnoredName, id: string, rule: AnyRule, own: readonly string[] | undefined): boolean {
  return own === undefined || codesOf(text, id, rule).length === 0 || sourcesNamed(text, own).length > 0;
}

/**
 * Marks and tells whether a finding is ignored.
 * @param sources those of the finding, where it has its own
 */
export function isIgnored(ignores: readonly IgnoreComment[], { id, rule }: { readonly id: string; readonly rule: AnyRule }, sources: readonly string[] | undefined, at: Span): boolean {
  let ignored = false;
  for (const comment of ignores) {
    if (at.start < comment.scope.start || at.start >= comment.scope.end) continue;
    for (const name of comment.names) {
      if (name.rules?.includes(id) === true && means(name, id, rule, sources)) {
        comment.used.add(name);
        ignored = true;
      }
    }
  }
  return ignored;
}
