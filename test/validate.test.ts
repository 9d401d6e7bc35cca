import { describe, expect, it } from 'vitest';
import { readInstruction } from '../src/dockerfile/instruction.ts';
import { parseRaw } from '../src/dockerfile/parse.ts';
import { validate } from '../src/dockerfile/validate.ts';
import { textAt } from '../src/span.ts';

/** What the span of each problem covers, and its message. */
function problems(source: string): [string, string][] {
  const raw = parseRaw(source);
  const instructions = raw.instructions.map((each, index) => readInstruction(each, index, raw.escape));
  return validate(source, raw, instructions).map(({ at, message }) => [textAt(source, at), message]);
}

type Refused = readonly [source: string, ...problems: readonly (readonly [text: string, message: string])[]];

const refuses = (what: string, table: readonly Refused[]): void => {
  describe(what, () => {
    it.each(table.map(([source, ...expected]) => ({ source, expected })))('$source', ({ source, expected }) => {
      expect(problems(source)).toEqual(expected);
    });
  });
};

refuses('the file as a whole', [
  ['', ['', 'The file holds no instruction; begin with `FROM` and an image.']],
  ['\n# only a comment\n', ['', 'The file holds no instruction; begin with `FROM` and an image.']],
  ['ARG A=1\n', ['ARG', 'There is no FROM, so there is nothing to build on; begin with `FROM` and an image.']],
  ['ARG A\nRUN x\nRUN y\n', ['RUN', 'There is no FROM, so there is nothing to build on; begin with `FROM` and an image.']],
  ['ENV A=1\nRUN x\nFROM a\n', ['ENV', 'Only ARG may stand in front of the first FROM; move ENV below it.']],
  ['# syntax=docker/dockerfile:1\n# syntax=docker/dockerfile:1\nFROM a\n',
    ['# syntax=docker/dockerfile:1', 'The `syntax` directive stands here a second time; keep one of the two.'],
  ],
  ['# escape=x\nFROM a\n',
    ['# escape=x', 'The escape character must be a backslash or a backtick; write one of the two behind `escape=`.'],
  ],
  ['# check=skip=all;foo\nFROM a\n', ['skip=all;foo', '`foo` is no option of `check`; it has `skip=`, `experimental=` and `error=`.']],
  ['# check=error=maybe\nFROM a\n', ['error=maybe', '`error=` must be `true` or `false`, not `maybe`.']],
  ['hello\nworld\n',
    ['hello', 'No line of this file begins with an instruction such as FROM or RUN, so it is no Dockerfile; give another file.'],
  ],
  ['{{ if x }}\nFROM {{ image }}\nRUN a\n{{ end }}\nfoo\n',
    ['{{', '`{{` belongs to a template, from which a Dockerfile is made; check the file that comes out of it.'],
  ],
  ['FROM a\n{% if x %}\nRUN x\n{% endif %}\n',
    ['{%', '`{%` belongs to a template, from which a Dockerfile is made; check the file that comes out of it.'],
  ],
  ['FROM @IMAGE@\n', ['@IMAGE@', '`@IMAGE@` belongs to a template, from which a Dockerfile is made; check the file that comes out of it.']],
  ['#include "base"\nRUN x\n',
    ['#include "base"', '`#include "base"` belongs to a template, from which a Dockerfile is made; check the file that comes out of it.'],
  ],
  ['FROM a\0b\n\0\0\n', ['\0', 'This is no text in UTF-8, so no Dockerfile; give the file a Dockerfile is in, or save it as UTF-8.']],
  ['\x7fELF\0\0x\n', ['\0', 'This is no text in UTF-8, so no Dockerfile; give the file a Dockerfile is in, or save it as UTF-8.']],
]);

