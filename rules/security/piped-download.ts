import { addresses, isFetch, runnerOf } from '../../src/model/fetches.ts';
import { mayCheck } from '../../src/model/program-files.ts';
import { neededScripts } from '../../src/model/run-scripts.ts';
import { defineRule } from '../../src/rule.ts';
import { span } from '../../src/span.ts';

export default defineRule({
  summary: 'Download that is run unseen',
  why: `\`curl … | sh\` runs what the server sends at that moment, as root, without a look at it: another version tomorrow, an error page,
or what somebody put there. A connection that breaks in the middle runs half a script. Save the script, compare it with a checksum
that you have written down (\`ADD --checksum=sha256:…\` does both), and run that; or install from a package.`,
  severity: 'info',
  examples: [
    {
      bad: 'FROM debian:12\nRUN curl -fsSL https://example.com/install.sh | sh\n',
      good: 'FROM debian:12\nADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.com/install.sh /tmp/\nRUN sh /tmp/install.sh\n',
    },
    {
      bad: 'FROM debian:12\nRUN sh -c "$(wget -qO- https://example.com/install.sh)" -- --yes\n',
      good: 'FROM debian:12\nRUN wget -qO /tmp/i.sh https://example.com/install.sh && echo "24454f /tmp/i.sh" | sha256sum -c && sh /tmp/i.sh\n',
    },
    {
      bad: 'FROM debian:12\nRUN apt-get update && curl -sSL https://example.com/get.py | python3 -\n',
      good: 'FROM debian:12\nRUN curl -fsSL https://example.com/list.txt | sort > /list\n',
    },
  ],
  * check({ file }) {
    for (const script of neededScripts(file)) {
      for (const command of script.commands) {
        const runner = isFetch(command) && !mayCheck(script) ? runnerOf(script, command) : undefined;
        if (runner === undefined) continue;
        const [address] = addresses(command);
        const what = address === undefined ? 'what it downloads' : `\`${address.text}\``;
        yield {
          at: span(Math.min(command.span.start, runner.span.start), Math.max(command.span.end, runner.program.span.end)),
          message: `\`${runner.name}\` runs ${what} as it comes; save it, compare its checksum, and run it then.`,
        };
      }
    }
  },
});
