const { createServer } = require('node:http');
const ms = require('ms');

const { PORT, TITLE, PWD, HOME, SHLVL, OLDPWD } = process.env;
createServer((request, response) => response.end(`${TITLE}: ${ms('1w')} in ${PWD} of ${HOME}, ${process.argv.length} words, ${SHLVL} ${OLDPWD} ${process.getuid()}\n`)).listen(PORT);
