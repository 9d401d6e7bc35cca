import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readHeredocWord } from '../src/dockerfile/heredoc.ts';
import { readInstruction, type Instruction } from '../src/dockerfile/instruction.ts';
import { lex } from '../src/dockerfile/lex.ts';
import { parseRaw, type RawDockerfile } from '../src/dockerfile/parse.ts';
import { textAt, type Span } from '../src/span.ts';

function read(source: string): { raw: RawDockerfile; instructions: Instruction[]; text: (at: Span) => string } {
  const raw = parseRaw(source);
  return {
    raw,
    instructions: raw.instructions.map((each, index) => readInstruction(each, index, raw.escape)),
    text: (at) => textAt(source, at),
  };
}

/** The last instruction of a text, and what its spans cover. */
function last(source: string): { instruction: Instruction; text: (at: Span) => string } {
  const { instructions, text } = read(source);
  const instruction = instructions.at(-1);
  if (instruction === undefined) throw new Error('no instruction');
  return { instruction, text };
}

/** What each instruction covers. */
function pieces(source: string): string[] {
  const { instructions, text } = read(source);
  return instructions.map(({ span }) => text(span));
}

/** The joined lines of each instruction. */
const joined = (source: string): string[] => parseRaw(source).instructions.map(({ logical }) => logical.text);

describe('lines', () => {
  it.each([
    ['one instruction each', 'FROM a\nRUN x\n', ['FROM a', 'RUN x']],
    ['blank lines and indentation', '\n \n  FROM a\n\t\n\tRUN x\n', ['FROM a', 'RUN x']],
    ['no newline at the end', 'FROM a\nRUN x', ['FROM a', 'RUN x']],
    ['CRLF', 'FROM a\r\n\r\nRUN x \\\r\n  y\r\nCMD z\r\n', ['FROM a', 'RUN x \\\r\n  y', 'CMD z']],
    ['several carriage returns', 'FROM a\r\r\nRUN x\r\n', ['FROM a', 'RUN x']],
    ['a byte order mark', '\ufeffFROM a\nRUN x\n', ['FROM a', 'RUN x']],
    ['a byte order mark in front of a comment', '\ufeff# c\nFROM a\n', ['FROM a']],
    ['a lone carriage return, which ends no line', 'FROM a\rAS b\nRUN x\n', ['FROM a\rAS b', 'RUN x']],
    ['trailing blanks', 'FROM a  \nRUN x\t\n', ['FROM a  ', 'RUN x\t']],
    ['lines of other blanks', '\u00a0\nFROM a\n\u2003\u00a0RUN x\n', ['FROM a', 'RUN x']],
    ['nothing', '', []],
    ['comments only', '# a\n  # b\n', []],
  ])('%s', (_, source, expected) => {
    expect(pieces(source)).toEqual(expected);
  });

  it('takes the words of a line with a lone carriage return apart', () => {
    const { instruction, text } = last('FROM a\rAS b\n');
    expect(instruction.words.map((word) => text(word.span))).toEqual(['a', 'AS', 'b']);
  });

  it('takes only plain blanks for the end of a keyword', () => {
    expect(read('RUN\u00a0x\nRUN\tx\nrun x\n').instructions.map(({ keyword }) => keyword)).toEqual(['RUN\u00a0X', 'RUN', 'RUN']);
  });

  it('gives the keyword without the byte order mark', () => {
    const { instruction, text } = last('\ufeffFROM a');
    expect(text(instruction.keywordSpan)).toBe('FROM');
  });

  it.each([
    [65_535, '\n', 0],
    [65_536, '\n', 1],
    [65_534, '\r\n', 0],
    [65_535, '\r\n', 1],
    [65_536, '', 1],
  ])('reports a line of %i bytes before %j: %i times', (length, ending, count) => {
    expect(parseRaw(`FROM a\n#${'x'.repeat(length - 1)}${ending}`).problems).toHaveLength(count);
  });

  it('counts bytes, not characters, of long lines', () => {
    expect(parseRaw(`FROM a\n#${'ä'.repeat(40_000)}\n`).problems).toHaveLength(1);
  });
});

