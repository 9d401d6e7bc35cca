import { expect, it } from 'vitest';
import rule from '../../rules/style/apt-in-scripts.ts';
import { findings } from './lint.ts';

it.each([
  ['apt install --color=never x', 'apt-get install --color=never x', 'unsafe'],
  ['apt install -y $PACKAGES', 'apt-get install -y $PACKAGES', 'unsafe'],
  ['sudo apt -qq update', 'sudo apt-get -qq update', 'safe'],
  ['apt full-upgrade -y', 'apt-get full-upgrade -y', 'safe'],
  ['apt search x', 'apt-cache search x', 'unsafe'],
])('%s', (script, fixed, safety) => {
  expect(findings(rule, `FROM debian:12\nRUN ${script}\n`)).toMatchObject([{ text: 'apt', fixed: `FROM debian:12\nRUN ${fixed}\n`, fix: { safety } }]);
});

it.each(['apt list --installed', 'apt $COMMAND', 'apt hold x'])('%s has no fix', (script) => {
  expect(findings(rule, `FROM debian:12\nRUN ${script}\n`)).toMatchObject([{ fix: undefined }]);
});

it.each(['apt-get install -y apt', 'echo apt install x', 'apt-mark hold x'])('%s is fine', (script) => {
  expect(findings(rule, `FROM debian:12\nRUN ${script}\n`)).toEqual([]);
});

it.each([
  ['apt install -y x', '', 'unsafe'],
  ['apt update', '', 'safe'],
  ['apt install -y x', '--mount=type=cache,target=/var/cache/apt,sharing=locked ', 'safe'],
  ['apt install -y x', '--mount=type=cache,target=/var/lib/apt ', 'unsafe'],
])('%s %s keeps archives once docker-clean is gone', (script, flags, safety) => {
  expect(findings(rule, `FROM debian:12\nRUN rm -f /etc/apt/apt.conf.d/docker-clean\nRUN ${flags}${script}\n`)).toMatchObject([{ fix: { safety } }]);
});
