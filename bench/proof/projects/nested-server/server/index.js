const { readFileSync, statSync } = require('node:fs');
const { createServer } = require('node:http');
const ms = require('ms');
const next = require('./lib/tides');

const { harbour } = JSON.parse(readFileSync('/app/settings/harbour.json', 'utf8'));
const owner = statSync('/app/server/lib').uid;
createServer((request, response) => {
  response.end(`${harbour}: ${next(ms('6h'))}, files of ${owner}, program of ${process.getuid()}\n`);
}).listen(process.env.PORT);
