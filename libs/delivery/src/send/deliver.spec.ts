import { expect, it, vi } from 'vitest';
import { channelByType } from '#libs/channels';
import type { Outcome } from '#libs/contracts';
import type { TakenDelivery } from '#libs/mailbox';
import type { OpenDestination } from '../destination/destination.js';
import { createDeliver, type DeliverDeps } from './deliver.js';

const taken = (id: string, over: Partial<TakenDelivery> = {}): TakenDelivery => ({
  id,
  event: JSON.stringify({ id, policy: 'p', object: id, level: 'error' }),
  ...{ ageMs: 0, delayedByMs: 0, suppressedCount: 0, attempt: 1, failures: 0, endsWorker: false, episode: 1 },
  ...over,
});

/** Settlements of deliveries in one message, to which the channel returns this outcome. */
function settle(outcome: Outcome, ...all: TakenDelivery[]) {
  const channel = { ...channelByType('dingtalk'), send: async () => outcome };
  const destination = { endpoint: { config: {}, expireAfterMs: 60_000, template: {} }, channel, target: { id: 't' } };
  const deps = {
    io: {},
    lang: 'en',
    policyName: () => 'p',
    now: () => 0,
    monotonicNow: () => 0,
    random: () => 0,
    report: () => {},
  };
  return createDeliver(deps as unknown as DeliverDeps)(destination as unknown as OpenDestination, all, {
    isHeld: true,
  });
}

it('a refused digest is sent again in halves, down to the refused delivery: the others are delivered', async () => {
  const some = ['a', 'b', 'c', 'd', 'e'].map((id) => taken(id));
  const settlements = await settle({ kind: 'rejected' }, ...some, taken('f', { behind: true }));
  expect(settlements.map(({ id, verdict, together }) => [id, verdict, together])).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((id) => [id, 'again', 3]),
  );
});

it('a digest that the remaining recipients refuse ends, because the other recipients accepted it', async () => {
  const earlier = { remaining: ['late@'], refused: [] };
  const settlements = await settle({ kind: 'rejected' }, taken('a', { earlier }), taken('b', { earlier }));
  expect(settlements.map(({ verdict }) => verdict)).toEqual(['dead', 'dead']);
});

it('a digest with a refused credential ends as a whole', async () => {
  const settlements = await settle({ kind: 'misconfigured' }, taken('a'), taken('b'));
  expect(settlements.map(({ verdict }) => verdict)).toEqual(['dead', 'dead']);
});

it('a message without its lease reports a drop and no attempt, and releases the deliveries that had one', async () => {
  const send = vi.fn();
  const channel = { ...channelByType('dingtalk'), send };
  const endpoint = { id: 'e', name: 'ops', config: {}, expireAfterMs: 60_000, template: {} };
  const destination = { endpoint, channel, target: { id: 't', label: 'robot 1' } };
  const [report, reportDrop] = [vi.fn(), vi.fn()];
  const deps = { io: {}, lang: 'en', policyName: () => 'p', now: () => 0, monotonicNow: () => 0, report, reportDrop };
  const settlements = await createDeliver(deps as unknown as DeliverDeps)(
    destination as unknown as OpenDestination,
    [taken('a'), taken('b', { behind: true })],
    { isHeld: false },
  );
  expect(settlements).toEqual([{ id: 'a', attempt: 1, verdict: 'released' }]);
  const about = { endpointId: 'e', endpointName: 'ops', channel: 'dingtalk', target: 'robot 1' };
  expect(reportDrop.mock.calls).toEqual([[{ deliveryIds: ['a'], ...about }]]);
  expect([send.mock.calls, report.mock.calls]).toEqual([[], []]);
});
