import { insertBefore, newlineOf } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { installBeside, isUsed, virtualEnvironments, type VirtualEnvironment } from '../../src/model/virtualenv.ts';
import { defineRule, manual, type Fix } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

/** PATH may name the folder before it is there; so the install can stand in the same RUN. */
function fixOf({ source }: Dockerfile, { command, path }: VirtualEnvironment): Fix | undefined {
  if (!/^[\w./-]+$/.test(path)) return undefined;
  const { start } = command.instruction.span;
  const line = source.lastIndexOf('\n', start - 1) + 1;
  const indentation = source.slice(line, start);
  return manual(`Put \`${path}/bin\` on PATH`, insertBefore(span(line, line), `${indentation}ENV PATH="${path}/bin:$PATH"${newlineOf(source)}`));
}

export default defineRule({
  summary: 'Virtual environment that is created but never used',
  why: `A virtual environment takes effect only where its \`bin\` folder stands first on PATH, or where its own pip and Python are
called by path. Otherwise \`pip install\` puts the packages into the system's Python, and a later stage that copies the environment
gets an empty one. An activation lasts until the end of its RUN: \`RUN . venv/bin/activate\` alone does nothing.

The proposal puts the environment on PATH with ENV. In an image of its own, one Python for one program, it may be as good to leave
the environment out; so the choice is yours.`,
  severity: 'warning',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nRUN python -m venv /opt/venv\nRUN pip install -r requirements.txt\n',
      good: 'FROM python:3.12-slim\nENV PATH="/opt/venv/bin:$PATH"\nRUN python -m venv /opt/venv\nRUN pip install -r requirements.txt\n',
    },
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nRUN python -m venv venv\nRUN . venv/bin/activate\nRUN pip install fastapi\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nENV PATH="/app/venv/bin:$PATH"\nRUN python -m venv venv\nRUN . venv/bin/activate\nRUN pip install fastapi\n',
    },
  ],
  * check({ file }) {
    for (const environment of virtualEnvironments(file)) {
      const install = installBeside(file, environment);
      if (install === undefined || isUsed(file, environment)) continue;
      const fix = fixOf(file, environment);
      yield {
        at: environment.word.span,
        message: `Nothing puts \`${environment.path}/bin\` on PATH or calls its pip, so packages are installed beside this environment; put it on PATH, or leave it out.`,
        related: [{ at: install.span, message: "This goes to the system's Python." }],
        ...(fix && { fix }),
      };
    }
  },
});
