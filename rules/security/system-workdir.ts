import { joinPath } from '../../src/model/state.ts';
import { defineRule } from '../../src/rule.ts';

/** Folders of the kernel and of the boot loader. */
const ofSystem = /^\/(?:proc|sys|dev|boot|initrd|lost\+found)(?:\/|$)/;

export default defineRule({
  summary: 'WORKDIR in a folder of the system',
  why: `\`/proc\`, \`/sys\` and \`/dev\` are not part of the image: the kernel puts them over it when a container starts, and files that were
copied there are gone. \`/boot\` and the like belong to the machine. Give the program a folder of its own, such as \`/app\`.`,
  severity: 'warning',
  sources: ['trivy/DS-0030', 'dockle/DKL-DI-0002'],
  examples: [
    { bad: 'FROM debian:12\nWORKDIR /dev/app\nCOPY . .\n', good: 'FROM debian:12\nWORKDIR /app\nCOPY . .\n' },
    { bad: 'FROM debian:12\nENV HOME_DIR=/proc\nWORKDIR ${HOME_DIR}\n', good: 'FROM debian:12\nENV HOME_DIR=/srv\nWORKDIR ${HOME_DIR}\n' },
    { bad: 'FROM debian:12\nWORKDIR /\nWORKDIR sys\n', good: 'FROM debian:12\nWORKDIR /\nWORKDIR srv\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      const word = instruction.keyword === 'WORKDIR' ? instruction.words[0] : undefined;
      const text = word && file.expand(word.raw, instruction);
      const path = text === undefined ? undefined : joinPath(file.stateAt(instruction).workdir, text);
      if (word === undefined || path === undefined || !ofSystem.test(path)) continue;
      yield { at: word.span, message: `\`${path}\` belongs to the system, and what lies there in the image may be hidden or harmful; use a folder such as \`/app\`.` };
    }
  },
});
