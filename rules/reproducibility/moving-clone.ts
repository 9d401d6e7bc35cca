import { flagValue, hasFlag, operands, type Command } from '../../src/dockerfile/command.ts';
import { defineRule } from '../../src/rule.ts';

const valueFlags = [
  '-b', '--branch', '-o', '--origin', '-c', '--config', '--depth', '-j', '--jobs', '-u', '--upload-pack', '--reference', '--separate-git-dir',
  '--shallow-since', '--shallow-exclude', '--template', '--filter', '--server-option', '--bundle-uri', '--ref-format', '-C',
];

const isRemote = (text: string): boolean => /^(?:https?|git|ssh|git\+ssh):\/\/|^[\w.-]+@[\w.-]+:/.test(text);

/** A subcommand that leads to another commit. */
const moves = ({ name, words }: Command): boolean =>
  name === 'git' && words.some(({ text }) => /^(?:checkout|reset|switch|fetch|submodule|cherry-pick|apply|am|merge|rebase|revert)$/.test(text));

/** A name with a digit is a tag or a commit, as far as one can tell; a variable may be one. */
const isFixed = (name: string): boolean => /[\d$`]/.test(name);

export default defineRule({
  summary: 'Clone of a branch that moves',
  why: `\`git clone\` takes what the branch holds that day, so two builds of one Dockerfile may hold different sources. And as the text of the
step stays the same, the cache keeps an old clone for as long as it can. Name a tag (\`--branch v1.4.0\`) or check out a commit.

Off by default: many clone their own repository and want what is newest.`,
  severity: 'off',
  examples: [
    {
      bad: 'FROM debian:12\nRUN git clone https://example.com/team/tool.git /src\n',
      good: 'FROM debian:12\nRUN git clone --branch v1.4.0 https://example.com/team/tool.git /src\n',
    },
    {
      bad: 'FROM debian:12\nRUN git clone --depth 1 -b main https://example.com/team/tool.git && make -C tool\n',
      good: 'FROM debian:12\nRUN git clone https://example.com/team/tool.git && git -C tool checkout 1a2b3c4d && make -C tool\n',
    },
    { bad: 'FROM debian:12\nADD https://github.com/team/tool.git /src\n', good: 'FROM debian:12\nADD https://github.com/team/tool.git#v1.4.0 /src\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'ADD') continue;
      for (const word of instruction.words.slice(0, -1)) {
        const isClone = /^(?:https?:\/\/\S+\.git|git@\S+:\S+)$/.test(word.text.replace(/\?\S*$/, ''));
        if (isClone && !/[#?$]/.test(word.text)) yield { at: word.span, message: 'This takes whatever the default branch holds that day; name a tag or a commit behind `#`.' };
      }
    }
    for (const [index, command] of file.commands.entries()) {
      const at = command.name === 'git' ? command.words.findIndex(({ text }) => text === 'clone') : -1;
      if (at === -1) continue;
      const words = command.words.slice(at + 1);
      const url = operands(words, valueFlags).find(({ text }) => isRemote(text));
      const branch = flagValue(words, '--branch', '-b');
      const isPinned = hasFlag(words, '--revision') || (branch !== undefined && isFixed(branch.text));
      const stage = file.stageOf(command.instruction);
      const isMoved = file.commands.slice(index + 1).some((later) => moves(later) && file.stageOf(later.instruction) === stage);
      if (url === undefined || isPinned || isMoved) continue;
      const what = branch === undefined ? 'the default branch' : `\`${branch.text}\``;
      yield { at: (branch ?? url).span, message: `This clones whatever ${what} holds that day; name a tag with \`--branch\`, or check out a commit.` };
    }
  },
});
