import { expect, it } from 'vitest';
import lists from '../../rules/size/apt-lists-left.ts';
import recommends from '../../rules/size/apt-recommends.ts';
import pip from '../../rules/size/pip-cache.ts';
import { readDockerfile } from '../../src/model/dockerfile.ts';
import type { Rule } from '../../src/rule.ts';

const inBuilder = (run: string): string => `FROM debian:12 AS build\nRUN ${run}\nFROM debian:12\nCOPY --from=build /a /a\n`;

it.each<readonly [string, Rule, string]>([
  ['yum install -y curl', lists, 'hadolint/DL3032'],
  ['apk add curl', lists, 'hadolint/DL3019'],
  ['dnf install -y curl', lists, 'hadolint/DL3040'],
  ['zypper -n in curl', lists, 'hadolint/DL3036'],
  ['apt-get install -y curl', recommends, 'hadolint/DL3015'],
  ['pip install requests', pip, 'hadolint/DL3042'],
])('a stage that does not ship is judged for who asks by the code: %s', (run, rule, source) => {
  const found = [...rule.check({ file: readDockerfile(inBuilder(run)), options: {}, context: undefined })];
  expect(found.map(({ onRequest, sources }) => [onRequest, (sources ?? rule.sources)?.includes(source)])).toEqual([[true, true]]);
});

it('nobody asks for lists of apt that do not ship', () => {
  expect([...lists.check({ file: readDockerfile(inBuilder('apt-get update')), options: {}, context: undefined })]).toEqual([]);
});

it.each([['apk update', []], ['yum update -y', []], ['apk update && apk add curl', ['hadolint/DL3019', 'trivy/DS-0025']]])('%s goes by %j', (run, sources) => {
  const found = [...lists.check({ file: readDockerfile(`FROM debian:12\nRUN ${run}\n`), options: {}, context: undefined })];
  expect(found.map((each) => each.sources)).toEqual([sources]);
});
