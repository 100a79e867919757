// The worker of the plain design: each job is one request.
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { Agent, request } from 'undici';

const CONCURRENCY = 100;
const dispatcher = new Agent({ connections: CONCURRENCY });

async function deliver({ data }) {
  const { statusCode, body } = await request(process.env.RECEIVER_URL, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(data),
    dispatcher,
  });
  await body.dump();
  if (statusCode >= 300) throw new Error(`the receiver returned ${statusCode}`);
}

new Worker('plain', deliver, {
  connection: new Redis({ path: process.env.REDIS_SOCKET, maxRetriesPerRequest: null }),
  concurrency: CONCURRENCY,
});
process.on('disconnect', () => process.exit());
