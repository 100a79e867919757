import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Receiver } from '../integration/delivery/world.js';
import { startProcess } from '../support/index.js';
import { EventSender, type SentEvent } from './event-sender.js';
import { Installation, type Part } from './installation.js';
import { randomFrom } from './random.js';

const SEED = Number(process.env.SCALING_SEED ?? Date.now() % 1_000_000);
const WORKERS = 4;
const CONCURRENCY = 20;
const ENDPOINTS = 6;
const SENDERS = 2;
const BATCH = 50;
const LOAD_MS = 20_000;

/** Posts new events until the load ends, one batch after the other. */
async function load(sender: EventSender, own: number, over: AbortSignal): Promise<void> {
  for (let serial = 0; !over.aborted; serial += BATCH) {
    const events: SentEvent[] = Array.from({ length: BATCH }, (_, i) => ({
      id: `s${own}-${serial + i}`,
      policy: `scaling-${(serial + i) % ENDPOINTS}`,
      object: `o${own}-${serial + i}`,
      level: 'fatal',
      labels: {},
    }));
    await sender.send(events, AbortSignal.timeout(60_000));
    await sleep(120);
  }
}

interface Ends {
  killed: number;
  stopped: (number | NodeJS.Signals | undefined)[];
}

/** Stops and restarts one worker until the load ends: mostly by SIGTERM, sometimes by SIGKILL. */
async function comeAndGo(worker: Part, ends: Ends, random: () => number, over: AbortSignal): Promise<void> {
  while (!over.aborted) {
    await worker.up();
    await sleep(300 + random() * 2_000);
    if (random() < 0.25) {
      ends.killed += 1;
      await worker.kill9();
    } else {
      ends.stopped.push(await worker.stop());
    }
    await sleep(random() * 1_000);
    await worker.restart();
  }
  await worker.up();
}

it('four workers that start and stop under load lose no event, repeat deliveries only under their own id, and respect their concurrency', async () => {
  console.log(`scaling run with SCALING_SEED=${SEED}`);
  const receiver = await Receiver.start();
  receiver.delayMs = 30;
  const installation = await Installation.start({
    workers: WORKERS,
    env: { TOCSIN_CHANNELS: 'http', TOCSIN_CONCURRENCY: String(CONCURRENCY) },
  });
  try {
    for (let i = 0; i < ENDPOINTS; i++) {
      await installation.call('POST', '/api/v1/endpoints', {
        name: `scaling ${i}`,
        channel: 'http',
        config: { url: `${receiver.url}/${i}` },
        pushPeriod: '0s',
        policies: [`scaling-${i}`],
      });
    }
    const over = new AbortController();
    const sender = new EventSender(installation.apiUrls);
    const ends: Ends = { killed: 0, stopped: [] };
    const scaling = Promise.all(
      installation.workers.map((worker, i) => comeAndGo(worker, ends, randomFrom(SEED + i), over.signal)),
    );
    const loading = Promise.all(Array.from({ length: SENDERS }, (_, own) => load(sender, own, over.signal)));
    await sleep(LOAD_MS);
    over.abort();
    await loading;
    await scaling;
    const { killed, stopped } = ends;
    const found = await installation.drained(60_000);
    const idsOf = Map.groupBy(receiver.arrivals, ({ body }) => String(body.event_id));
    console.log(
      `${stopped.length} stops, ${killed} kills; ${sender.acknowledged.size} events, ${receiver.arrivals.length} arrivals, at most ${receiver.mostOpen} at once; ledger ${JSON.stringify(found)}`,
    );

    expect(
      [...sender.acknowledged.keys()].filter((id) => !idsOf.has(id)),
      'acknowledged and not delivered',
    ).toEqual([]);
    const doubled = [...idsOf].filter(([, arrivals]) => new Set(arrivals.map(({ id }) => id)).size > 1);
    expect(doubled, 'one event under two delivery ids').toEqual([]);
    expect(found).toMatchObject({ imbalance: 0, pending: 0, dead: 0, cancelled: 0, delivered: idsOf.size });
    expect(receiver.mostOpen).toBeLessThanOrEqual(WORKERS * CONCURRENCY);
    // A worker that gets SIGTERM settles its deliveries in flight; only those of a killed one are sent again.
    expect(
      stopped.filter((end) => end !== 0),
      'workers that did not end in time',
    ).toEqual([]);
    expect(receiver.arrivals.length - idsOf.size).toBeLessThanOrEqual(killed * CONCURRENCY);
  } finally {
    await installation.stop();
    await receiver.stop();
  }
}, 180_000);

it('a worker configured for an unknown channel does not start, and names the channels', async () => {
  const worker = startProcess('dist/apps/worker/src/main.js', {
    REDIS_URL: 'redis://127.0.0.1:1',
    DATABASE_URL: 'postgres://unused@127.0.0.1:1/unused',
    TOCSIN_SECRET_KEY: Buffer.alloc(32, 7).toString('base64'),
    TOCSIN_CHANNELS: 'http,no-such-channel',
  });
  expect(await worker.exit).toBe(1);
  expect(worker.output()).toMatch(/TOCSIN_CHANNELS must name some of .*http.*no-such-channel/);
});

it('a worker whose channels exclude http takes no turns of http', async () => {
  const receiver = await Receiver.start();
  const installation = await Installation.start({
    workers: 1,
    env: { TOCSIN_CHANNELS: '-http' },
    apis: 0,
  });
  try {
    await installation.addApi('api', { TOCSIN_CHANNELS: 'all' });
    await installation.call('POST', '/api/v1/endpoints', {
      name: 'waits',
      channel: 'http',
      config: { url: receiver.url },
      policies: ['*'],
    });
    const sender = new EventSender(installation.apiUrls);
    const event = { id: 'waits', policy: 'p', object: 'o', level: 'fatal', labels: {} };
    await sender.send([event], AbortSignal.timeout(10_000));
    // Longer than a sweeper takes to find a turn that no worker took.
    await sleep(8_000);
    expect(receiver.arrivals).toEqual([]);
    expect((await installation.audit()).pending).toBe(1);
  } finally {
    await installation.stop();
    await receiver.stop();
  }
});