refuses('unknown instructions', [
  ['FROM a\nRNU x\n', ['RNU', '`RNU` is no instruction; did you mean `RUN`?']],
  ['FROM a\nWROKDIR /x\n', ['WROKDIR', '`WROKDIR` is no instruction; did you mean `WORKDIR`?']],
  ['FROM a\nFOO x\n', ['FOO', '`FOO` is no instruction; begin the line with one such as `RUN`, or continue the line above with a `\\`.']],
  ['FROM a\nRUN a &&\n  b\n  c\n', ['b', '`b` is no instruction; the line above seems to lack the `\\` that continues it.']],
  ['FROM a\nRUN a \\\n  && b\n  && c\n', ['&&', '`&&` is no instruction; the line above seems to lack the `\\` that continues it.']],
  ['FROM a\nRUN a\n--flag x\n', ['--flag', '`--flag` is no instruction; the line above seems to lack the `\\` that continues it.']],
  ['FROM a\nRUN a \\ # why\n  b\n',
    ['b', '`b` is no instruction; nothing may stand behind the `\\` that continues the line above; put the comment on a line of its own.'],
  ],
  ['FROM a\nRUN a \\\\\n  b\n', ['b', '`b` is no instruction; two `\\` at the end of the line above do not continue it; take one away.']],
  ['FROM a\nRUN x\u00a0y\nRUN\u00a0y\n',
    ['RUN\u00a0y',
      '`RUN y` is no instruction; a character that looks like a blank or like nothing (U+00A0) clings to `RUN`; put a plain blank in its place.'],
  ],
  ['FROM a\n// x\n', ['//', '`//` is no instruction; a comment begins with `#`.']],
  ['FROM a\n<<<<<<< HEAD\n', ['<<<<<<<', '`<<<<<<<` is no instruction; it was left behind by a merge; resolve the conflict.']],
  ['FROM a\nRUN: x\n', ['RUN:', '`RUN:` is no instruction; instructions have no colon behind them; take it away.']],
  ['FROM a\nRUN cat <<- EOF\nx\nEOF\n',
    ['x',
      '`x` is no instruction; BuildKit sees no heredoc in the instruction above; write `<<` with a blank in front and the name right behind it, and close all quotes.'],
  ],
  ['FROM a\nRUN echo it\'s <<EOF\nx\nEOF\n',
    ['x',
      '`x` is no instruction; BuildKit sees no heredoc in the instruction above; write `<<` with a blank in front and the name right behind it, and close all quotes.'],
  ],
  ['FROM a\nCMD cat <<EOF\nx\nEOF\n', ['x', '`x` is no instruction; CMD takes no heredoc; only RUN, COPY and ADD do.']],
  ['FROM a\n\\\n', ['\\', 'A line that holds only a `\\` begins no instruction; take it away.']],
  ['FROM a\nif true; then\n', ['if', '`if` is no instruction; the line above seems to lack the `\\` that continues it.']],
  ['# escape=`\nFROM a\nRUN a &&\n  b\n', ['b', '`b` is no instruction; the line above seems to lack the backtick that continues it.']],
]);

refuses('missing and surplus arguments', [
  ['FROM\n', ['FROM', 'FROM needs an image.']],
  ['FROM a b\n', ['b', 'FROM takes one image, and `AS` in front of a stage name; take the rest away.']],
  ['FROM a AS\n', ['AS', 'The name of the stage is missing behind `AS`; write one, or take `AS` away.']],
  ['FROM a AS b c\n', ['b c', 'The name of a stage is a single word; take the rest away.']],
  ['FROM a # base\n', ['# base', 'A comment cannot stand behind FROM; put it on a line of its own.']],
  ['FROM a\nCOPY a\n', ['a', 'COPY needs a source and a destination, but there is only `a`; write both.']],
  ['FROM a\nCOPY\n', ['COPY', 'COPY needs a source and a destination.']],
  ['FROM a\nADD a\n', ['a', 'ADD needs a source and a destination, but there is only `a`; write both.']],
  ['FROM a\nCOPY ["a"]\n', ['"a"', 'COPY needs a source and a destination, but there is only `a`; write both.']],
  ['FROM a\nCOPY <<EOF\nx\nEOF\n', ['<<EOF', 'COPY needs a source and a destination, but there is only `<<EOF`; write both.']],
  ['FROM a\nWORKDIR\n', ['WORKDIR', 'WORKDIR needs a directory.']],
  ['FROM a\nUSER\n', ['USER', 'USER needs a user.']],
  ['FROM a\nSTOPSIGNAL\n', ['STOPSIGNAL', 'STOPSIGNAL needs a signal.']],
  ['FROM a\nMAINTAINER\n', ['MAINTAINER', 'MAINTAINER needs a name.']],
  ['FROM a\nEXPOSE\n', ['EXPOSE', 'EXPOSE needs a port.']],
  ['FROM a\nVOLUME\n', ['VOLUME', 'VOLUME needs a path.']],
  ['FROM a\nVOLUME []\n', ['VOLUME', 'VOLUME needs a path.']],
  ['FROM a\nVOLUME [" "]\n', ['" "', 'This path is empty; write the directory of the volume, or take it away.']],
  ['FROM a\nVOLUME ""\n', ['""', 'This path is empty; write the directory of the volume, or take it away.']],
  ['FROM a\nARG\n', ['ARG', 'ARG needs a name, as in `ARG NAME=value`.']],
  ['FROM a\nENV\n', ['ENV', 'ENV needs a name and a value, as in `ENV NAME=value`.']],
  ['FROM a\nLABEL\n', ['LABEL', 'LABEL needs a name and a value, as in `LABEL name=value`.']],
  ['FROM a\nENV A\n', ['A', '`A` has no value; write `ENV A=value`.']],
  ['FROM a\nENV A=1 B\n', ['B', '`B` has no `=`; put quotes around a value with blanks, or write `NAME=value` for each name.']],
  ['FROM a\nLABEL a=b c d\n', ['c', '`c` has no `=`; put quotes around a value with blanks, or write `NAME=value` for each name.']],
  ['FROM a\nENV =x\n', ['=x', 'ENV has a value without a name here; write the name in front of the `=`.']],
  ['FROM a\nARG =x\n', ['=x', 'ARG has a value without a name here; write the name in front of the `=`.']],
  ['FROM a\nSHELL\n', ['SHELL', 'SHELL needs a JSON array, as in `SHELL ["/bin/bash", "-c"]`.']],
  ['FROM a\nSHELL bash -c\n', ['bash -c', 'SHELL must be a JSON array of strings in double quotes, as in `SHELL ["/bin/bash", "-c"]`.']],
  ['FROM a\nSHELL []\n', ['[]', 'SHELL names no program; write one, as in `SHELL ["/bin/bash", "-c"]`.']],
  ['FROM a\nRUN []\n', ['[]', 'RUN with an empty JSON array runs nothing; write a command, or take the instruction away.']],
  ['FROM a\nONBUILD\n', ['ONBUILD', 'ONBUILD needs an instruction.']],
  ['FROM a\nONBUILD ONBUILD RUN x\n', ['ONBUILD', 'ONBUILD cannot stand behind ONBUILD; keep one of the two.']],
  ['FROM a\nONBUILD FROM x\n', ['FROM', 'FROM cannot stand behind ONBUILD; take the line away.']],
  ['FROM a\nONBUILD MAINTAINER x\n', ['MAINTAINER', 'MAINTAINER cannot stand behind ONBUILD; use `ONBUILD LABEL`.']],
  ['FROM a\nONBUILD ENV A\n', ['A', '`A` has no value; write `ENV A=value`.']],
  ['FROM a\nONBUILD CMD ["a", 1]\n', ['1', 'The JSON form of CMD takes strings only; put double quotes around this.']],
  ['FROM a\nHEALTHCHECK\n', ['HEALTHCHECK', 'HEALTHCHECK needs `CMD` and a command, or `NONE`.']],
  ['FROM a\nHEALTHCHECK NONE x\n', ['x', '`HEALTHCHECK NONE` takes no arguments; take them away.']],
  ['FROM a\nHEALTHCHECK CMD\n', ['CMD', '`HEALTHCHECK CMD` has no command; write one behind it, or `HEALTHCHECK NONE`.']],
  ['FROM a\nHEALTHCHECK CMD []\n', ['CMD []', '`HEALTHCHECK CMD` has no command; write one behind it, or `HEALTHCHECK NONE`.']],
  ['FROM a\nHEALTHCHECK curl x\n',
    ['curl', 'HEALTHCHECK must go on with `CMD` or `NONE`, not `curl`; write `CMD` in front of the command.'],
  ],
]);

