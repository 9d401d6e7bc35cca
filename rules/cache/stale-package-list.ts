import type { Command } from '../../src/dockerfile/command.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { readInvocation, type Invocation } from '../../src/model/packages.ts';
import type { Stage } from '../../src/model/stages.ts';
import { canJoin, joinEdit } from '../../src/optimize/join.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

const systemInvocations = (file: Dockerfile, run: Instruction): Invocation[] =>
  run.keyword !== 'RUN' ? [] : file.commandsOf(run).map((command) => readInvocation(command)).filter((each) => each?.manager.kind === 'system').filter((each) => each !== undefined);

const installs = (each: Invocation): boolean => each.action === 'install-named' || each.action === 'install-manifest';

/** The refresh of a RUN that installs nothing itself. */
function loneRefresh(file: Dockerfile, run: Instruction): Command | undefined {
  const found = systemInvocations(file, run);
  return found.some((each) => installs(each) || each.action === 'upgrade') ? undefined : found.find(({ action }) => action === 'refresh')?.command;
}

/** `apk add --no-cache` asks for the list itself. */
const fetchesItself = ({ manager, command }: Invocation): boolean =>
  command.words.some(({ text }) => text === manager.noCacheFlag || (manager.name === 'apk' && /^(?:-U|--update|--update-cache)$/.test(text)));

/** The first later RUN of the stage that installs and refreshes nothing itself. */
const laterInstall = (file: Dockerfile, stage: Stage, run: Instruction): Instruction | undefined =>
  stage.instructions.find((each) => {
    const found = each.index > run.index ? systemInvocations(file, each) : [];
    return found.some((one) => installs(one) && !fetchesItself(one)) && !found.some(({ action }) => action === 'refresh');
  });

export default defineRule({
  summary: 'Package list refreshed in a RUN of its own',
  why: `The layer with the package list is reused as long as its text stays the same, for months. The install below then asks for
package versions that the mirrors no longer have, and fails, or installs old ones. In one RUN both are run again together.

The fix joins the two where the install follows at once. Further apart, something between them may have changed the
package sources.`,
  severity: 'warning',
  sources: ['trivy/DS-0017', 'checkov/CKV_DOCKER_5'],
  examples: [
    {
      bad: 'FROM debian:12\nRUN apt-get update\nRUN apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
      good: 'FROM debian:12\nRUN apt-get update \\\n    && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n',
    },
    {
      bad: 'FROM alpine:3.20\nRUN apk update\nRUN apk add git\n',
      good: 'FROM alpine:3.20\nRUN apk update \\\n    && apk add git\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update\nCOPY keys /usr/share/keyrings/\nRUN apt-get install -y curl\n',
      good: 'FROM debian:12\nCOPY keys /usr/share/keyrings/\nRUN apt-get update && apt-get install -y curl\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const [index, run] of stage.instructions.entries()) {
        const refresh = loneRefresh(file, run);
        const install = refresh === undefined ? undefined : laterInstall(file, stage, run);
        if (refresh === undefined || install === undefined) continue;
        const adjacent = stage.instructions[index + 1] === install && canJoin(file, run, install);
        yield {
          at: refresh.span,
          message: `\`${textAt(file.source, refresh.span)}\` and the install of line ${file.lines.position(install.span.start).line} are two RUN instructions, so the install works with the list of whenever this layer was built; put both into one RUN.`,
          fix: adjacent ? safe('Join the refresh and the install', joinEdit(file, run, install)) : undefined,
        };
      }
    }
  },
});
