#!/usr/bin/env node
import { main } from './cli.ts';
import { systemTerminal } from './cli/terminal.ts';

// A reader that has seen enough (`| head`) closes the pipe; that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit();
});

process.exitCode = await main(process.argv.slice(2), systemTerminal());