describe('continuation', () => {
  it.each([
    ['joins without newline or blank', 'RUN a\\\nb\\\n  c\n', ['RUN ab  c']],
    ['blanks and tabs behind the backslash', 'RUN a \\ \t\n b\n', ['RUN a  b']],
    ['a doubled backslash, which does not continue', 'RUN a \\\\\nRUN b\n', ['RUN a \\\\', 'RUN b']],
    ['three backslashes, which do not either', 'RUN a \\\\\\\nRUN b\n', ['RUN a \\\\\\', 'RUN b']],
    ['a line that is only a backslash', 'RUN a \\\n\\\n b\n', ['RUN a  b']],
    ['a backslash in front of everything', '\\\nFROM a\n', ['FROM a']],
    ['comments and blank lines between', 'RUN a \\\n# c \\\n\n \t\n  # d\n b\n', ['RUN a  b']],
    ['a comment between that an odd blank indents', 'RUN a \\\n\u00a0# c\n b\n', ['RUN a  b']],
    ['a `#` further on, which is no comment', 'RUN a \\\n b # c\n', ['RUN a  b # c']],
    ['the end of the file', 'RUN a \\\n', ['RUN a ']],
    ['the end of the file after a comment', 'RUN a \\\n# b', ['RUN a ']],
    ['a comment that looks continued', '# a \\\nRUN b\n', ['RUN b']],
    ['CRLF', 'RUN a \\\r\n  && b\r\n', ['RUN a   && b']],
    ['a backtick', '# escape=`\nRUN a `\n b\nRUN c \\\nCMD d\n', ['RUN a  b', 'RUN c \\', 'CMD d']],
  ])('%s', (_, source, expected) => {
    expect(joined(source)).toEqual(expected);
  });

  it('knows where each comment and blank line between stands', () => {
    const { instruction, text } = last('RUN a \\\n  # one\n\n# two\n  b\n');
    expect(instruction.comments.map(text)).toEqual(['# one', '# two']);
    expect(instruction.blankLines.map(text)).toEqual(['\n']);
    expect(text(instruction.span)).toBe('RUN a \\\n  # one\n\n# two\n  b');
  });

  it('lists comments inside and outside in order, trimmed', () => {
    expect(parseRaw('#  a \nRUN x \\\n # b\n y\n  # c').comments.map(({ text }) => text)).toEqual(['a', 'b', 'c']);
  });

  it.each([['RUN a \\\n', true], ['RUN a \\\n# b\n', true], ['RUN a \\\n b\n', false], ['RUN a', false]])('tells that %j is unfinished: %s', (source, unfinished) => {
    expect(last(source).instruction.unfinished).toBe(unfinished);
  });

  it('finds every character of a joined line again in the file', () => {
    const line = fc.stringMatching(/^[a-z "'$\u00e4]{0,6}$/);
    fc.assert(fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), fc.constantFrom('\n', '\r\n', '\n# c\n', '\n\n'), (lines, glue) => {
      const source = `RUN x${lines.join(`\\${glue}`)}y\n`;
      const { logical } = parseRaw(source).instructions[0] ?? {};
      for (const [index, character] of [...(logical?.text ?? '').split('').entries()]) {
        const offset = logical?.offset(index) ?? -1;
        expect(source[offset]).toBe(character);
        expect(logical?.index(offset)).toBe(index);
      }
      expect(logical?.offset(logical.text.length)).toBe(source.length - 1);
    }));
  });

  it('knows that a comment between is no part of the joined line', () => {
    const source = 'RUN a \\\n# c\n b\n';
    const logical = parseRaw(source).instructions[0]?.logical;
    expect([source.indexOf('#'), source.indexOf('\\'), source.length + 5].map((offset) => logical?.index(offset))).toEqual([-1, -1, -1]);
  });

  it('gives instructions in order that do not overlap, whatever the text', () => {
    const bits = fc.constantFrom('RUN', 'COPY', ' ', '\n', '\\', '<<A', 'A', '#', '"', "'", '\r', '\ufeff', '\u00a0', '`', '# escape=`', '[', ']', '--x=', '$', '{', '}');
    fc.assert(fc.property(fc.array(bits, { maxLength: 40 }), (parts) => {
      const source = parts.join('');
      let end = 0;
      for (const { span } of parseRaw(source).instructions) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        ({ end } = span);
      }
      expect(end).toBeLessThanOrEqual(source.length);
    }));
  });
});

