import { chmodSync, existsSync, mkdirSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Answers, RecordedContext } from '../src/context/recorded.ts';
import { memoryContext } from '../src/context/memory.ts';
import { Place } from './support/cli.ts';

const bad = 'FROM debian:12\nCMD server --port 8000\n';
/** Its findings come from the context: what the install reads, what is ignored, what else is there. */
const node = 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nCMD ["node", "server.js"]\n';
const project = { 'package.json': '{ "name": "a", "version": "1.0.0" }\n', 'package-lock.json': '{ "lockfileVersion": 3, "packages": {} }\n', 'server.js': '' };
const place = new Place();

/** How many files were taken from the cache, and the rest of what the run gave. */
async function cached(...words: readonly string[]) {
  const { code, output, errors } = await place.run(['--cache', '--verbose', '-f', 'sarif', ...words]);
  return { code, output, hits: errors.split('\n').filter((line) => line.includes(', from the cache')).length };
}

/** Runs with the cache, and holds the result against a run without it. */
async function hits(...words: readonly string[]): Promise<number> {
  const plain = await place.run(['-f', 'sarif', ...words, '--no-cache']);
  const { code, output, hits: count } = await cached(...words);
  expect([code, output]).toEqual([plain.code, plain.output]);
  return count;
}

describe('--cache', () => {
  it('gives the same again without checking again', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': node, ...Object.fromEntries(Object.entries(project).map(([name, text]) => [`b/${name}`, text])) });
    expect([await hits(), await hits(), await hits('a')]).toEqual([0, 2, 1]);
    const time = statSync(place.at('.shipshape-cache')).mtimeMs;
    expect(await hits()).toBe(2);
    expect(statSync(place.at('.shipshape-cache')).mtimeMs).toBe(time);
  });

  it('is kept among other caches where there are some, or where the user says', async () => {
    place.write({ Dockerfile: bad });
    expect(await hits()).toBe(0);
    expect(existsSync(place.at('.shipshape-cache'))).toBe(true);
    mkdirSync(place.at('node_modules'));
    expect([await hits(), await hits()]).toEqual([0, 1]);
    expect(existsSync(place.at('node_modules/.cache/shipshape/results'))).toBe(true);
    await place.run(['--cache-location', 'a/b/c']);
    expect(existsSync(place.at('a/b/c'))).toBe(true);
    await place.run(['--no-cache', '--cache-location', 'none']);
    await place.run([]);
    expect(existsSync(place.at('none'))).toBe(false);
  });

  it('checks again what changed, and only that', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad });
    expect(await hits()).toBe(0);
    place.write({ 'a/Dockerfile': bad.replace('12', '13') });
    expect([await hits(), await hits()]).toEqual([1, 2]);
    // The time says nothing: a checkout sets it anew, and a tool may set it back.
    utimesSync(place.at('b/Dockerfile'), 1, 1);
    expect(await hits()).toBe(2);
  });

  it.each<[string, () => void]>([
    ['a manifest is another', () => place.write({ 'package.json': '{ "name": "a", "version": "1.0.0", "scripts": { "postinstall": "node server.js" } }\n' })],
    ['a manifest is gone', () => rmSync(place.at('package-lock.json'))],
    ['a manifest is a folder', () => { rmSync(place.at('package.json')); mkdirSync(place.at('package.json')); }],
    ['a manifest is a link', () => { rmSync(place.at('package.json')); symlinkSync('server.js', place.at('package.json')); }],
    ['a file came', () => place.write({ 'src/new.js': '' })],
    ['a file is gone', () => rmSync(place.at('server.js'))],
    ['a heavy folder came', () => mkdirSync(place.at('node_modules/a'), { recursive: true })],
    ['an ignore file came', () => place.write({ '.dockerignore': 'node_modules\npackage-lock.json\n' })],
    ['an ignore file of its own came', () => place.write({ 'Dockerfile.dockerignore': '*\n' })],
    ['the config came', () => place.write({ 'shipshape.json': '{ "preset": "all" }' })],
  ])('checks again when %s', async (_name, change) => {
    place.write({ Dockerfile: node, ...project });
    // A place that is there before and is no part of the context.
    const words = ['--cache-location', '.git/cache'];
    mkdirSync(place.at('.git'));
    expect([await hits(...words), await hits(...words)]).toEqual([0, 1]);
    change();
    expect(await hits(...words)).toBe(0);
    expect(await hits(...words)).toBe(1);
  });

  it('does not check again when a file changes that nothing was concluded from', async () => {
    place.write({ Dockerfile: node, ...project });
    await hits();
    place.write({ 'server.js': 'listen();\n', '.git/HEAD': 'ref: refs/heads/main\n' });
    expect(await hits()).toBe(0);
    place.write({ 'server.js': 'listen(1);\n', '.git/config': '' });
    expect(await hits()).toBe(1);
  });

  it.each([
    ['--only', 'shell-form-cmd'], ['--ignore', 'shell-form-cmd'], ['--rule', 'shell-form-cmd=error'], ['--preset', 'all'], ['--build-arg', 'A=1'], ['--target', '0'],
    ['--context', '.'], ['--context', 'sub'], ['--no-config'], ['--config', 'sub/shipshape.json'],
  ])('checks again with %s %s', async (...words) => {
    place.write({ Dockerfile: bad, 'shipshape.json': '{ "rules": { "size/*": "off" } }', 'sub/shipshape.json': '{ "rules": { "security/*": "off" } }' });
    expect([await hits(), await hits(), await hits(...words), await hits(...words), await hits()]).toEqual([0, 1, 0, 1, 0]);
  });

  it('does not check again for what only the report depends on', async () => {
    place.write({ Dockerfile: bad });
    await hits();
    for (const words of [['--fail-on', 'none'], ['--quiet'], ['--max-warnings', '0']]) expect(await hits(...words)).toBe(1);
  });

  it('checks again when an option of a rule is another, or a glob of the config matches another file', async () => {
    const config = (system: boolean, files: string): string => JSON.stringify({ rules: { 'unpinned-package': ['warning', { system }] }, overrides: [{ files, rules: { 'shell-form-cmd': 'off' } }] });
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad, 'shipshape.json': config(false, 'a/**') });
    expect([await hits(), await hits()]).toEqual([0, 2]);
    place.write({ 'shipshape.json': config(false, 'b/**') });
    expect(await hits()).toBe(0);
    place.write({ 'shipshape.json': `// The same.\n${config(false, 'b/**')}` });
    expect(await hits()).toBe(2);
    place.write({ 'shipshape.json': config(true, 'b/**') });
    expect(await hits()).toBe(0);
  });

  it('knows a file by the name that the report has for it', async () => {
    place.write({ 'train/Dockerfile': bad });
    await hits();
    const other = await place.run(['--cache-location', '../.shipshape-cache', '--verbose'], 'train');
    expect(other.errors).not.toContain('from the cache');
  });

  it('forgets files that are gone', async () => {
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad });
    await hits();
    rmSync(place.at('b'), { recursive: true });
    expect(await hits('a')).toBe(1);
    expect(place.read('.shipshape-cache')).not.toContain('b/Dockerfile');
    expect(place.read('.shipshape-cache')).toContain('a/Dockerfile');
  });

  it('is begun anew by another program', async () => {
    place.write({ Dockerfile: bad });
    await hits();
    place.write({ '.shipshape-cache': place.read('.shipshape-cache').replace(/^shipshape-cache [0-9a-f]{4}/, 'shipshape-cache ffff') });
    expect([await hits(), await hits()]).toEqual([0, 1]);
  });

  it.each<[string, (text: string) => string | Uint8Array]>([
    ['empty', () => ''],
    ['cut', (text) => text.slice(0, -200)],
    ['cut in its first line', (text) => text.slice(0, 40)],
    ['changed in a result', (text) => text.replace('"severity":"warning"', '"severity":"info"')],
    ['something else', () => '[]'],
    ['binary', () => new Uint8Array([0, 1, 2])],
    ['without names', (text) => text.replaceAll('"\t', '\t')],
    ['of lines that are none', (text) => `${text.split('\n')[0]}\n\n"a"\n"a"\t\n{}\t\t\n`],
  ])('that is %s is written anew', async (_name, damage) => {
    place.write({ Dockerfile: bad });
    await hits();
    place.write({ '.shipshape-cache': damage(place.read('.shipshape-cache')) });
    expect([await hits(), await hits()]).toEqual([0, 1]);
  });

  it('does not write over what is no cache', async () => {
    place.write({ Dockerfile: bad, 'package.json': '{}', 'image.png': new Uint8Array([0, 1]) });
    for (const name of ['package.json', 'image.png']) {
      expect(await place.run(['--cache-location', name])).toEqual({ code: 2, output: '', errors: `shipshape: --cache-location: "${name}" is no cache of shipshape; remove it, or name another file.\n` });
    }
    expect(place.read('package.json')).toBe('{}');
    expect((await place.run(['--cache-location', '.'])).errors).toBe('shipshape: --cache-location: "." is a folder; name a file.\n');
  });

  it('does not follow a link that nobody named', async () => {
    place.write({ Dockerfile: bad, precious: 'text' });
    symlinkSync('precious', place.at('.shipshape-cache'));
    expect(await place.run(['--cache'])).toEqual({ code: 2, output: '', errors: 'shipshape: --cache: ".shipshape-cache" is a link; remove it, or name a file with --cache-location.\n' });
    rmSync(place.at('precious'));
    expect((await place.run(['--cache'])).code).toBe(2);
    symlinkSync('elsewhere', place.at('link'));
    expect((await place.run(['--cache-location', 'link'])).code).toBe(1);
    expect(place.read('elsewhere')).toMatch(/^shipshape-cache /);
  });

  it('that cannot be written is only told of', async () => {
    place.write({ Dockerfile: 'FROM debian:12\n', file: '' });
    const { code, errors } = await place.run(['--only', 'shell-form-cmd', '--cache-location', 'file/cache']);
    expect([code, errors]).toEqual([0, expect.stringMatching(/^The cache could not be written: .*\.\n$/)]);
  });

  it('has no part in --fix and --diff, nor in standard input', async () => {
    place.write({ Dockerfile: bad });
    await hits();
    const text = place.read('.shipshape-cache');
    expect((await place.run(['--cache', '--diff'])).output).toContain('+CMD ["server"');
    expect((await place.run(['--cache', '--verbose', '-', '--stdin-filename', 'Dockerfile'], '.', bad)).errors).not.toContain('from the cache');
    expect(place.read('.shipshape-cache')).toBe(text);
    await place.run(['--cache', '--fix']);
    expect(place.read('.shipshape-cache')).toBe(text);
    expect(await hits()).toBe(0);
  });

  it('keeps nothing of plugins, and says so', async () => {
    const rule = "{ summary: 'S', why: 'W', severity: 'warning', examples: [{ bad: 'FROM a\\n', good: 'FROM b\\n' }], * check({ file }) { yield { at: file.instructions[0].span, message: 'M' + Math.random() + '.' }; } }";
    place.write({ 'a/Dockerfile': bad, 'b/Dockerfile': bad, 'a/plugin.mjs': `export const rules = { 'acme/random': ${rule} };\n`, 'a/shipshape.json': '{ "plugins": ["./plugin.mjs"] }' });
    const words = ['--cache', '--allow-plugins', '--verbose', '-f', 'tty-compact'];
    const first = await place.run(words);
    const second = await place.run(words);
    expect(second.errors.split('\n').map((line) => /^(.)\/Dockerfile: .*, (not cached because of plugins|from the cache), /.exec(line)?.slice(1)).slice(0, 2)).toEqual([['a', 'not cached because of plugins'], ['b', 'from the cache']]);
    expect(second.output).not.toBe(first.output);
  });

  it('keeps nothing of a file that could not be checked', async () => {
    place.write({ Dockerfile: bad });
    await hits();
    place.write({ Dockerfile: new Uint8Array([0]) });
    expect(await hits()).toBe(0);
    chmodSync(place.at('Dockerfile'), 0o644);
    place.write({ Dockerfile: bad });
    expect(await hits()).toBe(1);
  });

  it('does not change what is found by lying in the context', async () => {
    place.write({ 'docker/Dockerfile': 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n' });
    const run = async () => (await place.run(['-f', 'json', '--cache'], 'docker')).output;
    const first = await run();
    expect(existsSync(place.at('docker/.shipshape-cache'))).toBe(true);
    expect((await place.run(['-f', 'json'], 'docker')).output).toBe(first);
    expect((await place.run(['--cache', '--verbose'], 'docker')).errors).toContain('from the cache');
  });

  it('never holds a word that a terminal obeys', async () => {
    place.write({ 'a\u001b[1m/Dockerfile': 'FROM \u001b[2Jdebian\nRUN\u0007 x\nCMD a \u009b1m\n' });
    expect([await hits(), await hits()]).toEqual([0, 1]);
    expect(place.read('.shipshape-cache')).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
  });
});