refuses('JSON that is no list of strings', [
  ['FROM a\nCMD ["a", 1]\n', ['1', 'The JSON form of CMD takes strings only; put double quotes around this.']],
  ['FROM a\nRUN [null]\n', ['null', 'The JSON form of RUN takes strings only; put double quotes around this.']],
  ['FROM a\nCOPY ["a", ["b"]]\n', ['[', 'The JSON form of COPY takes strings only; put double quotes around this.']],
  ['FROM a\nHEALTHCHECK CMD ["a", true]\n', ['true', 'The JSON form of HEALTHCHECK takes strings only; put double quotes around this.']],
]);

refuses('flags', [
  ['FROM a\nCOPY --form=b a c\n', ['--form=b', 'COPY has no flag `--form`; did you mean `--from`?']],
  ['FROM a\nCOPY --chown=a --chown=b c d\n', ['--chown=b', '`--chown` stands here a second time; keep one of the two.']],
  ['FROM a\nCOPY --link=yes a b\n', ['--link=yes', '`--link` must be `true` or `false`, not `yes`; write `--link` alone to switch it on.']],
  ['FROM a\nCOPY --from a b\n', ['--from', '`--from` has no value; write it with an equals sign, `--from=VALUE`.']],
  ['FROM a\nENV --x A=1\n', ['--x', 'ENV has no flags; take `--x` away.']],
  ['FROM a\nRUN --rm x\n', ['--rm', 'RUN has no flag `--rm`; it has `--mount`, `--network`, `--security`, `--device`.']],
  ['FROM a\nRUN --network=bridge x\n', ['--network=bridge', '`--network` must be one of default, none, host, not `bridge`.']],
  ['FROM a\nRUN --security=off x\n', ['--security=off', '`--security` must be one of sandbox, insecure, not `off`.']],
  ['FROM a\nCOPY --chmod=888 a b\n',
    ['888', '`888` is no file mode; write it in octal up to 7777, such as `755`, or as in `u=rwx,go=rx`.'],
  ],
  ['FROM a\nCOPY --chmod=77777 a b\n',
    ['77777', '`77777` is no file mode; write it in octal up to 7777, such as `755`, or as in `u=rwx,go=rx`.'],
  ],
  ['FROM a\nCOPY --chmod=u+q a b\n',
    ['u+q', '`u+q` is no file mode; write it in octal up to 7777, such as `755`, or as in `u=rwx,go=rx`.'],
  ],
  ['FROM a\nHEALTHCHECK --interval=5 CMD x\n',
    ['5', '`5` is no duration; write a number and its unit, such as `30s` or `1m30s`; variables are not expanded here.'],
  ],
  ['FROM a\nHEALTHCHECK --timeout=1us CMD x\n', ['1us', '`1us` is too short; the least is `1ms`, and `0s` stands for the default.']],
  ['FROM a\nHEALTHCHECK --retries=many CMD x\n',
    ['many', '`many` is no number of retries; write a whole number, such as `3`; variables are not expanded here.'],
  ],
  ['FROM a\nHEALTHCHECK --intervall=5s CMD x\n', ['--intervall=5s', 'HEALTHCHECK has no flag `--intervall`; did you mean `--interval`?']],
  ['FROM a\nADD --checksum=sha256:abc https://x.y/z /z\n',
    ['sha256:abc', '`sha256:abc` is no checksum of a download; write `sha256:` and the 64 hexadecimal digits in lower case.'],
  ],
  ['FROM a\nADD --checksum=sha256:abc a /z\n',
    ['--checksum=sha256:abc', '`--checksum` is for downloads, but `a` is a file of the build context; take the flag away.'],
  ],
  ['FROM a\nADD --checksum=sha256:abc a b /z\n',
    ['--checksum=sha256:abc', '`--checksum` is for a single source; give each source an ADD of its own.'],
  ],
  ['FROM --platform=foo a\n', ['foo', '`foo` is no platform; write one such as `linux/amd64`.']],
  ['FROM --platform=$X a\n', ['$X', '`$X` names no platform, for no ARG in front of the first FROM declares `X`; declare it there.']],
]);

