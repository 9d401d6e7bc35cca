import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/undefined-variable.ts';
import { findings } from './lint.ts';

const debian = 'FROM debian:12\n';
const unknown = 'FROM registry.example.com/team/base:1\n';

describe('undefined-variable', () => {
  it.each([
    ['a global argument', `ARG VERSION=1\n${unknown}RUN echo $VERSION\n`, '$VERSION', 'in front of the first FROM only'],
    ['a platform argument', `${unknown}COPY app-$TARGETARCH /app\n`, '$TARGETARCH', 'add `ARG TARGETARCH`'],
    ['another case', `${unknown}ARG app_version=1\nRUN echo $APP_VERSION\n`, '$APP_VERSION', 'Did you mean `app_version`?'],
    ['one letter', `${unknown}ENV MODEL_NAME=x\nLABEL model=$MODLE_NAME\n`, '$MODLE_NAME', 'Did you mean `MODEL_NAME`?'],
    ['the same ENV', `${unknown}ENV A=1 B=$A\n`, '$A', 'set it in an ENV above'],
    ['an earlier RUN', `${debian}RUN export TAG=1\nRUN echo "v$TAG"\n`, '$TAG', 'in an earlier RUN'],
    ['further down', `${debian}RUN echo $TAG\nENV TAG=1\n`, '$TAG', 'further down'],
    ['another stage', `FROM debian:12 AS build\nARG TAG=1\nFROM debian:12\nCOPY --from=build /a /b\nLABEL tag=$TAG\n`, '$TAG', 'in another stage'],
    ['nothing, of a known image', `${debian}WORKDIR $HOME/app\n`, '$HOME', 'Nothing defines `HOME`'],
    ['nothing, passed through', `${debian}ENV TOKEN=\${TOKEN}\n`, '${TOKEN}', 'Nothing defines `TOKEN`'],
    ['a lower-case name of an unknown image', `${unknown}RUN echo "baseurl=https://example.com/$releasever"\n`, '$releasever', 'Nothing defines `releasever`'],
    ['a mount', `${debian}RUN --mount=type=cache,target=/c/$DIR make\n`, '$DIR', 'Nothing defines `DIR`'],
    ['FROM', 'FROM debian:12$SUFFIX\nRUN make\n', '$SUFFIX', 'in front of the first FROM'],
    ['FROM, with the ARG in a stage', 'FROM debian:12 AS a\nARG SUFFIX=x\nFROM debian:12$SUFFIX\n', '$SUFFIX', 'in front of the first FROM'],
    ["bash's names under dash", `${debian}RUN useradd -u $UID app\n`, '$UID', 'a variable of bash'],
    ["bash's names under ash", 'FROM alpine:3.20\nRUN adduser -u ${EUID} -D app\n', '${EUID}', 'a variable of bash'],
    ["bash's names without a FROM", 'ARG USER_UID=1\nRUN useradd -u "${UID}" app\n', '${UID}', 'Did you mean `USER_UID`?'],
  ])('%s', (_what, text, at, message) => {
    const [finding, another] = findings(rule, text);
    expect(finding?.text).toBe(at);
    expect(finding?.message).toContain(message);
    expect(another).toBeUndefined();
  });

  it('gathers the places of a name, and mends them all', () => {
    const found = findings(rule, `${debian}ARG USER_UID=1\nRUN useradd -u $UID app && \\\n    chown "\${UID}" /srv\n`);
    expect(found).toHaveLength(1);
    expect(found[0]?.fix?.safety).toBe('manual');
    expect(found[0]?.fixed).toBe(`${debian}ARG USER_UID=1\nRUN useradd -u $USER_UID app && \\\n    chown "\${USER_UID}" /srv\n`);
  });

  it('gathers the names of a here-document, and quotes its delimiter', () => {
    const found = findings(rule, `${debian}RUN cat <<EOF > /etc/site.conf\nproxy $host $uri;\nEOF\n`);
    expect(found).toHaveLength(1);
    expect(found[0]?.message).toContain('`host` and `uri`');
    expect(found[0]?.fixed).toBe(`${debian}RUN cat <<'EOF' > /etc/site.conf\nproxy $host $uri;\nEOF\n`);
  });

  it('speaks once of a name that is only handed on', () => {
    const found = findings(rule, `${debian}ENV HUB_TOKEN=\${HF_TOKEN}\nENV HF_TOKEN=\${HF_TOKEN}\n`);
    expect(found).toMatchObject([{ text: '${HF_TOKEN}', message: expect.stringContaining('Nothing defines') }]);
  });

  it('leaves the delimiter where a defined variable stands beside', () => {
    expect(findings(rule, `${debian}ARG NAME=a\nCOPY <<EOF /site.conf\nserver $NAME $uri;\nEOF\n`)).toMatchObject([{ text: '$uri', fix: undefined }]);
  });

  it.each([
    ['an upper-case name of an unknown image', `${unknown}RUN echo $JAVA_HOME && echo $UID\nCOPY a $CATALINA_HOME/\n`],
    ['a variable of the image', 'FROM python:3.12-slim\nRUN echo $PYTHON_VERSION\n'],
    ['a variable of the image that a global argument chooses', 'ARG BASE_VERSION=1\nFROM registry.example.com/base:$BASE_VERSION\nRUN echo $BASE_VERSION\n'],
    ['a declared argument without a value', `${debian}ARG TAG\nRUN echo $TAG\n`],
    ['one inherited from a stage', 'FROM debian:12 AS a\nENV TAG=1\nFROM a\nRUN echo $TAG\n'],
    ['a default', `${debian}ENV TAG=\${TAG:-1}\nRUN echo \${OTHER-2} \${THIRD:+x} \${FOURTH:?no}\n`],
    ['a value added to', `${debian}ENV LD_LIBRARY_PATH=/opt/lib:$LD_LIBRARY_PATH\n`],
    ['an argument that is its own default', `${debian}ARG TAG=\${TAG}\n`],
    ['PATH, HOME and proxies', `${debian}ENV PATH=/app:$PATH\nRUN echo $HOME $PWD $http_proxy $HTTPS_PROXY\n`],
    ['escapes and single quotes', `${debian}ENV A=\\$tag\nRUN echo \\$tag '$tag'\n`],
    ['numbers and signs', `${debian}RUN f() { echo $1 $@ $# $? $$ $!; }; f\n`],
    ['assignments', `${debian}RUN tag=1; echo $tag; for i in 1 2; do echo $i; done\n`],
    ['read, getopts and printf', `${debian}RUN read -r tag < /f; echo $tag; while getopts "a" opt; do echo $opt; done; printf -v text x; echo $text\n`],
    ['a default put in place', `${debian}RUN : "\${tag:=1}"; echo $tag\n`],
    ['arithmetic', `${debian}RUN echo "$((count = 1))" && echo $count\n`],
    ['a sourced file', `${debian}RUN . /etc/os-release && echo $VERSION_CODENAME\n`],
    ['an evaluated text', `${debian}RUN eval "$(ssh-agent)" && echo $SSH_AGENT_PID\n`],
    ['an exported file', `${debian}RUN export $(cat .env) && echo $TOKEN\n`],
    ['a test for being set', `${debian}RUN if [ -n "$TAG" ]; then echo $TAG; fi\n`],
    ['a login shell', `${debian}SHELL ["/bin/bash", "-lc"]\nRUN echo $NVM_DIR\n`],
    ['bash', `${debian}SHELL ["/bin/bash", "-c"]\nRUN echo $UID $RANDOM\n`],
    ['bash as /bin/sh', 'FROM rockylinux:9\nRUN echo $UID\n'],
    ['bash by its first line', `${debian}RUN <<EOF\n#!/bin/bash\necho $UID\nEOF\n`],
    ["ash's own", 'FROM alpine:3.20\nRUN echo $RANDOM\n'],
    ['a secret as variable', `${debian}RUN --mount=type=secret,id=token,env=TOKEN curl -H "$TOKEN" https://example.com\n`],
    ['a quoted here-document', `${debian}COPY <<'EOF' /site.conf\n$uri\nEOF\nRUN cat <<'EOF' > /f\n$uri\nEOF\n`],
    ['CMD, which runs later', `${debian}CMD echo $PORT\n`],
    ['ONBUILD, which is read elsewhere', `${debian}ONBUILD RUN echo $TAG\n`],
    ['PowerShell', 'FROM mcr.microsoft.com/windows/servercore:ltsc2022\nSHELL ["powershell"]\nRUN $x = $env:tag; echo $y\n'],
    ['a stage no build needs', 'FROM debian:12 AS idle\nRUN echo $TAG\nFROM debian:12\nRUN make\n'],
    ["versions in names", `${unknown}ENV TOOL8_HOME=/a\nRUN echo $TOOL9_HOME\n`],
    ['platform arguments in FROM', 'FROM --platform=$BUILDPLATFORM debian:12\nARG TARGETARCH\nRUN echo $TARGETARCH\n'],
    ['a template', `${unknown}LABEL a=\${{ values.name }}\nRUN echo \${typst.version}\n`],
  ])('quiet: %s', (_what, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});
