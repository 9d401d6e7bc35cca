import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertAfter, insertBefore, newlineOf } from '../../src/edits.ts';
import { cachesOf, fetchesNothing, isKeptOut, isPutElsewhere, isShared, runsFromCache } from '../../src/model/cache-mounts.ts';
import { isReadBehind, isRemovedByName } from '../../src/model/cache-readers.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isMountedAway } from '../../src/model/leftovers.ts';
import { readInvocation, type CacheFolder, type Invocation } from '../../src/model/packages.ts';
import { knowsSyntax } from '../../src/model/syntax-version.ts';
import { defineRule, safe, unsafe, type Edit } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** Managers whose cache is nothing but copies of downloads: no program reads it, and tools work without it. */
const pureCaches = new Set(['pip', 'uv', 'npm', 'composer']);

/** Managers whose cache folder also holds what was installed, or that a mount would change. */
const left = new Set(['poetry', 'pdm', 'huggingface', 'bundler', 'gem', 'pipx', 'conda', 'mix', 'pipenv']);

/** Managers whose builds fetch what they need. */
const fetchesToBuild = new Set(['go', 'cargo', 'maven', 'gradle', 'dotnet']);

/** `pip install --upgrade pip`: too little to be worth a mount. */
const renewsItself = ({ action, packages }: Invocation): boolean =>
  action === 'install-named' && packages.length > 0 && packages.every(({ text }) => /^(?:pip|setuptools|wheel|npm|uv|yarn|pnpm)(?:[@=<>~!].*)?$/.test(text));

const works = (each: Invocation): boolean =>
  each.manager.kind === 'language' && !renewsItself(each) && !fetchesNothing(each) &&
  (each.action.startsWith('install') || (each.action === 'build' && fetchesToBuild.has(each.manager.name)));

const mountFlag = (path: string, folder: CacheFolder): string => `--mount=type=cache,target=${path}${folder.locked === true ? ',sharing=locked' : ''}`;

/** Each mount on a line of its own, where the instruction is of a form that may be continued or has its flags on several lines. */
function mountEdit(file: Dockerfile, run: Instruction, mounts: readonly string[]): Edit {
  const head = file.source.slice(run.span.start, run.body.start);
  const plain = run.json === undefined && run.heredocs.length === 0;
  const indent = /\n([ \t]+)(?=[^\s#])/.exec(plain ? textAt(file.source, run.span) : head)?.[1] ?? '    ';
  const line = ` ${file.escape}${newlineOf(file.source)}${indent}`;
  if (plain) return insertBefore(run.body, mounts.map((each) => each + line).join(''));
  const last = run.flags.at(-1);
  return last !== undefined && head.includes('\n')
    ? insertAfter(last.span, mounts.map((each) => line + each).join(''))
    : insertBefore(run.body, mounts.map((each) => `${each} `).join(''));
}

/** The install of a RUN that is worth a mount; none where it depends on a branch which manager runs. */
function installOf(file: Dockerfile, run: Instruction): Invocation | undefined {
  const found = file.commandsOf(run).map(readInvocation).filter((each) => each !== undefined).filter(works);
  const [first] = found;
  const undecided = first?.command.conditional === true && found.some(({ manager }) => manager !== first.manager);
  return undecided ? undefined : first;
}

export default defineRule({
  summary: 'Install without a cache mount',
  why: `When a manifest changes, the install layer is built from nothing and every package is downloaded again. A cache mount keeps the
downloads on the builder between builds, outside the image.

Where the file keeps the cache out by a flag such as \`--no-cache-dir\`, that is the author's choice, and nothing is said.
The fix is safe where the folder holds nothing but downloads (pip, uv, npm, Composer). Go modules and the folders of Cargo, Maven,
Gradle and NuGet may be read by later steps, from which a mount would hide them: there it is unsafe, and where a later step
does use them nothing is said. Cache mounts need BuildKit.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nCOPY requirements.txt .\nRUN --mount=type=cache,target=/root/.cache/pip \\\n    pip install -r requirements.txt\n',
    },
    {
      bad: 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN go build -o /app .\n\nFROM debian:12\nCOPY --from=build /app /app\n',
      good: 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN --mount=type=cache,target=/go/pkg/mod \\\n    --mount=type=cache,target=/root/.cache/go-build \\\n    go build -o /app .\n\nFROM debian:12\nCOPY --from=build /app /app\n',
    },
  ],
  * check({ file, context }) {
    if (!knowsSyntax(file, 2)) return;
    for (const stage of file.neededStages) {
      for (const run of stage.instructions) {
        if (run.keyword !== 'RUN') continue;
        const invocation = installOf(file, run);
        if (invocation === undefined || left.has(invocation.manager.name) || isKeptOut(file, run, invocation) || isPutElsewhere(file, run, invocation)) continue;
        const { manager } = invocation;
        const missing = cachesOf(file, run, invocation, context).filter(({ path }) => !isMountedAway(file, run, path));
        const [first] = missing;
        if (first === undefined || missing.length < manager.caches.filter(({ edition, user }) => edition === undefined && user !== 'other').length) continue;
        const readLater = missing.some(({ folder }) => folder.readLater === true);
        const hidden = readLater && (isShared(file, stage, run, manager.name) || file.shippedStages.has(stage));
        if (hidden || missing.some(({ path }) => isReadBehind(file, stage, run, path)) || isRemovedByName(file, run, missing.map(({ path }) => path))) continue;
        const make = pureCaches.has(manager.name) && !readLater && !runsFromCache(file, run) ? safe : unsafe;
        // At the first command of the manager, be it an upgrade of itself: the mount serves all of them.
        const at = file.commandsOf(run).find((command) => readInvocation(command)?.manager === manager) ?? invocation.command;
        const title = `Mount a cache at ${missing.map(({ path }) => `\`${path}\``).join(' and ')}`;
        yield {
          at: at.program.span,
          message: `\`${manager.name}\` downloads everything again whenever this layer is rebuilt; a cache mount on \`${first.path}\` keeps the downloads, and keeps them out of the image.`,
          fix: make(title, mountEdit(file, run, missing.map(({ path, folder }) => mountFlag(path, folder)))),
        };
      }
    }
  },
});
