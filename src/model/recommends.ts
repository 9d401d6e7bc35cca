import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { instructionsUpTo } from './shipped.ts';

const settings = '/etc/apt/apt.conf';

/** An instruction that sets `APT::Install-Recommends`, or brings settings that may. */
function setsRecommends(file: Dockerfile, instruction: Instruction): boolean {
  const text = textAt(file.source, instruction.span);
  if (instruction.keyword === 'RUN') return /Install-Recommends/i.test(text) && /apt\.conf/.test(text);
  if (instruction.keyword === 'ENV') return /\bAPT_CONFIG\b/.test(text);
  if (instruction.keyword !== 'COPY' && instruction.keyword !== 'ADD') return false;
  return /apt\.conf/.test(text) || destination(file, instruction)?.path.startsWith(settings) === true;
}

/** A flag that says yes or no to recommended packages: the author has thought of them. */
const decides = ({ command }: Invocation): boolean =>
  command.words.some(({ text }) =>
    /^--(?:no-)?install-recommends(?:=|$)|APT::Install-Recommends|^--with(?:out)?-recommends$/i.test(text) ||
    (command.name === 'aptitude' && /^-[a-zA-Z]*[rR]/.test(text)));

/** The `apt-get install`s of a RUN that take in what the packages only recommend. */
export function installsWithRecommends(file: Dockerfile, instruction: Instruction): Invocation[] {
  const found = file.commandsOf(instruction).map((command) => readInvocation(command)).filter((each) => each !== undefined)
    .filter((each) => each.manager.name === 'apt-get' && each.subcommandKey === 'install' && each.packages.length > 0 && !decides(each));
  if (found.length === 0) return [];
  return [...instructionsUpTo(file.stageOf(instruction), instruction), instruction].some((each) => setsRecommends(file, each)) ? [] : found;
}
