import { describe, expect, it } from 'vitest';
import aptKey from '../../rules/security/apt-key.ts';
import chpasswd from '../../rules/security/chpasswd.ts';
import worldWritable from '../../rules/security/world-writable.ts';
import curl from '../../rules/shell/curl-without-fail.ts';
import cd from '../../rules/shell/unchecked-cd.ts';
import { findings } from './lint.ts';

const run = (text: string): string => `FROM debian:12\n${text}\n`;

describe('what a reader would call fine', () => {
  it.each([
    ['a folder the script makes', cd, run('RUN mkdir -p /srv/a /srv/b/; cd /srv/b; make')],
    ['a folder made in a here-document', cd, run('RUN <<EOF\nmkdir -p "$HOME/a"\ncd "$HOME/a"\nmake\nEOF')],
    ['an archive that a later RUN unpacks', curl, run('RUN curl -o p.zip https://a/p.zip\nRUN unzip p.zip')],
    ['a pipe that would not fail with curl', curl, run('RUN curl https://a/i.sh | sh')],
    ['a password drawn at random', chpasswd, run('RUN useradd -p $(head -c32 /dev/urandom | base64) app')],
    ['a password in a stage that is left behind', chpasswd, `${run('RUN echo root:root | chpasswd')}FROM debian:12\n`],
    ['a key that is taken away', aptKey, run('RUN apt-key del 0123ABCD && apt-key list')],
  ])('%s', (_name, rule, text) => {
    expect(findings(rule, text)).toEqual([]);
  });
});

describe('the exact piece', () => {
  it.each([
    [cd, run('RUN cd /srv/b; mkdir /srv/b'), 'cd /srv/b'],
    [chpasswd, run('RUN useradd -m -p PcdO6g4gV662A app'), 'PcdO6g4gV662A'],
    [chpasswd, run('RUN echo root:root | /usr/sbin/chpasswd -e'), '/usr/sbin/chpasswd'],
    [worldWritable, run('RUN chmod -R 777 /srv'), '777'],
    [aptKey, 'FROM debian:13\nRUN apt-key del 0123ABCD\n', 'apt-key'],
  ])('%#', (rule, text, piece) => {
    expect(findings(rule, text).map((found) => found.text)).toEqual([piece]);
  });
});
