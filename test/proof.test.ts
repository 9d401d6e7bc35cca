import { describe, expect, it } from 'vitest';
import { baseFor, bases } from '../bench/proof/bases.ts';
import { changes } from '../bench/proof/changes.ts';
import { compare, type Snapshot } from '../bench/proof/compare.ts';
import type { SettingName } from '../bench/proof/image.ts';
import { instructionsOf, readProgress } from '../bench/proof/progress.ts';
import { TarReader } from '../bench/proof/tar.ts';
import type { Entry } from '../bench/proof/tree.ts';
import { zip } from '../bench/proof/zip.ts';
import { rules } from '../rules/index.ts';
import { knownNames } from '../src/config/names.ts';
import { resolveRules } from '../src/config/settings.ts';
import { memoryContext } from '../src/context/memory.ts';
import { lintText } from '../src/lint.ts';

describe('the progress of a build', () => {
  it('of a new engine, told piecemeal', () => {
    const vertices = readProgress([
      '#0 building with "default" instance using docker driver', '', '#1 [internal] load build definition from Df', '#1 transferring dockerfile: 407B done', '#1 DONE 0.0s',
      '#7 [build  2/10] RUN <<EOF (set -e...)', '#7 0.093 CACHED', '#7 0.094 #8 CACHED', '', '#8 [build  3/10] COPY --link a /srv/a', '#8 CACHED', '',
      '#7 [build  2/10] RUN <<EOF (set -e...)', '#7 DONE 0.2s', '#9 [stage-1 10/10] RUN false', '#9 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1',
      '#10 [linux/arm64 other 1/1] FROM docker.io/library/debian', '#10 CACHED',
    ].join('\n'));
    expect(instructionsOf(vertices).map(({ stage, index, instruction, cached, failed, seconds }) => [stage, index, instruction, cached, failed, seconds])).toEqual([
      ['build', 2, 'RUN <<EOF (set -e...)', false, false, 0.2],
      ['build', 3, 'COPY --link a /srv/a', true, false, undefined],
      ['other', 1, 'FROM docker.io/library/debian', true, false, undefined],
      ['stage-1', 10, 'RUN false', false, true, undefined],
    ]);
    expect(vertices.find(({ number }) => number === 7)?.log).toBe('CACHED\n#8 CACHED');
  });

  it('of Docker 20.10, with one stage', () => {
    const sum = `sha256:${'0'.repeat(64)}`;
    const vertices = readProgress(`#5 [2/3] RUN apt-get update\n#5 ${sum}\n#5 1.701 DONE 1.8s\n#5 DONE 1.8s\n\n#6 [3/3] WORKDIR /a\n#6 ${sum}\n#6 CACHED\n`);
    expect(vertices.map(({ stage, instruction, cached, seconds }) => [stage, instruction, cached, seconds])).toEqual([['', 'RUN apt-get update', false, 1.8], ['', 'WORKDIR /a', true, undefined]]);
  });
});

