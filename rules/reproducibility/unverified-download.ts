import { flag, type Instruction } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { fetchedPrograms, isProgramUrl, mayCheck } from '../../src/model/program-files.ts';
import { defineRule, type Finding } from '../../src/rule.ts';

function* added(file: Dockerfile, instruction: Instruction): Iterable<Finding> {
  if (flag(instruction, 'checksum') !== undefined) return;
  for (const word of instruction.words.slice(0, -1)) {
    const url = file.expand(word.raw, instruction) ?? word.text;
    if (!isProgramUrl(url)) continue;
    yield { at: word.span, message: 'Nothing checks that this download is what it was; add `--checksum=sha256:…`.' };
  }
}

export default defineRule({
  summary: 'Download of a program that nothing checks',
  why: `What a server gives today may not be what it gave when the Dockerfile was written: the file was replaced, or somebody else answers. A
checksum in the Dockerfile, or a signature of the author, makes the build fail then: \`ADD --checksum=sha256:…\`, \`sha256sum -c\`, \`gpg --verify\`.

Judged are archives, packages and files of releases. A check in the same RUN, by whatever program, is enough. Off by default, for
HTTPS and a version in the address are enough for many.`,
  severity: 'off',
  examples: [
    {
      bad: 'FROM debian:12\nADD https://example.com/tool-1.4.tar.gz /opt/\n',
      good: 'FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/tool-1.4.tar.gz /opt/\n',
    },
    {
      bad: 'FROM debian:12\nRUN curl -fsSL https://example.com/tool-1.4.tar.gz | tar -xz -C /opt\n',
      good: 'FROM debian:12\nRUN curl -fsSLo /tmp/t https://example.com/tool-1.4.tar.gz && echo "24454f83  /tmp/t" | sha256sum -c && tar -xzf /tmp/t -C /opt\n',
    },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword === 'ADD') yield* added(file, instruction);
      if (instruction.keyword !== 'RUN') continue;
      const urls = file.commandsOf(instruction).flatMap(fetchedPrograms);
      if (urls.length === 0 || file.scripts(instruction).some(mayCheck)) continue;
      for (const { span: at } of urls) yield { at, message: 'Nothing in this RUN checks that the download is what it was; compare it with `sha256sum -c`, or verify its signature.' };
    }
  },
});
