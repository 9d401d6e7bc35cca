const { readdirSync, writeFileSync } = require('node:fs');

writeFileSync('stamp.txt', readdirSync('.').filter((name) => name.endsWith('.js')).join());
