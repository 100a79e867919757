// The API of the plain design: every event becomes a job, unless its key had one within the push period.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';

const PERIOD_MS = 3_600_000;
const queue = new Queue('plain', {
  connection: new Redis({ path: process.env.REDIS_SOCKET, maxRetriesPerRequest: null }),
  defaultJobOptions: { attempts: 8, backoff: { type: 'exponential', delay: 1_000 }, removeOnComplete: true },
});

function jobOf(event) {
  const deduplication = { id: `${event.policy}/${event.object}`, ttl: PERIOD_MS };
  return { name: 'deliver', data: event, opts: event.policy === 'repeat' ? { deduplication } : {} };
}

createServer(async (request, response) => {
  if (request.method === 'POST') {
    const events = [JSON.parse(await text(request))].flat();
    await queue.addBulk(events.map(jobOf));
  }
  response.writeHead(202, { 'content-length': 0 }).end();
}).listen(Number(process.env.PORT), '127.0.0.1');
process.on('disconnect', () => process.exit());
