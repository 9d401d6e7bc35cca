import type { FastifyInstance } from 'fastify';
import jwt from 'jsonwebtoken';
import { bookingRequest, Bookings } from '../bookings.js';

const key = process.env.BOOKING_KEY ?? 'for development';

export async function bookingRoutes(server: FastifyInstance): Promise<void> {
  const bookings = new Bookings();
  server.post('/bookings', async (request, reply) => {
    const read = bookingRequest.safeParse(request.body);
    if (!read.success) return reply.code(400).send({ message: read.error.issues[0]?.message });
    const booking = bookings.add(read.data);
    if (booking === undefined) return reply.code(409).send({ message: 'The berth is taken on that day.' });
    return reply.code(201).send({ ...booking, token: jwt.sign({ id: booking.id }, key) });
  });
  server.delete<{ Params: { id: string } }>('/bookings/:id', async (request, reply) => {
    const token = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
    try {
      const claims = jwt.verify(token, key);
      if (typeof claims === 'string' || claims.id !== request.params.id) return reply.code(403).send();
    } catch {
      return reply.code(401).send();
    }
    return reply.code(bookings.remove(request.params.id) ? 204 : 404).send();
  });
}
