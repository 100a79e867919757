import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { redact } from '#libs/security';
import { createRenderer } from '#libs/templates';
import type { Channel } from '../src/channel.js';
import type { FakeProvider, SendMode } from './channel-suite.js';
import { type LogTap, tapLogs } from './log-tap.js';
import { createSender, type Sender } from './production-sender.js';

/** A fake provider, and a sender with settings for it. */
export interface Bench {
  fake: FakeProvider;
  sender: Sender;
}

const renderer = createRenderer();

export async function createBench(channel: Channel, mode: SendMode, deny?: string[]): Promise<Bench> {
  const fake = await mode.start();
  return { fake, sender: createSender(channel, fake.config, renderer, deny) };
}

/** A bench shared by the tests of a group. After each test there must be no complaints and no secrets in logs. */
export function sharedBench(channel: Channel, mode: SendMode): Bench {
  const bench: Partial<Bench> = {};
  let logs: LogTap;
  let checked = 0;
  beforeAll(async () => {
    logs = tapLogs();
    Object.assign(bench, await createBench(channel, mode));
  });
  afterEach(() => {
    const complaints = bench.fake?.complaints.slice(checked) ?? [];
    checked += complaints.length;
    expect(complaints).toEqual([]);
    expectNoSecrets(logs.take(), bench.sender?.secrets() ?? []);
  });
  afterAll(async () => {
    logs.stop();
    await bench.sender?.close();
    await bench.fake?.close();
  });
  return bench as Bench;
}

export function expectNoSecrets(text: string, secrets: readonly string[]): void {
  expect(redact(text, secrets)).toBe(text);
}

/** Waits for new shown texts, because in some protocols a send ends before the receiver has read the message. */
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
 * Waits for work in flight in this process. It counts turns of the event loop, which the fake provider shares, so a pause
 * of the machine does not shorten it.
 */
export async function turns(count = 25): Promise<void> {
  for (let turn = 0; turn < count; turn++) await sleep(10);
}