refuses('--mount and --device', [
  ['FROM a\nRUN --mount= x\n', ['--mount=', '`--mount` is empty; say what to mount, as in `--mount=type=cache,target=/root/.cache`.']],
  ['FROM a\nRUN --mount=type=chache,target=/x y\n',
    ['type=chache', '`--mount` needs one of bind, cache, tmpfs, secret, ssh for `type`, not `chache`.'],
  ],
  ['FROM a\nRUN --mount=type=cache,tarket=/x y\n', ['tarket=/x', '`--mount` has no option `tarket`; did you mean `target`?']],
  ['FROM a\nRUN --mount=type=cache,target y\n', ['target', '`--mount` needs a value for `target`; write `target=VALUE`.']],
  ['FROM a\nRUN --mount=type=cache,target=/x,sharing=all y\n',
    ['sharing=all', '`--mount` needs one of shared, private, locked for `sharing`, not `all`.'],
  ],
  ['FROM a\nRUN --mount=type=bind,target=/x,uid=1 y\n',
    ['--mount=type=bind,target=/x,uid=1', 'A `--mount` of type bind has no `uid`; only secret, ssh, cache have it.'],
  ],
  ['FROM a\nRUN --mount=type=cache,target=/x,mode=0999 y\n',
    ['mode=0999', '`--mount` needs an octal number such as `0400` for `mode`, not `0999`.'],
  ],
  ['FROM a\nRUN --mount=required,type=secret,id=a y\n',
    ['--mount=required,type=secret,id=a', 'A `--mount` is read in order; put `type` in front of `required`.'],
  ],
  ['FROM a\nRUN --mount=type=secret y\n', ['--mount=type=secret', 'A `--mount` of a secret does not say which; add `id=NAME`.']],
  ['FROM a\nRUN --mount=type=secret,id=a,source=b y\n',
    ['--mount=type=secret,id=a,source=b', 'A `--mount` of a secret has both `id` and `source`, which mean the same; keep one.'],
  ],
  ['FROM a\nRUN --mount=type=secret,id=a,from=b y\n',
    ['--mount=type=secret,id=a,from=b', 'A `--mount` of a secret has no `from`; take it away.'],
  ],
  ['FROM a\nRUN --mount=type=tmpfs,size=big,target=/x y\n', ['size=big', '`--mount` needs a size such as `64m` for `size`, not `big`.']],
  ['FROM a\nRUN --mount=type=cache,target=/x,size=1m y\n',
    ['--mount=type=cache,target=/x,size=1m', 'A `--mount` of type cache has no `size`; only tmpfs has it.'],
  ],
  ['FROM a\nRUN --mount=from=$X,target=/x y\n',
    ['from=$X', '`--mount` does not expand variables in `from`; give the image a stage name, as in `FROM $X AS name`, and name that.'],
  ],
  ['FROM a\nRUN --mount=target=/x,relabel=shared y\n',
    ['relabel=shared',
      '`--mount` has the option `relabel`, which Podman knows, but BuildKit refuses; take it away unless only Podman builds this file.'],
  ],
  ['FROM a\nRUN --mount=type=cache,target=/ y\n',
    ['--mount=type=cache,target=/', 'A `--mount` cannot lie on `/`, the root of the image; add the `target` it belongs to.'],
  ],
  ['FROM scratch\nRUN --mount=type=tmpfs x\n',
    ['--mount=type=tmpfs', 'A `--mount` cannot lie on `/`, the root of the image; add the `target` it belongs to.'],
  ],
  ['FROM a\nWORKDIR /\nRUN --mount=type=cache,sharing=locked x\n',
    ['--mount=type=cache,sharing=locked', 'A `--mount` cannot lie on `/`, the root of the image; add the `target` it belongs to.'],
  ],
  ['FROM a\nRUN --device=a,b x\n',
    ['b', '`--device` takes one device and `required`, but has `b` too; give each device a flag of its own.'],
  ],
  ['FROM a\nRUN --mount=type=cache,target=/x, y\n',
    ['--mount=type=cache,target=/x,', '`--mount` has an empty field; take the surplus comma away.'],
  ],
]);

