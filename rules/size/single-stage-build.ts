import { planStages } from '../../src/optimize/multi-stage/shapes.ts';
import { isForWork, startsNothing } from '../../src/model/purpose.ts';
import { leftover } from '../../src/model/toolchain.ts';
import { voidStage } from '../../src/model/void-stage.ts';
import { defineRule, unsafe, type Related } from '../../src/rule.ts';

export default defineRule({
  summary: 'Build tools in the image that ships',
  why: `What a build needs, and what it leaves behind, is often ten times the size of what it makes, and none of it is needed to
run: compilers, package caches, sources, development packages. With stages, the build runs in a full image, and the image that
ships starts anew and copies the result out of it. A stage that is built on the build stage leaves nothing behind, however many
FROMs the file has.

The fix makes the two stages for projects whose shape tells what runs: a program of Go or Rust, a server or a site of Node, packages of
Python, a jar of Maven or Gradle, .NET. What the program may read when it runs is copied too: with the build context all that is no source,
without it the whole folder. The fix is unsafe, as the image that ships is another one: it may lack a library or a program that nothing in
the file names. Where the file leaves doubts, the finding says which, and there is no fix.

Images to work, test or build in are left alone: those without CMD and ENTRYPOINT, those that start a shell, those named so.
Switch it off for an image that compiles something when it runs.`,
  severity: 'warning',
  options: {
    'static-image': { default: 'gcr.io/distroless/static-debian12:nonroot', about: 'Image that ships a program that needs no libraries; `scratch` for none.' },
    'web-image': { default: 'nginxinc/nginx-unprivileged:stable-alpine-slim', about: 'Image of nginx that serves the files of a web site.' },
  },
  examples: [
    {
      bad: 'FROM golang:1.23\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server ./cmd/server\nEXPOSE 8080\nCMD ["/server"]\n',
      good: 'FROM golang:1.23 AS build\nWORKDIR /src\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /server ./cmd/server\n\nFROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /server /server\nEXPOSE 8080\nCMD ["/server"]\n',
      context: { 'go.mod': 'module example.com/server\n', 'cmd/server/main.go': 'package main\n' },
    },
    {
      bad: 'FROM python:3.12-slim\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\nCOPY . .\nCMD ["python", "app.py"]\n',
      good: 'FROM python:3.12-slim AS build\nRUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nRUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nCOPY requirements.txt .\nRUN pip install --no-cache-dir -r requirements.txt\n\nFROM python:3.12-slim\nENV PATH=/opt/venv/bin:$PATH\nRUN apt-get update && apt-get install -y --no-install-recommends libpq5 && rm -rf /var/lib/apt/lists/*\nWORKDIR /app\nCOPY --from=build /opt/venv /opt/venv\nCOPY . .\nCMD ["python", "app.py"]\n',
      context: { 'requirements.txt': 'psycopg2==2.9.10\n', 'app.py': 'import psycopg2\n' },
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\n\nUSER node\nCMD ["node", "dist/main.js"]\n',
      good: 'FROM node:22 AS build\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY . .\nRUN npm run build\nRUN npm prune --omit=dev\n\nFROM node:22-slim\nWORKDIR /app\nCOPY --from=build /app /app\n\nUSER node\nCMD ["node", "dist/main.js"]\n',
    },
    {
      bad: 'FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\nEXPOSE 4173\nCMD ["npm", "run", "preview"]\n',
      good: 'FROM node:22 AS build\nWORKDIR /app\nCOPY . .\nRUN npm ci\nRUN npm run build\n\nFROM nginxinc/nginx-unprivileged:stable-alpine-slim\nCOPY <<\'EOF\' /etc/nginx/conf.d/default.conf\nserver {\n    listen 4173;\n    root /usr/share/nginx/html;\n    location / {\n        try_files $uri $uri/ /index.html;\n    }\n}\nEOF\nCOPY --from=build /app/dist /usr/share/nginx/html\nEXPOSE 4173\n',
      context: { 'package.json': '{"scripts":{"build":"vite build","preview":"vite preview"},"devDependencies":{"vite":"^7.0.0"}}\n', 'package-lock.json': '{}\n', 'index.html': '<p>Hello</p>\n' },
    },
    {
      bad: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir fastapi==0.115.6\nFROM base AS production\nCOPY --from=base /opt/venv /opt/venv\nCMD ["uvicorn"]\n',
      good: 'FROM python:3.12-slim AS base\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-cache-dir fastapi==0.115.6\nFROM python:3.12-slim AS production\nCOPY --from=base /opt/venv /opt/venv\nCMD ["uvicorn"]\n',
    },
  ],
  * check({ file, context, options }) {
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
    const plan = planStages(file, context, { static: options['static-image'], web: options['web-image'] });
    const reasons = plan?.refusals.map(({ at, reason }): Related => ({ at, message: `Left as one stage: ${reason}` }));
    const notes = plan?.notes.map((message): Related => ({ at: found.at, message }));
    const isPlanned = plan !== undefined && plan.refusals.length === 0 && file.targetStage !== undefined;
    yield {
      at: found.at,
      message: `\`${found.what}\` ${fault}. Build in a stage of its own, and copy ${found.result}.`,
      related: [...reasons ?? [], ...notes ?? []],
      ...(isPlanned && { fix: { ...unsafe(plan.title, plan.edits), whole: file.targetStage.span } }),
    };
  },
});
