import { runAction } from './action.ts';

process.exitCode = await runAction({ environment: process.env, write: (text) => void process.stdout.write(text) });
