import { flagValue, operands, type ShellWord } from '../../dockerfile/command.ts';
import type { Instruction } from '../../dockerfile/instruction.ts';
import { readInvocation } from '../../model/packages.ts';
import { joinPath } from '../../model/state.ts';
import { knowsSyntax } from '../../model/syntax-version.ts';
import { checkHealth, isOnly } from './common.ts';
import type { Draft, Start } from './draft.ts';
import { nodeTree, type NodeTree } from './node-tree.ts';
import { builtFolder, type Built } from './site-output.ts';

/** A program that serves files, or that builds a site and serves it while it is worked on. */
interface Server {
  /** What its output folder is asked of; undefined for one that is given the folder. */
  readonly builder: string | undefined;
  readonly port: number;
  readonly portFlags: readonly string[];
  /** Unknown paths lead to `index.html`. */
  readonly single: (words: readonly ShellWord[]) => boolean;
  /** The word that makes it serve, where it does other things too. */
  readonly subcommand?: string;
  /** The environment variable of its port. */
  readonly portVariable?: string;
}

const yes = (): boolean => true;

const servers: Readonly<Record<string, Server>> = {
  serve: { builder: undefined, port: 3000, portFlags: ['-l', '--listen', '-p', '--port'], single: (words) => words.some(({ text }) => /^(?:-[a-z]*s[a-z]*|--single)$/.test(text)), portVariable: 'PORT' },
  'http-server': { builder: undefined, port: 8080, portFlags: ['-p', '--port'], single: () => false, portVariable: 'PORT' },
  vite: { builder: 'vite', port: 4173, portFlags: ['--port'], single: yes, subcommand: 'preview' },
  'react-scripts': { builder: 'react-scripts', port: 3000, portFlags: [], single: yes, subcommand: 'start', portVariable: 'PORT' },
  'vue-cli-service': { builder: 'vue-cli-service', port: 8080, portFlags: ['--port'], single: yes, subcommand: 'serve' },
  ng: { builder: 'ng', port: 4200, portFlags: ['--port'], single: yes, subcommand: 'serve' },
};

interface Served {
  readonly name: string;
  readonly server: Server;
  /** Its words, those of the script and those given to it. */
  readonly words: readonly ShellWord[];
}

const wordOf = (text: string, like: ShellWord): ShellWord => ({ ...like, text, value: /[$`'"\\|;&()]/.test(text) ? undefined : text, variables: [] });

/** The words the container's command comes to once a script of package.json is put in its place. */
function unfolded(start: Start, tree: NodeTree): readonly ShellWord[] {
  const words = [start.command.program, ...start.command.words];
  const [program, ...rest] = words;
  const name = program?.value?.replace(/^.*\//, '');
  if (program === undefined) return [];
  if (name === 'npx') return rest.slice(Math.max(rest.findIndex(({ text }) => !text.startsWith('-')), 0));
  if (name !== 'npm' && name !== 'yarn' && name !== 'pnpm') return [wordOf(name ?? program.text, program), ...rest];
  const behind = rest.findIndex(({ text }) => !text.startsWith('-') && text !== 'run' && text !== 'run-script');
  const script = tree.project?.scripts.get(rest[behind]?.value ?? '');
  if (script === undefined) return words;
  const more = rest.slice(behind + 1).filter(({ text }) => text !== '--');
  return [...script.trim().split(/\s+/).map((text) => wordOf(text, program)), ...more];
}

/** The server a container starts; undefined for any other program. */
function servedBy(start: Start, tree: NodeTree): Served | undefined {
  const [program, ...words] = unfolded(start, tree);
  const name = program?.value ?? '';
  const server = Object.hasOwn(servers, name) ? servers[name] : undefined;
  if (server === undefined || (server.subcommand !== undefined && words[0]?.value !== server.subcommand)) return undefined;
  return { name, server, words: server.subcommand === undefined ? words : words.slice(1) };
}

/** The port the container listens on; refuses where it can't be told, or is not the one that EXPOSE names. */
function portOf(draft: Draft, { server, words, name }: Served): number | undefined {
  const given = flagValue(words, ...server.portFlags);
  const variable = server.portVariable === undefined ? undefined : draft.end.lookup(server.portVariable);
  const text = given?.text ?? variable ?? String(server.port);
  const port = /^(?:tcp:\/\/[\w.]+:)?(\d+)$/.exec(text)?.[1];
  if (port === undefined) {
    draft.refuse(given ?? draft.stage.from, `The port \`${name}\` listens on can't be told.`);
    return undefined;
  }
  const exposed = draft.all('EXPOSE').flatMap((each) => each.words.map((word) => draft.file.expand(word.raw, each)?.replace(/\/tcp$/, '')));
  if (exposed.length > 0 && (exposed.length > 1 || exposed[0] !== port)) draft.refuse(draft.all('EXPOSE')[0] ?? draft.stage.from, `\`EXPOSE\` names another port than ${port}, on which \`${name}\` listens.`);
  return Number(port);
}