describe('directives', () => {
  it('knows name, value and place', () => {
    const source = '# syntax = docker/dockerfile:1 \n #  ESCAPE=`\r\n#check=skip=a b\nFROM a\n';
    const { raw, text } = read(source);
    expect(raw.directives.map(({ name, value }) => [name, value])).toEqual([['syntax', 'docker/dockerfile:1'], ['escape', '`'], ['check', 'skip=a b']]);
    expect(raw.directives.map(({ span }) => text(span))).toEqual(['# syntax = docker/dockerfile:1', '#  ESCAPE=`', '#check=skip=a b']);
    expect(raw.directives.map(({ valueSpan }) => text(valueSpan))).toEqual(['docker/dockerfile:1', '`', 'skip=a b']);
  });

  it('finds the place of a value that stands in the name too', () => {
    const { raw, text } = read('# check=c\nFROM a\n');
    expect(raw.directives.map(({ valueSpan }) => [valueSpan.start, text(valueSpan)])).toEqual([[8, 'c']]);
  });

  it.each([
    ['a blank line', '\n# escape=`\nFROM a\n'],
    ['a comment', '# hello\n# escape=`\nFROM a\n'],
    ['an unknown directive', '# foo=bar\n# escape=`\nFROM a\n'],
    ['an instruction', 'FROM a\n# escape=`\n'],
  ])('ends them at %s', (_, source) => {
    const raw = parseRaw(source);
    expect(raw.directives).toEqual([]);
    expect(raw.escape).toBe('\\');
  });

  it('reads them behind a byte order mark', () => {
    expect(parseRaw('\ufeff# escape=`\nFROM a\n').escape).toBe('`');
  });

  it.each([
    ['# syntax=a\n# Syntax=b\nFROM a\n', '# Syntax=b'],
    ['# escape=x\nFROM a\n', '# escape=x'],
  ])('has a problem with %j', (source, expected) => {
    const { raw, text } = read(source);
    expect(raw.problems.map(({ at }) => text(at))).toEqual([expected]);
  });
});

describe('heredocs', () => {
  it.each([
    ['RUN <<EOF\nx\ny\nEOF\n', ['<<EOF'], ['x\ny\n'], ['EOF']],
    ['RUN cat << EOF\nx\nEOF\n', ['<< EOF'], ['x\n'], ['EOF']],
    ['RUN cat <<"E O"\nx\nE O\n', ['<<"E O"'], ['x\n'], ['E O']],
    ["RUN cat <<'EOF' > /f\nx\nEOF\n", ["<<'EOF'"], ['x\n'], ['EOF']],
    ['RUN cat <<\\EOF\nx\nEOF\n', ['<<\\EOF'], ['x\n'], ['EOF']],
    ['RUN cat <<-EOF\n\tx\n\t\tEOF\n', ['<<-EOF'], ['\tx\n'], ['\t\tEOF']],
    ['RUN cat <<EOF\n\tEOF\nEOF\n', ['<<EOF'], ['\tEOF\n'], ['EOF']],
    ['RUN cat <<EOF\nEOF \nEOF\n', ['<<EOF'], ['EOF \n'], ['EOF']],
    ['RUN cat 3<<EOF <&3\nEOF\n', ['3<<EOF'], [''], ['EOF']],
    ['RUN a <<A && b <<B\n1\nA\n2\nB\n', ['<<A', '<<B'], ['1\n', '2\n'], ['A', 'B']],
    ['COPY <<a.txt <<b.txt /d/\n1\na.txt\n2\nb.txt\n', ['<<a.txt', '<<b.txt'], ['1\n', '2\n'], ['a.txt', 'b.txt']],
    ['add <<EOF /x\r\n1\r\nEOF\r\n', ['<<EOF'], ['1\r\n'], ['EOF']],
    ['ONBUILD RUN <<EOF\nx\nEOF\n', ['<<EOF'], ['x\n'], ['EOF']],
    ['RUN --mount=type=cache,target=/c <<EOF\nx\nEOF\n', ['<<EOF'], ['x\n'], ['EOF']],
    ['RUN a \\\n  <<EOF \\\n  b\nx\nEOF\n', ['<<EOF'], ['x\n'], ['EOF']],
    ['RUN cat <<EOF\n# no comment\\\nEOF\n', ['<<EOF'], ['# no comment\\\n'], ['EOF']],
    ['RUN cat <<EOF; x\n1\nEOF;\n', ['<<EOF;'], ['1\n'], ['EOF;']],
    ['RUN echo $((1 << 2))\n1\n2))\n', ['<< 2))'], ['1\n'], ['2))']],
    ['RUN cat <<EOF "${x:-y z}"\n1\nEOF\n', ['<<EOF'], ['1\n'], ['EOF']],
  ])('%j', (source, words, bodies, terminators) => {
    const { instructions, text } = read(`${source}CMD last\n`);
    const [first] = instructions;
    expect(first?.heredocs.map(({ word }) => text(word))).toEqual(words);
    expect(first?.heredocs.map(({ body }) => text(body))).toEqual(bodies);
    expect(first?.heredocs.map(({ terminator }) => (terminator === undefined ? undefined : text(terminator)))).toEqual(terminators);
    expect(instructions.map(({ keyword }) => keyword).slice(1)).toEqual(['CMD']);
    expect(text(first?.span ?? { start: 0, end: 0 })).toBe(source.replace(/\r?\n$/, ''));
  });

  it.each([
    'RUN cat <<<x',
    'RUN echo "<<EOF"',
    "RUN echo '<<EOF'",
    'RUN cat<<EOF',
    'RUN echo $((1<<2))',
    'RUN cat <<- EOF',
    'RUN cat <<',
    "RUN cat <<EOF # it's",
    'RUN cat <<EOF ${x:#y}',
    'RUN ["cat", "<<EOF"]',
    'RUN --mount=type=cache ["<<EOF"]',
    'RUN cat <<""',
    'RUN cat <<${x:-EOF}',
    'CMD cat <<EOF',
    'ENV A <<EOF',
    'ONBUILD CMD cat <<EOF',
    'ONBUILD COPY ["<<EOF", "/x"]',
    'RUN\u00a0<<EOF',
    '# RUN <<EOF',
  ])('finds none in %j', (line) => {
    const { raw } = read(`${line}\nUSER x\n`);
    expect(raw.instructions.flatMap(({ heredocs }) => heredocs)).toEqual([]);
    expect(raw.instructions.at(-1)?.logical.text).toBe('USER x');
  });

  it('takes all that follows for the body where nothing ends it', () => {
    const { instruction, text } = last('FROM a\nRUN <<EOF\nx\nRUN y\n');
    expect(instruction.heredocs.map(({ body, terminator }) => [text(body), terminator])).toEqual([['x\nRUN y\n', undefined]]);
    expect(text(instruction.span)).toBe('RUN <<EOF\nx\nRUN y');
  });

  it.each([
    ['<<EOF', { name: 'EOF', chomp: false, expands: true, descriptor: 0 }],
    ['3<<-"EOF"', { name: 'EOF', chomp: true, expands: false, descriptor: 3 }],
    ["<<E'O'F", { name: 'EOF', chomp: false, expands: false, descriptor: 0 }],
    ['<<\\EOF', { name: 'EOF', chomp: false, expands: false, descriptor: 0 }],
    ['<<$X', { name: '$X', chomp: false, expands: true, descriptor: 0 }],
    ['<<', undefined],
    ['<<-', undefined],
    ['a<<EOF', undefined],
    ['<<<EOF', undefined],
    ['<<A B', undefined],
  ])('reads the word %j', (word, expected) => {
    expect(readHeredocWord(word)).toEqual(expected);
  });
});

