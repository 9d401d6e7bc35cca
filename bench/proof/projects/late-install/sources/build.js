const { mkdirSync, writeFileSync } = require('node:fs');

mkdirSync('made');
writeFileSync('made/numbers', '6 * 7\n2 ^ 10\n');
