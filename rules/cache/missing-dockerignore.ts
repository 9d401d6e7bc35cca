import { copySources, isWholeContext } from '../../src/model/copy.ts';
import { ignoreText } from '../../src/model/ignore-patterns.ts';
import { excludable } from '../../src/model/ignore-wants.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

export default defineRule({
  summary: 'Whole context copied, and no ignore file',
  why: `\`COPY . .\` without a \`.dockerignore\` takes the Git history, virtual environments, tool caches and \`.env\` files along:
the image grows, secrets leak, and each commit or test run invalidates the layer although no source has changed.

The fix writes a \`.dockerignore\` for the languages it finds, with nothing in it that this build may need: what a COPY or a
RUN names, \`.git\` where something reads the history, \`node_modules\` where nothing installs it, or settings that a build step
may read stay out of it. Without a known build context the rule says nothing.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "main.py"]\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\nCMD ["python", "main.py"]\n',
      context: { 'requirements.txt': 'fastapi==0.115.0\n', 'main.py': '' },
      files: {
        '.dockerignore': `.git\n**/.env\n**/.vscode\n**/.idea\n**/.DS_Store\n**/__pycache__\n**/.venv\n**/.pytest_cache\n**/.mypy_cache
**/.ruff_cache\n**/.ipynb_checkpoints\n**/.tox\n**/.nox\n**/.coverage\n`,
      },
    },
    {
      bad: 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY ./ ./\nRUN git rev-parse HEAD > version && npm run build\n',
      good: 'FROM node:22-slim\nWORKDIR /app\nCOPY package.json package-lock.json ./\nRUN npm ci\nCOPY ./ ./\nRUN git rev-parse HEAD > version && npm run build\n',
      context: { 'package.json': '{}', 'package-lock.json': '{}', '.env': 'API_URL=/api\n', 'index.js': '' },
      files: { '.dockerignore': '**/.vscode\n**/.idea\n**/.DS_Store\n**/node_modules\n**/.eslintcache\n**/.parcel-cache\n**/.turbo\n**/npm-debug.log\n' },
    },
  ],
  * check({ file, context }) {
    if (context === undefined || context.ignoreFile !== undefined) return;
    const sources = [...file.neededStages].flatMap((stage) => stage.instructions).flatMap((each) => copySources(file, each));
    const whole = sources.find(isWholeContext);
    if (whole === undefined) return;
    const patterns = excludable(file, context, [''], true).map(({ pattern }) => pattern);
    yield {
      at: whole.word.span,
      message: 'This copies the whole build context, and no `.dockerignore` keeps the history, caches and settings out of it; add one.',
      ...(patterns.length > 0 && { fix: safe('Write a `.dockerignore`', { file: '.dockerignore', span: span(0, 0), text: ignoreText(patterns) }) }),
    };
  },
});