refuses('values', [
  ['FROM a\nEXPOSE http\n', ['http', '`http` is no port; write a number up to 65535, or a range such as `8000-8010`.']],
  ['FROM a\nEXPOSE 80/http\n', ['80/http', '`80/http` has the protocol `http`; it must be tcp, udp or sctp.']],
  ['FROM a\nEXPOSE 70000\n', ['70000', '`70000` is no port; write a number up to 65535, or a range such as `8000-8010`.']],
  ['FROM a\nEXPOSE 90-80\n', ['90-80', '`90-80` is no port; write a number up to 65535, or a range such as `8000-8010`.']],
  ['FROM a\nEXPOSE 80,443\n', ['80,443', '`80,443` is no port; write a number up to 65535, or a range such as `8000-8010`.']],
  ['FROM a\nEXPOSE a:80\n', ['a:80', '`a:80` has `a` in front of the port; write the port alone.']],
  ['FROM a\nEXPOSE 1.2.3.400:80:80\n',
    ['1.2.3.400:80:80', '`1.2.3.400:80:80` begins with `1.2.3.400`, which is no IP address; write the port alone.'],
  ],
  ['FROM a\nEXPOSE "80 81"\n', ['"80 81"', 'EXPOSE splits its words at blanks, even in quotes; take the quotes away.']],
  ['FROM a\nSTOPSIGNAL SIGFOO\n', ['SIGFOO', '`SIGFOO` is no signal; write one such as `SIGTERM`.']],
  ['FROM a\nSTOPSIGNAL 0\n', ['0', '`0` is no signal; write one such as `SIGTERM`.']],
  ['FROM a\nENV A="b\n', ['"b', '`"b` opens a quote that nothing closes; close it, or write `\\"` for a plain quote.']],
  ['FROM a\nLABEL a=it\'s\n', ['\'s', '`\'s` opens a quote that nothing closes; close it, or write `\\\'` for a plain quote.']],
  ['FROM a\nENV A it\'s b\n', ['\'s b', '`\'s b` opens a quote that nothing closes; close it, or write `\\\'` for a plain quote.']],
  ['FROM a\nENV A=${B\n', ['${B', '`${B` is not closed; the `}` is missing.']],
  ['FROM a\nENV A=${B:#c}\n',
    ['${B:#c}', '`${B:#c}` has a modifier BuildKit does not know; use one of `:-`, `:+`, `:?`, `-`, `+`, `?`, `#`, `%` and `/`.'],
  ],
  ['FROM a\nENV A=${B^^}\n',
    ['${B^^}', '`${B^^}` has a modifier BuildKit does not know; use one of `:-`, `:+`, `:?`, `-`, `+`, `?`, `#`, `%` and `/`.'],
  ],
  ['FROM a\nENV A=${}\n', ['${}', '`${}` names no variable; write `${NAME}`, or `\\$` for a plain dollar sign.']],
  ['FROM a\nENV A=${B/c}\n', ['${B/c}', '`${B/c}` lacks the `/` in front of the replacement.']],
  ['FROM a\nENV A=${B#\\d}\n',
    ['${B#\\d}', '`${B#\\d}` has a backslash in its pattern in front of a character that needs none; take it away.'],
  ],
  ['FROM a\nUSER it\'s\n', ['\'s', '`\'s` opens a quote that nothing closes; close it, or write `\\\'` for a plain quote.']],
  ['FROM a\nWORKDIR ${X\n', ['${X', '`${X` is not closed; the `}` is missing.']],
  ['FROM a\nCOPY "a b" /x\n', ['"a b"', 'COPY splits its words at blanks, even in quotes; write the JSON form, `COPY ["…"]`.']],
  ['FROM a\nCOPY it\'s /x\n', ['\'s', '`\'s` opens a quote that nothing closes; close it, or write `\\\'` for a plain quote.']],
  ['FROM a\nCOPY ["it\'s", "/x"]\n', ['"it\'s"', '`\'s` opens a quote that nothing closes; close it, or write `\\\'` for a plain quote.']],
  ['FROM a\nCOPY https://x.y/z /z\n', ['https://x.y/z', 'COPY cannot fetch `https://x.y/z`; use ADD.']],
  ['FROM a\nCOPY git@github.com:a/b.git /z\n', ['git@github.com:a/b.git', 'COPY cannot fetch `git@github.com:a/b.git`; use ADD.']],
  ['FROM a\nCOPY a <<EOF\nEOF\n', ['<<EOF', 'A heredoc cannot be the destination of COPY; write the path of the file behind it.']],
  ['FROM a\nCOPY <<EOF /x\na ${b c\nEOF\n',
    ['${b c', '`${b c` has a modifier BuildKit does not know; use one of `:-`, `:+`, `:?`, `-`, `+`, `?`, `#`, `%` and `/`.'],
  ],
  ['FROM a\nCOPY <<EOF /x\nname: ${{ x }}\nEOF\n',
    ['${{ x }', '`${{ x }` names no variable; write `${NAME}`, or `\\$` for a plain dollar sign.'],
  ],
  ['FROM a\nCOPY --chown=${U a b\n', ['${U', '`${U` is not closed; the `}` is missing.']],
  ['FROM a\nARG A="x\n', ['"x', '`"x` opens a quote that nothing closes; close it, or write `\\"` for a plain quote.']],
  ['FROM a\nENV A=1 \\\n  B="x\n', ['"x', '`"x` opens a quote that nothing closes; close it, or write `\\"` for a plain quote.']],
  ['FROM a\nUSER a \\\n  b"c\n', ['"c', '`"c` opens a quote that nothing closes; close it, or write `\\"` for a plain quote.']],
]);

