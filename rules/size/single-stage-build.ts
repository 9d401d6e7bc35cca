import { isForWork, startsNothing } from '../../src/model/purpose.ts';
import { leftover } from '../../src/model/toolchain.ts';
import { voidStage } from '../../src/model/void-stage.ts';
import { defineRule } from '../../src/rule.ts';

export default defineRule({
  summary: 'Build tools in the image that ships',
  why: `What a build needs, and what it leaves behind, is often ten times the size of what it makes, and none of it is needed to
run: compilers, package caches, sources, development packages. With stages, the build runs in a full image, and the image that
ships starts anew and copies the result out of it. A stage that is built on the build stage leaves nothing behind, however many
FROMs the file has.

Images to work, test or build in are left alone: those without CMD and ENTRYPOINT, those that start a shell, those named so.
Switch it off for an image that compiles something when it runs.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN go build -o /server ./cmd/server\nCMD ["/server"]\n',
      good: 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server ./cmd/server\n\nFROM gcr.io/distroless/static-debian12\nCOPY --from=build /server /server\nCMD ["/server"]\n',
    },
    {
      bad: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential && rm -rf /var/lib/apt/lists/*\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12 AS build\nRUN python -m venv /opt/venv\nCOPY requirements.txt .\nRUN /opt/venv/bin/pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.12-slim\nCOPY --from=build /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCMD ["python", "app.py"]\n',
    },
    {
      bad: 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nCMD ["node", "dist/main.js"]\n',
      good: 'FROM node:22-slim AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\nFROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci --omit=dev\nCOPY --from=build /app/dist dist\nCMD ["node", "dist/main.js"]\n',
    },
    {
      bad: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir fastapi==0.115.6\nFROM base AS production\nCOPY --from=base /opt/venv /opt/venv\nCMD ["uvicorn"]\n',
      good: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir fastapi==0.115.6\nFROM python:3.12-slim AS production\nCOPY --from=base /opt/venv /opt/venv\nCMD ["uvicorn"]\n',
    },
  ],
  * check({ file }) {
    const empty = voidStage(file);
    const image = empty?.stage.imageWord;
    if (empty !== undefined && image !== undefined) {
      const name = empty.stage.nameWord === undefined ? 'This stage' : `\`${empty.stage.nameWord.text}\``;
      const from = empty.from.nameWord?.text ?? String(empty.from.index);
      const message = `${name} is built on \`${image.text}\` and copies from \`${from}\` what it has already, so nothing is left behind`;
      yield { at: image.span, message: `${message}; begin it with the base image instead.` };
      return;
    }
    const found = isForWork(file) || startsNothing(file) ? undefined : leftover(file);
    if (found === undefined) return;
    const fault = found.tools === undefined
      ? 'brings a compiler into the image that ships, which needs none to run'
      : `runs in the stage that ships, so the image holds ${found.tools}`;
    yield { at: found.at, message: `\`${found.what}\` ${fault}. Build in a stage of its own, and copy ${found.result}.` };
  },
});
