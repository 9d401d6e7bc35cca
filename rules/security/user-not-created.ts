import { defineRule } from '../../src/rule.ts';
import { userExists, userPart } from '../../src/model/users.ts';

export default defineRule({
  summary: 'USER that neither the image nor the file creates',
  why: `\`USER name\` is looked up in the image's \`/etc/passwd\`. A name that is not there fails the next RUN, or, worse, the
start of the container. Create the user in front of it, or give a number: a number need not be known to the image.

The rule speaks only where the base image's users are known and no script or package may have brought the user.`,
  severity: 'error',
  examples: [
    {
      bad: 'FROM debian:12\nUSER app\nCMD ["sleep", "1"]\n',
      good: 'FROM debian:12\nRUN useradd --system app\nUSER app\nCMD ["sleep", "1"]\n',
    },
    {
      bad: 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nUSER node\n',
      good: 'FROM node:22-slim\nWORKDIR /app\nCOPY . .\nRUN npm ci\nUSER node\n',
    },
    {
      bad: 'FROM alpine:3.20\nRUN addgroup -S app\nUSER app:app\n',
      good: 'FROM alpine:3.20\nRUN addgroup -S app && adduser -S -G app app\nUSER app:app\n',
    },
  ],
  * check({ file }) {
    // A mistake elsewhere may be why the line that creates the user is not read as one.
    if (file.problems.length > 0) return;
    for (const stage of file.neededStages) {
      for (const instruction of stage.instructions) {
        const [word] = instruction.words;
        const value = instruction.keyword === 'USER' && word !== undefined ? file.expand(word.raw, instruction) : undefined;
        const user = value === undefined ? '' : userPart(value);
        if (word === undefined || user === '' || userExists(file, stage, instruction, user) !== false) continue;
        const where = stage.fromScratch ? '`scratch` has no users; give a number' : 'create it in a RUN above, or give a number';
        yield { at: word.span, message: `Nothing creates the user \`${user}\`, and the base image does not bring it: ${where}.` };
      }
    }
  },
});
