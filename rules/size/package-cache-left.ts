import type { BuildContext } from '../../src/context/context.ts';
import { appendCommand } from '../../src/model/append.ts';
import { isReadBehind, isRemovedByName } from '../../src/model/cache-readers.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { headOf, headText } from '../../src/model/invocation.ts';
import { leftPackageCaches, type LeftPackages } from '../../src/model/package-caches.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';

/** Later Yarns keep what a project runs from in their cache. */
const isLaterYarn = (context: BuildContext | undefined, { invocation }: LeftPackages): boolean =>
  invocation.manager.name === 'yarn' && (context?.has('.yarnrc.yml') === true || context?.has('.pnp.cjs') === true);

/** None where a cache mount can be proposed: emptied by each build, it would be of no use. */
function fixOf(file: Dockerfile, { invocation, script, clean, onlyCopies, folder }: LeftPackages): Fix | undefined {
  const { command, manager } = invocation;
  const canBeMounted = folder !== undefined && manager.name === 'yarn';
  const edit = command.wrappers.length > 0 || canBeMounted ? undefined : appendCommand(file, script, clean);
  if (edit === undefined || command.conditional) return undefined;
  // Further up, something behind the install may take the manager away.
  const last = script.commands.at(-1) === command;
  return (last && onlyCopies ? safe : unsafe)(`Append \`${clean}\``, edit);
}

const isExpected = (file: Dockerfile, stage: Stage, { invocation, folder }: LeftPackages): boolean =>
  folder !== undefined && (isReadBehind(file, stage, invocation.command.instruction, folder) || isRemovedByName(file, invocation.command.instruction, [folder]));

export default defineRule({
  summary: 'Cache of a package manager left in the layer',
  why: `Yarn 1, npm and Composer keep every archive they download, to be faster the next time. In an image there is no next
time, so packages ship twice. Empty the cache in the same RUN, or better mount one (\`RUN --mount=type=cache\`): that keeps the cache
out of the image and later builds fast. Where \`cache/use-cache-mount\` proposes a mount for npm or Composer, nothing is said here.

The fix empties the cache at the end of the RUN. It is safe where the cache holds nothing but downloads and the install is the last
command; a later Yarn may run programs from its cache, so it is unsafe there. Stages that don't ship are left alone, and so are pnpm,
Bun and uv, which link what they install to their store: it takes no room of its own.`,
  severity: 'info',
  sources: ['hadolint/DL3060'],
  examples: [
    {
      bad: 'FROM node:22-slim\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile \\\n    && yarn build\n',
      good: 'FROM node:22-slim\nCOPY package.json yarn.lock ./\nRUN yarn install --frozen-lockfile \\\n    && yarn build \\\n    && yarn cache clean\n',
    },
    {
      bad: 'FROM node:22-slim\nARG OWNER\nUSER $OWNER\nRUN npm ci --omit=dev\n',
      good: 'FROM node:22-slim\nARG OWNER\nUSER $OWNER\nRUN npm ci --omit=dev && npm cache clean --force\n',
    },
  ],
  * check({ file, context }) {
    for (const stage of file.shippedStages) {
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN' && run.inner?.keyword !== 'RUN') continue;
        for (const left of leftPackageCaches(file, run, context)) {
          if (isLaterYarn(context, left) || isExpected(file, stage, left)) continue;
          const { invocation, folder, clean } = left;
          const where = folder === undefined ? 'its cache' : `its cache (\`${folder}\`)`;
          const fix = fixOf(file, left);
          yield {
            at: headOf(invocation),
            message: `\`${headText(invocation)}\` leaves ${where} in this layer; end this RUN with \`${clean}\`, or mount a cache there.`,
            sources: headText(invocation) === 'yarn install' ? ['hadolint/DL3060'] : [],
            ...(fix && { fix }),
          };
        }
      }
    }
  },
});
