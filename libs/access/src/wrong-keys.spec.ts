import { beforeEach, describe, expect, it } from 'vitest';
import type { Principal } from '#libs/security';
import type { WrongKeyCount } from './wrong-key-count.js';
import { WrongKeys } from './wrong-keys.js';

const ADMIN: Principal = { keyName: 'admin', role: 'platform-admin', team: null };
const LIMITS = { free: 20, windowMs: 60_000, everyMs: 250, waitingMax: 8 };
const ATTACKER = '203.0.113.9';

let now: number;
let waiting: { at: number; resume: () => void }[];
let refused: Record<number, number>;
let shared: Map<string, number>;
beforeEach(() => {
  now = 1_000;
  waiting = [];
  refused = { 401: 0, 429: 0 };
  shared = new Map();
});

const countShared: WrongKeyCount = async (client, wrong) => {
  shared.set(client, (shared.get(client) ?? 0) + wrong);
  return { count: shared.get(client) ?? 0, endsInMs: 60_000 };
};

const open = (count: WrongKeyCount = countShared) =>
  new WrongKeys({
    isUnguessable: (key) => key.startsWith('generated'),
    limits: LIMITS,
    count,
    now: () => now,
    sleep: (ms) => new Promise<void>((resume) => waiting.push({ at: now + ms, resume })),
    onRefused: (status) => {
      refused[status] = (refused[status] ?? 0) + 1;
    },
  });

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** Lets time pass in steps, and resumes what waits. */
async function pass(ms: number): Promise<void> {
  for (const end = now + ms; now < end; ) {
    now += 50;
    for (const one of waiting.filter(({ at }) => at <= now)) one.resume();
    waiting = waiting.filter(({ at }) => at > now);
    await settle();
  }
}

describe('a client that guesses', () => {
  it('gets 401 for the first keys of a window and 429 with Retry-After from then on', async () => {
    const keys = open();
    const answers = Array.from({ length: 1_000 }, (_, i) => keys.judge(ATTACKER, `guess ${i}`, undefined));
    await pass(5_000);
    const settled = await Promise.all(answers);
    expect(settled.filter((answer) => answer?.status === 401)).toHaveLength(LIMITS.free);
    expect(settled.slice(LIMITS.free).every((answer) => answer?.status === 429)).toBe(true);
    expect(settled[20]).toEqual({ status: 429, retryAfterSeconds: expect.any(Number) });
    expect(refused).toEqual({ 401: 20, 429: 980 });
    // Of 980 guesses at once 8 found a turn; the others were refused without a look at their keys.
    expect(keys.report()).toEqual([{ client: ATTACKER, wrongKeys: 28, refused: 972 }]);
    expect(keys.report()).toEqual([]);
  });

  it('has at most four guesses a second judged, however many it sends', async () => {
    const keys = open();
    let judged = 0;
    for (let second = 0; second < 30; second++) {
      for (let i = 0; i < 100; i++) void keys.judge(ATTACKER, `guess ${second} ${i}`, undefined);
      await pass(1_000);
      judged += keys.report()[0]?.wrongKeys ?? 0;
    }
    expect(judged).toBeGreaterThan(30);
    expect(judged).toBeLessThanOrEqual(20 + 8 + 30 * 4);
    expect(waiting.length).toBeLessThanOrEqual(8);
  });

  it('that guesses a key which can be guessed gets no other answer than for a wrong one, unless it has a turn', async () => {
    const keys = open();
    for (let i = 0; i < 100; i++) void keys.judge(ATTACKER, `guess ${i}`, undefined);
    expect(await keys.judge(ATTACKER, 'the chosen key', ADMIN)).toEqual({ status: 429, retryAfterSeconds: 60 });
    await pass(2_000);
    const accepted = keys.judge(ATTACKER, 'the chosen key', ADMIN);
    await pass(250);
    expect(await accepted).toBeUndefined();
  });

  it('is free again when the window has ended', async () => {
    const keys = open();
    for (let i = 0; i < 21; i++) void keys.judge(ATTACKER, `guess ${i}`, undefined);
    await pass(61_000);
    expect(await keys.judge(ATTACKER, 'guess', undefined)).toEqual({ status: 401 });
  });

  it('is known by its IPv6 network, and other clients are not slowed', async () => {
    const keys = open();
    for (let i = 0; i < 100; i++) void keys.judge(`2001:db8:0:1::${i}`, `guess ${i}`, undefined);
    await pass(5_000);
    expect(refused[401]).toBe(20);
    expect(await keys.judge('2001:db8:0:2::1', 'guess', undefined)).toEqual({ status: 401 });
    expect(keys.report().map(({ client }) => client)).toEqual(['2001:db8:0:1::/64', '2001:db8:0:2::/64']);
  });
});

describe('at the address of a client that guesses', () => {
  const attack = (keys: WrongKeys) => {
    for (let i = 0; i < 500; i++) void keys.judge(ATTACKER, `guess ${i}`, undefined);
  };

  it('a generated key is accepted at once', async () => {
    const keys = open();
    attack(keys);
    expect(await keys.judge(ATTACKER, 'generated 1', ADMIN)).toBeUndefined();
  });

  it('a key that was used there before is accepted at once', async () => {
    const keys = open();
    expect(await keys.judge(ATTACKER, 'the chosen key', ADMIN)).toBeUndefined();
    attack(keys);
    expect(await keys.judge(ATTACKER, 'the chosen key', ADMIN)).toBeUndefined();
    expect((await keys.judge('192.0.2.1', 'guess', undefined))?.status).toBe(401);
  });
});

describe('the count over all processes', () => {
  it('limits a client that spreads its guesses', async () => {
    const processes = Array.from({ length: 10 }, () => open());
    for (let i = 0; i < 200; i++) {
      void processes[i % 10]?.judge(ATTACKER, `guess ${i}`, undefined);
      await settle();
    }
    await pass(60_000);
    // After the 20th key every process learns of the limit by its next wrong one.
    expect(refused[401]).toBeLessThanOrEqual(20 + 10);
    expect(shared.get(ATTACKER)).toBeGreaterThanOrEqual(20);
  });

  it('is not waited for, and a process counts alone while it fails', async () => {
    const never = open(() => new Promise(() => {}));
    for (let i = 0; i < 20; i++) expect(await never.judge(ATTACKER, `guess ${i}`, undefined)).toEqual({ status: 401 });
    const failing = open(() => Promise.reject(new Error('Redis is away')));
    for (let i = 0; i < 21; i++) void failing.judge(ATTACKER, `guess ${i}`, undefined);
    await pass(250);
    expect(refused).toEqual({ 401: 40, 429: 1 });
  });

  it('is asked once at a time for a client, and a hundred times for all', async () => {
    let asked = 0;
    const keys = open(() => {
      asked += 1;
      return new Promise(() => {});
    });
    for (let i = 0; i < 500; i++) await keys.judge(`198.51.${i >> 8}.${i & 255}`, 'guess', undefined);
    for (let i = 0; i < 10; i++) await keys.judge('198.51.0.0', 'guess', undefined);
    expect(asked).toBe(100);
  });
});

it('remembers 10,000 clients at most', async () => {
  const keys = open(() => new Promise(() => {}));
  for (let i = 0; i < 12_000; i++) await keys.judge(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`, 'guess', undefined);
  expect(keys.report()).toHaveLength(10_000);
  await pass(100);
  now += 60_000;
  keys.report();
  expect(keys.report()).toEqual([]);
});
