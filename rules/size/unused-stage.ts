import { references } from '../../src/dockerfile/expand.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { stageUses, type Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

const anyOf = (words: string): RegExp => new RegExp(`(?:^|[-_.])(?:${words.split(' ').join('|')})(?=$|[-_.\\d])`);

/** Names of stages to work in, or to look at, and of those that are made: people build both with `--target`. */
const work = anyOf('dev devel develop development devcontainer debug debugger test tests testing tester e2e integration unit lint linter format check checks ci qa ' +
  'bench benchmark coverage docs doc local watch profile tools validate generate update vendor');
const product = anyOf('prod production staging release export artifacts? output binaries migrate migrations worker cli server runtime final image package all');

/** True where a variable may choose a stage when the build is called. */
const isChosenByVariable = (file: Dockerfile): boolean =>
  file.stages.some(({ imageWord }) => imageWord !== undefined && references(imageWord.raw, file.escape).length > 0 && !/[/:]/.test(imageWord.raw.replace(/\$\{[^}]*\}/g, '')));

/** A stage that is an image of its own, or a folder for `--output`. */
const isProduct = (stage: Stage): boolean => stage.fromScratch || stage.instructions.some(({ keyword }) => /^(?:CMD|ENTRYPOINT|HEALTHCHECK|EXPOSE)$/.test(keyword));

export default defineRule({
  summary: 'Stage that no build needs',
  why: `BuildKit skips a stage that the target neither builds on nor copies from: its steps are read by people and run by nobody. Most often a
\`COPY --from\` was lost, or names an image of the same name in another spelling. The builder of old runs such a stage all the same.

Stages that look made for \`--target\` are left alone: by their name (\`test\`, \`dev\`, \`lint\`), because they start something, because
they are built on \`scratch\`, because the file has several of them, or ends with one to work in.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM node:22 AS assets\nRUN npm run build\n\nFROM nginx:1.27\nCOPY dist /usr/share/nginx/html\n',
      good: 'FROM node:22 AS assets\nRUN npm run build\n\nFROM nginx:1.27\nCOPY --from=assets /dist /usr/share/nginx/html\n',
    },
    { bad: 'FROM debian:11\nRUN make\nFROM debian:12\nCMD ["app"]\n', good: 'FROM debian:12\nCMD ["app"]\n' },
  ],
  * check({ file }) {
    const { stages, neededStages } = file;
    const used = new Set(stages.flatMap((stage) => [stage.parent, ...stageUses(stage, stages).map((use) => use.stage)]));
    const idle = stages.filter((stage) => !neededStages.has(stage) && !used.has(stage));
    const [stage] = idle;
    if (stage === undefined || idle.length > 1 || file.targetStage !== stages.at(-1) || isChosenByVariable(file)) return;
    if (isProduct(stage) || [work, product].some((names) => names.test(stage.name ?? ''))) return;
    // Nobody ships the last one: the stages are chosen by name.
    if (work.test(file.targetStage?.name ?? '')) return;
    const name = stage.name === undefined ? 'This stage' : `The stage \`${stage.name}\``;
    yield {
      at: stage.nameWord?.span ?? stage.imageWord?.span ?? stage.from.keywordSpan,
      message: `${name} is part of no build: nothing copies from it or is built on it. Take it away, or use it.`,
    };
  },
});
