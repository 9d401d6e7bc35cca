import { expect, it } from 'vitest';
import { createApp } from '../src/app.js';

it('books a berth once a day', async () => {
  const app = await createApp();
  const book = () => app.inject({ method: 'POST', url: '/bookings', payload: { berth: 2, ship: 'Alma', day: '2026-05-01' } });
  expect((await book()).statusCode).toBe(201);
  expect((await book()).statusCode).toBe(409);
  await app.close();
});
