import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import fastify, { type FastifyInstance } from 'fastify';
import { berthRoutes } from './routes/berths.js';
import { bookingRoutes } from './routes/bookings.js';
import { healthRoutes } from './routes/health.js';

export async function createApp(): Promise<FastifyInstance> {
  const app = fastify({ logger: { level: process.env.LOG_LEVEL ?? 'info' } });
  await app.register(helmet);
  await app.register(cors);
  await app.register(rateLimit, { max: 600 });
  await app.register(swagger, { openapi: { info: { title: 'Berths', version: '2.1.0' } } });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  await app.register(healthRoutes);
  await app.register(berthRoutes);
  await app.register(bookingRoutes);
  return app;
}
