import { describe, expect, it } from 'vitest';
import rule from '../../rules/reproducibility/unpinned-package.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';

/** The codes a RUN's findings go by, all packages judged; `-` for a finding without one. */
const codes = (run: string, before = ''): string[] =>
  [...rule.check({ file: readDockerfile(`FROM debian:12\n${before}RUN ${run}\n`), options: { system: true, tools: true }, context: undefined })]
    .map(({ sources }) => sources?.[0]?.slice('hadolint/'.length) ?? '-');

describe('finds', () => {
  it.each([
    ['apt-get -yqq --no-install-recommends install x=1 y', 'DL3008'],
    ['sudo apt-get install -y curl', 'DL3008'],
    ['apt install -y curl', 'DL3008'],
    ['apt-get install -y -t bookworm-backports curl', 'DL3008'],
    ['pip install --upgrade pip', 'DL3013'],
    ['pip install -v requests', 'DL3013'],
    ['pipx install black', 'DL3013'],
    ['pip install git+https://github.com/a/b.git', 'DL3013'],
    ['pip install git+ssh://git@github.com/a/b', 'DL3013'],
    ['pip install "app @ git+https://github.com/a/b"', 'DL3013'],
    ['pip install . requests', 'DL3013'],
    ['pip install --index-url=https://pypi.org/simple requests', 'DL3013'],
    ['npm install -g @scope/tool', 'DL3016'],
    ['npm i -g tool', 'DL3016'],
    ['npm install --registry https://r.example tool', 'DL3016'],
    ['npm install git+https://github.com/a/b.git', 'DL3016'],
    ['npm install -g tool@latest', '-'],
    ['apk add --no-cache --virtual .build-deps gcc=1 make', 'DL3018'],
    ['apk add pkg@edge', 'DL3018'],
    ['gem install -N rails', 'DL3028'],
    ['gem install a:1 b -- --with-x=y', 'DL3028'],
    ['yum install -y gcc-c++', 'DL3033'],
    ['yum install -y java-1.8.0-openjdk', 'DL3033'],
    ['dnf install -y xorg-x11-fonts-75dpi', 'DL3041'],
    ['microdnf install -y nginx', 'DL3041'],
    ['zypper -n in curl', 'DL3037'],
    ['go install example.com/tool@latest', 'DL3062'],
    ['go run example.com/tool@latest generate', 'DL3062'],
    ['go get example.com/module', 'DL3062'],
    ['cargo install ripgrep', '-'],
    ['yarn global add serve', '-'],
    ['packages="curl git"; apt-get install -y $packages', 'DL3008'],
  ])('%s: %s', (run, code) => {
    expect(codes(run)).toEqual([code]);
  });

  it('packages that an ARG or ENV names', () => {
    expect(codes('apk add $PACKAGES', 'ENV PACKAGES="curl git"\n')).toEqual(['DL3018']);
  });
});

describe('finds nothing', () => {
  it.each([
    'apt-get install -y curl=8.1 ./x.deb pkg/bookworm-backports',
    'apt-get install -y curl=$VERSION', 'apt-get install -y $PACKAGES', 'apt-get install -y $(cat packages)', 'apt-get remove -y curl',
    'packages="curl=1 git=2"; apt-get install -y $packages', 'read packages; apt-get install -y $packages',
    'pip install -r requirements.txt requests', 'pip install -c constraints.txt requests', 'pip install .', 'pip install ".[extra, more]"', 'pip install -e sources',
    'pip install "a>=1" b~=2 "c!=3" d===4 "e<5"', 'pip install git+https://github.com/a/b@v1', 'pip install https://example.com/x', 'pip install ./x.whl x.tar.gz',
    'pip install --trusted-host pypi.org a==1', 'pip install --root-user-action ignore a==1',
    'npm install', 'npm ci', 'npm run install tool', 'npm install tool@1 @scope/tool@2 ./x x.tgz "tool@>=1 <2"', 'npm install git+https://github.com/a/b.git#v1',
    'apk add a~1 "b>=2" c=~3 "d<4" x.apk !e', 'apk add -t .deps a=1',
    'gem install a:1', 'gem install a -v 1', 'gem install a --version=1',
    'yum install -y a-1.2.3 gcc-c++-1.1.1 b-1:2.3-4.el7 c.rpm', 'yum group install "Development Tools"', 'yum localinstall -y x.rpm',
    'dnf install -y a-$VERSION', 'dnf install -y --setopt=x=1 --releasever latest a-1.2', 'dnf install -y @development-tools',
    'zypper -n in a=1 "b>=2" c.rpm',
    'go install ./...', 'go install .', 'go run main.go', 'go install -tags x ./cmd/y', 'go install tool', 'go install example.com/tool@v1', 'go run ./cmd',
    'cargo install ripgrep@14.1.0', 'cargo install --version 14.1.0 ripgrep',
  ])('%s', (run) => {
    expect(codes(run)).toEqual([]);
  });

  it('of a list that nobody can tell', () => {
    expect(codes('apk add $PACKAGES', 'ARG PACKAGES\n')).toEqual([]);
    expect(codes('dnf install -y nginx-${VERSION}', 'ARG VERSION=1.2\n')).toEqual([]);
  });
});
