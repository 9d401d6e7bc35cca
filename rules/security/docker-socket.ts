import { removeLines } from '../../src/edits.ts';
import { defineRule, unsafe } from '../../src/rule.ts';

const sockets = /^\/(?:var\/)?run\/(?:docker|podman\/podman|containerd\/containerd|crio\/crio)\.sock\/?$/;

export default defineRule({
  summary: 'VOLUME over the socket of a container engine',
  why: `Who can write to the socket of Docker, containerd or Podman is root on the host: the engine starts any container with any folder. A
VOLUME of that path tells people to mount it; and where nobody does, Docker makes an empty folder there, which is no socket.

The fix takes the VOLUME away. Nothing is lost, for the socket is mounted with \`docker run -v\` if it must be; weigh a proxy that lets through
only what is needed.`,
  severity: 'warning',
  sources: ['semgrep/dockerd-socket-mount'],
  examples: [
    { bad: 'FROM docker:27-cli\nVOLUME /var/run/docker.sock\nCMD ["docker", "ps"]\n', good: 'FROM docker:27-cli\nCMD ["docker", "ps"]\n' },
    { bad: 'FROM debian:12\nVOLUME ["/data", "/run/docker.sock"]\n', good: 'FROM debian:12\nVOLUME ["/data"]\n' },
  ],
  * check({ file }) {
    for (const instruction of file.instructions) {
      if (instruction.keyword !== 'VOLUME') continue;
      for (const word of instruction.words) {
        const path = file.expand(word.raw, instruction);
        if (path === undefined || !sockets.test(path)) continue;
        const fix = unsafe('Take the VOLUME away', removeLines(file.source, instruction));
        yield {
          at: word.span,
          message: `\`${path}\` makes whoever gets hold of it root on the host; take the VOLUME away.`,
          ...(instruction.words.length === 1 && instruction.comments.length === 0 && { fix }),
        };
      }
    }
  },
});
