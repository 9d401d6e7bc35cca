import { replace } from '../../src/edits.ts';
import { defineRule, safe } from '../../src/rule.ts';
import { textAt } from '../../src/span.ts';

const lowered = (port: string): string => port.replace(/\/\w+$/, (protocol) => protocol.toLowerCase());

export default defineRule({
  summary: 'Protocol of an EXPOSE in capitals',
  why: `BuildKit takes \`80/TCP\` for \`80/tcp\` and warns of it, for the image says \`tcp\` in the end. The fix writes it in small
letters; the image is the same.`,
  severity: 'info',
  sources: ['buildkit/ExposeProtoCasing'],
  examples: [
    { bad: 'FROM debian:12\nEXPOSE 53/UDP\n', good: 'FROM debian:12\nEXPOSE 53/udp\n' },
    { bad: 'FROM debian:12\nEXPOSE 80 443/Tcp\n', good: 'FROM debian:12\nEXPOSE 80 443/tcp\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'EXPOSE') continue;
      for (const word of instruction.words) {
        const ports = file.expand(word.raw, instruction)?.split(/\s+/) ?? [];
        const odd = ports.find((port) => /\/(?:tcp|udp|sctp)$/i.test(port) && port !== lowered(port));
        if (odd === undefined) continue;
        const fix = textAt(file.source, word.span) === odd ? safe(`Write \`${lowered(odd)}\``, replace(word, lowered(odd))) : undefined;
        yield { at: word.span, message: `Protocols have small letters; write \`${lowered(odd)}\`.`, ...(fix && { fix }) };
      }
    }
  },
});
