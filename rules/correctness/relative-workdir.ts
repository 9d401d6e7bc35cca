import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isAbsolutePath, joinPath } from '../../src/model/state.ts';
import { defineRule, safe, type Finding, type Fix } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

/** The path of a WORKDIR where it is certainly relative. */
function relativePath(file: Dockerfile, instruction: Instruction): string | undefined {
  const [word] = instruction.words;
  if (word === undefined) return undefined;
  const path = file.expand(word.raw, instruction) ?? (word.text.startsWith('$') ? undefined : word.text);
  return path === undefined || path === '' || isAbsolutePath(path) ? undefined : path;
}

function absoluteFix(file: Dockerfile, instruction: Instruction, path: string): Fix | undefined {
  const { workdir } = file.stateAt(instruction);
  const whole = workdir === undefined || !/^[\w./-]+$/.test(path) ? undefined : joinPath(workdir, path);
  const [word] = instruction.words;
  if (whole === undefined || word === undefined || textAt(file.source, word.span).replace(/["']/g, '') !== path || !/^[\w./-]+$/.test(whole)) return undefined;
  return safe(`Write \`${whole}\``, replace(word, whole));
}

/** Which tools speak of it: hadolint and others of each one, BuildKit of the first before any absolute one, after variables are put in. */
function sourcesOf(isFirst: boolean, isWritten: boolean): readonly string[] {
  const all = ['hadolint/DL3000', 'trivy/DS-0009', 'checkov/CKV_DOCKER_10'];
  return [...(isWritten ? all : []), ...(isFirst ? ['buildkit/WorkdirRelativePath'] : [])];
}

function judge(file: Dockerfile, instruction: Instruction, path: string, isFirst: boolean): Finding | undefined {
  const [word] = instruction.words;
  if (word === undefined) return undefined;
  const { workdir } = file.stateAt(instruction);
  const stage = file.stageOf(instruction);
  const matters = isFirst && workdir === undefined && (stage === undefined || file.neededStages.has(stage));
  const sources = sourcesOf(isFirst, !word.text.startsWith('$'));
  if (sources.length === 0) return undefined;
  const where = workdir === undefined ? `below a folder that ${isFirst ? 'the base image decides on' : 'another WORKDIR names'}` : `in \`${joinPath(workdir, path) ?? path}\``;
  const fix = absoluteFix(file, instruction, path);
  return { at: word.span, message: `\`${path}\` is relative, so it lies ${where}; write the whole path.`, sources, ...(fix && { fix }), ...(!matters && { onRequest: true }) };
}

export default defineRule({
  summary: 'Relative WORKDIR that hangs on the base image',
  why: `A relative WORKDIR is resolved against the one before it, and the first against the base image's. That one is not written in the
file, and another image, or a new release, may have another: everything below then lands elsewhere.

The rule speaks where nothing says what the path begins with. Asked for by the code of another tool, it names the other relative ones
too. Where the whole path is known, the fix writes it.`,
  severity: 'warning',
  sources: ['hadolint/DL3000', 'buildkit/WorkdirRelativePath', 'trivy/DS-0009', 'checkov/CKV_DOCKER_10'],
  examples: [
    { bad: 'FROM ghcr.io/acme/base:2.4\nWORKDIR app\n', good: 'FROM ghcr.io/acme/base:2.4\nWORKDIR /app\n' },
    { bad: 'FROM ghcr.io/acme/base:2.4 AS base\nFROM base\nWORKDIR src/web\n', good: 'FROM ghcr.io/acme/base:2.4 AS base\nWORKDIR /srv\nFROM base\nWORKDIR src/web\n' },
  ],
  * check({ file }) {
    const begun = new Set<unknown>();
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'WORKDIR') continue;
      const stage = file.stageOf(instruction);
      const path = relativePath(file, instruction);
      const isFirst = !begun.has(stage) && file.stateAt(instruction).workdirSetBy === undefined;
      begun.add(stage);
      const finding = path === undefined ? undefined : judge(file, instruction, path, isFirst);
      if (finding !== undefined) yield finding;
    }
  },
});
