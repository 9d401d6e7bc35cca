import { operands, type Command, type ShellWord } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { commandFolder, isBelow } from './effects.ts';
import { homeAt } from './home.ts';
import { beforeGlob } from './shipped.ts';
import { mounts } from './stages.ts';
import { joinPath } from './state.ts';

/** Where cache and tmpfs mounts of a RUN lie: what is written there is in no layer. `/` stands for one that nobody can tell. */
export const mountedAway = (file: Dockerfile, instruction: Instruction): string[] =>
  mounts(instruction).filter(({ type }) => type === 'cache' || type === 'tmpfs').map(({ target }) => {
    const text = target === undefined ? undefined : file.expand(target, instruction);
    return (text === undefined ? undefined : joinPath(file.stateAt(instruction).workdir, text)) ?? '/';
  });

/** True when a cache or tmpfs mount of the RUN holds the folder. */
export const isMountedAway = (file: Dockerfile, instruction: Instruction, folder: string): boolean =>
  mountedAway(file, instruction).some((target) => isBelow(folder, target));

/** The folder a word of `rm` or `find` clears: a glob is cut off, `~` and `$HOME` put in. */
function clearedFolder(file: Dockerfile, command: Command, word: ShellWord): string | undefined {
  const home = homeAt(file, command.instruction) ?? '/root';
  const text = beforeGlob(word.text.replace(/^(?:~|\$HOME|\$\{HOME\})(?=\/|$)/, home));
  if (text === undefined) return undefined;
  return joinPath(commandFolder(file, command), text === '' ? '.' : text);
}

/** A variable that holds what to remove, by its name. */
const isListOfRubbish = (word: ShellWord): boolean => word.variables.some(({ name }) => /apt|cache|clean|list|remove|rubbish|trash/i.test(name));

const removesFiles = ({ name, place, words }: Command): boolean =>
  name === 'rm' || (name === 'find' && (place === 'pipeline' || words.some(({ text }) => text === '-delete' || text === '-exec')));

/** True when a command certainly or possibly takes away what the folder holds: `rm`, `find -delete`, a script that cleans by its name. */
export function clears(file: Dockerfile, command: Command, folder: string): boolean {
  if (removesFiles(command)) {
    return operands(command.words).some((word) => {
      const cleared = clearedFolder(file, command, word);
      return cleared === undefined ? isListOfRubbish(word) : isBelow(folder, cleared);
    });
  }
  return command.program.value === undefined ? isListOfRubbish(command.program) : /clean/i.test(command.name);
}
