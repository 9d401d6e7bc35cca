import { span, type Span } from '../span.ts';
import type { Invocation } from './packages.ts';

/** The program of an invocation up to its subcommand, with what stands between: `apt-get -y install`. */
export const headOf = ({ command, subcommand }: Invocation): Span =>
  span(command.program.span.start, Math.max(command.program.span.end, subcommand?.span.end ?? 0));

/** The program and its subcommand, for messages: `apt-get install`. */
export const headText = ({ command, subcommandKey }: Invocation): string => `${command.name} ${subcommandKey}`.trim();
