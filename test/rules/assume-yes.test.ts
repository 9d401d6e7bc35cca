import { describe, expect, it } from 'vitest';
import rule from '../../rules/correctness/assume-yes.ts';
import { findings } from './lint.ts';

const run = (script: string, before = ''): ReturnType<typeof findings> => findings(rule, `FROM debian:12\n${before}RUN ${script}\n`);

describe('finds', () => {
  it.each([
    ['apt-get install curl', 'apt-get install -y curl', 'safe'],
    ['apt-get -q install curl', 'apt-get -q install -y curl', 'safe'],
    ['apt-get install --quiet curl', 'apt-get install -y --quiet curl', 'safe'],
    ['DEBIAN_FRONTEND=noninteractive apt-get install curl', 'DEBIAN_FRONTEND=noninteractive apt-get install -y curl', 'safe'],
    ['apt-get install curl | tee log', 'apt-get install -y curl | tee log', 'unsafe'],
    ['apt-get install curl || true', 'apt-get install -y curl || true', 'unsafe'],
    ['apt-get install curl; echo done', 'apt-get install -y curl; echo done', 'unsafe'],
    ['set -e; apt-get install curl; echo done', 'set -e; apt-get install -y curl; echo done', 'safe'],
    ['if true; then apt-get install curl; fi', 'if true; then apt-get install -y curl; fi', 'unsafe'],
    ['apt-get autoremove', 'apt-get autoremove -y', 'safe'],
    ['yum -q groupinstall x', 'yum -q groupinstall -y x', 'safe'],
    ['zypper rm x', 'zypper --non-interactive rm x', 'safe'],
    ['apt-get install -o Dpkg::Options::=--force-confold x', 'apt-get install -y -o Dpkg::Options::=--force-confold x', 'safe'],
  ])('%s', (script, fixed, safety) => {
    expect(run(script)).toMatchObject([{ fixed: `FROM debian:12\nRUN ${fixed}\n`, fix: { safety } }]);
  });
});

describe('finds nothing', () => {
  it.each([
    'apt-get install -y x', 'apt-get -yqq install x', 'apt-get install --assume-yes x', 'apt-get install --yes x', 'apt-get -qq install x', 'apt-get -q -q install x',
    'apt-get -q=2 install x', 'apt-get --quiet --quiet install x', 'apt-get -qqq install x', 'apt-get -o APT::Get::Assume-Yes=true install x',
    'apt-get -s install x', 'apt-get update', 'apt-get clean', 'apt-get download x', 'yes | apt-get install x', 'printf "y\\n" | apt-get remove x', 'apt-get install x <<< y',
    'apt-get $OPTIONS install x', 'yum install -y x', 'yum --assumeyes install x', 'dnf --setopt=assumeyes=1 install x', 'dnf makecache', 'zypper -n in x', 'zypper in -y x', 'zypper --non-interactive dup',
    'apk add x', 'echo "APT::Get::Assume-Yes \\"true\\";" > /etc/apt/apt.conf.d/90yes && apt-get install x', 'echo assumeyes=1 >> /etc/yum.conf && yum install x',
  ])('%s', (script) => {
    expect(run(script)).toEqual([]);
  });

  it('where an earlier step brings settings that may answer', () => {
    expect(run('apt-get install x', 'COPY apt.conf /etc/apt/apt.conf.d/90local\n')).toEqual([]);
    expect(run('dnf install x', 'COPY dnf.conf /etc/dnf/dnf.conf\n')).toEqual([]);
    expect(run('apt-get $OPTIONS install x', 'ENV OPTIONS="-y"\n')).toEqual([]);
  });
});
