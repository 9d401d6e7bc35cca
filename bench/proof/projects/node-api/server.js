import { createServer } from 'node:http';
import ms from 'ms';
import { orders } from './lib/orders.js';

const server = createServer((request, response) => {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ orders, cachedFor: ms('2 hours'), environment: process.env.NODE_ENV }));
});
server.listen(3100);
