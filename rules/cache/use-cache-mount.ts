import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertBefore, newlineOf } from '../../src/edits.ts';
import type { BuildContext } from '../../src/context/context.ts';
import { isReadBehind } from '../../src/model/cache-readers.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { homeAt } from '../../src/model/home.ts';
import { isMountedAway } from '../../src/model/leftovers.ts';
import { cachePath, readInvocation, type CacheFolder, type Invocation } from '../../src/model/packages.ts';
import type { Stage } from '../../src/model/stages.ts';
import { knowsSyntax } from '../../src/model/syntax-version.ts';
import { defineRule, safe, unsafe } from '../../src/rule.ts';
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
  each.manager.kind === 'language' && !renewsItself(each) &&
  (each.action.startsWith('install') || (each.action === 'build' && fetchesToBuild.has(each.manager.name)));

/** The user keeps the cache out of the layer already, by a flag, a variable or by cleaning up. */
function keptOut(file: Dockerfile, run: Instruction, { command, manager }: Invocation): boolean {
  const flags = [manager.noCacheFlag, ...(manager.noCacheAliases ?? [])];
  if (command.words.some(({ text }) => flags.includes(text))) return true;
  const { noCacheVariable } = manager;
  if (noCacheVariable !== undefined && (typeof file.stateAt(run).lookup(noCacheVariable) === 'string' || textAt(file.source, run.span).includes(noCacheVariable))) return true;
  return file.commandsOf(run).some((other) => readInvocation(other)?.action === 'clean' || (other.name === 'rm' && /cache|\.npm|\.m2|\.gradle/.test(textAt(file.source, other.span))));
}

function foldersOf(file: Dockerfile, run: Instruction, invocation: Invocation, context: BuildContext | undefined): { path: string; folder: CacheFolder }[] {
  const home = homeAt(file, run);
  const root = home === '/root';
  const classic = context !== undefined && !context.has('.yarnrc.yml');
  if (home === undefined || !root) return [];
  const { lookup } = file.stateAt(run);
  const environment: Record<string, string> = {};
  for (const folder of invocation.manager.caches) {
    for (const name of [folder.variable, ...(folder.movedBy ?? []).map(({ variable }) => variable), 'XDG_CACHE_HOME']) {
      const value = name === undefined ? undefined : lookup(name);
      if (name !== undefined && typeof value === 'string') environment[name] = value;
    }
  }
  return invocation.manager.caches
    .filter(({ user, edition }) => user !== 'other' && (edition === undefined || (edition === 'classic' && classic)))
    .map((folder) => ({ folder, path: cachePath(folder, home, environment, file.stageOf(run)?.image?.name ?? '') }));
}

/** A step of this stage, or of one built on it, uses the manager again without such a mount. */
function usedLater(file: Dockerfile, stage: Stage, run: Instruction, manager: string): boolean {
  const heirs = file.stages.filter((each) => each === stage || each.parent !== undefined || each.index > stage.index);
  return heirs.flatMap(({ instructions }) => instructions).some((each) => each.index !== run.index && each.keyword === 'RUN' &&
    file.commandsOf(each).some((command) => readInvocation(command)?.manager.name === manager));
}

const mountFlag = (path: string, folder: CacheFolder): string => `--mount=type=cache,target=${path}${folder.locked === true ? ',sharing=locked' : ''}`;

/** Each mount on a line of its own, where the instruction is of a form that may be continued. */
function mountText(file: Dockerfile, run: Instruction, flags: readonly string[]): string {
  if (run.json !== undefined || run.heredocs.length > 0) return flags.map((each) => `${each} `).join('');
  const indent = /\n([ \t]+)(?=[^\s#])/.exec(textAt(file.source, run.span))?.[1] ?? '    ';
  return flags.map((each) => `${each} ${file.escape}${newlineOf(file.source)}${indent}`).join('');
}

export default defineRule({
  summary: 'Install without a cache mount',
  why: `When a manifest changes, the install layer is built from nothing and every package is downloaded again. A cache mount keeps the
downloads on the builder between builds, outside the image.

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
        const invocation = file.commandsOf(run).map(readInvocation).find((each) => each !== undefined && works(each));
        if (invocation === undefined || left.has(invocation.manager.name) || keptOut(file, run, invocation)) continue;
        const missing = foldersOf(file, run, invocation, context).filter(({ path }) => !isMountedAway(file, run, path));
        const [first] = missing;
        if (first === undefined || missing.length < invocation.manager.caches.filter(({ edition, user }) => edition === undefined && user !== 'other').length) continue;
        const readLater = missing.some(({ folder }) => folder.readLater === true);
        const hidden = readLater && (usedLater(file, stage, run, invocation.manager.name) || file.shippedStages.has(stage));
        if (hidden || missing.some(({ path }) => isReadBehind(file, stage, run, path))) continue;
        const make = pureCaches.has(invocation.manager.name) && !readLater ? safe : unsafe;
        const title = `Mount a cache at ${missing.map(({ path }) => `\`${path}\``).join(' and ')}`;
        yield {
          at: invocation.command.program.span,
          message: `\`${invocation.manager.name}\` downloads everything again whenever this layer is rebuilt; a cache mount on \`${first.path}\` keeps the downloads, and keeps them out of the image.`,
          fix: make(title, insertBefore(run.body, mountText(file, run, missing.map(({ path, folder }) => mountFlag(path, folder))))),
        };
      }
    }
  },
});
