import type { Instruction } from '../../src/dockerfile/instruction.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { hubCaches, type HubCache } from '../../src/model/hub-cache.ts';
import { touches } from '../../src/model/shipped.ts';
import { mounts, type Mount } from '../../src/model/stages.ts';
import { joinPath } from '../../src/model/state.ts';
import { defineRule } from '../../src/rule.ts';

/** A mount that is meant for the cache of Hugging Face, by its name. */
const isMeantForHub = /hugging[-_]?face|transformers|(?:^|\/)hf(?:[-_]\w+)?(?=\/|$)/i;

interface Placed {
  readonly mount: Mount;
  readonly target: string;
}

function cacheMounts(file: Dockerfile, run: Instruction): Placed[] | undefined {
  const placed = mounts(run).filter(({ type }) => type === 'cache').map((mount) => {
    const text = mount.target === undefined ? undefined : file.expand(mount.target, run);
    return { mount, target: text === undefined ? undefined : joinPath(file.stateAt(run).workdir, text) };
  });
  const known = placed.flatMap(({ mount, target }) => (target === undefined ? [] : [{ mount, target }]));
  return known.length === placed.length ? known : undefined;
}

const reasonOf = ({ variable, path }: HubCache): string =>
  variable === undefined ? `but this user keeps them in \`${path}\`` : `but \`${variable}\` puts them into \`${path}\``;

export default defineRule({
  summary: 'Cache mount beside the cache of Hugging Face',
  why: `\`HF_HOME\`, \`HF_HUB_CACHE\`, the older \`TRANSFORMERS_CACHE\` and the user's home decide where models are kept. A cache mount on the
usual folder, \`~/.cache/huggingface\`, is of no use where one of them says otherwise: each build downloads the model
again, and it ends up in the layer.

There is no fix, for there are two things one may want. To keep the model out of the image, mount the folder that is used. To keep
it in the image, take the mount away, or download into the mount and copy the model from it in the same RUN.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nENV HF_HOME=/models\nRUN --mount=type=cache,target=/root/.cache/huggingface hf download Qwen/Qwen3-0.6B\n',
      good: 'FROM python:3.12-slim\nENV HF_HOME=/models\nRUN --mount=type=cache,target=/models hf download Qwen/Qwen3-0.6B\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN useradd --create-home app\nUSER app\nRUN --mount=type=cache,target=/root/.cache/huggingface python -c "from transformers import AutoModel; AutoModel.from_pretrained(\'gpt2\')"\n',
      good: 'FROM python:3.12-slim\nRUN useradd --create-home app\nUSER app\nRUN --mount=type=cache,target=/home/app/.cache/huggingface python -c "from transformers import AutoModel; AutoModel.from_pretrained(\'gpt2\')"\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.neededStages) {
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN' || run.flags.length === 0) continue;
        const found = cacheMounts(file, run) ?? [];
        const meant = found.find(({ target }) => isMeantForHub.test(target));
        const caches = meant === undefined ? undefined : hubCaches(file, run);
        const [cache] = caches ?? [];
        if (meant === undefined || cache === undefined || caches?.some(({ path }) => found.some(({ target }) => touches(target, path))) !== false) continue;
        yield {
          at: meant.mount.flagSpan,
          message: `This mount on \`${meant.target}\` caches no models, ${reasonOf(cache)}: each build downloads \`${cache.what}\` again.`,
        };
      }
    }
  },
});
