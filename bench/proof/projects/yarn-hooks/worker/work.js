#!/usr/bin/env node
process.stdout.write(`worked in ${require('picocolors').createColors(false).red('red')}\n`);
