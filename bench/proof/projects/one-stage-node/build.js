import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import colors from 'picocolors';

mkdirSync('dist', { recursive: true });
writeFileSync('dist/server.js', readFileSync('src/server.js', 'utf8').replace('BUILT_WITH', process.version.split('.')[0]));
console.log(colors.green('built'));
