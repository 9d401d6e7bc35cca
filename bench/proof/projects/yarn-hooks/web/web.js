const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const ms = require('ms');

const stamp = readFileSync('stamp.txt', 'utf8');
createServer((request, response) => response.end(`${ms('10s')} stamped ${stamp} in ${process.env.NODE_ENV} by ${process.getuid()}\n`)).listen(3213);
