const { createServer } = require('node:http');
const ms = require('ms');

createServer((request, response) => response.end(`every ${ms('3 bells')} ms as ${process.getuid()}\n`)).listen(3212);
