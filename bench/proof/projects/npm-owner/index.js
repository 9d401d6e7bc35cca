const { lstatSync } = require('node:fs');

process.stdout.write(`${require('ms')('1h')} ${lstatSync('package.json').isSymbolicLink()}\n`);
