import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import colors from 'picocolors';

const text = readFileSync('src/index.txt', 'utf8').trim();
mkdirSync('public', { recursive: true });
writeFileSync('public/index.html', `<!doctype html><title>Site</title><h1>${text}</h1>\n`);
process.stdout.write(colors.green('built\n'));
