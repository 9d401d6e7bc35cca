import type { BuildContext } from '../context/context.ts';
import type { Ecosystem, Plan, Wishes } from './plan.ts';
import { expose, fileOf, syntax } from './text.ts';
import { versions } from './versions.ts';

/** The port of the image that serves without being root. */
const ownPort = 8080;

/** A stage that serves files; its image starts nginx as a user of its own. */
export const serverStage = (copy: string, { port = ownPort }: Wishes, singlePage: boolean): readonly string[] => [
  '# nginx as an ordinary user, on a port that needs no root',
  `FROM nginxinc/nginx-unprivileged:${versions.nginx.usual}-alpine-slim`,
  ...(singlePage || port !== ownPort ? [
    ...(singlePage ? ['# The pages are made in the browser: what is no file is its business'] : []),
    "COPY <<'EOF' /etc/nginx/conf.d/default.conf", 'server {', `    listen ${port};`, '    root /usr/share/nginx/html;',
    '    location / {', `        try_files $uri $uri/ ${singlePage ? '/index.html' : '=404'};`, '    }', '}', 'EOF',
  ] : []),
  copy,
  expose(port) ?? '',
];

export const staticPort = ({ port = ownPort }: Wishes): number => port;

const folders = ['', 'public', 'site', 'www', 'html', 'dist', 'docs'];

const folderOf = (context: BuildContext): string | undefined => folders.find((folder) => context.has(folder === '' ? 'index.html' : `${folder}/index.html`));

function plan(context: BuildContext, wishes: Wishes): Plan {
  const folder = folderOf(context) ?? '';
  return {
    dockerfile: fileOf(...syntax, serverStage(`COPY ${folder === '' ? '.' : folder} /usr/share/nginx/html`, wishes, false)),
    start: undefined, serves: 'nginx', port: staticPort(wishes),
    notes: folder === '' ? ['Every file of the folder that `.dockerignore` does not name is served: look whether that is what you want.'] : [],
  };
}

/** Files that a web server gives out as they are. */
export const staticFiles: Ecosystem = {
  title: 'static files',
  mark: (context) => {
    const folder = folderOf(context);
    return folder === undefined ? undefined : `${folder === '' ? '' : `${folder}/`}index.html`;
  },
  plan,
};
