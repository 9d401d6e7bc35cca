import { describe, expect, it } from 'vitest';
import chpasswd from '../../rules/security/chpasswd.ts';
import writable from '../../rules/security/world-writable.ts';
import cat from '../../rules/shell/useless-cat.ts';
import uid from '../../rules/size/high-uid.ts';
import pointless from '../../rules/style/pointless-command.ts';
import link from '../../rules/style/shell-by-link.ts';
import both from '../../rules/style/wget-and-curl.ts';
import type { AnyRule } from '../../src/rule.ts';
import { findings } from './lint.ts';

const count = (rule: AnyRule, text: string): number => findings(rule, `FROM debian:12\n${text}\n`).length;

describe('rules about single commands', () => {
  const table: [rule: AnyRule, text: string, found: number][] = [
    [pointless, 'RUN apt-get install -y ssh vim top', 0],
    [pointless, 'RUN daemon & sleep 1; kill $!', 0],
    [pointless, 'RUN service a start && b', 0],
    [pointless, 'RUN b && service a start', 1],
    [pointless, 'ONBUILD RUN ps', 1],
    [pointless, 'RUN mount | grep /dev/shm && apt-get install -y nginx && service nginx stop', 0],
    [pointless, 'RUN mount -t tmpfs none /mnt', 1],
    [link, 'RUN ln -s /bin/sh /bin/other', 0],
    [link, 'RUN ln -sf bash /usr/bin/sh', 1],
    [link, 'ONBUILD RUN ln -sf bash /bin/sh', 1],
    [uid, 'RUN useradd -u 99999 a && useradd -u 100000 -l b && useradd -lu 100000 c && useradd -u $ID d', 0],
    [uid, 'RUN useradd -u100000 a', 1],
    [both, 'RUN curl a\nRUN wget b\nRUN make\nRUN curl c', 2],
    [both, 'RUN curl a\nFROM debian:12\nRUN wget b', 0],
    [both, 'RUN curl a\nONBUILD RUN wget b', 0],
    [both, 'ONBUILD RUN curl a\nONBUILD RUN wget b', 1],
    [writable, 'RUN chmod 1777 /a && chmod 777 /tmp && chmod 755 b && chmod +w c && chmod g+w d && chmod a+rx e && chmod --reference=777 f', 0],
    [writable, 'RUN chmod 0777 a && chmod u+x,o+w b && chmod a=rwX c && chmod 666 d', 4],
    [chpasswd, 'RUN useradd -p "!" a && passwd -l b && usermod -L c', 0],
    [chpasswd, 'RUN --mount=type=secret,id=a chpasswd < /run/secrets/a', 0],
    [chpasswd, 'RUN usermod -p $HASH a', 1],
    [cat, 'RUN cat a b | c && cat -n a | c && cat *.x | c && cat <<< a | c && cat a > b', 0],
  ];
  it.each(table)('%# %s', (rule, text, found) => {
    expect(count(rule, text)).toBe(found);
  });
});
