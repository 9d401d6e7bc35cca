import { describe, expect, it } from 'vitest';
import tls from '../../rules/security/tls-verification-off.ts';
import unsigned from '../../rules/security/unsigned-packages.ts';
import type { Rule } from '../../src/rule.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import { findings } from './lint.ts';

const codes = (rule: Rule, text: string): string[] =>
  [...rule.check({ file: readDockerfile(`FROM debian:12\n${text}\n`), options: {}, context: undefined })].map(({ sources }) => sources?.join() ?? '');

const checkov = (number: number): string => `checkov/CKV2_DOCKER_${number}`;

describe('certificates', () => {
  it.each([
    ['RUN curl -k https://a', checkov(2)], ['RUN curl --insecure https://a', checkov(2)], ['RUN curl -Lko x https://a', checkov(2)],
    ['RUN wget --no-check-cert https://a', checkov(3)],
    ['RUN pip3.12 install --trusted-host a b', checkov(4)], ['RUN python -m pip install --trusted-host=a b', checkov(4)],
    ['ENV PYTHONHTTPSVERIFY 0', checkov(5)], ['RUN export PYTHONHTTPSVERIFY=0', checkov(5)],
    ['ARG NODE_TLS_REJECT_UNAUTHORIZED=0', checkov(6)], ['RUN NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci', checkov(6)], ['RUN env NODE_TLS_REJECT_UNAUTHORIZED=0 npm ci', checkov(6)],
    ['ENV NPM_CONFIG_STRICT_SSL=false', checkov(12)], ['ENV npm_config_strict_ssl=false', checkov(12)],
    ['RUN npm config set strict-ssl false', checkov(13)], ['RUN npm config set strict-ssl=false', checkov(13)], ['RUN yarn config set strict-ssl false', checkov(13)], ['RUN npm set strict-ssl false', checkov(13)],
    ['ENV GIT_SSL_NO_VERIFY=true', checkov(14)],
    ['RUN yum-config-manager --setopt=sslverify=0 --save', checkov(15)], ['RUN dnf config-manager --save --setopt=x.sslverify=False', checkov(15)], ['RUN dnf install --setopt=sslverify=0 x', ''],
    ['ENV PIP_TRUSTED_HOST=pypi.org', checkov(16)], ['ENV GOINSECURE=example.com', checkov(18)],
    ['RUN git config --global http.sslVerify false', ''], ['RUN git -c http.sslVerify=false clone https://a', ''],
    ['RUN apt-get -o Acquire::https::Verify-Peer=false update', ''],
  ])('%s', (text, code) => {
    expect(codes(tls, text)).toEqual([code]);
  });

  it.each([
    'RUN curl -ok https://a', 'RUN curl -fsSL https://a', 'RUN curl -k https://localhost:8443/health', 'RUN wget -q --no-clobber https://a', 'ENV PYTHONHTTPSVERIFY=1',
    'ARG NODE_TLS_REJECT_UNAUTHORIZED', 'ENV NODE_TLS_REJECT_UNAUTHORIZED=$STRICT', 'RUN npm config set strict-ssl true', 'RUN git config http.sslVerify true', 'RUN echo curl -k',
    'RUN npm config set fund false', 'RUN pip install --trusted-host 127.0.0.1 b', 'RUN pip install --trusted-host=$HOST b', 'RUN pip install --trusted-host "$HOST" b', 'ENV PIP_TRUSTED_HOST=$HOST',
  ])('%s is fine', (text) => {
    expect(codes(tls, text)).toEqual([]);
  });

  it.each([
    ['curl \\\n  -k \\\n  https://a', 'curl \\\n  https://a'],
    ['curl -kfsSL https://a', 'curl -fsSL https://a'],
    ['pip install --trusted-host a -i http://a/simple b', undefined],
    ['["curl", "-k", "https://a"]', undefined],
  ])('the fix of %s', (before, after) => {
    expect(findings(tls, `FROM debian:12\nRUN ${before}\n`)[0]?.fixed).toBe(after === undefined ? undefined : `FROM debian:12\nRUN ${after}\n`);
  });
});

it('leaves downloads that are checked to those who ask for the code', () => {
  const text = 'FROM debian:12\nRUN curl -ko a https://a && sha256sum -c a.sum && git -c http.sslVerify=false clone https://b\n';
  expect([...tls.check({ file: readDockerfile(text), options: {}, context: undefined })].map(({ onRequest }) => onRequest)).toEqual([true, undefined]);
});

describe('signatures', () => {
  it.each([
    ['RUN apk add --allow-untrusted x.apk', checkov(7)], ['RUN apt-get install -y --allow-unauthenticated x', checkov(8)], ['RUN yum install -y --nogpgcheck x', checkov(9)],
    ['RUN rpm -Uvh --nosignature x.rpm', checkov(10)], ['RUN rpm -i --nodigest x.rpm', checkov(10)], ['RUN apt-get install -y --force-yes x', checkov(11)],
    ['RUN apt-get -o APT::Get::AllowUnauthenticated=true install x', ''], ['RUN zypper --no-gpg-checks in x', ''], ['RUN dnf --setopt=gpgcheck=0 install x', ''],
  ])('%s', (text, code) => {
    expect(codes(unsigned, text)).toEqual([code]);
  });

  it.each(['RUN apt-get purge -y --force-yes x', 'RUN apk add x', 'RUN echo --nogpgcheck', 'RUN dnf --setopt=gpgcheck=1 install x'])('%s is fine', (text) => {
    expect(codes(unsigned, text)).toEqual([]);
  });
});
