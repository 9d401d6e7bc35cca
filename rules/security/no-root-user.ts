import type { BuildContext } from '../../src/context/context.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { insertAfter, insertBefore, newlineOf, replace } from '../../src/edits.ts';
import type { Distribution } from '../../src/model/bases.ts';
import { copySources, isWholeContext } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import {
  groupIsTaken, lowPort, needsRootHome, shippedInstructions, startInstructions, startNeedsRoot, startsShell, stepsDown,
} from '../../src/model/privileges.ts';
import { isPosix } from '../../src/model/scripts.ts';
import type { Stage } from '../../src/model/stages.ts';
import { withComments } from '../../src/optimize/lines.ts';
import { isRoot, userPart, usersCreatedBefore } from '../../src/model/users.ts';
import { defineRule, unsafe, type Edit, type Finding, type Fix } from '../../src/rule.ts';

const shadow = (name: string): string => `RUN useradd --system --create-home --shell /usr/sbin/nologin ${name}`;
const busybox = (name: string): string => `RUN addgroup -S ${name} && adduser -S -G ${name} ${name}`;

/** How a distribution creates a system user; those whose images lack the program are not here. */
const creation: Readonly<Partial<Record<Distribution, (name: string) => string>>> = {
  debian: shadow, ubuntu: shadow, rhel: shadow, fedora: shadow, arch: shadow, alpine: busybox, wolfi: busybox, busybox,
};

interface Switch {
  readonly user: string;
  /** The RUN that creates the user, where it is not there yet. */
  readonly create?: string;
}

/** The users the file or the image already has for the service; undefined stands for one that nobody can tell. */
function presentUsers(file: Dockerfile, stage: Stage): readonly (string | undefined)[] {
  const users = shippedInstructions(file).filter(({ keyword }) => keyword === 'USER');
  const earlier = users.findLast((each) => !isRoot(file.expand(each.words[0]?.raw ?? 'root', each) ?? ''))?.words[0]?.raw;
  if (earlier !== undefined) return [earlier];
  const last = file.instructions.at(-1);
  const created = last === undefined ? [] : [...new Set(usersCreatedBefore(file, stage, { ...last, index: last.index + 1 }))];
  if (created.length > 0) return created;
  const { facts } = stage;
  if (facts?.user !== undefined && !isRoot(facts.user)) return [userPart(facts.user)];
  return (facts?.users ?? []).filter((user) => user !== 'ubuntu');
}

function switchFor(file: Dockerfile, stage: Stage): Switch | undefined {
  const [present, another] = presentUsers(file, stage);
  if (present !== undefined && another === undefined) return { user: present };
  if (presentUsers(file, stage).length > 0) return undefined;
  if (stage.fromScratch) return { user: '65532:65532' };
  const { facts } = stage;
  if (facts?.distribution === 'distroless' || facts?.variant === 'distroless') return { user: 'nonroot' };
  if (facts?.distribution === undefined || facts.programs.includes('microdnf') || facts.shell === 'none') return undefined;
  const name = ['app', 'appuser'].find((each) => !groupIsTaken(file, each));
  const create = name === undefined ? undefined : creation[facts.distribution]?.(name);
  return name === undefined || create === undefined || !isPosix(file.stateAfterStage(stage).shell) ? undefined : { user: name, create };
}

const rootWork = new Set(['RUN', 'COPY', 'ADD', 'WORKDIR', 'ONBUILD']);

