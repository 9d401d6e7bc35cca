import type { FastifyInstance } from 'fastify';
import { berthOf, berths } from '../berths.js';

export async function berthRoutes(server: FastifyInstance): Promise<void> {
  server.get('/berths', async () => berths);
  server.get<{ Params: { id: string } }>('/berths/:id', async (request, reply) => {
    const berth = berthOf(Number(request.params.id));
    return berth ?? reply.code(404).send({ message: 'There is no such berth.' });
  });
}
