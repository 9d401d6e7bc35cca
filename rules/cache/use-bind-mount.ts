import { newlineOf } from '../../src/edits.ts';
import type { BuildContext } from '../../src/context/context.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { copySources, destination, placeInImage, readsContext } from '../../src/model/copy.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { readInvocation } from '../../src/model/packages.ts';
import { knowsSyntax } from '../../src/model/syntax-version.ts';
import { lineRemoval } from '../../src/optimize/lines.ts';
import { defineRule, unsafe, type Edit } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

interface File {
  readonly path: string;
  readonly place: string;
}

/** The single files a COPY brings, with their places; undefined when it brings anything else. */
function filesOf(file: Dockerfile, copy: Instruction, context: BuildContext | undefined): File[] | undefined {
  if (copy.keyword !== 'COPY' || !readsContext(copy) || copy.flags.length > 0 || destination(file, copy) === undefined || copy.heredocs.length > 0) return undefined;
  const files: File[] = [];
  for (const { path, glob } of copySources(file, copy)) {
    const place = path === undefined || glob ? undefined : placeInImage(file, copy, path, () => false);
    if (path === undefined || place === undefined || path === '' || context?.isFolder(path) !== false) return undefined;
    files.push({ path, place });
  }
  return files.length > 0 ? files : undefined;
}

/** A later COPY of the stage brings the file to the same place, so the image has it all the same. */
const comesLater = (file: Dockerfile, run: Instruction, each: File, context: BuildContext | undefined): boolean =>
  file.stageOf(run)?.instructions.some((copy) =>
    copy.index > run.index && readsContext(copy) && placeInImage(file, copy, each.path, (name) => context?.isFolder(name) ?? false) === each.place) === true;

const installsFromManifest = (file: Dockerfile, run: Instruction | undefined): run is Instruction =>
  run?.keyword === 'RUN' && file.commandsOf(run).some((command) => readInvocation(command)?.action === 'install-manifest');

export default defineRule({
  summary: 'Manifest copied only for one install',
  why: `A manifest that one install reads, and that a later COPY brings again, needs no layer of its own: a bind mount shows it to
that RUN alone. It is a matter of taste, so the rule is off by default; the fix is unsafe, since a tool that writes to its manifest
or lock file fails on the read-only mount.`,
  severity: 'off',
  examples: [
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n',
      good: 'FROM python:3.12-slim\nWORKDIR /app\nRUN --mount=type=bind,source=requirements.txt,target=/app/requirements.txt \\\n    pip install -r requirements.txt\nCOPY . .\n',
      context: { 'requirements.txt': 'fastapi==0.115.0\n', 'main.py': '' },
    },
  ],
  * check({ file, context }) {
    if (!knowsSyntax(file, 2) || context === undefined) return;
    for (const stage of file.stages) {
      for (const [index, copy] of stage.instructions.entries()) {
        const run = stage.instructions[index + 1];
        const files = installsFromManifest(file, run) ? filesOf(file, copy, context) : undefined;
        if (run === undefined || files === undefined || !files.every((each) => comesLater(file, run, each, context))) continue;
        const newline = ` ${file.escape}${newlineOf(file.source)}    `;
        const mounts = files.map(({ path, place }) => `--mount=type=bind,source=${path},target=${place}${newline}`).join('');
        const edits: Edit[] = [lineRemoval(file, copy.span), { span: span(run.body.start, run.body.start), text: mounts }];
        yield {
          at: copy.span,
          message: `${files.map(({ path }) => `\`${path}\``).join(', ')} ${files.length === 1 ? 'is' : 'are'} copied only for the install below, and again later; a bind mount saves the layer.`,
          fix: unsafe('Bind-mount the manifest instead', edits),
        };
      }
    }
  },
});
