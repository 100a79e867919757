import { expect, it } from 'vitest';
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

/** What becomes of deliveries that are told in one message, which a channel answers so. */
function settle(outcome: Outcome, ...all: TakenDelivery[]) {
  const channel = { ...channelByType('dingtalk'), send: async () => outcome };
  const destination = { endpoint: { config: {}, expireAfterMs: 60_000, template: {} }, channel, target: { id: 't' } };
  const parts = { io: {}, lang: 'en', policyName: () => 'p', now: () => 0, random: () => 0, report: () => {} };
  return createDeliver(parts as unknown as DeliverDeps)(destination as unknown as OpenDestination, all);
}

it('a digest that is refused is told again in smaller ones, down to the one that spoils it: the others are told', async () => {
  const some = ['a', 'b', 'c', 'd', 'e'].map((id) => taken(id));
  const settlements = await settle({ kind: 'rejected' }, ...some, taken('f', { behind: true }));
  expect(settlements.map(({ id, verdict, together }) => [id, verdict, together])).toEqual(
    ['a', 'b', 'c', 'd', 'e'].map((id) => [id, 'again', 3]),
  );
});

it('a digest that the last recipients refuse ends: others have taken all of it', async () => {
  const earlier = { remaining: ['late@'], refused: [] };
  const settlements = await settle({ kind: 'rejected' }, taken('a', { earlier }), taken('b', { earlier }));
  expect(settlements.map(({ verdict }) => verdict)).toEqual(['dead', 'dead']);
});

it('a digest that finds its credential refused ends whole', async () => {
  const settlements = await settle({ kind: 'misconfigured' }, taken('a'), taken('b'));
  expect(settlements.map(({ verdict }) => verdict)).toEqual(['dead', 'dead']);
});
