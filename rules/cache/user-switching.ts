import type { Dockerfile } from '../../src/model/dockerfile.ts';
import type { Stage } from '../../src/model/stages.ts';
import { isRoot } from '../../src/model/users.ts';
import { defineRule, type Finding } from '../../src/rule.ts';

/** The USERs of a stage that go back to root between two other users. */
function* switchesBack(file: Dockerfile, stage: Stage): Iterable<Finding> {
  const users = stage.instructions.flatMap((instruction) => {
    const [word] = instruction.words;
    const user = instruction.keyword === 'USER' && word !== undefined ? file.expand(word.raw, instruction) : undefined;
    return word === undefined || instruction.keyword !== 'USER' ? [] : [{ word, root: user === undefined ? undefined : isRoot(user) }];
  });
  for (const [index, { word, root }] of users.entries()) {
    const before = users.slice(0, index).findLast((each) => each.root === false);
    const after = users.slice(index + 1).find((each) => each.root === false);
    if (root !== true || before === undefined || after === undefined || users[index - 1]?.root === true) continue;
    yield {
      at: word.span,
      message: `Here the build goes back from \`${before.word.text}\` to root; do first all that root has to do, then switch once.`,
    };
  }
}

export default defineRule({
  summary: 'USER that goes back and forth between root and another user',
  why: `With one switch near the end, all that root installs stands above all that belongs to the service: the layers go from
stable to volatile, and who reads the file sees at once what runs with which rights. Each way back to root is a place
where files of the service get the wrong owner.

Going to root once in an image that starts as another user, and back, is no finding.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM debian:12\nRUN useradd app\nUSER app\nRUN touch ~/a\nUSER root\nRUN apt-get update && apt-get install -y curl\nUSER app\n',
      good: 'FROM debian:12\nRUN useradd app\nRUN apt-get update && apt-get install -y curl\nUSER app\nRUN touch ~/a\n',
    },
    {
      bad: 'FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update && apt-get install -y make\nUSER jenkins\nRUN jenkins-plugin-cli --plugins git\nUSER 0:0\nRUN apt-get install -y curl\nUSER jenkins\n',
      good: 'FROM jenkins/jenkins:lts\nUSER root\nRUN apt-get update && apt-get install -y make curl\nUSER jenkins\nRUN jenkins-plugin-cli --plugins git\n',
    },
  ],
  * check({ file }) {
    for (const stage of file.neededStages) yield* switchesBack(file, stage);
  },
});
