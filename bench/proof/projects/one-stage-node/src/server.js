import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import ms from 'ms';

const state = { every: ms('10 minutes'), built: 'BUILT_WITH', mode: process.env.NODE_ENV, user: process.getuid(), tools: existsSync('node_modules/picocolors') };
createServer((_request, response) => response.end(JSON.stringify(state))).listen(3290);
