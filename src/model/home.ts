import { flagValue, type Command } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import type { Dockerfile } from './dockerfile.ts';
import { instructionsUpTo } from './shipped.ts';
import { joinPath } from './state.ts';
import { createdUsers, isRoot, userPart } from './users.ts';

/** The home folder an account is created with, where its command names one. */
function givenHome(command: Command): string | undefined {
  const word = flagValue(command.words, '--home-dir', '--home', '-d', ...(command.name === 'adduser' ? ['-h'] : []));
  return word?.value?.startsWith('/') === true ? joinPath('/', word.value) : undefined;
}

function homeOfAccount(file: Dockerfile, instruction: Instruction, user: string): string {
  const earlier = instructionsUpTo(file.stageOf(instruction), instruction).filter(({ keyword }) => keyword === 'RUN');
  const creator = earlier.flatMap((each) => file.commandsOf(each)).findLast((command) => createdUsers(file, command).includes(user));
  return (creator && givenHome(creator)) ?? `/home/${user}`;
}

/**
 * The home folder of the user a RUN runs as: HOME where it is set, else the account's.
 * @returns undefined where the user or the value is unknown, or the user is a number
 */
export function homeAt(file: Dockerfile, instruction: Instruction): string | undefined {
  const state = file.stateAt(instruction);
  const set = state.lookup('HOME');
  if (typeof set === 'string' && set !== '') return joinPath('/', set);
  const user = state.user === undefined ? undefined : userPart(state.user);
  if (user === undefined || user.includes('$')) return undefined;
  if (isRoot(user)) return '/root';
  return user === '' || /^\d+$/.test(user) ? undefined : homeOfAccount(file, instruction, user);
}
