import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rules } from '../rules/index.ts';
import type { BuildContext } from '../src/context/context.ts';
import { readIgnoreFile } from '../src/context/dockerignore.ts';
import { memoryContext } from '../src/context/memory.ts';
import { overlayContext } from '../src/context/overlay.ts';
import { compilePattern } from '../src/context/pattern.ts';
import { LogicalText, physicalLine, readLogicalLine } from '../src/dockerfile/logical.ts';
import { maskedShellText } from '../src/dockerfile/mask.ts';
import { parseRaw } from '../src/dockerfile/parse.ts';
import { applyEdits, insertAfter, insertBefore, remove, removeLines, removeWithBlanksBefore, replace, wholeLines } from '../src/edits.ts';
import { fixText } from '../src/fix.ts';
import { mapOffset } from '../src/guard.ts';
import { lintText } from '../src/lint.ts';
import { readDockerfile } from '../src/model/dockerfile.ts';
import type { Edit } from '../src/rule.ts';
import { LineMap, span, textAt, type Span } from '../src/span.ts';
import { requestAll } from './support/request.ts';

/** `PROPERTY_RUNS=20 PROPERTY_SEED=7 npx vitest run test/properties.test.ts` looks further. */
const { PROPERTY_RUNS: times = '1', PROPERTY_SEED: seed = '1' } = process.env;
const runs = (numRuns: number): { readonly numRuns: number; readonly seed: number } => ({ numRuns: numRuns * Number(times), seed: Number(seed) });

/** Texts of a few characters that mean something. */
const textOf = (characters: string, maxLength: number): fc.Arbitrary<string> => fc.string({ unit: fc.constantFrom(...Array.from(characters)), maxLength });

describe('patterns of ignore files', () => {
  const name = textOf('ab.-', 4).filter((each) => each !== '' && each !== '.' && each !== '..');
  const names = fc.array(name, { minLength: 1, maxLength: 4 });
  const matches = (pattern: string, path: string): boolean | undefined => compilePattern(pattern)?.(path);

  /** The same by a regular expression, after the package that BuildKit uses; for patterns that do not begin with `**` and text. */
  function expected(pattern: string, path: string): boolean {
    let source = '';
    for (let at = 0; at < pattern.length; at += 1) {
      const character = pattern[at] ?? '';
      if (pattern.startsWith('**', at)) {
        at += pattern[at + 2] === '/' ? 2 : 1;
        source += at + 1 >= pattern.length ? '.*' : '(?:.*/)?';
      } else source += character === '*' ? '[^/]*' : character === '?' ? '[^/]' : character.replace(/[.]/, '\\$&');
    }
    const parts = path.split('/');
    return parts.some((_, index) => new RegExp(`^${source}$`, 's').test(parts.slice(0, index + 1).join('/')));
  }

  it('match what the regular expression of their rules matches', () => {
    const part = textOf('aab.*?', 4).filter((each) => each !== '');
    const pattern = fc.array(fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: fc.constant('**') }), { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
    fc.assert(fc.property(pattern, names, (text, parts) => {
      fc.pre(!/^\*\*[^/]/.test(text) && !text.includes('***'));
      const path = parts.join('/');
      expect(matches(text, path)).toBe(expected(text, path));
    }), runs(600));
  });

  it('match a name by itself, escaped, and all below it', () => {
    const odd = textOf('a*?[]^-!\\.$+() ', 5).filter((each) => each !== '');
    fc.assert(fc.property(odd, odd, (text, other) => {
      const escaped = text.replace(/[*?[\]\\]/g, '\\$&');
      expect(matches(escaped, text)).toBe(true);
      expect(matches(escaped, `${text}/${other}`)).toBe(true);
      expect(matches(escaped, other)).toBe(text === other);
    }), runs(500));
  });

  it('match on when a part of a path becomes a wildcard', () => {
    fc.assert(fc.property(names, fc.nat(), fc.constantFrom('*', '**', '?', '[a-b.-]', '[^x]'), (parts, at, wildcard) => {
      const index = at % parts.length;
      const part = parts[index] ?? '';
      const wild = wildcard.startsWith('*') ? wildcard : wildcard.replace('.-', '.\\-').repeat(part.length);
      const path = parts.join('/');
      expect(matches(parts.with(index, wild).join('/'), path)).toBe(true);
      expect(matches(`**/${path}`, `x/y/${path}`)).toBe(true);
    }), runs(500));
  });
});

