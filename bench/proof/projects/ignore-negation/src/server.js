import { readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import ms from 'ms';

const files = readdirSync('.', { recursive: true }).filter((name) => !name.startsWith('node_modules')).sort();
createServer((request, response) => response.end(`${ms('1m')} ${files.join(' ')} as ${process.getuid()}\n`)).listen(Number(process.env.PORT));
