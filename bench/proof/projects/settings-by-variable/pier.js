const { createServer } = require('node:http');
const ms = require('ms');

createServer((request, response) => response.end(`${globalThis.started}: ${ms('1s')} as ${process.getuid()}\n`)).listen(3219);