/** The instruction in front of which the switch belongs: CMD or ENTRYPOINT, once root has no more to do. */
function startBehindWork(stage: Stage): Instruction | undefined {
  const last = stage.instructions.findLastIndex(({ keyword }) => rootWork.has(keyword));
  return stage.instructions.slice(last + 1).find(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT');
}

function switchEdit(file: Dockerfile, stage: Stage, lines: readonly string[], setBy: Instruction | undefined): Edit {
  const newline = newlineOf(file.source);
  const behindWork = setBy !== undefined && !stage.instructions.some(({ keyword, index }) => rootWork.has(keyword) && index > setBy.index);
  if (behindWork && lines.length === 1) return replace(setBy, lines[0] ?? '');
  const start = startBehindWork(stage);
  const text = lines.join(newline);
  return start === undefined ? insertAfter(stage.span, newline + text) : insertBefore(withComments(file, start), text + newline);
}

function fixOf(file: Dockerfile, stage: Stage, setBy: Instruction | undefined, context: BuildContext | undefined): Fix | undefined {
  const hasVolume = shippedInstructions(file).some(({ keyword }) => keyword === 'VOLUME');
  // Nothing can follow an instruction that ends in a continuation.
  if ((stage.instructions.at(-1) ?? stage.from).unfinished) return undefined;
  const risky = hasVolume || lowPort(file) !== undefined || needsRootHome(file) || startNeedsRoot(file, context);
  const change = risky || file.problems.length > 0 ? undefined : switchFor(file, stage);
  if (change === undefined) return undefined;
  const lines = [...(change.create === undefined ? [] : [change.create]), `USER ${change.user}`];
  const title = change.create === undefined ? `Switch to \`${change.user}\`` : `Create the user \`${change.user}\` and switch to it`;
  return unsafe(title, switchEdit(file, stage, lines, stage.instructions.includes(setBy ?? stage.from) ? setBy : undefined));
}

/** Images that are started by a tool which chooses the user, or that are whole systems. */
const otherwiseStarted = /\bdevcontainers?\b|\bbootc\b|(?:^|\/)(?:base-)?builder\b|codespaces|vscode/i;

/** Names of stages to develop in. */
const toWorkIn = /^dev(?:container|-?env(?:ironment)?s?)$/i;

/** An image that is made to be built on, to work in, or to be a system: who runs it chooses the user. */
function isNoService(file: Dockerfile, stage: Stage, context: BuildContext | undefined): boolean {
  const isAction = context?.has('action.yml') === true || context?.has('action.yaml') === true;
  const instructions = shippedInstructions(file);
  const isSystem = stage.fromScratch && instructions.some(({ keyword }) => keyword === 'ADD');
  const switchesLater = instructions.some(({ keyword, inner }) => keyword === 'ONBUILD' && inner?.keyword === 'USER');
  if (isAction || isSystem || toWorkIn.test(stage.name ?? '') || switchesLater || startsShell(file) || otherwiseStarted.test([...file.shippedStages].at(-1)?.image?.text ?? '')) return true;
  const carriesSources = instructions.some((each) => copySources(file, each).some(isWholeContext));
  return startInstructions(file).length === 0 && (stage.fromScratch || !carriesSources);
}

function adviceOf(stage: Stage, port: number | undefined, fix: Fix | undefined): string {
  if (port !== undefined) return `port ${port} may need root, so let the service listen above 1023, then switch to a user of its own`;
  const title = fix?.title ?? (stage.fromScratch ? 'Switch to a user by its number' : 'Create a user and switch to it');
  const start = startBehindWork(stage)?.keyword;
  return `${title.charAt(0).toLowerCase()}${title.slice(1)} ${start === undefined ? 'at the end' : `in front of ${start}`}`;
}

const sources = ['hadolint/DL3002', 'trivy/DS-0002', 'checkov/CKV_DOCKER_3', 'checkov/CKV_DOCKER_8'];
/** hadolint looks at each stage's last USER, and at no image without one. */
const ofStages = ['hadolint/DL3002'];
const ofImages = sources.filter((source) => !ofStages.includes(source));

function imageFinding(file: Dockerfile, stage: Stage, context: BuildContext | undefined): Finding | undefined {
  if (/(?:^|[\\/])\.devcontainer[\\/]/.test(file.path)) return undefined;
  const { user, userSetBy } = file.stateAfterStage(stage);
  if (user === undefined || !isRoot(user) || stage.facts?.distribution === 'windows') return undefined;
  // An argument may give another user.
  if (userSetBy?.words[0]?.raw.includes('$') === true) return undefined;
  if (userSetBy === undefined && isNoService(file, stage, context)) return undefined;
  if (stepsDown(file, context)) return undefined;
  const fix = fixOf(file, stage, userSetBy, context);
  const advice = adviceOf(stage, lowPort(file), fix);
  return {
    at: userSetBy?.words[0]?.span ?? stage.imageWord?.span ?? stage.from.span,
    message: userSetBy === undefined ? `The image runs as root: ${advice}.` : `The last USER is root, so the image runs as root: ${advice}.`,
    ...(userSetBy === undefined && { sources: ofImages }),
    ...(fix && { fix }),
  };
}

export default defineRule({
  summary: 'Image that runs as root',
  why: `Whoever breaks into a service that runs as root owns the whole container, and with a mounted folder or a bug in the
kernel also the host. A user of its own, switched to once all is installed, costs two lines.

The fix creates a system user the way of the distribution, or takes the one that the image or the file already has, and
switches to it in front of CMD. The service can then no longer write to what belongs to root: give it the folders it
writes to with \`COPY --chown\` or \`chown\`. There is no fix where that user could hardly work: with a port below 1024, a
VOLUME, a server that is made to be started by root, or files below \`/root\`.`,
  severity: 'warning',
  sources,
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8000\nCMD ["uvicorn", "main:app", "--port", "8000"]\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nEXPOSE 8000\nRUN useradd --system --create-home --shell /usr/sbin/nologin app\nUSER app\nCMD ["uvicorn", "main:app", "--port", "8000"]\n',
    },
    {
      bad: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\n# Start the server\nCMD ["node", "server.js"]\n',
      good: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\n\nUSER node\n# Start the server\nCMD ["node", "server.js"]\n',
    },
    {
      bad: 'FROM alpine:3.20\nCOPY server /bin/server\nENTRYPOINT ["/bin/server"]\n',
      good: 'FROM alpine:3.20\nCOPY server /bin/server\nRUN addgroup -S app && adduser -S -G app app\nUSER app\nENTRYPOINT ["/bin/server"]\n',
    },
    {
      bad: 'FROM debian:12\nRUN useradd --system worker\nCOPY worker /bin/\nCMD ["worker"]\n',
      good: 'FROM debian:12\nRUN useradd --system worker\nCOPY worker /bin/\nUSER worker\nCMD ["worker"]\n',
    },
    {
      bad: 'FROM registry.example.com/team/base:4\nUSER service\nUSER root\nRUN make install\n',
      good: 'FROM registry.example.com/team/base:4\nUSER service\nUSER root\nRUN make install\nUSER service\n',
    },
    {
      bad: 'FROM python:3.12-slim\nCOPY . /app\nEXPOSE 80\nCMD ["python", "/app/main.py"]\n',
      good: 'FROM python:3.12-slim\nRUN useradd --system --uid 10001 app\nCOPY . /app\nUSER app\nEXPOSE 8080\nCMD ["python", "/app/main.py"]\n',
    },
  ],
  * check({ file, context }) {
    const { targetStage } = file;
    const found = targetStage && imageFinding(file, targetStage, context);
    if (found !== undefined) yield found;
    if (stepsDown(file, context)) return;
    for (const stage of file.stages) {
      const last = stage.instructions.findLast(({ keyword }) => keyword === 'USER');
      const word = last?.words[0];
      if (word === undefined || word.span === found?.at || !isRoot(word.text) || stage.facts?.distribution === 'windows') continue;
      yield { at: word.span, message: 'The last USER of this stage is root; switch to another user behind what needs root.', sources: ofStages, onRequest: true };
    }
  },
});
