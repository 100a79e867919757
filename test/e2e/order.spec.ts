import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { IN_FLIGHT_LEASE_MS } from '#libs/mailbox';
import { waitFor } from '../support/index.js';
import { EventSender, type SentEvent } from './event-sender.js';
import { FickleReceiver, type TakenMessage } from './fickle-receiver.js';
import { Installation, type Part } from './installation.js';
import { randomFrom } from './random.js';

const SEED = Number(process.env.ORDER_SEED ?? Date.now() % 1_000_000);
const KEYS = Number(process.env.ORDER_KEYS ?? 10_000);
/** Number of targets. A throttled target waits on its own, so there are many. */
const ENDPOINTS = 20;
const SENDERS = 4;
/** Workers that are killed and restarted. */
const KILLED_WORKERS = 3;
/** Workers that are stopped and continued, at overlapping times. */
const STOPPED_WORKERS = 5;
const STOPS_EACH = 4;
/** Length of a stop: longer than the in-flight lease, so that another worker takes what the stopped one holds. */
const STOP_MS = IN_FLIGHT_LEASE_MS + 1_000;
const BATCH = 200;
/** Most keys with unsent events at a sender, so that a recovery usually follows its firing soon. */
const OPEN_KEYS = 150;
/** Episodes of one key in ten. */
const ROUNDS = 3;
/** As long as workers are stopped. */
const SENDING_MS = STOPS_EACH * (STOP_MS + 1_500);

interface Key {
  policy: string;
  object: string;
  /** Number of the next event to send; even numbers are firings. */
  next: number;
  end: number;
}

const keysOf = (sender: number): Key[] =>
  Array.from({ length: KEYS / SENDERS }, (_, i) => {
    const number = sender * (KEYS / SENDERS) + i;
    const rounds = number % 10 === 0 ? ROUNDS : 1;
    return { policy: `order-${number % ENDPOINTS}`, object: `key-${number}`, next: 0, end: 2 * rounds };
  });

/** The next event of a key: firing and recovery in turn, numbered so that the order at the receiver can be checked. */
function nextEvent(key: Key): SentEvent {
  const serial = key.next++;
  return {
    id: `${key.object}-${serial}`,
    policy: key.policy,
    object: key.object,
    level: serial % 2 === 0 ? 'fatal' : 'recovered',
    labels: { serial: String(serial) },
  };
}

/** Sends the events of its keys in batches: keys mixed at random, the events of each key in order. */
async function sendAll(sender: EventSender, own: number, random: () => number): Promise<void> {
  const waiting = keysOf(own);
  const open = waiting.splice(0, OPEN_KEYS);
  const events = waiting.concat(open).reduce((sum, { end }) => sum + end, 0);
  const pause = SENDING_MS / (events / BATCH);
  for (let batch: SentEvent[] = []; open.length > 0; batch = []) {
    while (batch.length < BATCH && open.length > 0) {
      const at = Math.floor(random() * open.length);
      const key = open[at] as Key;
      batch.push(nextEvent(key));
      if (key.next === key.end) open.splice(at, 1, ...waiting.splice(0, 1));
    }
    await sender.send(batch, AbortSignal.timeout(60_000));
    await sleep(pause);
  }
}

/** Kills workers, one or two at a time, until the storm is over, and restarts each soon. A killed one has started before. */
async function killWorkers(workers: readonly Part[], random: () => number, over: AbortSignal): Promise<number> {
  let kills = 0;
  while (!over.aborted) {
    await sleep(500 + random() * 1_500);
    const some = [...workers].sort(() => random() - 0.5).slice(0, random() < 0.3 ? 2 : 1);
    await Promise.all(some.map((worker) => worker.kill9()));
    kills += some.length;
    await sleep(random() * 700);
    await Promise.all(some.map((worker) => worker.restart()));
    await Promise.all(some.map((worker) => worker.up()));
  }
  return kills;
}

