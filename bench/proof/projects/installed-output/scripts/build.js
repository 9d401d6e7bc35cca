const { cpSync, mkdirSync } = require('node:fs');

mkdirSync('dist', { recursive: true });
cpSync('src/main.js', 'dist/main.js');
