import type { BuildContext } from '../../src/context/context.ts';
import type { Instruction } from '../../src/dockerfile/instruction.ts';
import { replace } from '../../src/edits.ts';
import { addSources, type AddSource } from '../../src/model/add.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { defineRule, safe, type Finding } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

function fixOf(file: Dockerfile, { keywordSpan }: Instruction, sources: readonly AddSource[]): Finding['fix'] {
  // What may be an archive would no longer be extracted.
  if (!sources.every(({ kind }) => kind === 'plain')) return undefined;
  const written = textAt(file.source, keywordSpan);
  return safe('Use COPY', replace(keywordSpan, written === written.toLowerCase() ? 'copy' : 'COPY'));
}

function judge(file: Dockerfile, instruction: Instruction, context: BuildContext | undefined): Finding | undefined {
  const sources = addSources(file, instruction, context);
  const local = sources.filter(({ kind }) => kind !== 'remote' && kind !== 'archive');
  const [first] = local;
  if (first === undefined) return undefined;
  if (local.length === sources.length && local.every(({ kind }) => kind !== 'unknown')) {
    const likely = sources.find(({ kind }) => kind === 'likely');
    const unless = likely === undefined ? '' : `Unless \`${likely.text}\` is an archive, `;
    return { at: instruction.keywordSpan, message: `${unless}ADD does nothing here that COPY would not; use COPY.`, fix: fixOf(file, instruction, sources) };
  }
  const what = first.kind === 'unknown' ? `Whether \`${first.text}\` is an archive nobody can tell` : `\`${first.text}\` needs no ADD`;
  return { at: instruction.keywordSpan, message: `${what}; use COPY for what is not to be fetched or extracted.`, sources: ['hadolint/DL3020'], onRequest: true };
}

export default defineRule({
  summary: 'ADD where COPY does the same',
  why: `ADD fetches URLs and repositories, and extracts archives; for any other file it is COPY. Whoever reads ADD must look whether one
of these is meant, and a file that happens to be an archive one day is suddenly extracted.

ADD extracts by what a file holds, not by its name. There is a fix where the name or the build context shows that a source is no
archive: a folder, a text, a known kind of file. Nothing is said of URLs, repositories, archives, and
sources that a variable names.`,
  severity: 'warning',
  sources: ['hadolint/DL3020', 'trivy/DS-0005', 'checkov/CKV_DOCKER_4'],
  examples: [
    { bad: 'FROM python:3.12-slim\nADD . /app\n', good: 'FROM python:3.12-slim\nCOPY . /app\n' },
    { bad: 'FROM python:3.12-slim\nADD --chown=1000 requirements.txt setup.py /app/\n', good: 'FROM python:3.12-slim\nCOPY --chown=1000 requirements.txt setup.py /app/\n' },
    {
      bad: 'FROM debian:12\nADD rootfs.tar.gz /\nADD https://example.com/key.asc /etc/apt/keyrings/\nADD site.zip /srv/\n',
      good: 'FROM debian:12\nADD rootfs.tar.gz /\nADD https://example.com/key.asc /etc/apt/keyrings/\nCOPY site.zip /srv/\n',
    },
    { bad: 'FROM debian:12\nADD app /app\n', good: 'FROM debian:12\nCOPY app /app\n', context: { 'app/main.py': 'print(1)\n' } },
  ],
  * check({ file, context }) {
    for (const instruction of file.instructions) {
      const finding = instruction.keyword === 'ADD' ? judge(file, instruction, context) : undefined;
      if (finding !== undefined) yield finding;
    }
  },
});