describe('the lexer', () => {
  const words = (text: string, keep: boolean): string[] => lex(text, { escape: '\\', quotes: true, keep }).words.map((word) => word.text);

  it.each([
    ['a  b\tc', ['a', 'b', 'c']],
    ['"a b"\'c d\' e\\ f', ['"a b"\'c d\'', 'e\\ f']],
    ['a << b', ['a', '<< b']],
    ['a <<- b', ['a', '<<-', 'b']],
    ['$a ${b} ${c:-d e}', ['$a', '${b}', '${c:-d', 'e}']],
    ['$', ['$']],
  ])('keeps quotes in the words of %j', (text, expected) => {
    expect(words(text, true)).toEqual(expected);
  });

  it.each([
    ['"a b"\'c d\' e\\ f', ['a bc d', 'e f']],
    ['"a\\"b\\c"', ['a"b\\c']],
    ['""', []],
  ])('takes quotes off the words of %j', (text, expected) => {
    expect(words(text, false)).toEqual(expected);
  });

  it('knows where the words stand', () => {
    const text = 'a "b c"  $d';
    expect(lex(text, { escape: '\\', quotes: true, keep: true }).words.map(({ start, end }) => text.slice(start, end))).toEqual(['a', '"b c"', '$d']);
  });

  it.each([
    ['a "b', '"b'],
    ["a'b", "'b"],
    ['a ${b', '${b'],
    ['a ${b:=c} d', '${b:=c}'],
    ['"${b^}" d', '${b^}'],
    ['${a:-${b:#c}}', '${b:#c}'],
    ['${ a}', '${ a}'],
    ['${a/b}', '${a/b}'],
  ])('refuses %j', (text, expected) => {
    const { words: none, error } = lex(text, { escape: '\\', quotes: true, keep: false });
    expect(none).toEqual([]);
    expect(text.slice(error?.start, error?.end)).toBe(expected);
  });

  it.each(['\\"', "'\\'", '"\\""', '$', '$%', '${a}', '${1}', '${@}', '${a:-b}', '${a+b c}', '${a#b}', '${a%%b}', '${a/b/c}', '${a//b/}', '${é}', 'a\\'])('takes %j', (text) => {
    expect(lex(text, { escape: '\\', quotes: true, keep: false }).error).toBeUndefined();
  });

  it('sees no quotes where there are none', () => {
    expect(lex('it\'s "', { escape: '\\', quotes: false, keep: false }).error).toBeUndefined();
  });

  it('leaves alone what is nested too deep', () => {
    expect(lex('${a:-'.repeat(20_000), { escape: '\\', quotes: true, keep: false })).toEqual({ words: [], error: undefined, unread: true });
  });
});

