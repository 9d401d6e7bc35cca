#!/usr/bin/env node
import * as module from 'node:module';
import { main } from './cli.ts';
import { systemTerminal } from './cli/terminal.ts';

// Where Node can keep what it compiled (from version 22 on), the next start is faster.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache();

// A reader that has seen enough (`| head`) closes the pipe; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

process.exitCode = await main(process.argv.slice(2), systemTerminal());
