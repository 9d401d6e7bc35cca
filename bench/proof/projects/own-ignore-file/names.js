const { existsSync, readFileSync } = require('node:fs');

process.stdout.write(`${require('ms')('4d')} ${readFileSync('names.txt', 'utf8').trim()} ${existsSync('notes.md')}\n`);