describe('flags', () => {
  it('reads them over several lines', () => {
    const { instruction, text } = last('COPY --from=a \\\n  # c\n  --chown=b:c \\\n  --link x y\n');
    expect(instruction.flags.map(({ name, value }) => [name, value])).toEqual([['from', 'a'], ['chown', 'b:c'], ['link', undefined]]);
    expect(instruction.flags.map(({ span }) => text(span))).toEqual(['--from=a', '--chown=b:c', '--link']);
    expect(instruction.flags.map(({ valueSpan }) => text(valueSpan))).toEqual(['a', 'b:c', '']);
    expect(text(instruction.body)).toBe('x y');
  });

  it('takes quotes off, and lets them hold blanks', () => {
    const { instruction, text } = last('RUN --mount=type=cache,"target=/a b" --x="y" ls\n');
    expect(instruction.flags.map(({ value }) => value)).toEqual(['type=cache,target=/a b', 'y']);
    expect(instruction.flags.map(({ valueSpan }) => text(valueSpan))).toEqual(['type=cache,"target=/a b"', '"y"']);
    expect(text(instruction.body)).toBe('ls');
  });

  it('ends them at the first other word, or at `--`', () => {
    expect(last('RUN x --y\n').instruction.flags).toEqual([]);
    const { instruction, text } = last('COPY --link -- --x /y\n');
    expect(instruction.flags.map(({ name }) => name)).toEqual(['link']);
    expect(instruction.words.map((word) => text(word.span))).toEqual(['--x', '/y']);
  });

  it('reads them in every instruction, the command of a HEALTHCHECK apart', () => {
    expect(last('ENV --x A=1\n').instruction.flags.map(({ name }) => name)).toEqual(['x']);
    const { instruction, text } = last('HEALTHCHECK --interval=5s CMD --x y\n');
    expect(instruction.flags.map(({ name }) => name)).toEqual(['interval']);
    expect(instruction.inner?.flags).toEqual([]);
    expect(text(instruction.inner?.body ?? instruction.span)).toBe('--x y');
  });

  it('gives ONBUILD and what is behind it their own', () => {
    const { instruction } = last('ONBUILD COPY --from=a b c\n');
    expect(instruction.flags).toEqual([]);
    expect(instruction.inner?.flags.map(({ name }) => name)).toEqual(['from']);
  });
});

describe('JSON form', () => {
  it('knows its strings and their places, over several lines too', () => {
    const { instruction, text } = last('CMD ["a", \\\n  "b\\"c", "\\u00e4"]\n');
    expect(instruction.json?.items.map((item) => item.text)).toEqual(['a', 'b"c', 'ä']);
    expect(instruction.json?.items.map((item) => text(item.span))).toEqual(['"a"', '"b\\"c"', '"\\u00e4"']);
    expect(instruction.words.map((word) => word.text)).toEqual(['a', 'b"c', 'ä']);
  });

  it.each(['RUN', 'CMD', 'ENTRYPOINT', 'SHELL', 'VOLUME', 'COPY', 'ADD', 'HEALTHCHECK CMD', 'ONBUILD RUN'])('is known to %s', (keyword) => {
    const { instruction } = last(`${keyword} ["a", "b"]\n`);
    expect((instruction.inner ?? instruction).json?.items).toHaveLength(2);
  });

  it.each(["RUN ['a']", 'RUN ["a",]', 'RUN [ -f x ]', 'RUN ["a"] b', 'RUN {"a": 1}', 'ENV ["a"]', 'USER ["a"]', 'RUN ["a", 1]'])('is not what %j has', (line) => {
    expect(last(`${line}\n`).instruction.json).toBeUndefined();
  });

  it('falls back to words split at blanks', () => {
    const { instruction, text } = last("COPY ['a', 'b c']\n");
    expect(instruction.words.map((word) => text(word.span))).toEqual(["['a',", "'b", "c']"]);
  });
});

