import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { Receiver } from '../integration/delivery/world.js';
import { waitFor } from '../support/index.js';
import { EventSender, type SentEvent } from './event-sender.js';
import { Installation, type Part } from './installation.js';
import { randomFrom } from './random.js';

const RUNS = Number(process.env.KILL_RUNS ?? 2);
const STORM_MS = Number(process.env.KILL_STORM_MS ?? 12_000);
const SEED = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const SENDERS = 4;
const BATCH = 20;
const KEYS = 100;

const receiver = await Receiver.start();
afterAll(() => receiver.stop());

/** Kills processes at random, alone and together, and restarts them after a while, until the storm is over. */
async function killParts(parts: readonly Part[], random: () => number, until: AbortSignal): Promise<string[]> {
  const killed: string[] = [];
  while (!until.aborted) {
    await sleep(300 + random() * 1_200);
    const together =
      random() < 0.2
        ? parts
        : random() < 0.3
          ? [...parts].sort(() => random() - 0.5).slice(0, 2)
          : [parts[Math.floor(random() * parts.length)] as Part];
    killed.push(together.map(({ name }) => name).join(' + '));
    await Promise.all(together.map((part) => part.kill9()));
    await sleep(random() * 700);
    await Promise.all(together.map((part) => part.restart()));
  }
  return killed;
}

/** Sends events of a few keys as fast as they are acknowledged. Each key has one sender, so that its order is defined. */
async function storm(sender: EventSender, own: number, random: () => number, until: AbortSignal): Promise<void> {
  for (let serial = 0; !until.aborted; serial += BATCH) {
    // Some recoveries have nothing to end: sent again with their batch, they must not end a later episode.
    const events: SentEvent[] = Array.from({ length: BATCH }, (_, i) => ({
      id: `s${own}-${serial + i}`,
      policy: `kill-${own}`,
      object: `key-${Math.floor(random() * KEYS)}`,
      level: random() < 0.3 ? 'recovered' : random() < 0.5 ? 'fatal' : 'warning',
      labels: { serial: String(serial + i) },
    }));
    await sender.send(events, AbortSignal.timeout(60_000));
    await sleep(15);
  }
}

describe.each(Array.from({ length: RUNS }, (_, i) => ({ seed: SEED + i })))(
  'a storm in which processes die, seed $seed',
  ({ seed }) => {
    it('loses no acknowledged event, repeats deliveries only under their own id, keeps the order of each key, and closes its ledger', async () => {
      console.log(`kill run with KILL_SEED=${seed}`);
      const random = randomFrom(seed);
      receiver.arrivals.length = 0;
      const answers = randomFrom(seed + 1);
      receiver.answer = () => (answers() < 0.05 ? 503 : 200);
      const installation = await Installation.start({ apis: 2, workers: 2 });
      try {
        await installation.call('POST', '/api/v1/endpoints', {
          name: 'all',
          channel: 'http',
          config: { url: receiver.url },
          pushPeriod: '0s',
          levels: ['fatal', 'error', 'nodata', 'warning', 'info', 'recovered'],
          policies: ['*'],
        });
        await sleep(1_000);

        const over = new AbortController();
        const sender = new EventSender(installation.apiUrls);
        const senders = Array.from({ length: SENDERS }, (_, own) =>
          storm(sender, own, randomFrom(seed + 2 + own), over.signal),
        );
        const killing = killParts(installation.parts, random, over.signal);
        await sleep(STORM_MS);
        over.abort();
        const killed = await killing;
        await Promise.all(senders);
        const found = await installation.drained(60_000);
        console.log(
          `${killed.length} kills (${killed.join(', ')}); ${sender.acknowledged.size} events acknowledged, ${sender.refused} answers missing or 503, ${receiver.arrivals.length} arrivals; ledger ${JSON.stringify(found)}`,
        );

        // The receiver accepted the messages it answered with 200; they must include every delivery of the ledger.
        const idsOf = new Map<string, Set<string>>();
        for (const { id, body } of receiver.arrivals) {
          const event = String(body.event_id);
          idsOf.set(event, (idsOf.get(event) ?? new Set()).add(id));
        }
        const missing = [...sender.acknowledged.values()].filter(
          ({ id, level }) => level !== 'recovered' && !idsOf.has(id),
        );
        expect(
          missing.map(({ id }) => id),
          'acknowledged and not delivered',
        ).toEqual([]);
        expect(
          [...idsOf].filter(([, ids]) => ids.size > 1),
          'one event under two delivery ids',
        ).toEqual([]);
        expect(found).toMatchObject({ imbalance: 0, pending: 0, dead: 0, cancelled: 0 });
        expect(found.delivered).toBe(idsOf.size);
        expect(disorder(receiver), 'arrived before an earlier event of their key').toEqual([]);

        // The log has every delivery, once PostgreSQL and a recorder run again.
        await waitFor(async () => (await delivered(installation)) === found.delivered, {
          timeoutMs: 20_000,
          what: 'every delivery in the log',
        });
      } finally {
        await installation.stop();
      }
    });
  },
);

/** First arrivals of events that came after a later event of their key. */
function disorder({ arrivals }: Receiver): string[] {
  const last = new Map<string, number>();
  const seen = new Set<string>();
  const late: string[] = [];
  for (const { id, body } of arrivals) {
    if (seen.has(id)) continue;
    seen.add(id);
    const key = `${body.policy}/${body.object}`;
    const serial = Number((body.labels as Record<string, string>).serial);
    if (serial < (last.get(key) ?? -1)) late.push(String(body.event_id));
    last.set(key, serial);
  }
  return late;
}

async function delivered(installation: Installation): Promise<number> {
  let count = 0;
  for (let cursor = ''; ; ) {
    const page = await installation.call<{ items: unknown[]; nextCursor: string | null }>(
      'GET',
      `/api/v1/deliveries?status=delivered&limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    count += page.items.length;
    if (!page.nextCursor) return count;
    cursor = page.nextCursor;
  }
}
