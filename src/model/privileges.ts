import type { BuildContext } from '../context/context.ts';
import { baseName, operands } from '../dockerfile/command.ts';
import type { Instruction } from '../dockerfile/instruction.ts';
import { factOf } from '../fact.ts';
import { textAt } from '../span.ts';
import { destination } from './copy.ts';
import type { Dockerfile } from './dockerfile.ts';
import { mounts } from './stages.ts';

/** The instructions of the image that is built, in order: those of the target and of the stages below it. */
export const shippedInstructions = factOf((file: Dockerfile): readonly Instruction[] =>
  [...file.shippedStages].toReversed().flatMap((stage) => stage.instructions));

/** What a container runs: the last ENTRYPOINT and the last CMD of the file; empty where both are inherited. */
export function startInstructions(file: Dockerfile): Instruction[] {
  const all = shippedInstructions(file);
  return ['ENTRYPOINT', 'CMD'].flatMap((keyword) => all.findLast((each) => each.keyword === keyword) ?? []);
}

/** The words of ENTRYPOINT and CMD together, quotes taken off. */
export const startWords = (file: Dockerfile): string[] =>
  startInstructions(file).flatMap((each) => file.commandsOf(each)).flatMap(({ wrappers, program, words }) => [...wrappers, program, ...words].map(({ text }) => text));

const shells = new Set(['sh', 'bash', 'ash', 'dash', 'zsh', 'fish']);

/** True when CMD starts an interactive shell and nothing else: an image to work in. */
export function startsShell(file: Dockerfile): boolean {
  const words = startWords(file);
  return words.length > 0 && words.every((word, index) => (index === 0 ? shells.has(baseName(word)) : /^-[il]+$|^--login$/.test(word)));
}

/** Programs that hand a process to another user. */
const stepDown = /\b(?:gosu|su-exec|setpriv|runuser|s6-setuidgid|setuidgid|chpst|su\s+-|sudo\s+-u|--userspec|start-stop-daemon)\b|\bsu\s+-?\s*\w+\s+-c/;

/** Those an image gets for no other reason; `su` and the like may also serve the build. */
const broughtForIt = /\b(?:gosu|su-exec|s6-setuidgid|setuidgid)\b/;

/** Names under which a copied script may lie in the context: those whose last part is the same. */
function scriptTexts(file: Dockerfile, context: BuildContext | undefined): (string | undefined)[] {
  const names = new Set(startWords(file).filter((word) => isScript(word)).map(baseName));
  const paths = [...names].map((name) => context?.files.find((path) => baseName(path) === name));
  return paths.map((path) => (path === undefined ? undefined : context?.read(path)));
}

/** Texts of scripts that a COPY brings as here-documents, under a name that the container starts. */
function inlineScripts(file: Dockerfile): string[] {
  const started = new Set(startWords(file).map(baseName));
  return shippedInstructions(file).filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD').flatMap((each) => {
    const path = destination(file, each)?.path;
    return path !== undefined && started.has(baseName(path)) ? each.heredocs.map(({ body }) => textAt(file.source, body)) : [];
  });
}

const isScript = (word: string): boolean => /\.(?:sh|bash)$|^(?:[\w.-]*\/)*[\w.-]*entry-?point[\w.-]*$|\/(?:start|run|init|launch)[\w-]*$/i.test(word) && !word.startsWith('-');

/** Images of servers whose first process is root's and whose workers are not. */
const workersStepDown = /(?:^|\/)(?:nginx|openresty|httpd|wordpress|nextcloud|drupal|joomla|phpmyadmin|matomo)$/;

function baseStepsDown(file: Dockerfile): boolean {
  const image = [...file.shippedStages].at(-1)?.image;
  if (image === undefined) return false;
  return file.targetStage?.facts?.stepsDown === true || workersStepDown.test(image.name) || (image.name === 'php' && /apache|fpm/.test(image.tag ?? ''));
}

/** True when the image steps down from root on its own: its entrypoint, or a program brought for that. */
export function stepsDown(file: Dockerfile, context: BuildContext | undefined): boolean {
  if (startInstructions(file)[0]?.keyword !== 'ENTRYPOINT' && baseStepsDown(file)) return true;
  if (startInstructions(file).some((each) => stepDown.test(textAt(file.source, each.span)))) return true;
  // The first process of s6-overlay starts as root and hands each service to its user.
  if (startWords(file)[0] === '/init' && /\bs6\b/.test(file.source)) return true;
  const bringers = shippedInstructions(file).filter(({ keyword }) => /^(?:RUN|COPY|ADD)$/.test(keyword));
  if (bringers.some((each) => broughtForIt.test(textAt(file.source, each.span)))) return true;
  return [...scriptTexts(file, context), ...inlineScripts(file)].some((text) => text !== undefined && stepDown.test(text));
}

