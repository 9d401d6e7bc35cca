const { mkdirSync, writeFileSync } = require('node:fs');
const ms = require('ms');
const { hello } = require('@harbour/words');

mkdirSync('packages/words/dist', { recursive: true });
writeFileSync('packages/words/dist/greet.js', `process.stdout.write(${JSON.stringify(`${hello('harbour')}, ${ms('3 days')}`)});\n`);