describe('ignore files', () => {
  const line = fc.constantFrom('a', '!a', 'a/b', '!a/b', '*', '!*', '**/b', '!**/b', '# a', '', ' b ', '/a/', './b', '!', '[', 'a?', '[ab]', '!c++', '\\!a', 'a/../b');
  const path = fc.constantFrom('a', 'b', 'a/b', 'b/a', 'a/b/c', 'c++', 'ab', '!a', 'constructor');

  it('let the last pattern decide that matches, whatever the line ends', () => {
    fc.assert(fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\uFEFF'), path, (lines, newline, mark, file) => {
      const text = mark + lines.join(newline);
      const { patterns, ignores } = readIgnoreFile(text);
      const last = patterns.findLast((pattern) => pattern.problem === undefined && compilePattern(pattern.text)?.(file) === true);
      expect(ignores(file)).toBe(last !== undefined && !last.negated);
      expect(patterns.map((pattern) => textAt(text, pattern.span))).toEqual(lines.map((each) => each.trim()).filter((each) => each !== '' && !each.startsWith('#')));
    }), runs(600));
  });
});

describe('edits', () => {
  const source = textOf('ab \t\r\n\u{1F600}', 40);
  /** Places in a text that do not overlap, in order. */
  const placed = source.chain((text) => fc.tuple(fc.constant(text), fc.array(fc.nat(text.length), { maxLength: 8 }).map((offsets) => {
    const sorted = offsets.sort((a, b) => a - b);
    return sorted.flatMap((offset, index) => (index % 2 === 1 ? [span(sorted[index - 1] ?? 0, offset)] : []));
  })));
  const makers: readonly ((place: Span, text: string) => Edit)[] = [replace, insertBefore, insertAfter, (place) => remove(place)];
  const edited = fc.tuple(placed, fc.array(fc.tuple(fc.constantFrom(...makers), textOf('xy\n', 4)), { minLength: 4, maxLength: 4 }))
    .map(([[text, places], made]) => ({ text, edits: places.map((place, index): Edit => made[index]?.[0](place, made[index][1]) ?? remove(place)) }));

  it('give the same in any order as one by one from the last', () => {
    fc.assert(fc.property(edited, ({ text, edits }) => {
      const expected = edits.toReversed().reduce((result, edit) => result.slice(0, edit.span.start) + edit.text + result.slice(edit.span.end), text);
      expect(applyEdits(text, edits)).toBe(expected);
      const starts = new Set(edits.map((edit) => edit.span.start));
      if (starts.size === edits.length) expect(applyEdits(text, edits.toReversed())).toBe(expected);
    }), runs(500));
  });

  it('leave what they do not cover, where the map of offsets says', () => {
    fc.assert(fc.property(edited, ({ text, edits }) => {
      const result = applyEdits(text, edits);
      for (let at = 0; at < text.length; at += 1) {
        if (edits.some((edit) => edit.span.start <= at && at < edit.span.end)) continue;
        expect(result[mapOffset(at, edits)]).toBe(text[at]);
      }
    }), runs(500));
  });

  it('refuse to overlap or to leave the text', () => {
    const any = fc.tuple(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 12 })).map(([start, end]): Edit => ({ span: span(start, end), text: 'x' }));
    fc.assert(fc.property(fc.array(any, { maxLength: 4 }), (edits) => {
      const bad = edits.some(({ span: a }, index) => a.end < a.start || a.end > 10 || edits.some(({ span: b }, other) => other !== index && a.start < b.end && b.start < a.end));
      if (bad) expect(() => applyEdits('0123456789', edits)).toThrow(RangeError);
      else expect(applyEdits('0123456789', edits)).toContain('x'.repeat(edits.length > 0 ? 1 : 0));
    }), runs(500));
  });

  it('take whole lines, or the blanks in front', () => {
    const marked = fc.tuple(placed, fc.boolean()).map(([[text, places], mark]) => (mark ? { text: `\ufeff${text}`, places: places.map(({ start, end }) => span(start + 1, end + 1)) } : { text, places }));
    fc.assert(fc.property(marked, ({ text, places }) => {
      for (const place of places) {
        const lines = wholeLines(text, place);
        const touched = text.slice(lines.start, lines.end);
        expect(lines.start <= place.start && place.end <= lines.end).toBe(true);
        expect(['', '\ufeff', '\n']).toContain(text.charAt(lines.start - 1));
        expect(lines.end === text.length || touched.endsWith('\n')).toBe(true);
        // No more lines than have a character of it; a place between two characters is on the line of the one behind.
        const inner = text.slice(place.start, Math.max(place.end - 1, place.start)).split('\n').length;
        expect(touched.split('\n').length - (touched.endsWith('\n') ? 1 : 0)).toBe(inner);
        expect(applyEdits(text, [removeLines(text, place)])).toBe(text.slice(0, lines.start) + text.slice(lines.end));
        expect(applyEdits(text, [removeWithBlanksBefore(text, place)])).toBe(text.slice(0, place.start).replace(/[ \t]+$/, '') + text.slice(place.end));
      }
    }), runs(500));
  });
});

