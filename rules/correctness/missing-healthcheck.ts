import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { isForWork, startsNothing } from '../../src/model/purpose.ts';
import { lineage } from '../../src/model/shipped.ts';
import type { Stage } from '../../src/model/stages.ts';
import { defineRule } from '../../src/rule.ts';

const checks = (stage: Stage): boolean => lineage(stage).some(({ instructions }) => instructions.some(({ keyword }) => keyword === 'HEALTHCHECK'));

/** A stage that a checked one is built on needs no check of its own. */
const isBelowChecked = (file: Dockerfile, stage: Stage): boolean => file.stages.some((other) => lineage(other).includes(stage) && checks(other));

export default defineRule({
  summary: 'Image without a HEALTHCHECK',
  why: `Without a health check, Docker and Compose know only whether the process is there, not whether it answers: a server that hangs counts
as well, and what depends on it starts too early. \`HEALTHCHECK NONE\` says that none is wanted.

Kubernetes has probes of its own and never looks at HEALTHCHECK; jobs and tools have nothing to ask. So the rule is off unless it is asked for.`,
  severity: 'off',
  sources: ['hadolint/DL3057', 'trivy/DS-0026', 'checkov/CKV_DOCKER_2'],
  examples: [
    {
      bad: 'FROM python:3.12-slim\nCOPY main.py .\nCMD ["python", "main.py"]\n',
      good: 'FROM python:3.12-slim\nCOPY main.py .\nHEALTHCHECK CMD ["python", "-c", "import urllib.request as r; r.urlopen(\'http://localhost:8000/health\')"]\nCMD ["python", "main.py"]\n',
    },
    {
      bad: 'FROM nginx:1.27 AS base\nCOPY dist /usr/share/nginx/html\nFROM base\nCMD ["nginx", "-g", "daemon off;"]\n',
      good: 'FROM nginx:1.27 AS base\nCOPY dist /usr/share/nginx/html\nFROM base\nHEALTHCHECK CMD curl -f http://localhost/\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      if (isBelowChecked(file, stage)) continue;
      const isService = stage === file.targetStage && !isForWork(file) && !startsNothing(file);
      yield {
        at: stage.imageWord?.span ?? stage.from.keywordSpan,
        message: 'Nothing asks whether the service in this image still answers; add a HEALTHCHECK, or `HEALTHCHECK NONE` where none is wanted.',
        ...(!isService && { onRequest: true, ...(stage !== file.targetStage && { sources: ['hadolint/DL3057'] }) }),
      };
    }
  },
});
