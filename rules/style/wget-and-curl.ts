import type { Command } from '../../src/dockerfile/command.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { outerOf } from '../../src/model/run-scripts.ts';
import { defineRule } from '../../src/rule.ts';

/** The downloads of each stage, one list for each RUN; what ONBUILD adds runs elsewhere and counts for itself. */
function downloads(file: Dockerfile): Command[][][] {
  const worlds = new Map<string, Map<number, Command[]>>();
  for (const command of file.commands) {
    if (command.name !== 'curl' && command.name !== 'wget') continue;
    const instruction = outerOf(file, command);
    const key = `${instruction.keyword} ${file.stageOf(instruction)?.index ?? ''}`;
    const world = worlds.get(key) ?? new Map<number, Command[]>();
    worlds.set(key, world.set(instruction.index, [...(world.get(instruction.index) ?? []), command]));
  }
  return [...worlds.values()].map((world) => [...world.values()]);
}

export default defineRule({
  summary: 'Both `curl` and `wget` in one stage',
  why: `The two do the same. A stage that uses both installs both, with what each depends on, and whoever reads it has two sets of options
in mind. Use one of them throughout. Where the base image brings both there is little to gain.`,
  severity: 'off',
  sources: ['hadolint/DL4001', 'trivy/DS-0014'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN wget https://example.com/a\nRUN curl -fO https://example.com/b\n',
      good: 'FROM debian:12\nRUN curl -fO https://example.com/a\nRUN curl -fO https://example.com/b\n',
    },
    {
      bad: 'FROM debian:12\nRUN curl -fO https://example.com/b && wget https://example.com/a\n',
      good: 'FROM debian:12 AS one\nRUN curl -fO https://example.com/b\n\nFROM debian:12\nRUN wget https://example.com/a\n',
    },
  ],
  * check({ file }) {
    for (const world of downloads(file)) {
      const seen = new Map<string, Command>();
      for (const run of world) {
        for (const command of run) if (!seen.has(command.name)) seen.set(command.name, command);
        if (seen.size < 2) continue;
        const [first] = seen.values();
        const at = run.find(({ name }) => name !== first?.name) ?? run[0];
        const other = [...seen.values()].find(({ name }) => name !== at?.name);
        if (at === undefined || other === undefined) continue;
        yield {
          at: at.program.span,
          message: `This stage downloads with \`${other.name}\` and with \`${at.name}\`; use one of them.`,
          related: [{ at: other.program.span, message: `\`${other.name}\` is used here.` }],
        };
      }
    }
  },
});