refuses('heredocs that nothing ends', [
  ['FROM a\nRUN cat <<EOF\nx\n', ['<<EOF', 'No line ends this heredoc; it needs a line that holds `EOF` and nothing else.']],
  ['FROM a\nRUN echo $((1 << 2))\n',
    ['<< 2))', 'BuildKit takes `<<` for the start of a heredoc; write the shift without blanks, as in `1<<2`.'],
  ],
  ['FROM a\nRUN echo 1 << 2\n', ['<< 2', 'BuildKit takes `<<` for the start of a heredoc; write the shift without blanks, as in `1<<2`.']],
  ['FROM a\nONBUILD RUN <<EOF\nx\n', ['<<EOF', 'No line ends this heredoc; it needs a line that holds `EOF` and nothing else.']],
]);

refuses('images and stages', [
  ['FROM Foo\n', ['Foo', '`Foo` has capitals in the image name; write `foo`.']],
  ['FROM foo/Bar:x\n', ['foo/Bar:x', '`foo/Bar:x` has capitals in the image name; write `foo/bar`.']],
  ['FROM ""\n', ['""', '`""` names no image; write one.']],
  ['FROM $X\n', ['$X', '`$X` names no image, for no ARG in front of the first FROM declares `X`; declare it there.']],
  ['FROM a:$X\n', ['a:$X', '`a:$X` names no image, for no ARG in front of the first FROM declares `X`; declare it there.']],
  ['FROM a:\n', ['a:', '`a:` ends in a colon without a tag; write the tag.']],
  ['FROM a:b:c\n', ['a:b:c', '`a:b:c` has the tag `b:c`, but a tag holds letters, digits, `_`, `.` and `-` only.']],
  ['FROM https://x/y\n', ['https://x/y', '`https://x/y` is a web address; take `https://` away.']],
  ['FROM a@sha256:12\n',
    ['a@sha256:12', '`a@sha256:12` has a digest that is none; behind `sha256:` belong 64 hexadecimal digits in lower case.'],
  ],
  ['FROM a@md5:12\n', ['a@md5:12', '`a@md5:12` has a digest that is none; it begins with `sha256:`.']],
  ['FROM <name>\n', ['<name>', '`<name>` is no image name; `<name>` may hold letters, digits, and single `.`, `_` or `-` between them.']],
  ['FROM a//b\n', ['a//b', '`a//b` is no image name; a part of it is empty.']],
  ['FROM -x.io/a\n', ['-x.io/a', '`-x.io/a` has `-x.io` for its registry, which is no host name; correct it.']],
  ['FROM a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1\n',
    ['a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1',
      '`a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1…` is the id of an image; write its name.'],
  ],
  ['FROM "a b"\n',
    ['"a', '`"a` opens a quote that nothing closes; close it, or write `\\"` for a plain quote.'],
    ['b"', 'FROM takes one image, and `AS` in front of a stage name; take the rest away.'],
  ],
  ['FROM a AS 1b\n', ['1b', '`1b` cannot name a stage; begin with a letter and use letters, digits, `-`, `_` and `.` only.']],
  ['FROM a AS b/c\n', ['b/c', '`b/c` cannot name a stage; begin with a letter and use letters, digits, `-`, `_` and `.` only.']],
  ['FROM a AS $N\n', ['$N', '`$N` cannot name a stage; begin with a letter and use letters, digits, `-`, `_` and `.` only.']],
  ['FROM a AS Build\nFROM Build\n', ['Build', '`Build` names no stage, for stages have names in lower case; write `build`.']],
  ['FROM a\nCOPY --from=0 a b\n', ['0', '`0` is the stage this line stands in, which cannot copy from itself; name another one.']],
  ['FROM a\nCOPY --from=1 a b\n', ['1', 'There is no stage 1; the first is 0, the last 0.']],
  ['FROM a\nCOPY --from=1 a b\nFROM b\n', ['1', '`1` is a stage further down; put it above this one.']],
  ['FROM a\nCOPY --from=later a b\nFROM b AS later\n', ['later', '`later` is a stage further down; put it above this one.']],
  ['FROM a AS b\nCOPY --from=b x y\n', ['b', '`b` is the stage this line stands in, which cannot copy from itself; name another one.']],
  ['FROM a\nCOPY --from=Nope x y\n', ['Nope', '`Nope` has capitals in the image name; write `nope`.']],
  ['FROM a\nCOPY --from=$X x y\n',
    ['$X', 'Variables are not expanded in `--from`; give the image a stage name, as in `FROM $X AS name`, and copy from that.'],
  ],
  ['FROM a\nCOPY --from=-1 x y\n', ['-1', 'There is no stage -1; the first is 0, the last 0.']],
  ['FROM a\nRUN --mount=from=later,target=/x y\nFROM b AS later\n',
    ['from=later', '`later` is a stage further down; put it above this one.'],
  ],
  ['FROM a\nRUN --mount=from=Foo,target=/x y\n', ['from=Foo', '`Foo` has capitals in the image name; write `foo`.']],
  ['FROM a\nARG V=1\nFROM b:$V\n',
    ['b:$V', '`b:$V` names no image, for no ARG in front of the first FROM declares `V`; declare it there.'],
  ],
]);

