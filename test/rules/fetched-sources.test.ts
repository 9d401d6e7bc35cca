import { describe, expect, it } from 'vitest';
import clone from '../../rules/reproducibility/moving-clone.ts';
import digest from '../../rules/reproducibility/unpinned-digest.ts';
import download from '../../rules/reproducibility/unverified-download.ts';
import type { AnyRule } from '../../src/rule.ts';
import { findings } from './lint.ts';

const found = (rule: AnyRule, text: string): string[] => findings(rule, `FROM debian:12\n${text}\n`).map((each) => each.text);

describe('reproducibility/unverified-download', () => {
  it.each([
    'ADD https://example.com/config.json /etc/', 'ADD --checksum=sha256:00 https://example.com/a.tar.gz /', 'ADD a.tar.gz /', 'RUN curl -fsSL https://example.com/key.asc -o /key.asc',
    'RUN curl -O https://example.com/a.zip && echo "00  a.zip" | sha256sum -c -', 'RUN wget https://example.com/a.zip https://example.com/a.zip.asc && gpg --verify a.zip.asc',
    'RUN curl -O https://example.com/a.zip && openssl dgst -sha256 -verify k a.zip', 'RUN curl -fsS https://example.com/health', 'RUN pip install https://example.com/a.whl',
    'RUN curl -fsSL https://example.com/SHA256SUMS -o s',
  ])('is quiet about %s', (text) => {
    expect(found(download, text)).toEqual([]);
  });

  it.each([
    ['ADD https://example.com/a.jar?x=1 /', 'https://example.com/a.jar?x=1'],
    ['ARG V=1\nADD https://example.com/a-${V}.deb /', 'https://example.com/a-${V}.deb'],
    ['RUN curl -fsSLo /bin/k https://dl.k8s.io/release/v1.30.0/bin/linux/amd64/kubectl', 'https://dl.k8s.io/release/v1.30.0/bin/linux/amd64/kubectl'],
    ['RUN wget -qO- "https://example.com/a-$(uname -m).tgz" | tar xz', '"https://example.com/a-$(uname -m).tgz"'],
    ['RUN curl -L https://github.com/a/b/releases/download/v1/b-linux -o b', 'https://github.com/a/b/releases/download/v1/b-linux'],
  ])('finds %s', (text, at) => {
    expect(found(download, text)).toEqual([at]);
  });
});

describe('reproducibility/moving-clone', () => {
  it.each([
    'RUN git clone -b v1.2 https://example.com/a', 'RUN git clone --branch=$V https://example.com/a', 'RUN git clone https://example.com/a && cd a && git checkout 1a2b3c', 'RUN git clone /src /dst',
    'RUN git clone https://example.com/a\nRUN cd a && git reset --hard 1a2b3c', 'RUN git clone --revision=1a2b3c https://example.com/a', 'ADD https://example.com/a.git#v1 /a',
    'RUN git clone --depth 1 --branch "3.4" git@example.com:a/b.git', 'ADD https://example.com/a.git?tag=v1 /a', 'RUN git init a',
  ])('is quiet about %s', (text) => {
    expect(found(clone, text)).toEqual([]);
  });

  it.each([
    ['RUN git clone --depth 1 https://example.com/a /a', 'https://example.com/a'],
    ['RUN git -c http.sslVerify=false clone git@example.com:a/b.git', 'git@example.com:a/b.git'],
    ['RUN git clone -b develop https://example.com/a', 'develop'],
    ['ADD git@example.com:a/b.git /a', 'git@example.com:a/b.git'],
  ])('finds %s', (text, at) => {
    expect(found(clone, text)).toEqual([at]);
  });
});

describe('reproducibility/unpinned-digest', () => {
  const pinned = `debian@sha256:${'0'.repeat(64)}`;

  it.each([
    ['a digest', `FROM ${pinned}\nCOPY --from=${pinned} /a /a\n`],
    ['stages', `FROM ${pinned} AS a\nFROM a\nCOPY --from=a /a /a\nCOPY --from=0 /b /b\n`],
    ['scratch, and an image the caller names', 'ARG BASE\nFROM scratch\nFROM ${BASE}\n'],
    ['a name with a gap that the caller fills', 'ARG TAG\nARG REGISTRY\nFROM debian:${TAG}\nFROM debian:${TAG}-slim\nFROM ${REGISTRY}/debian:12\n'],
    ['a context by its name', `FROM ${pinned}\nCOPY --from=sources /a /a\n`],
  ])('is quiet about %s', (_name, text) => {
    expect(findings(digest, text)).toEqual([]);
  });

  it('finds images of FROM and COPY', () => {
    expect(findings(digest, 'ARG V=12\nFROM debian:${V}\nCOPY --from=quay.io/a/b:1 /a /a\n').map(({ text }) => text)).toEqual(['debian:${V}', 'quay.io/a/b:1']);
  });
});