/** Stops a worker again and again for longer than its in-flight leases. Between the stops it sends for a moment. */
async function stopWorker(worker: Part, random: () => number): Promise<number> {
  for (let stops = 0; stops < STOPS_EACH; stops++) {
    await sleep(500 + random() * 1_500);
    worker.pause();
    try {
      await sleep(STOP_MS + random() * 2_000);
    } finally {
      worker.resume();
    }
  }
  return STOPS_EACH;
}

/** Messages accepted out of order: before an earlier event of their key, or after a later one. */
function disorder(taken: readonly TakenMessage[]): string[] {
  const last = new Map<string, number>();
  return taken.flatMap(({ event, object, labels }) => {
    const serial = Number(labels.serial);
    const before = last.get(object) ?? -1;
    last.set(object, Math.max(serial, before));
    // The same event again is a repeat, needed after a lost answer.
    return serial === before || serial === before + 1 ? [] : [`${event} after number ${before}`];
  });
}

async function addEndpoints(installation: Installation, url: string): Promise<void> {
  for (let i = 0; i < ENDPOINTS; i++) {
    await installation.call('POST', '/api/v1/endpoints', {
      name: `order ${i}`,
      channel: 'http',
      config: { url: `${url}${i}`, timeout: '2s' },
      pushPeriod: '0s',
      levels: ['fatal', 'recovered'],
      policies: [`order-${i}`],
    });
  }
}

it('with a receiver that fails at random, killed workers and 20 stops of workers, 10,000 keys keep their order of firing and recovery, and no event is lost', async () => {
  console.log(`order run with ORDER_SEED=${SEED}`);
  const random = randomFrom(SEED);
  const moods = { unavailable: 0.03, throttled: 0.002, reset: 0.01, hang: 0.003 };
  const receiver = await FickleReceiver.start(moods, randomFrom(SEED + 1));
  const installation = await Installation.start({ workers: KILLED_WORKERS + STOPPED_WORKERS });
  try {
    await addEndpoints(installation, receiver.url);
    const over = new AbortController();
    const sender = new EventSender(installation.apiUrls);
    const workers = installation.workers;
    await Promise.all(workers.map((worker) => worker.up()));
    const killing = killWorkers(workers.slice(STOPPED_WORKERS), random, over.signal);
    const stopping = workers
      .slice(0, STOPPED_WORKERS)
      .map((worker, own) => stopWorker(worker, randomFrom(SEED + 100 + own)));
    await Promise.all(Array.from({ length: SENDERS }, (_, own) => sendAll(sender, own, randomFrom(SEED + 2 + own))));
    const stops = (await Promise.all(stopping)).reduce((sum, count) => sum + count, 0);
    over.abort();
    const kills = await killing;
    // Most deliveries have met the receiver's failures; the rest need not wait for more.
    await waitFor(() => receiver.taken.length >= 0.9 * sender.acknowledged.size, {
      timeoutMs: 120_000,
      what: `nine tenths to be taken; ${receiver.taken.length} are, with refusals ${JSON.stringify(receiver.refusals)}`,
    });
    receiver.calm();
    const found = await installation.drained(60_000);
    const events = new Set(receiver.taken.map(({ event }) => event));
    console.log(
      `${kills} kills, ${stops} stops, refusals ${JSON.stringify(receiver.refusals)}, ${receiver.abandoned} abandoned, ${receiver.taken.length} taken of ${sender.acknowledged.size} events; ledger ${JSON.stringify(found)}`,
    );
    expect(stops).toBe(STOPPED_WORKERS * STOPS_EACH);
    expect(disorder(receiver.taken).slice(0, 20), 'taken out of order').toEqual([]);
    const missing = [...sender.acknowledged.keys()].filter((id) => !events.has(id));
    expect(missing.slice(0, 20), 'acknowledged and not taken').toEqual([]);
    expect(sender.acknowledged.size).toBe(KEYS * 2 + (KEYS / 10) * 2 * (ROUNDS - 1));
    expect(found).toMatchObject({ imbalance: 0, pending: 0, dead: 0, cancelled: 0, delivered: events.size });
  } finally {
    await installation.stop();
    await receiver.stop();
  }
}, 360_000);