describe('ENV, LABEL and ARG', () => {
  const pairs = (source: string): unknown[] => {
    const { instruction, text } = last(source);
    return instruction.pairs.map((pair) => [pair.name, pair.value, text(pair.nameSpan), text(pair.valueSpan), text(pair.span)]);
  };

  it.each([
    ['ENV A=1 B="2 3"', [['A', '1', 'A', '1', 'A=1'], ['B', '2 3', 'B', '"2 3"', 'B="2 3"']]],
    ["ENV A=b' c 'd\\ e", [['A', 'b c d e', 'A', "b' c 'd\\ e", "A=b' c 'd\\ e"]]],
    ['ENV A= B=x', [['A', '', 'A', '', 'A='], ['B', 'x', 'B', 'x', 'B=x']]],
    ['ENV A=b=c', [['A', 'b=c', 'A', 'b=c', 'A=b=c']]],
    ['ENV A=$B:${C}', [['A', '$B:${C}', 'A', '$B:${C}', 'A=$B:${C}']]],
    ['LABEL "a.b"="c d"', [['a.b', 'c d', '"a.b"', '"c d"', '"a.b"="c d"']]],
    ['ENV A=1 \\\n    # c\n    B=2', [['A', '1', 'A', '1', 'A=1'], ['B', '2', 'B', '2', 'B=2']]],
    ['ARG A B=1', [['A', undefined, 'A', '', 'A'], ['B', '1', 'B', '1', 'B=1']]],
    ['ENV A b  c "d"', [['A', 'b  c d', 'A', 'b  c "d"', 'A b  c "d"']]],
    ['ENV A b=c', [['A', 'b=c', 'A', 'b=c', 'A b=c']]],
    ['ENV A \\\n  b', [['A', 'b', 'A', 'b', 'A \\\n  b']]],
    ['ENV A', [['A', undefined, 'A', '', 'A']]],
    ['ENV A=1\u00a0B=2', [['A', '1', 'A', '1', 'A=1'], ['B', '2', 'B', '2', 'B=2']]],
    ['ENV', []],
  ])('%j', (source, expected) => {
    expect(pairs(`${source}\n`)).toEqual(expected);
  });

  it('tells the form without an equals sign', () => {
    expect(['ENV A b', 'LABEL a b c', 'ENV A=b c', 'ARG A b'].map((line) => last(`${line}\n`).instruction.legacyPairs)).toEqual([true, true, false, false]);
  });

  it('takes the escape character of the file', () => {
    expect(last('# escape=`\nENV A=b` c D=C:\\\n').instruction.pairs.map(({ value }) => value)).toEqual(['b c', 'C:\\']);
  });

  it('reads many pairs in good time', () => {
    const source = `LABEL ${Array.from({ length: 8000 }, (_, index) => `a${index}=b`).join(' \\\n  ')}\n`;
    const start = performance.now();
    expect(last(source).instruction.pairs).toHaveLength(8000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('other arguments', () => {
  it.each([
    ['USER a b', ['a b']],
    ['WORKDIR "/a b"  ', ['"/a b"']],
    ['EXPOSE 80 443/tcp', ['80', '443/tcp']],
    ['COPY "a b" /c', ['"a', 'b"', '/c']],
    ['FROM a AS b', ['a', 'AS', 'b']],
    ['RUN a && b', ['a && b']],
    ['VOLUME /a \\\n  /b', ['/a', '/b']],
    ['CMD', []],
  ])('%j', (source, expected) => {
    const { instruction, text } = last(`${source}\n`);
    expect(instruction.words.map((word) => text(word.span))).toEqual(expected);
  });

  it('reads what is behind ONBUILD and HEALTHCHECK as an instruction', () => {
    const { instruction, text } = last('ONBUILD  run a\n');
    expect([instruction.inner?.keyword, text(instruction.inner?.span ?? instruction.span)]).toEqual(['RUN', 'run a']);
    expect(last('HEALTHCHECK cmd a\n').instruction.inner?.keyword).toBe('CMD');
    expect(last('HEALTHCHECK NONE\n').instruction.inner).toBeUndefined();
    expect(last('ONBUILD\n').instruction.inner).toBeUndefined();
  });
});
