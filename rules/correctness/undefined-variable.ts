import { insertBefore, newlineOf, replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { VariableUse } from '../../src/model/references.ts';
import { isCheckedByBuildkit, unsetVariables } from '../../src/model/unset.ts';
import { undefinedVariables, type Cause, type UndefinedVariable } from '../../src/model/undefined.ts';
import { defineRule, manual, type Finding, type Fix } from '../../src/rule.ts';
import { contains, span, textAt, type Span } from '../../src/span.ts';

const messages: Readonly<Record<Cause, (name: string) => string>> = {
  from: (name) => `No ARG in front of the first FROM defines \`${name}\`, so it is empty here.`,
  'same-instruction': (name) => `\`${name}\` is set by this very ENV, whose values are all read before it takes effect; set it in an ENV above.`,
  global: (name) => `\`${name}\` is declared in front of the first FROM only, so it is empty in this stage; repeat \`ARG ${name}\` here.`,
  platform: (name) => `\`${name}\` is empty in a stage that does not declare it; add \`ARG ${name}\`.`,
  typo: (name) => `Nothing defines \`${name}\`, so it is empty here.`,
  bash: (name) => `\`${name}\` is a variable of bash; the shell of this RUN does not set it, so it is empty.`,
  lost: (name) => `\`${name}\` was set in an earlier RUN, whose shell has ended, so it is empty here; set it with ENV, or in this RUN.`,
  'other-stage': (name) => `\`${name}\` is defined in another stage only, so it is empty here; define it in this one too.`,
  later: (name) => `\`${name}\` is defined further down only, so it is empty here.`,
  nothing: (name) => `Nothing defines \`${name}\`, so it is empty here.`,
};

const undefinedVar = 'buildkit/UndefinedVar';

const declarable: ReadonlySet<Cause> = new Set(['global', 'platform']);

/** Where the name stands in `$NAME` or `${NAME%x}`. */
function nameSpan({ source }: Dockerfile, { name, span: { start } }: VariableUse): Span {
  const at = source.indexOf(name, start);
  return span(at, at + name.length);
}

function fixOf(file: Dockerfile, { name, cause, meant, first, uses }: UndefinedVariable): Fix | undefined {
  if (declarable.has(cause)) {
    const { start } = first.instruction.span;
    const line = file.source.lastIndexOf('\n', start - 1) + 1;
    const indentation = file.source.slice(line, start);
    return manual(`Declare \`ARG ${name}\` in this stage`, insertBefore(span(line, line), `${indentation}ARG ${name}${newlineOf(file.source)}`));
  }
  if (meant === undefined || cause === 'later' || cause === 'same-instruction') return undefined;
  return manual(`Use \`${meant}\``, uses.map((use) => replace(nameSpan(file, use), meant)));
}

/** BuildKit looks at its own instructions, not at the text of a RUN. */
function sourcesOf(use: VariableUse, cause: Cause): readonly string[] {
  if (use.place === 'from') return ['buildkit/UndefinedArgInFrom'];
  return [...(isCheckedByBuildkit(use) ? [undefinedVar] : []), ...(cause === 'same-instruction' ? ['hadolint/DL3044'] : [])];
}

/** The places BuildKit names besides. */
function* otherUses(file: Dockerfile, variables: readonly UndefinedVariable[]): Generator<Finding> {
  const told = new Set(variables.map(({ first }) => first.span.start));
  const certain = variables.flatMap(({ uses }) => uses).filter(isCheckedByBuildkit);
  for (const use of [...certain, ...file.instructions.flatMap((instruction) => unsetVariables(file, instruction))]) {
    if (told.has(use.span.start)) continue;
    told.add(use.span.start);
    yield { at: use.span, message: `Nothing defines \`${use.name}\` up to here, so it is empty.`, sources: [undefinedVar], onRequest: true };
  }
}

function toFinding(file: Dockerfile, variable: UndefinedVariable): Finding {
  const { name, cause, meant, first, uses } = variable;
  const fix = fixOf(file, variable);
  const question = meant === undefined || declarable.has(cause) ? '' : ` Did you mean \`${meant}\`?`;
  return {
    at: first.span,
    message: messages[cause](name) + question,
    sources: sourcesOf(first, cause),
    related: uses.slice(1, 6).map((use) => ({ at: use.span, message: 'It is used here too.' })),
    ...(fix && { fix }),
  };
}

const inHeredoc = ({ cause, first: { place } }: UndefinedVariable): boolean =>
  cause === 'nothing' && (place === 'copy-heredoc' || place === 'shell-heredoc');

/** Several in one here-document have one reason: its text was to be taken as it stands. */
function* heredocFindings(file: Dockerfile, variables: readonly UndefinedVariable[]): Generator<Finding> {
  for (const heredoc of file.instructions.flatMap(({ heredocs }) => heredocs)) {
    const uses = variables.flatMap((variable) => variable.uses.filter((use) => contains(heredoc.body, use.span))).sort((a, b) => a.span.start - b.span.start);
    const [first] = uses;
    if (first === undefined) continue;
    const names = [...new Set(uses.map(({ name }) => `\`${name}\``))];
    const listed = names.length > 3 ? `${names.slice(0, 3).join(', ')} and others` : names.join(' and ');
    const all = [...textAt(file.source, heredoc.body).matchAll(/[$`\\]/g)].length === uses.length;
    const word = textAt(file.source, heredoc.word);
    const at = heredoc.word.start + word.lastIndexOf(heredoc.name);
    const fix = manual('Quote the delimiter, so that nothing is put in', replace(span(at, at + heredoc.name.length), `'${heredoc.name}'`));
    yield {
      at: first.span,
      sources: isCheckedByBuildkit(first) ? [undefinedVar] : [],
      message: `Variables of this here-document are put in during the build, but nothing defines ${listed}; quote the delimiter (\`<<'${heredoc.name}'\`) or write \`\\$\`.`,
      ...(all && { fix }),
    };
  }
}

export default defineRule({
  summary: 'Variable that nothing defines',
  why: `A variable without a value becomes an empty text, and the build goes on: a download without its version, \`--uid ""\`, a path
that begins at the root. BuildKit warns of some in its own instructions; in RUN it is the shell that says nothing.

Arguments in front of the first FROM, and BuildKit's platform arguments, reach a stage only once it repeats them with ARG. A variable
set in one RUN is gone in the next. Bash sets names such as \`UID\` that \`/bin/sh\` does not know. The rule speaks only where it is as
good as certain: the base image's variables are known, or no image would set such a name. \`\${NAME:-word}\` is never meant. What to do
is the author's choice, so the proposals are not applied.`,
  severity: 'warning',
  sources: [undefinedVar, 'buildkit/UndefinedArgInFrom', 'hadolint/DL3044'],
  examples: [
    {
      bad: 'ARG APP_VERSION=1.4\nFROM debian:12\nRUN curl -fO https://example.com/app-$APP_VERSION.tar.gz\n',
      good: 'ARG APP_VERSION=1.4\nFROM debian:12\nARG APP_VERSION\nRUN curl -fO https://example.com/app-$APP_VERSION.tar.gz\n',
    },
    {
      bad: 'FROM python:3.12-slim\nARG USER_UID=1001\nRUN useradd --uid "${UID}" app\n',
      good: 'FROM python:3.12-slim\nARG USER_UID=1001\nRUN useradd --uid "${USER_UID}" app\n',
    },
    { bad: 'FROM golang:1.23\nRUN GOARCH=$TARGETARCH go build ./...\n', good: 'FROM golang:1.23\nARG TARGETARCH\nRUN GOARCH=$TARGETARCH go build ./...\n' },
    { bad: 'FROM debian:12\nENV APP_HOME=/app PATH=$APP_HOME/bin:$PATH\n', good: 'FROM debian:12\nENV APP_HOME=/app\nENV PATH=$APP_HOME/bin:$PATH\n' },
    {
      bad: 'FROM nginx:1.27\nCOPY <<EOF /etc/nginx/conf.d/default.conf\ntry_files $uri /index.html;\nEOF\n',
      good: "FROM nginx:1.27\nCOPY <<'EOF' /etc/nginx/conf.d/default.conf\ntry_files $uri /index.html;\nEOF\n",
    },
  ],
  * check({ file }) {
    const variables = undefinedVariables(file);
    for (const variable of variables) if (!inHeredoc(variable)) yield toFinding(file, variable);
    yield* heredocFindings(file, variables.filter(inHeredoc));
    yield* otherUses(file, variables);
  },
});
