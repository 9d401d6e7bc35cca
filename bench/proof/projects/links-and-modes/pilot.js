const { execFileSync } = require('node:child_process');
const { lstatSync, readFileSync, readlinkSync } = require('node:fs');
const ms = require('ms');

const links = ['current', 'settings.json', 'lost', 'tools/latest'].map((name) => (lstatSync(name).isSymbolicLink() ? `${name} -> ${readlinkSync(name)}` : name));
process.stdout.write([
  ...links, readFileSync('current/notes.txt', 'utf8').trim(), String(ms('1d')), execFileSync('/srv/id', ['-u'], { encoding: 'utf8' }).trim(), `from ${process.getuid()}`, '',
].join('\n'));
