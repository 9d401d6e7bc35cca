import type { FastifyInstance } from 'fastify';
import { berths } from '../berths.js';

export async function healthRoutes(server: FastifyInstance): Promise<void> {
  server.get('/health', async () => ({ status: 'open', about: 'berths of the bay', count: berths.length }));
}
