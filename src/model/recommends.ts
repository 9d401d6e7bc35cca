import type { Instruction } from '../dockerfile/instruction.ts';
import { textAt } from '../span.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readInvocation, type Invocation } from './packages.ts';
import { lineage } from './shipped.ts';
import type { Stage } from './stages.ts';

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

function installsIn(file: Dockerfile, instruction: Instruction): Invocation[] {
  if (instruction.keyword !== 'RUN') return [];
  return file.commandsOf(instruction).map((command) => readInvocation(command)).filter((each) => each !== undefined)
    .filter((each) => each.manager.name === 'apt-get' && each.subcommandKey === 'install' && each.packages.length > 0 && !decides(each));
}

/** The `apt-get install`s of each RUN of a stage that take in what the packages only recommend; RUNs without are left out. */
export function installsWithRecommends(file: Dockerfile, stage: Stage): (readonly [Invocation, ...Invocation[]])[] {
  if (lineage(stage.parent).some(({ instructions }) => instructions.some((each) => setsRecommends(file, each)))) return [];
  const set = stage.instructions.findIndex((each) => setsRecommends(file, each));
  return stage.instructions.slice(0, set === -1 ? undefined : set).flatMap((instruction) => {
    const [first, ...others] = installsIn(file, instruction);
    return first === undefined ? [] : [[first, ...others] as const];
  });
}
