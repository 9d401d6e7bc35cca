import type { BuildContext } from '../context/context.ts';

/** Names that Compose looks for. */
export const composeNames = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'] as const;

/** A file for Compose with the one service that the Dockerfile makes. */
export const composeText = (context: BuildContext, port: number | undefined): string => [
  '# docker compose up --build', 'services:', '  app:', '    build: .',
  ...(port === undefined ? [] : ['    ports:', `      - "${port}:${port}"`]),
  ...(context.has('.env') ? ['    env_file: .env'] : []), '',
].join('\n');
