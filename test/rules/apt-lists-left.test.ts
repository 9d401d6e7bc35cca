import { describe, expect, it } from 'vitest';
import rule from '../../rules/size/apt-lists-left.ts';
import { findings } from './lint.ts';

const update = 'apt-get update && apt-get install -y curl';

describe('finds nothing', () => {
  const quiet: Readonly<Record<string, string>> = {
    'the lists removed': `FROM debian:12\nRUN ${update} && rm -rf /var/lib/apt/lists/*\n`,
    'the folder above removed': `FROM debian:12\nRUN ${update}; rm -rf /var/lib/apt /tmp/*\n`,
    'several folders in braces': `FROM debian:12\nRUN ${update} && rm -rf /var/lib/{apt,dpkg,cache,log}/\n`,
    'removed from inside the folder': `FROM debian:12\nRUN ${update} && cd /var/lib/apt/lists && rm -rf *\n`,
    'removed by find': `FROM debian:12\nRUN ${update} && find /var/lib/apt/lists -type f -delete\n`,
    'a variable that names what to clean': `FROM debian:12\nRUN ${update} && rm -rf $APT_LEFTOVERS\n`,
    'a clean-up script': `FROM debian:12\nRUN ${update} && /usr/local/bin/cleanup.sh\n`,
    'distclean': `FROM debian:13\nRUN ${update} && apt-get distclean\n`,
    'a cache mount on the lists': `FROM debian:12\nRUN --mount=type=cache,target=/var/lib/apt,sharing=locked ${update}\n`,
    'a tmpfs mount on them': `FROM debian:12\nRUN --mount=type=tmpfs,target=/var/lib/apt/lists ${update}\n`,
    'a mount whose place nobody can tell': `FROM debian:12\nARG PLACE\nRUN --mount=type=cache,target=$PLACE ${update}\n`,
    'a stage that does not ship': `FROM debian:12 AS build\nRUN ${update}\nFROM debian:12\nCOPY --from=build /a /a\n`,
    'apk without cache': 'FROM alpine:3.20\nRUN apk add --no-cache curl && apk --no-cache upgrade\n',
    'the index of apk removed': 'FROM alpine:3.20\nRUN apk update && apk add curl && rm -rf /var/cache/apk/*\n',
    'an Alpine whose apk has no such flag': 'FROM alpine:3.1\nRUN apk add --update curl\n',
    'another root': 'FROM alpine:3.20\nRUN apk add --root /rootfs --initdb curl\nRUN apk -p /rootfs add curl\n',
    'dnf that cleans': 'FROM fedora:41\nRUN dnf install -y curl && dnf -y clean all\n',
    'dnf in another root': 'FROM fedora:41\nRUN dnf install --installroot /mnt -y curl\n',
    'yum whose cache is removed': 'FROM rockylinux:9\nRUN yum -y install curl && rm -rf /var/cache/yum\n',
    'zypper that cleans': 'FROM opensuse/leap:15.6\nRUN zypper -n in curl && zypper cc -a\n',
    'a script nobody can read': 'FROM debian:12\nSHELL ["pwsh", "-c"]\nRUN apt-get update; apt-get install curl\n',
  };
  it.each(Object.entries(quiet))('%s', (_name, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});

describe('lists that a later install works with', () => {
  const later: Readonly<Record<string, readonly [text: string, line: number]>> = {
    'in the same stage': ['FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n', 3],
    'in a stage built on it': ['FROM debian:12 AS base\nRUN apt-get update && apt-get install -y curl\nFROM base AS build\nRUN apt-get install -y gcc\nFROM base\nCOPY --from=build /a /a\n', 4],
    'in a stage that no build needs': ['FROM debian:12 AS base\nRUN apt-get update && apt-get install -y curl\nFROM base AS other\nRUN apt-get install -y gcc\nFROM base\n', 4],
    'in what the container runs': ['FROM debian:12\nRUN apt-get update\nCMD apt-get install -y curl && exec curl\n', 3],
    'in a trigger': ['FROM debian:12\nRUN apt-get update\nONBUILD RUN apt-get install -y curl\n', 3],
    'that asks the lists': ['FROM debian:12\nRUN apt-get update\nRUN apt-cache policy curl\n', 3],
    'that may refresh them itself': ['FROM debian:12\nARG FRESH\nRUN apt-get update\nRUN if [ -n "$FRESH" ]; then apt-get update; fi; apt-get install -y curl; rm -rf /var/lib/apt/lists/*\n', 4],
  };
  it.each(Object.entries(later))('are left: %s', (_name, [text, line]) => {
    const [found, ...others] = findings(rule, text);
    expect(others).toEqual([]);
    expect(found?.fix).toBeUndefined();
    expect(found?.message).toContain(`line ${line} works with them`);
  });

  it('are removed where the later install fetches its own', () => {
    const found = findings(rule, `FROM debian:12\nRUN ${update}\nRUN ${update} && rm -rf /var/lib/apt/lists/*\nRUN apt-get install -y nothing-of-ours\n`);
    expect(found.map(({ text, fix }) => [text, fix?.safety])).toEqual([['apt-get update', 'safe']]);
  });

  it.each(['./setup.sh', 'bash install.sh', 'make deps', 'curl -s https://x.example/i | bash', '$INSTALL curl', 'rosdep install foo'])('may be: %s', (command) => {
    expect(findings(rule, `FROM debian:12\nRUN ${update}\nRUN ${command}\n`)[0]?.fix?.safety).toBe('unsafe');
  });

  it.each(['pip install flask', 'npm ci', 'useradd app', '/usr/bin/env'])('certainly are not: %s', (command) => {
    expect(findings(rule, `FROM debian:12\nRUN ${update}\nRUN ${command}\n`)[0]?.fix?.safety).toBe('safe');
  });
});

describe('the fix keeps the layout', () => {
  const clean = 'rm -rf /var/lib/apt/lists/*';
  const layouts: Readonly<Record<string, readonly [before: string, after: string]>> = {
    'one line': [`RUN ${update}\n`, `RUN ${update} && ${clean}\n`],
    '`&&` in front': ['RUN apt-get update \\\n && apt-get install -y curl\n', `RUN apt-get update \\\n && apt-get install -y curl \\\n && ${clean}\n`],
    '`&&` at the ends': ['RUN apt-get update && \\\n\tapt-get install -y curl\n', `RUN apt-get update && \\\n\tapt-get install -y curl && \\\n\t${clean}\n`],
    'a list of packages': ['RUN apt-get update && apt-get install -y \\\n    curl \\\n    git\n', `RUN apt-get update && apt-get install -y \\\n    curl \\\n    git \\\n    && ${clean}\n`],
    'a comment before the last step': [
      'RUN apt-get update \\\n  # for health checks\n  && apt-get install -y curl\n',
      `RUN apt-get update \\\n  # for health checks\n  && apt-get install -y curl \\\n  && ${clean}\n`,
    ],
    'a comment behind `&&`': [
      'RUN apt-get update && \\\n  # for health checks\n  apt-get install -y curl\n',
      `RUN apt-get update && \\\n  # for health checks\n  apt-get install -y curl && \\\n  ${clean}\n`,
    ],
    'semicolons': ['RUN apt-get update; \\\n    apt-get install -y curl;\n', `RUN apt-get update; \\\n    apt-get install -y curl && \\\n    ${clean};\n`],
    'semicolons in front': ['RUN set -e \\\n  ; apt-get update \\\n  ; apt-get install -y curl\n', `RUN set -e \\\n  ; apt-get update \\\n  ; apt-get install -y curl \\\n  && ${clean}\n`],
    'an alternative': ['RUN apt-get update && apt-get install -y curl || apt-get install -y wget\n', `RUN apt-get update && apt-get install -y curl || apt-get install -y wget && ${clean}\n`],
    'a branch': ['RUN if true; then apt-get update && apt-get install -y curl; fi\n', `RUN if true; then apt-get update && apt-get install -y curl; fi && ${clean}\n`],
    'a subshell': [`RUN (${update})\n`, `RUN (${update}) && ${clean}\n`],
    'a comment at the end': [`RUN ${update} # the client\n`, `RUN ${update} && ${clean} # the client\n`],
    'sudo': ['RUN sudo apt-get update && sudo apt-get install -y curl\n', `RUN sudo apt-get update && sudo apt-get install -y curl && sudo ${clean}\n`],
    'carriage returns': ['RUN apt-get update \\\r\n  && apt-get install -y curl\r\nCMD ["curl"]\r\n', `RUN apt-get update \\\r\n  && apt-get install -y curl \\\r\n  && ${clean}\r\nCMD ["curl"]\r\n`],
    'no line break at the end': [`RUN ${update}`, `RUN ${update} && ${clean}`],
    'a heredoc that stops at failures': ['RUN <<EOF\nset -eux\n  apt-get update\n  apt-get install -y curl\nEOF\n', `RUN <<EOF\nset -eux\n  apt-get update\n  apt-get install -y curl\n  ${clean}\nEOF\n`],
    'a heredoc that does not': ['RUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n', `RUN <<EOF\napt-get update\napt-get install -y curl && ${clean}\nEOF\n`],
    'archives already deleted': [`RUN ${update} && apt-get clean\n`, `RUN ${update} && apt-get clean && ${clean}\n`],
    'removed too early': [`RUN apt-get update && ${clean} && apt-get update && apt-get install -y curl\n`, `RUN apt-get update && ${clean} && apt-get update && apt-get install -y curl && ${clean}\n`],
  };
  it.each(Object.entries(layouts))('%s', (_name, [before, after]) => {
    expect(findings(rule, `FROM debian:12\n${before}`).map(({ fixed }) => fixed)).toEqual([`FROM debian:12\n${after}`]);
    expect(findings(rule, `FROM debian:12\n${after}`)).toEqual([]);
  });

  it('with another escape character', () => {
    const text = '# escape=`\nFROM debian:12\nRUN apt-get update && apt-get install -y `\n  curl\n';
    expect(findings(rule, text)[0]?.fixed).toBe('# escape=`\nFROM debian:12\nRUN apt-get update && apt-get install -y `\n  curl `\n  && rm -rf /var/lib/apt/lists/*\n');
  });

  it.each([
    'RUN ["apt-get", "update"]\n', `RUN ${update} && exec true\n`, `RUN ${update}; exit 0\n`, 'RUN apt-get install -y curl; apt-get update &\n',
    `RUN ${update} && cat <<EOF > /etc/motd\nhello\nEOF\n`, `RUN apt-get update; ! apt-get install -y curl\n`,
  ])('there is none for %j', (run) => {
    expect(findings(rule, `FROM debian:12\n${run}`).map(({ fix }) => fix)).toEqual([undefined]);
  });
});

describe('other managers', () => {
  it.each([
    ['rockylinux:9', 'dnf install -y curl', 'dnf install -y curl && dnf clean all'],
    ['registry.access.redhat.com/ubi9/ubi-minimal:9.4', 'microdnf install -y tar', 'microdnf install -y tar && microdnf clean all'],
    ['amazonlinux:2', 'yum -y update && yum -y install curl', 'yum -y update && yum -y install curl && yum clean all'],
    ['alpine:3.20', 'apk --update add curl', 'apk --update add --no-cache curl'],
    ['alpine:3.20', 'apk update && apk upgrade && apk add curl', 'apk upgrade --no-cache && apk add --no-cache curl'],
    ['alpine:3.20', 'apk update; apk add --no-cache curl', 'apk add --no-cache curl'],
  ])('%s: %s', (image, before, after) => {
    const [found, ...others] = findings(rule, `FROM ${image}\nRUN ${before}\n`);
    expect(others).toEqual([]);
    expect(found?.fix?.safety).toBe('safe');
    expect(found?.fixed).toBe(`FROM ${image}\nRUN ${after}\n`);
  });

  it.each([
    'FROM alpine:3.20\nRUN apk update && ash /tmp/setup.sh\n', 'FROM alpine:3.20\nRUN apk update\n', 'FROM alpine:3.20\nRUN apk add curl\nRUN apk search git\n',
    'FROM fedora:41\nRUN dnf install -y curl\nRUN dnf install -C -y git && dnf clean all\n',
  ])('no fix for %j', (text) => {
    expect(findings(rule, text).map(({ fix }) => fix)).toEqual([undefined]);
  });

  it('other programs with the same flags do not matter', () => {
    expect(findings(rule, 'FROM fedora:41\nRUN dnf install -y git\nRUN git -C /src pull\n')[0]?.fix?.safety).toBe('safe');
  });
});

it('gives the advice of one RUN where the lists are fetched for the next', () => {
  const text = 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl\n';
  expect(findings(rule, text)).toMatchObject([{ text: 'apt-get update', message: expect.stringContaining('line 3 works with them: do both in one RUN') }]);
});

describe('is never safe where a later RUN may need the lists', () => {
  it.each([
    ['xargs is handed the manager', "RUN grep -v '^#' /etc/packages.txt | xargs apt-get install -y"],
    ['another user runs it', 'RUN su -c "apt-get install -y git"'],
    ['it runs in another root', 'RUN chroot / apt-get install -y git'],
    ['another front end', 'RUN nala install -y git'],
    ['a language calls it', "RUN perl -e 'system(q(apt-get install -y git))'"],
    ['the lists themselves are read', 'RUN grep -h ^Package /var/lib/apt/lists/*_Packages > /packages'],
    ['a program of the project by its bare name', 'COPY bin/add-greeting /usr/local/bin/\nRUN add-greeting servus'],
  ])('%s', (_name, later) => {
    expect(findings(rule, `FROM debian:12\nRUN ${update}\n${later}\n`).map(({ fix }) => fix?.safety)).toEqual([later.includes('servus') ? 'unsafe' : undefined]);
  });
});