describe('what is compared', () => {
  const file = (sha256: string, more: Partial<Entry> = {}): Entry => ({ type: 'file', mode: 0o644, uid: 0, gid: 0, size: 1, sha256, ...more });
  const snapshot = (files: Record<string, Entry>, settings: readonly [SettingName, unknown][] = []): Snapshot => ({ tree: new Map(Object.entries(files)), settings: new Map(settings) });
  const allow = (...names: string[]): Parameters<typeof compare>[2] =>
    ({ changes: names.map((name) => changes[name]).filter((each) => each !== undefined), isIgnored: (path) => path.startsWith('/app/.git/') });

  it.each<[string, Record<string, Entry>, Record<string, Entry>, string[]]>([
    ['content', { '/a': file('1') }, { '/a': file('2') }, ['/a: other content (file 0644 0:0 1 bytes)']],
    ['owner', { '/a': file('1') }, { '/a': file('1', { uid: 1000 }) }, ['/a: file 0644 0:0 1 bytes, then file 0644 1000:0 1 bytes']],
    ['capabilities', { '/a': file('1', { capabilities: 'x' }) }, { '/a': file('1') }, ['/a: capabilities x, then none']],
    ['a file that went', { '/a': file('1') }, {}, ['/a: gone (file 0644 0:0 1 bytes)']],
    ['a file that came', {}, { '/a': file('1') }, ['/a: new (file 0644 0:0 1 bytes)']],
    ['a log', { '/var/log/dpkg.log': file('1') }, { '/var/log/dpkg.log': file('2', { size: 9 }) }, []],
    ['the owner of a log', { '/var/log/dpkg.log': file('1') }, { '/var/log/dpkg.log': file('1', { gid: 4 }) }, ['/var/log/dpkg.log: file 0644 0:0 1 bytes, then file 0644 0:4 1 bytes']],
  ])('%s', (_, before, after, expected) => {
    expect(compare(snapshot(before), snapshot(after), allow())).toEqual(expected);
  });

  it('lets go what a fix may take away, and that alone', () => {
    const before = snapshot({ '/var/lib/apt/lists/a': file('1'), '/root/.cache/pip/a': file('1'), '/app/.git/HEAD': file('1') });
    expect(compare(before, snapshot({}), allow('size/apt-lists-left', 'size/pip-cache', 'cache/weak-dockerignore'))).toEqual([]);
    expect(compare(before, snapshot({}), allow('size/pip-cache'))).toEqual(['/var/lib/apt/lists/a: gone (file 0644 0:0 1 bytes)', '/app/.git/HEAD: gone (file 0644 0:0 1 bytes)']);
  });

  it('lets a shell be left out of CMD, but no word', () => {
    const shell = snapshot({}, [['Cmd', ['/bin/sh', '-c', 'node "server.js"']]]);
    expect(compare(shell, snapshot({}, [['Cmd', ['node', 'server.js']]]), allow('correctness/shell-form-cmd'))).toEqual([]);
    expect(compare(shell, snapshot({}, [['Cmd', ['node']]]), allow('correctness/shell-form-cmd'))).toHaveLength(1);
    expect(compare(shell, snapshot({}, [['Cmd', ['node', 'server.js']]]), allow('size/pip-cache'))).toHaveLength(1);
  });

  it('lets the author become a label, to the letter', () => {
    const authors = 'org.opencontainers.image.authors';
    const before = snapshot({}, [['Author', '"Ada"'], ['Labels', { note: 'x' }]]);
    const after = (label: string, note = 'x'): Snapshot => snapshot({}, [['Labels', { note, [authors]: label }]]);
    expect(compare(before, after('Ada'), allow('style/maintainer'))).toEqual([]);
    expect(compare(before, after('"Ada"'), allow('style/maintainer'))).toEqual([]);
    expect(compare(before, after('Ad'), allow('style/maintainer'))).toHaveLength(2);
    expect(compare(before, after('Ada', 'y'), allow('style/maintainer'))).toHaveLength(1);
    expect(compare(before, after('Ada'), allow('style/label-key'))).toHaveLength(2);
  });

  it('lets the content of a file be another, not its owner', () => {
    const before = snapshot({ '/var/log/lastlog': file('1') });
    expect(compare(before, snapshot({ '/var/log/lastlog': file('2', { size: 9 }) }), allow('size/high-uid'))).toEqual([]);
    expect(compare(before, snapshot({ '/var/log/lastlog': file('2', { uid: 9 }) }), allow('size/high-uid'))).toHaveLength(1);
    expect(compare(before, snapshot({ '/var/log/lastlog': file('2') }), allow())).toHaveLength(1);
  });

  it('has a row for each rule with a safe fix', () => {
    const known = knownNames(rules);
    const safe = [...rules].filter(([id, { examples }]) => examples.some(({ bad, context }) => {
      const active = resolveRules(rules, undefined, { preset: 'all', only: [id], ignore: [], levels: [] }, 'Dockerfile');
      const given = context && memoryContext(context);
      return lintText(bad, { path: 'Dockerfile', rules: active, known, context: given, contextGiven: true, buildArguments: {}, target: undefined })
        .diagnostics.some(({ rule, fix }) => rule === id && fix?.safety === 'safe');
    }));
    expect(safe.map(([id]) => id).filter((id) => changes[id] === undefined)).toEqual([]);
  });

  it('names only rules that there are', () => {
    expect(Object.keys(changes).filter((name) => !rules.has(name))).toEqual([]);
  });
});

describe('an archive', () => {
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`;
  function entry(name: string, kind: string, content: string, target = ''): Buffer {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write(octal(0o4755, 8) + octal(1000, 8) + octal(7, 8) + octal(Buffer.byteLength(content), 12) + octal(0, 12), 100);
    header.write(`        ${kind}${target}`, 148);
    header.write('ustar\x0000', 257);
    header.write(octal(header.reduce((sum, byte) => sum + byte, 0), 7), 148);
    return Buffer.concat([header, Buffer.from(content), Buffer.alloc((512 - (Buffer.byteLength(content) % 512)) % 512)]);
  }
  const long = `${'d/'.repeat(70)}ü`;
  const record = ` path=${long}\n`;
  const archive = Buffer.concat([
    entry('a/', '5', ''), entry('a/file', '0', 'hello'), entry('a/link', '2', '', '../b'), entry('a/twin', '1', '', 'a/file'),
    entry('header', 'x', `${Buffer.byteLength(record) + 3}${record}`), entry('short', '0', ''), Buffer.alloc(1024),
  ]);
  const hello = { type: 'file', mode: 0o4755, uid: 1000, gid: 7, size: 5, sha256: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824' };

  it.each([1, 7, 512, 5000])('in pieces of %i bytes', (size) => {
    const reader = new TarReader();
    for (let at = 0; at < archive.length; at += size) reader.write(archive.subarray(at, at + size));
    expect(Object.fromEntries(reader.entries)).toMatchObject({
      '/a': { type: 'folder' }, '/a/file': hello, '/a/link': { type: 'link', target: '../b' }, '/a/twin': hello, [`/${long}`]: { type: 'file', size: 0 },
    });
    expect(reader.entries.size).toBe(5);
  });

  it('that is damaged', () => {
    expect(() => new TarReader().write(Buffer.concat([entry('a', '0', '').fill('b', 0, 1)]))).toThrow('another sum');
  });

  it('of a wheel holds its files as they are', () => {
    const bytes = zip(new Map([['a/b.py', Buffer.from('x = 1\n')]]));
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('PK\x03\x04');
    expect(bytes.includes('a/b.pyx = 1\n')).toBe(true);
    expect(bytes.readUInt16LE(bytes.length - 12)).toBe(1);
  });
});

describe('stand-ins', () => {
  it('go by every way to write a name', () => {
    for (const name of ['node:22', 'docker.io/library/node:22', 'library/node:22', 'gcr.io/distroless/static-debian12']) expect(baseFor(name), name).toBeDefined();
    expect(baseFor('node')).toBeUndefined();
  });

  it('have names of their own', () => {
    const tags = bases.flatMap((base) => base.tags);
    expect(new Set(tags).size).toBe(tags.length);
  });
});