const digest = `sha256:${'0f'.repeat(32)}`;

/** Odd, but BuildKit takes them, or nobody can tell. */
const accepted: Readonly<Record<string, readonly string[]>> = {
  'empty commands': ['FROM a\nRUN\nCMD\nENTRYPOINT\n', 'FROM a\nCMD []\nENTRYPOINT []\n'],
  'names in any case': ['from a as B\nrun x\nFROM b\nCOPY --from=B /x /y\n', 'FROM a AS x\nFROM x AS x\n'],
  'reserved names, which only draw a warning': ['FROM a AS context\nFROM b AS scratch\n'],
  'empty flags': ['FROM a\nCOPY --from= --chown= a b\n', 'FROM --platform= a\n', 'FROM a\nHEALTHCHECK --interval= --retries= CMD x\n'],
  'flags that nobody reads': ['FROM a\nARG --x A\nSTOPSIGNAL --x 9\nHEALTHCHECK --x NONE\n', 'FROM a\nHEALTHCHECK NONE []\n'],
  'flags of the command': ['FROM a\nHEALTHCHECK CMD --x\n', 'FROM a\nCOPY -- --x /y\n'],
  switches: ['FROM a\nCOPY --link --parents=TRUE a b\nADD --unpack=false --keep-git-dir a b\n', 'FROM a\nCOPY --exclude=a --exclude=b c d\n'],
  'what an image carries for later': ['FROM a\nONBUILD FOO x\nONBUILD COPY --x a\nONBUILD EXPOSE x\n'],
  'durations and retries': ['FROM a\nHEALTHCHECK --interval=1h1m1.5s --timeout=0s --start-period=1ms --start-interval=.5s --retries=0 CMD x\n'],
  modes: ['FROM a\nCOPY --chmod=0755 a b\nCOPY --chmod=u=rwx,go+X-w a b\nCOPY --chmod=$M a b\n'],
  'pairs without an equals sign': ['FROM a\nENV A b=c "d e" \'f\'\nLABEL a b\n', 'FROM a\nENV A="b c" B=\'d\' C=\\" D= E\\ F=g\n'],
  ports: ['FROM a\nEXPOSE $P 80 80-90/udp 80/ 80/TCP 8080:80 1.2.3.4:80:80 [::1]:80:80 "80" 0\n'],
  signals: ['FROM a\nSTOPSIGNAL sigrtmin+3\nSTOPSIGNAL 9\nSTOPSIGNAL "SIGTERM"\nSTOPSIGNAL ${S:-SIGFOO}\n'],
  'variables that may be set': ['ARG V\nFROM $V\nFROM a:$V-x\n', 'FROM --platform=$BUILDPLATFORM a\n', 'FROM ${X:-a}$Y\n', 'FROM a\nVOLUME $X\n'],
  images: [
    `FROM localhost:5000/a/b_c.d-e:F_1@${digest}\n`, 'FROM Host/a\n', 'FROM [::1]:5000/a\n', 'FROM a__b/c--d\n', 'FROM scratch\n', 'FROM "a"\n',
  ],
  platforms: ['FROM --platform=linux/arm/v7 a\nFROM --platform=windows(10.0.17763)/amd64 a\nFROM --platform=arm64 a\nFROM --platform=Linux a\n'],
  'stages by index': ['FROM a\nFROM b\nCOPY --from=0 /x /y\n', 'FROM a\nCOPY --from=nginx /x /y\nCOPY --from=1 /x /y\n'],
  'images by name': [`FROM a\nCOPY --from=docker.io/b:1@${digest} /x /y\nCOPY --from=scratch / /\nRUN --mount=from=b:1,target=/x y\n`],
  mounts: [
    'FROM a\nRUN --mount=type=$T,sharing=$S,target=$X,uid=$U,required x\n',
    'FROM a\nRUN --mount=type=cache x\n',
    'FROM scratch\nWORKDIR /src\nRUN --mount=type=cache x\nRUN --mount=type=bind,rw=1,src=a,dst=b x\n',
    'FROM a\nRUN --mount=type=secret,id=a,env=B,mode=0400,uid=1,required --mount=type=ssh,required=true --mount=type=tmpfs,size=64m,dst=/x y\n',
    'FROM a\nRUN --mount=type=cache,"target=/a b",sharing=LOCKED x\n',
    'FROM a\nRUN --network=none --security=insecure --device=vendor.com/x=y,required --device=name=z x\n',
  ],
  'checksums that cannot be judged': [`FROM a\nADD --checksum=${digest} https://x.y/z /z\nADD --checksum=$S $U /z\nADD --checksum=0123 https://x.y/z.git /z\n`],
  'JSON that is none': ["FROM a\nRUN ['a']\nRUN [ -f x ]\nCMD [\"a\",]\nCOPY [a] b\nVOLUME ['/x']\n"],
  heredocs: [
    "FROM a\nCOPY <<'EOF' /x\n${{ a }} ${\nEOF\n", 'FROM a\nCOPY <<EOF /x\n"it\'s \\${ $x ${x:-y}\nEOF\n', 'FROM a\nRUN <<EOF\n${{ \' "\nEOF\n',
    'FROM a\nRUN echo $((1<<2)) "<<EOF" <<<x\n', "FROM a\nRUN echo 'a' # it's <<EOF\n",
  ],
  'templates in a command': ["FROM a\nRUN docker inspect -f '{{.Id}}' x && echo '<% y %>' @@z@@\n"],
  'other blanks': ['FROM a\n\u00a0# comment\n\u00a0\n\u2003RUN x\n', 'FROM a\r\rAS b\n', '\ufeffFROM a\n'],
  'a continuation that the end of the file cuts': ['FROM a\nRUN x \\\n', 'FROM a\nRUN x \\\n# y'],
  'a frontend with a language of its own': ['# syntax=example/frontend:1\nAPT curl\n'],
  'options of the check': ['# check=skip=JSONArgsRecommended;error=true // why\nFROM a\n', ' # check=foo\nFROM a\n', '# check=skip=all\n# b\nFROM a\n'],
};

