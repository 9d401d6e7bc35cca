const ms = require('ms');

process.stdout.write(`every ${ms('5 min')} ms as ${process.getuid()}\n`);
