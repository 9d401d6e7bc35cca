import { readDockerfile, type Dockerfile } from '../../src/model/dockerfile.ts';
import { stageUses } from '../../src/model/stages.ts';
import type { Engine } from './engine.ts';
import type { Project } from './project.ts';
import type { StandIns } from './stand-ins.ts';

/** Flags that came after Dockerfile 1.7, which the private engine reads. */
const laterFlags: readonly { readonly keywords: readonly string[]; readonly flag: string }[] = [
  { keywords: ['COPY', 'ADD'], flag: 'exclude' },
  { keywords: ['COPY'], flag: 'parents' },
  { keywords: ['ADD'], flag: 'unpack' },
  { keywords: ['RUN'], flag: 'security' },
  { keywords: ['RUN'], flag: 'device' },
];

function tooNew(file: Dockerfile): string | undefined {
  for (const { keyword, flags } of file.instructions) {
    const found = flags.find(({ name }) => laterFlags.some((each) => each.flag === name && each.keywords.includes(keyword)));
    if (found !== undefined) return `this engine does not know \`${keyword} --${found.name}\``;
  }
  const other = file.directives.find(({ name }) => name === 'syntax');
  return other === undefined || /^(?:docker\.io\/)?docker\/dockerfile:1(?:\.[0-7])?(?:\.\d+)?$/.test(other.value) ? undefined : `the frontend \`${other.value}\` cannot be had here`;
}

/** The images that a build of the file starts from or copies from. */
function imagesOf(file: Dockerfile): string[] {
  const needed = [...file.neededStages];
  const copied = needed.flatMap((stage) => stageUses(stage, file.stages)).filter(({ stage }) => stage === undefined).map(({ text }) => text);
  return [...needed.flatMap(({ image }) => (image === undefined ? [] : [image.text])), ...copied];
}

/**
 * Makes ready what a build of a text needs.
 * @returns why this engine cannot build it; undefined when it can. An engine that was here before us has the real images.
 */
export async function obstacle(engine: Engine, standIns: StandIns, project: Project, text: string): Promise<string | undefined> {
  if (engine.storage === undefined) return undefined;
  const file = readDockerfile(text, { buildArguments: project.buildArguments, target: project.target });
  const reason = tooNew(file);
  if (reason !== undefined) return reason;
  for (const image of imagesOf(file)) if (!(await standIns.ensure(image))) return `nothing stands in for the image \`${image}\``;
  return undefined;
}
