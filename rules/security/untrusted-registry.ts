import { references } from '../../src/dockerfile/expand.ts';
import { readImage, type ImageReference } from '../../src/dockerfile/image.ts';
import { flag } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { findStage, mounts, type Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';
import { span, type Span } from '../../src/span.ts';

const noPatterns: readonly string[] = [];

/** Names that Docker Hub goes by. */
const hub = ['docker.io', 'hub.docker.com', 'index.docker.io', 'registry.hub.docker.com'];

/** A pattern is exact, or has a `*` at one end. */
function fits(pattern: string, registry: string): boolean {
  const wanted = pattern.toLowerCase();
  if (wanted.startsWith('*')) return registry.endsWith(wanted.slice(1));
  return wanted.endsWith('*') ? registry.startsWith(wanted.slice(0, -1)) : registry === wanted;
}

interface Use {
  readonly at: Span;
  readonly image: ImageReference;
}

/** True for the name of an image: of no stage of the file, and not its number. */
const isImage = (file: Dockerfile, text: string): boolean =>
  !/^(?:\d*|scratch)$|\$/i.test(text) && findStage(file.stages, text, file.stages.length) === undefined;

/** Images that a stage takes files of, each where it is named. */
function* copied(file: Dockerfile, stage: Stage): Iterable<Use> {
  for (const instruction of stage.instructions) {
    const from = flag(instruction, 'from');
    if (from?.value !== undefined && isImage(file, from.value)) yield { at: from.valueSpan, image: readImage(from.value) };
    if (instruction.keyword !== 'RUN') continue;
    for (const mount of mounts(instruction)) {
      if (mount.from === undefined || !/^(?:bind|cache)$/.test(mount.type) || !isImage(file, mount.from)) continue;
      const offset = file.source.slice(mount.flagSpan.start, mount.flagSpan.end).indexOf(mount.from);
      const start = mount.flagSpan.start + offset;
      yield { at: offset === -1 ? mount.flagSpan : span(start, start + mount.from.length), image: readImage(mount.from) };
    }
  }
}

function* uses(file: Dockerfile): Iterable<Use> {
  for (const stage of file.stages) {
    const { image, imageWord } = stage;
    // A registry that the build's caller gives, without a default, is nobody's to judge.
    const isOpen = image === undefined || image.text.startsWith('/') || references(image.text, file.escape).length > 0;
    if (!isOpen && imageWord !== undefined) yield { at: imageWord.span, image };
    yield* copied(file, stage);
  }
}

export default defineRule({
  summary: 'Image of a registry that is not trusted',
  why: `Whoever controls a registry controls what its tags hold. A company that checks its images, or mirrors them, wants builds to take
from its own registries only.

The option \`trusted\` names them; without it the rule says nothing. An image without a registry in its name is Docker Hub's: name
\`docker.io\` to allow it. Images of COPY \`--from\` and of mounts count as those of FROM.`,
  severity: 'warning',
  sources: ['hadolint/DL3026'],
  options: {
    trusted: { default: noPatterns, about: 'Registries that images may come from; a `*` at the beginning or the end stands for any text.' },
  },
  examples: [
    {
      bad: 'FROM quay.io/team/base:4\nCMD ["app"]\n',
      good: 'FROM registry.example.com/team/base:4\nCMD ["app"]\n',
      options: { trusted: ['docker.io', '*.example.com'] },
    },
    {
      bad: 'FROM registry.example.com/base:4\nCOPY --from=busybox:1.36 /bin/wget /bin/\n',
      good: 'FROM registry.example.com/base:4\nCOPY --from=registry.example.com/busybox:1.36 /bin/wget /bin/\n',
      options: { trusted: ['registry.example.com'] },
    },
  ],
  * check({ file, options: { trusted } }) {
    if (trusted.length === 0) return;
    for (const { at, image } of uses(file)) {
      const names = image.registry === undefined ? hub : [image.registry.toLowerCase()];
      if (names.some((name) => trusted.some((pattern) => fits(pattern, name)))) continue;
      const registry = image.registry === undefined ? '`docker.io`' : `\`${image.registry}\``;
      yield { at, message: `\`${image.text}\` comes from ${registry}, which is none of the trusted registries; take the image from one of them.` };
    }
  },
});