/** Lines of a continued instruction, with what may stand between them. */
const continued = (escape: string): fc.Arbitrary<string> =>
  fc.array(fc.tuple(
    fc.constantFrom('RUN echo a', '', '  ', '# comment', ' \t# b \\', '&& b', '"c # d"', `x${escape}${escape}`, 'é\u{1F600}', '\u00a0', 'a\rb', '\'', '<<EOF', 'EOF'),
    fc.constantFrom('', escape, ` ${escape}`, `${escape} \t`, `${escape}${escape}`),
    fc.constantFrom('\n', '\r\n', '\n', '\r\r\n', '\r'),
  ), { maxLength: 8 }).map((lines) => lines.map((parts) => parts.join('')).join(''));

describe.each(['\\', '`'])('a logical line continued by %s', (escape) => {
  it('maps each character to its place in the file and back', () => {
    fc.assert(fc.property(continued(escape), fc.nat(10), (source, from) => {
      const line = readLogicalLine(source, Math.min(from, source.length), escape);
      const logical = new LogicalText(source, line.pieces);
      const offsets = Array.from(logical.text.split(''), (_, index) => logical.offset(index));
      expect(offsets.map((offset) => source[offset]).join('')).toBe(logical.text);
      expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b));
      expect(offsets.map((offset) => logical.index(offset))).toEqual(offsets.map((_, index) => index));
      const others = Array.from(source.split(''), (_, at) => at).filter((at) => !offsets.includes(at));
      expect(others.filter((at) => logical.index(at) !== -1)).toEqual([]);
      expect(logical.text.includes('\n')).toBe(false);
      expect([...line.comments, ...line.blankLines].some((each) => offsets.some((offset) => each.start <= offset && offset < each.end))).toBe(false);
      expect(line.next).toBeGreaterThanOrEqual(line.end);
    }), runs(500));
  });

  it('keeps its length and its places as text for the shell', () => {
    fc.assert(fc.property(continued(escape), (lines) => {
      const source = `# escape=${escape}\nFROM a\nRUN ${lines}`;
      const { instructions } = readDockerfile(source);
      for (const instruction of instructions) {
        for (const at of [instruction.body, instruction.span]) {
          const text = textAt(source, at);
          const masked = maskedShellText(source, at, instruction, escape);
          expect(masked.length).toBe(text.length);
          for (let index = 0; index < text.length; index += 1) {
            const moved = masked[index] === '\\' && masked[index + 1] === '\n';
            if (masked[index] !== ' ' && !moved) expect([index, masked[index]]).toEqual([index, text[index]]);
          }
          const inComment = instruction.comments.filter((comment) => comment.start < (instruction.heredocs[0]?.body.start ?? Infinity));
          for (const comment of inComment) expect(masked.slice(Math.max(0, comment.start - at.start), Math.max(0, comment.end - at.start)).replace(/\\$/, '').trim()).toBe('');
        }
      }
    }), runs(500));
  });
});

