const { writeFileSync } = require('node:fs');

require('picocolors');
writeFileSync('built.js', "process.stdout.write(`${require('@quay/words').hello} ${require('ms')('2d')}\\n`);\n");
