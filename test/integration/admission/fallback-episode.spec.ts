import { afterAll, expect, it } from 'vitest';
import { acceptFallback } from '#libs/mailbox';
import { endpoint, Gate, HOUR } from './harness.js';

const standIn = endpoint({ id: 'stand-in' });
const gate = new Gate(13, [standIn]);
afterAll(() => gate.close());

const RULES = {
  endpointInfo: { endpointId: 'stand-in', endpointName: 'stand-in', team: 'default', channel: 'http', target: 't' },
  pushPeriodMs: 0,
  expireAfterMs: HOUR,
  fallback: '',
  open: true,
};

// The episode is part of the thread id of a mail. A lost one would join unrelated incidents in one conversation.
it('deliveries at a fallback endpoint keep the episode of the endpoint that they replace', async () => {
  await gate.flush();
  await gate.prove('t', 'stand-in');
  const context = { redis: gate.redis, now: () => gate.now };
  const accept = (push: string, episode: string) =>
    acceptFallback(context, standIn, [{ id: 't', label: 't' }], {
      ...{ deadPush: `dead-${push}`, push, event: '{}', key: push, episode },
      ...{ severity: 5, born: gate.now, suppressed: 0, origin: '' },
    });
  const [wake] = await accept('p1', 'e1:12');
  await accept('p2', 'e2:7');
  const ref = { channel: 'http', target: wake?.target ?? '' };
  const call = { job: wake?.job ?? 0, callId: 'call', max: 10 };
  const taken = await gate.mailboxes.take(ref, call, RULES);
  expect(taken?.deliveries.map(({ episode }) => episode)).toEqual(['e1:12', 'e2:7']);
});