const fragments = [
  'FROM debian:12', 'FROM node:22 AS build', 'FROM build', 'FROM', 'from python:3 as b', 'FROM --platform=$BUILDPLATFORM golang:1 AS go', 'FROM scratch', 'ARG A=1', 'ARG',
  'ENV A=b C="d e"', 'ENV A b c', 'ENV TOKEN=$A$A$A', 'LABEL a=b \\', 'WORKDIR /app', 'WORKDIR app/$A', 'USER root', 'USER 1000:$A', 'EXPOSE 80 443/tcp x',
  'RUN apt-get update', 'RUN apt-get update && apt-get install -y curl', 'RUN apt-get update; apt-get install curl', '  && apt-get install -y git \\', '&& rm -rf /var/lib/apt/lists/*', '; \\', '| sh', '|| true',
  'RUN apk add curl', 'RUN yum install -y gcc && yum clean all', 'RUN pip install -r requirements.txt', 'RUN pip install flask==3.0.0 \\', 'RUN npm ci', 'RUN npm install \\', 'RUN go build ./...', 'RUN yarn && yarn build',
  'RUN cd /tmp && \\', 'RUN sudo chmod 777 /x', 'RUN chown -R app /app', 'RUN useradd app', 'RUN curl https://example.org/x | sh', 'RUN ["a", "b"]', 'RUN ["a", \'b\']', 'RUN --mount=type=cache,target=/root/.cache pip install x', 'RUN --mount=type=bind,source=a,target=a true', 'RUN --mount=', 'RUN set -eux; \\', 'RUN (a && b', 'RUN if a; then \\', 'RUN "', 'RUN \\',
  'RUN <<EOF', 'RUN <<-"EOF" bash', 'COPY <<A <<B /x/', 'EOF', 'A', 'B', '\tEOF', 'apt-get install -y curl',
  'COPY . .', 'COPY . /app', 'COPY --from=build /a /b', 'COPY --from=0 --chown=app a b/', 'COPY package.json ./', 'COPY requirements.txt .', 'COPY *.py ./', 'COPY a', 'COPY ["a b", "/c"]', 'ADD https://example.org/a.tar.gz /', 'ADD a.tar.gz /', 'ADD . /src', 'COPY .env id_rsa ./',
  'CMD node server.js', 'CMD ["node"]', 'ENTRYPOINT python main.py', 'ENTRYPOINT [ "a" ]', 'HEALTHCHECK CMD curl localhost', 'HEALTHCHECK NONE', 'SHELL ["/bin/bash", "-c"]', 'SHELL ["powershell"]', 'STOPSIGNAL 9', 'VOLUME /data', 'VOLUME ["/a"', 'ONBUILD RUN apt-get update', 'ONBUILD COPY . .', 'MAINTAINER a', 'FOO bar', 'ru\\', 'n a',
  '# comment', '  # comment \\', '# shipshape ignore=all', '# hadolint ignore=DL3008', '', '   ', '\\', '\t', '# escape=`', '# syntax=docker/dockerfile:1', '# check=error=true', '`', '"', '\'', '$(', '${A:-', '\u00a0', '\u2028x', 'é \u{1F600} \\', 'a \\ ', 'x \\\\', '\ufeff', '\0', '\r',
];

const dockerfile = fc.tuple(
  fc.constantFrom('', '', '', '\ufeff', '# escape=`\n', '# syntax=docker/dockerfile:1\n'),
  fc.constantFrom('', 'FROM debian:12\n', 'FROM debian:12\n', 'FROM python:3.12 AS build\nWORKDIR /app\n'),
  fc.array(fc.tuple(fc.constantFrom(...fragments), fc.constantFrom('', '', '', ' \\', ' && \\', ' `')), { maxLength: 14 }),
  fc.constantFrom('\n', '\n', '\n', '\r\n'),
).map(([head, from, lines, newline]) => (head + from).replaceAll('\n', newline) + lines.map(([line, end]) => line + end).join(newline));