describe('what BuildKit takes', () => {
  it.each(Object.entries(accepted).flatMap(([what, sources]) => sources.map((source) => ({ what, source }))))('$what: $source', ({ source }) => {
    expect(problems(source)).toEqual([]);
  });
});

describe('validate', () => {
  it('gives every problem, in order', () => {
    expect(problems('FROM Foo\nEXPOSE a b\nCOPY x\n').map(([text]) => text)).toEqual(['Foo', 'a', 'b', 'x']);
  });

  it('says of a run of unknown lines only what began it', () => {
    expect(problems(`FROM a\nRUN x &&\n${'  y\n'.repeat(50)}`)).toHaveLength(1);
  });

  it('shows no control characters', () => {
    const [problem] = problems('FROM a\nRUN x\n\u001b[31mfoo\n');
    expect(problem?.[1]).toBe('`\ufffd[31mfoo` is no instruction; begin the line with one such as `RUN`, or continue the line above with a `\\`.');
  });

  it('keeps what it shows short', () => {
    const [problem] = problems(`FROM a\n${'x'.repeat(5000)} y\n`);
    expect(problem?.[1].length).toBeLessThan(200);
  });

  it.each([
    ['variables nested in variables', `FROM a\nENV A=${'${a:-'.repeat(8000)}${'}'.repeat(8000)}\n`],
    ['the same in FROM', `FROM ${'${a:-'.repeat(8000)}${'}'.repeat(8000)}\n`],
    ['blanks behind `<<`', `FROM a\nRUN x <<${' '.repeat(60_000)}<\n`],
  ])('survives %s', (_, source) => {
    expect(problems(source)).toEqual([]);
  });

  it.each([
    ['a long number', `FROM a\nHEALTHCHECK --interval=${'1'.repeat(60_000)} CMD x\n`],
    ['many words in odd quotes', `FROM a\nCOPY ${"a'b ".repeat(15_001)}c\n`],
    ['a long image name', `FROM ${'a-'.repeat(30_000)}!\n`],
  ])('reads %s in good time', (_, source) => {
    const start = performance.now();
    expect(problems(source).length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
