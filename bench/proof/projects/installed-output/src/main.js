const { existsSync, readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const ms = require('ms');

const prepared = readFileSync('prepared.txt', 'utf8').trim();
const left = ['src', 'dist/old.js', 'node_modules/left-over', 'node_modules/picocolors'].filter((path) => existsSync(path));
createServer((request, response) => response.end(`${ms('1y')} prepared ${prepared}, left: ${left.join(' ')}\n`)).listen(3211);
