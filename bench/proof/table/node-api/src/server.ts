import { createApp } from './app.js';

const app = await createApp();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void app.close().then(() => process.exit(0)));
await app.listen({ host: '0.0.0.0', port: Number(process.env.PORT ?? 3301) });
