import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import type { TakenDelivery } from '#libs/mailbox';
import type { Grant } from '../rate/rates.js';
import type { Deliver } from '../send/deliver.js';
import { createActiveTargets } from './active-target.js';
import { readClocks } from './message-lease.js';
import { sendTaken } from './send-taken.js';
import { createSlots } from './slots.js';
import { noResult } from './turn-report.js';
import type { StageDeps, TurnRun } from './turn-run.js';

const REF = { channel: 'http', target: 'e.t' };
const taken = (id: string): TakenDelivery => ({ id, attempt: 1 }) as TakenDelivery;

it('dropped messages free their slots, are given back to the rate, and are settled as released', async () => {
  const slots = createSlots(3);
  await slots.reserve(3, 0);
  const settle = vi.fn(async () => ({ wakes: [], settled: 2, cancelled: 0, left: 2, ready: 2, handedOver: false }));
  const mailboxes = { settle, renewLeases: async () => [] };
  const deliver: Deliver = async (_, [first], lease) => {
    const verdict = first?.id === 'sent' ? 'delivered' : lease.isHeld ? 'dead' : 'released';
    return [{ id: first?.id ?? '', attempt: 1, verdict }];
  };
  const deps = { mailboxes, slots, deliver, readClocks, onError: expect.unreachable } as unknown as StageDeps;
  const target = createActiveTargets(deps).activate(REF);
  const report = { result: noResult(), reported: false };
  const destination = { open: true, seen: 'v1' };
  const turn = { target, job: 1, destination, endsAt: 0, report } as unknown as TurnRun;
  Object.assign(deps, { destinations: { seen: () => 'v1' } });
  const finish = vi.fn(async () => {});
  const { monotonic, wall } = readClocks();
  const batch = {
    deliveries: [taken('sent'), taken('late 1'), taken('late 2')],
    digest: false,
    more: false,
    health: 'good' as const,
    inFlightMax: 100,
    askedAt: { monotonic: monotonic - 11_000, wall },
  };
  sendTaken(turn, batch, { count: 3, waitMs: 0, use: async () => {}, finish } as Grant, deps);
  expect(target.inFlight.count).toBe(3);
  await target.inFlight.settled();
  await sleep(1);
  expect(slots.free).toBe(3);
  expect([target.inFlight.count, target.inFlight.sending]).toEqual([0, 0]);
  expect(finish.mock.calls).toEqual([[1]]);
  expect(settle.mock.calls.flat(2)).toMatchObject(
    expect.arrayContaining([
      { id: 'sent', attempt: 1, verdict: 'delivered' },
      { id: 'late 1', attempt: 1, verdict: 'released' },
      { id: 'late 2', attempt: 1, verdict: 'released' },
    ]),
  );
  expect(report.result).toMatchObject({ delivered: 1, retried: 0, dead: 0, cancelled: 0 });
});
