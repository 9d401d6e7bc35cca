import { newlineOf } from '../../src/edits.ts';
import type { Dockerfile } from '../../src/model/dockerfile.ts';
import { blockRemovals, withComments } from '../../src/optimize/lines.ts';
import { volatilePlans, type VolatilePlan } from '../../src/optimize/volatile.ts';
import { defineRule, safe, unsafe, type Fix } from '../../src/rule.ts';
import { span, textAt } from '../../src/span.ts';

function fixOf(file: Dockerfile, plan: VolatilePlan): Fix | undefined {
  if (plan.moved.some(({ comments }) => comments.length > 0)) return undefined;
  const newline = newlineOf(file.source);
  const places = plan.moved.map((each) => withComments(file, each));
  const text = places.map((at) => textAt(file.source, at)).join(newline);
  const target = plan.before === undefined ? plan.last.span.end : withComments(file, plan.before).start;
  const apart = text.startsWith('#') && /^[ \t]*\r?\n[ \t]*\r?\n/.test(file.source.slice(target));
  const inserted = plan.before === undefined ? (apart ? newline : '') + newline + text : text + newline;
  const make = plan.doubts.length === 0 ? safe : unsafe;
  const edits = [...blockRemovals(file, places), { span: span(target, target), text: inserted }];
  return make(plan.unused ? `Move \`${plan.name}\` to the end of the stage` : `Move \`${plan.name}\` down to where it is used`, edits);
}

function adviceOf(file: Dockerfile, { unused, stage }: VolatilePlan): string {
  if (!unused) return 'declare it right before its first use';
  const built = file.stages.some(({ parent }) => parent === stage);
  return built ? 'nothing in this stage names it, so declare it last, for the stages built on this one' : 'nothing in this stage names it, so take it out, or declare it last';
}

export default defineRule({
  summary: 'Value that changes with every build, declared too early',
  why: `Every RUN below an ARG or ENV gets its value, used or not, and its layer is built again when the value changes. A commit
hash or a build date changes with every build, so all installs below it run every time.

The fix moves the declaration down to its first use. It is safe past installs of system packages; programs that may read
any variable, such as build tools and install scripts of packages, make it unsafe.`,
  severity: 'warning',
  reorders: true,
  examples: [
    {
      bad: 'FROM debian:12\nARG GIT_COMMIT\nRUN apt-get update && apt-get install -y curl\nRUN echo "$GIT_COMMIT" > /version\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG GIT_COMMIT\nRUN echo "$GIT_COMMIT" > /version\n',
    },
    {
      bad: 'FROM debian:12\nARG BUILD_DATE\nLABEL org.opencontainers.image.created=$BUILD_DATE\nRUN apt-get update && apt-get install -y curl\nCMD ["curl"]\n',
      good: 'FROM debian:12\nRUN apt-get update && apt-get install -y curl\nARG BUILD_DATE\nLABEL org.opencontainers.image.created=$BUILD_DATE\nCMD ["curl"]\n',
    },
    {
      bad: 'FROM node:22-slim\nARG VCS_REF\nRUN npm install -g pm2@5.4.2\nENV REVISION=$VCS_REF\nCMD ["pm2"]\n',
      good: 'FROM node:22-slim\nRUN npm install -g pm2@5.4.2\nARG VCS_REF\nENV REVISION=$VCS_REF\nCMD ["pm2"]\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.stages) {
      for (const plan of volatilePlans(file, stage)) {
        const [first] = plan.passed;
        const pair = plan.declaration.pairs[0];
        if (first === undefined || pair === undefined) continue;
        const line = file.lines.position(first.span.start).line;
        const more = plan.passed.length === 1 ? '' : ` and ${plan.passed.length - 1} more below it`;
        const fix = fixOf(file, plan);
        yield {
          at: pair.nameSpan,
          message: `\`${plan.name}\` changes with every build and stands above the RUN of line ${line}${more}, which ${plan.passed.length === 1 ? 'does' : 'do'} not use it but ${plan.passed.length === 1 ? 'is' : 'are'} run again each time; ${adviceOf(file, plan)}.`,
          related: plan.doubts.map((message) => ({ at: first.keywordSpan, message })),
          ...(fix && { fix }),
        };
      }
    }
  },
});