/** Flags that change what is served, besides the port. */
const harmlessFlags = /^(?:--host(?:=.*)?|-s|--single|-n|--no-clipboard|-d|--debug|--strictPort|-L|--no-request-logging|--open(?:=.*)?|-a|--disable-host-check|--poll(?:=.*)?)$/;

function checkFlags(draft: Draft, { server, words, name }: Served): void {
  const isPort = (text: string): boolean => server.portFlags.some((flag) => text === flag || text.startsWith(`${flag}=`) || (flag.length === 2 && text.startsWith(flag)));
  const odd = words.find(({ text }) => text.startsWith('-') && !isPort(text) && !harmlessFlags.test(text));
  if (odd !== undefined) draft.refuse(odd, `\`${odd.text}\` makes \`${name}\` do more than serve files.`);
}

/** The folder that is served. */
function served(draft: Draft, tree: NodeTree, { server, words, name }: Served): Built | undefined {
  if (server.builder !== undefined) return builtFolder(draft, tree, server.builder);
  const named = operands(words, [...server.portFlags, '--host', '-a']);
  const [folder, another] = named;
  const path = folder?.value === undefined || another !== undefined ? undefined : joinPath(tree.folder, folder.value);
  if (path === undefined || path === tree.folder || !path.startsWith(`${tree.folder}/`)) {
    draft.refuse(folder ?? draft.stage.from, `Which folder \`${name}\` serves can't be told.`);
    return undefined;
  }
  const settings = `${tree.project?.folder === '' || tree.project === undefined ? '' : `${tree.project.folder}/`}serve.json`;
  if (draft.context?.sends(settings) === true) draft.refuse(draft.stage.from, '`serve.json` holds settings that nginx would not have.');
  return { path };
}

/** A server block of nginx. */
const settings = (port: number, single: boolean): string => [
  'COPY <<\'EOF\' /etc/nginx/conf.d/default.conf', 'server {', `    listen ${port};`, '    root /usr/share/nginx/html;', '    location / {',
  `        try_files $uri ${single ? '$uri/ /index.html' : '$uri.html $uri/ =404'};`, '    }', '}', 'EOF',
].join('\n');

/** Where each instruction belongs when files are all that is left. */
function placeAll(draft: Draft): void {
  const last = draft.runs.at(-1)?.index ?? -1;
  const place = (each: Instruction, early: 'build', late: 'none'): void => void draft.places.set(each, each.index < last ? early : late);
  for (const each of draft.all('ENV', 'ARG', 'USER', 'WORKDIR', 'SHELL', 'COPY', 'ADD')) place(each, 'build', 'none');
  for (const each of draft.all('CMD', 'ENTRYPOINT', 'STOPSIGNAL')) draft.places.set(each, 'none');
  for (const run of draft.runs) {
    const names = draft.file.commandsOf(run).flatMap((command) => readInvocation(command)?.packages.map(({ text }) => text.replace(/(?<=.)@.*$/, '')) ?? ['']);
    const bringsServer = isOnly(draft, run, 'language') && names.length > 0 && names.every((name) => name === 'serve' || name === 'http-server');
    draft.places.set(run, bringsServer ? 'none' : 'build');
  }
  for (const each of draft.all('COPY', 'ADD')) if (each.index > last) draft.refuse(each, 'What is copied behind the build may be served too.');
  for (const each of draft.all('VOLUME')) draft.refuse(each, 'What the volume is for can\'t be told.');
}

/** A site of files: built with Node, served by nginx. Leaves alone what starts anything else. */
export function siteShape(draft: Draft): boolean {
  const trial = draft.trial();
  const tree = nodeTree(trial);
  const start = trial.start();
  const found = tree === undefined || start === undefined ? undefined : servedBy(start, tree);
  if (tree === undefined || found === undefined) return false;
  for (const { at, reason } of trial.refusals) draft.refuse(at, reason);
  const port = portOf(draft, found);
  checkFlags(draft, found);
  const built = served(draft, tree, found);
  draft.image = draft.images.web;
  draft.title = `Build in a stage of its own and serve the files with \`${draft.image}\``;
  placeAll(draft);
  if (port === undefined || built === undefined) return true;
  const own = port < 1024 ? 8080 : port;
  if (!knowsSyntax(draft.file, 4)) draft.refuse(draft.stage.from, 'The syntax the file asks for has no here-documents, and nginx needs settings.');
  if (own !== port) {
    for (const each of draft.all('EXPOSE')) draft.rewritten.set(each, `EXPOSE ${own}`);
    for (const each of draft.all('HEALTHCHECK')) draft.refuse(each, `The health check asks for port ${port}, and nginx listens on ${own}.`);
    draft.notes.push(`nginx runs as a plain user here and listens on ${own} instead of ${port}: publish that port.`);
  }
  if (found.server.builder !== undefined && found.server.subcommand !== 'preview') draft.notes.push('What the development server read of its environment when it started is now read by the build.');
  draft.shippedFirst.push(settings(own, found.server.single(found.words)));
  draft.copies.push({ from: built.path, to: '/usr/share/nginx/html' });
  checkHealth(draft, (program) => program === 'wget' && draft.image.includes('alpine'), true);
  return true;
}