/** The examples of rules one behind the other: each a stage of its own, or in the stage of the one before. */
const examples = [...rules.values()].flatMap((rule) => rule.examples.flatMap(({ bad, good }) => [bad, good])).map((text) => (text.endsWith('\n') ? text : `${text}\n`));
const joined = fc.array(fc.tuple(fc.constantFrom(...examples), fc.boolean()), { minLength: 2, maxLength: 4 })
  .map((parts) => parts.map(([text, ownStage], index) => (index === 0 || ownStage ? text : text.replace(/^(?:#.*\n|ARG.*\n)*FROM.*\n/, ''))).join(''));

/** Milliseconds that reading a text of some lines may take on a slow machine. */
const MOST_TIME = 2000;

describe('any Dockerfile', () => {
  it('is split into instructions in order, each line in one of them', () => {
    fc.assert(fc.property(dockerfile, (source) => {
      const { instructions, comments, directives } = parseRaw(source);
      let end = 0;
      for (const { span: at } of instructions) {
        expect(end <= at.start && at.start < at.end).toBe(true);
        end = at.end;
      }
      for (let at = source.startsWith('\ufeff') ? 1 : 0; at < source.length;) {
        const line = physicalLine(source, at);
        const inside = instructions.filter((each) => each.span.start < line.end && at < each.span.end);
        const isOutside = /^\s*(?:#.*)?$/s.test(source.slice(at, line.end)) || directives.some((each) => at <= each.span.start && each.span.end <= line.end);
        if (inside.length !== 1 && !(isOutside && inside.length === 0)) expect.fail(`${JSON.stringify(source.slice(at, line.end))} lies in ${inside.length} instructions of ${JSON.stringify(source)}`);
        at = line.next;
      }
      expect(comments.every(({ span: at }) => source[at.start] === '#')).toBe(true);
    }), runs(800));
  });

  it('is read in no time, all of it', () => {
    fc.assert(fc.property(fc.oneof(dockerfile, fc.string({ unit: 'binary', maxLength: 200 }), textOf('\\`#<EOF "\'$\n\r\t =[]RUNFROM', 80)), (source) => {
      const start = performance.now();
      const file = readDockerfile(source, { buildArguments: { A: 'a' }, target: 'build' });
      const scripts = file.instructions.flatMap((instruction) => file.scripts(instruction));
      const places = [
        ...file.commands.flatMap((command) => [command, command.program, ...command.words, ...command.wrappers, ...command.redirects, ...command.assignments]),
        ...scripts.flatMap((script) => [script, ...script.variables, ...script.steps]),
        ...file.instructions.flatMap((instruction) => [instruction, ...instruction.words, ...instruction.flags, ...instruction.pairs]),
      ];
      expect(places.filter(({ span: at }) => at.start < 0 || at.start > at.end || at.end > source.length)).toEqual([]);
      expect(new Set(file.stages.flatMap((stage) => [stage.from, ...stage.instructions])).size).toBeLessThanOrEqual(file.instructions.length);
      for (const { at } of file.problems) expect(new LineMap(source).position(at.start).line).toBeGreaterThan(0);
      expect(performance.now() - start).toBeLessThan(MOST_TIME);
    }), { ...runs(600), examples: [['RUN <<EOF bash \\\n${A:- `\nx\\']] });
  });

  const contexts = [
    undefined,
    memoryContext({ 'package.json': '{"dependencies": {"a": "1.0.0"}}', 'package-lock.json': '{}', 'requirements.txt': 'flask==3.0.0\n', 'main.py': '', '.env': 'TOKEN=abcdef0123456789\n', '.git/HEAD': '', 'node_modules/a/b.js': '' }),
    memoryContext({ '.dockerignore': '*\r\n!a\r\n', a: '', Dockerfile: 'FROM a\n' }),
  ];

  it('is linted without a rule that fails', () => {
    fc.assert(fc.property(dockerfile, fc.constantFrom(...contexts), (source, context) => {
      const { bugs, diagnostics } = lintText(source, requestAll(context));
      expect(bugs).toEqual([]);
      for (const { at, related } of diagnostics) for (const each of [at, ...related.map((other) => other.at)]) expect(each.start <= each.end && each.end <= source.length).toBe(true);
    }), runs(200));
  });

  /** Files in which this has found a fault. */
  const found = [
    'FROM debian:12\nRUN yarn && yarn build\n| sh\n&& rm -rf /var/lib/apt/lists/*\n',
    'CMD node server.js\n  && apt-get install -y git \\ `\n',
    'RUN npm install \\ `\r\n    && \\',
    'RUN pip install -r requirements.txt `\n  && apt-get install -y git \\ \\\nRUN pip install -r requirements.txt \\\n',
    'FROM debian:12\nCOPY . /app\nSTOPSIGNAL 9 \\',
    'FROM python:3.12 AS build\nCOPY . . `\nRUN pip install flask==3.0.0 \\ \\',
    'FROM debian:12\r\nSHELL ["powershell"]\r\nENTRYPOINT [ "a" ]',
    'RUN apt-get update\n  && apt-get install -y git \\ \\\n\0\n',
  ];

  it.each(['safe', 'unsafe'] as const)('is fixed, at level %s, once and for all', (level) => {
    fc.assert(fc.property(fc.oneof(dockerfile, joined), fc.constantFrom(...contexts), (source, context) => {
      const request = requestAll(context);
      const { text, bugs, otherFiles } = fixText(source, request, level);
      expect(bugs).toEqual([]);
      expect(readDockerfile(text).problems.length).toBeLessThanOrEqual(readDockerfile(source).problems.length);
      const again = fixText(text, context === undefined ? request : requestAll(overlayContext(context, otherFiles)), level);
      expect([again.text, ...again.otherFiles.keys()]).toEqual([text]);
    }), { ...runs(150), examples: found.flatMap((text) => contexts.map((context): [string, BuildContext | undefined] => [text, context])) });
  });
});