describe('a recorded context', () => {
  const files = { 'package.json': '{}', 'src/a.js': 'a', 'src/b.js': 'b', 'lib/': '', link: '-> src/a.js', '.dockerignore': 'lib\n*.md\n!lib/keep.md\n' };
  const recorded = (given: Readonly<Record<string, string>> = files) => {
    const context = memoryContext(given);
    return new RecordedContext(context, new Answers(context));
  };

  it('answers as the context does', () => {
    const context = memoryContext(files);
    const same = recorded();
    for (const path of ['', '.', 'package.json', 'src', 'src/', './src/a.js', 'lib', 'link', 'nothing', '../out', '/absolute', 'a.md']) {
      for (const question of ['has', 'isFolder', 'isLink', 'ignored', 'sends', 'sentBelow', 'read'] as const) expect([path, question, same[question](path)]).toEqual([path, question, context[question](path)]);
    }
    for (const question of ['folder', 'files', 'heavyFolders', 'cut', 'ignoreFile'] as const) expect(same[question]).toEqual(context[question]);
  });

  it('depends on nothing that was not asked', () => {
    expect(recorded().asked).toEqual({ listing: undefined, ignoreFile: undefined, kinds: [], texts: [] });
  });

  it.each<[string, (context: RecordedContext) => unknown, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['has', (context) => context.has('src/a.js'), { ...files, 'new.js': '' }, { 'package.json': '{}' }],
    ['isFolder', (context) => context.isFolder('lib'), { ...files, 'lib/x': '' }, { ...files, 'lib/': '', lib: '' }],
    ['isLink', (context) => context.isLink('link'), { ...files, 'src/a.js': 'z' }, { ...files, link: '' }],
    ['ignored', (context) => context.ignored('a.md'), { ...files, 'a.md': '' }, { ...files, '.dockerignore': '' }],
    ['sends', (context) => context.sends('src/a.js'), { ...files, 'new.js': '' }, { ...files, '.dockerignore': 'src\n' }],
    ['sends of an ignored folder', (context) => context.sends('lib'), { ...files, 'src/a.js': 'z' }, { ...files, 'lib/keep.md': '' }],
    ['sentBelow', (context) => context.sentBelow('src'), { ...files, 'src/a.js': 'z' }, { ...files, 'src/c.js': '' }],
    ['read', (context) => context.read('package.json'), { ...files, 'new.js': '' }, { ...files, 'package.json': '[]' }],
    ['read of nothing', (context) => context.read('nothing'), { ...files, 'new.js': '' }, { ...files, nothing: '' }],
    ['files', (context) => context.files, { ...files, 'src/a.js': 'z', '.dockerignore': '' }, { ...files, 'new.js': '' }],
    ['heavyFolders', (context) => context.heavyFolders, { ...files, 'src/a.js': 'z' }, { ...files, 'node_modules/': '' }],
    ['ignoreFile', (context) => context.ignoreFile, { ...files, 'new.js': '' }, { ...files, '.dockerignore': 'x' }],
  ])('depends for %s on what the answer comes from', (_name, ask, same, other) => {
    const context = recorded();
    ask(context);
    expect(new Answers(memoryContext(files)).agree(context.asked)).toBe(true);
    expect(new Answers(memoryContext(same)).agree(context.asked)).toBe(true);
    expect(new Answers(memoryContext(other)).agree(context.asked)).toBe(false);
  });
});
