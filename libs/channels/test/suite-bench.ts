import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { redact } from '#libs/security';
import { createRenderer } from '#libs/templates';
import type { Channel } from '../src/channel.js';
import type { FakeProvider, Way } from './channel-suite.js';
import { type LogTap, tapLogs } from './log-tap.js';
import { createSender, type Sender } from './production-sender.js';

/** A provider's stand-in, and a sender whose settings lead to it. */
export interface Bench {
  fake: FakeProvider;
  sender: Sender;
}

const renderer = createRenderer();

export async function createBench(channel: Channel, way: Way, deny?: string[]): Promise<Bench> {
  const fake = await way.start();
  return { fake, sender: createSender(channel, fake.config, renderer, deny) };
}

/** One for all tests of a group. After each, the provider has nothing to complain of, and no secret was logged. */
export function sharedBench(channel: Channel, way: Way): Bench {
  const bench: Partial<Bench> = {};
  let logs: LogTap;
  let heard = 0;
  beforeAll(async () => {
    logs = tapLogs();
    Object.assign(bench, await createBench(channel, way));
  });
  afterEach(() => {
    const complaints = bench.fake?.complaints.slice(heard) ?? [];
    heard += complaints.length;
    expect(complaints).toEqual([]);
    expectNoSecrets(logs.hear(), bench.sender?.secrets() ?? []);
  });
  afterAll(async () => {
    logs.stop();
    await bench.sender?.close();
    await bench.fake?.close();
  });
  return bench as Bench;
}

export function expectNoSecrets(told: string, secrets: readonly string[]): void {
  expect(redact(told, secrets)).toBe(told);
}

/** What readers are shown once there is so much of it: some protocols are done before their receiver has read. */
export async function shownSince(fake: FakeProvider, count: number, more = 1): Promise<readonly string[]> {
  let shown: readonly string[] = [];
  const read = (): number => {
    shown = fake.shown.slice(count);
    return shown.length;
  };
  await expect.poll(read, { timeout: 10_000, interval: 1 }).toBeGreaterThanOrEqual(more);
  expect(shown).toHaveLength(more);
  return shown;
}

/**
 * Time enough for what is under way on this machine. Counted in turns of the event loop, in which the stand-in lives too:
 * a machine that stands still in between changes nothing.
 */
export async function turns(count = 25): Promise<void> {
  for (let turn = 0; turn < count; turn++) await sleep(10);
}