/** Servers and init programs that need root to start, and often step down themselves. */
const rootServers = new Set([
  'sshd', 'cron', 'crond', 'anacron', 'systemd', 'init', 'supervisord', 'nginx', 'httpd', 'apache2', 'apache', 'apache2-foreground', 'apachectl', 'apache2ctl',
  'php-fpm', 'dockerd', 'containerd', 'rsyslogd', 'dnsmasq', 'named', 'haproxy', 's6-svscan', 'runsvdir', 'runit', 'service', 'openvpn', 'dovecot', 'postfix',
  'smbd', 'vsftpd', 'proftpd', 'chronyd', 'ntpd', 'squid', 'keepalived', 'caddy',
]);

/** Programs that only root gets far with, on files of root at least. */
const rootPrograms = /\b(?:chown|chgrp|chmod|usermod|useradd|adduser|apt-get|apk|service|mount|sysctl|iptables|update-ca-certificates)\b/;

/** Servers that write into the folder of their sources when they start: process ids, schedules, logs, a database. */
const writesBesideSources = /\brails\s+(?:s|server)\b|\bartisan\s+\w|\bcelery\b.*\sbeat\b|\bjupyter\b|\bmanage\.py\s+(?:migrate|runserver)\b/;

/** True when what the container starts is made to be started by root, writes where only root may, or is a script nobody can read. */
export function startNeedsRoot(file: Dockerfile, context: BuildContext | undefined): boolean {
  const words = [...startWords(file), ...inlineScripts(file).flatMap((text) => text.split(/\s+/))];
  if (words.some((word) => rootServers.has(baseName(word).replace(/[\d.]+$/, '')) || rootServers.has(baseName(word)) || rootPrograms.test(word))) return true;
  if (startInstructions(file).some((each) => file.scripts(each).some(({ unreadable }) => unreadable))) return true;
  if (writesBesideSources.test(startWords(file).join(' '))) return true;
  return scriptTexts(file, context).some((text) => text === undefined || rootPrograms.test(text) || writesBesideSources.test(text));
}

/** The lowest port below 1024 that EXPOSE, PORT or the command names; a plain user may not be able to open it. */
export function lowPort(file: Dockerfile): number | undefined {
  const instructions = shippedInstructions(file);
  const exposed = instructions.filter(({ keyword }) => keyword === 'EXPOSE')
    .flatMap((each) => each.words.map((word) => Number.parseInt(file.expand(word.raw, each) ?? '', 10)));
  const variables = instructions.filter(({ keyword }) => keyword === 'ENV')
    .flatMap(({ pairs }) => pairs.filter(({ name }) => /(?:^|_)PORT$/.test(name)).map(({ value }) => Number(value)));
  const words = startWords(file);
  const isValue = (index: number): boolean => /^--?(?:port|p)$/.test(words[index - 1] ?? '');
  const given = words.map((word, index) => Number(/(?:^--?(?:port|p|bind|b|listen)=|:)(\d{1,5})$/.exec(word)?.[1] ?? (isValue(index) ? word : Number.NaN)));
  const low = [...exposed, ...variables, ...given].filter((port) => port > 0 && port < 1024);
  return low.length === 0 ? undefined : Math.min(...low);
}

/** Paths, programs and calls that put what the service needs below the home of root, which only root may enter. */
const homeWriters = new RegExp([
  /\/root\b/, /(?:^|[\s=:"'])~\//, /\$\{?HOME\b/, /--user\b/, /\bplaywright\s+install\b/, /\bpipx\b/, /\buv\s+(?:python|tool)\s+install\b/, /\bnvm\b/,
  /from_pretrained/, /\b(?:hf|huggingface-cli)\s+download\b/, /snapshot_download/, /\bnltk\b/, /SentenceTransformer/, /\bload_model\b/,
  /\|\s*(?:sudo\s+)?(?:\S*\/)?(?:ba|z)?sh\b/,
].map(({ source }) => source).join('|'));

/** True when what a RUN, ENV or CMD of the image names lies, or may lie, below `/root`; cache mounts and clean-ups don't count. */
export function needsRootHome(file: Dockerfile): boolean {
  return shippedInstructions(file).some((instruction) => {
    if (instruction.keyword === 'USER' || instruction.keyword === 'LABEL') return false;
    let text = textAt(file.source, instruction.span);
    for (const { flagSpan } of mounts(instruction)) text = text.replace(textAt(file.source, flagSpan), '');
    return homeWriters.test(text.replace(/\brm\s+-[a-zA-Z]+[^\n&;|]*/g, ''));
  });
}

/** True when a RUN creates a group of this name. */
export const groupIsTaken = (file: Dockerfile, name: string): boolean =>
  shippedInstructions(file).some((each) => each.keyword === 'RUN' && file.commandsOf(each).some((command) =>
    /^(?:groupadd|addgroup)$/.test(command.name) && operands(command.words).some((word) => word.value === undefined || word.value === name)));
