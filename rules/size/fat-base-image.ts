import { replace } from '../../src/edits.ts';
import { fullImage, type FullImage } from '../../src/model/full-image.ts';
import { isForWork } from '../../src/model/purpose.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

const size = (megabytes: number): string => (megabytes < 1000 ? `${megabytes} MB` : `${(megabytes / 1000).toFixed(1)} GB`);

/** Below this, the two differ in manuals and locales, not in what they are for. */
const worthwhile = 100;

const listed = (names: readonly string[]): string =>
  names.map((name) => `\`${name}\``).join(', ').replace(/, (?=[^,]*$)/, ' and ');

/** Compiled with a compiler that is installed, but with the headers of the full image. */
const needsHeaders = ({ compiled, headers }: FullImage): boolean => compiled !== undefined && headers === undefined;

function adviceOf(found: FullImage): string {
  const { uses, compiled } = found;
  if (uses.length > 0) return ` It lacks ${listed(uses.map(({ what }) => what))}, used here: install what you need.`;
  return compiled === undefined || !needsHeaders(found) ? '' : ` It lacks the headers that \`${compiled.what}\` may need: install those too.`;
}

export default defineRule({
  summary: 'Full base image in what ships',
  why: `Images such as \`python:3.12\` and \`node:22\` come with compilers, headers and version control for whatever may have to be
built: most of a gigabyte that no running service needs, and that scanners report on. The slim image of the same version has the
same language on the same Debian.

The fix takes the slim image. It is unsafe: a package may need a compiler or a library of the full image where it is installed. There is
none where this file uses such a program itself. A stage that only builds may be as full as it likes.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n',
    },
    {
      bad: 'ARG NODE_VERSION=22\nFROM node:${NODE_VERSION}-bookworm AS build\nRUN npm run build\nFROM node:${NODE_VERSION}-bookworm\nCOPY --from=build /app/dist /app\nCMD ["node", "/app/main.js"]\n',
      good: 'ARG NODE_VERSION=22\nFROM node:${NODE_VERSION}-bookworm AS build\nRUN npm run build\nFROM node:${NODE_VERSION}-bookworm-slim\nCOPY --from=build /app/dist /app\nCMD ["node", "/app/main.js"]\n',
    },
    {
      bad: 'FROM python:3.12\nRUN pip install --no-cache-dir git+https://github.com/tiangolo/fastapi\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends git && rm -rf /var/lib/apt/lists/*\nRUN pip install --no-cache-dir git+https://github.com/tiangolo/fastapi\nCMD ["python", "app.py"]\n',
    },
  ],
  * check({ file, context }) {
    const found = isForWork(file) ? undefined : fullImage(file, context);
    // What is compiled with the full image's own compiler needs a stage of its own first; headers say that something is.
    if (found === undefined || (!found.installsCompiler && (found.compiled ?? found.headers) !== undefined)) return;
    const { stage, slim, saves, uses } = found;
    if (stage.imageWord === undefined || saves < worthwhile) return;
    const fix = uses.length > 0 || needsHeaders(found) ? undefined : unsafe(`Use \`${slim}\``, replace(stage.imageWord, slim));
    yield {
      at: stage.imageWord.span,
      message: `\`${stage.imageWord.text}\` ships all it takes to build software; \`${slim}\` is the same without, about ${size(saves)} smaller.${adviceOf(found)}`,
      related: uses.map(({ what, command }) => ({ at: command.program.span, message: `\`${what}\` is used here.` })),
      ...(fix && { fix }),
    };
  },
});
