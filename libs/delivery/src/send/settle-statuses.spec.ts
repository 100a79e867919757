import { describe, expect, it } from 'vitest';
import { type ChannelIo, channelByType } from '#libs/channels';
import { OUTCOME_KINDS, type Outcome } from '#libs/contracts';
import { createTestIo } from '../../../channels/test/test-io.js';
import { testMessage } from '../../../channels/test/test-message.js';
import { decide } from './settle-table.js';

type Way = 'delivered' | 'again' | 'dead';

/** The next step of a delivery by the receiver's HTTP status, for all three-digit statuses. */
const STATUSES: [from: number, to: number, way: Way, counts?: 'failure' | 'no failure', maybe?: 'may have arrived'][] =
  [
    [100, 199, 'again', 'failure', 'may have arrived'],
    [200, 299, 'delivered'],
    [300, 399, 'dead'],
    [400, 407, 'dead'],
    [408, 408, 'again', 'failure'],
    [409, 424, 'dead'],
    [425, 425, 'again', 'failure'],
    [426, 428, 'dead'],
    [429, 429, 'again', 'no failure'],
    [430, 499, 'dead'],
    [500, 599, 'again', 'failure'],
    [600, 999, 'again', 'failure', 'may have arrived'],
  ];

/** The next step by the kind of outcome, for every provider. */
const KINDS: Record<Outcome['kind'], [way: Way, counts?: 'failure' | 'no failure', maybe?: 'may have arrived']> = {
  delivered: ['delivered'],
  rejected: ['dead'],
  misconfigured: ['dead'],
  throttled: ['again', 'no failure'],
  unavailable: ['again', 'failure'],
  unknown: ['again', 'failure', 'may have arrived'],
};

const FAILURES_BEFORE = 3;
const settle = (outcome: Outcome) =>
  decide(outcome, { failures: FAILURES_BEFORE, attempt: 5, ageMs: 0, expireAfterMs: 86_400_000, random: 0.5 });

const http = channelByType('http') as NonNullable<ReturnType<typeof channelByType>>;
const config = http.config.parse({ url: 'http://receiver.example/' });
const [target] = http.targets(config);
const message = testMessage(http);
const way = createTestIo();

/** The outcome that the http channel returns for an answer. */
function reported(status: number, headers: Record<string, string> = {}): Promise<Outcome> {
  const io: ChannelIo = { ...way.io(), http: async () => ({ status, headers, excerpt: '' }) };
  return http.send(message, { config, target: target as NonNullable<typeof target> }, io);
}

function expectWay(outcome: Outcome, way: Way, counts?: string, maybe?: string): void {
  const verdict = settle(outcome);
  expect(verdict.verdict).toBe(way);
  if (verdict.verdict === 'again') {
    expect(verdict.failures).toBe(FAILURES_BEFORE + (counts === 'failure' ? 1 : 0));
    expect(verdict.delayMs).toBeGreaterThan(0);
  }
  if ('maybe' in verdict) expect(verdict.maybe).toBe(maybe === 'may have arrived');
}

describe('an HTTP status', () => {
  it('is in the table exactly once', () => {
    const listed = STATUSES.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => from + i));
    expect(listed).toEqual(Array.from({ length: 900 }, (_, i) => 100 + i));
  });

  it.each(STATUSES)('from %i to %i leads to: %s %s %s', async (from, to, way, counts, maybe) => {
    for (let status = from; status <= to; status++) expectWay(await reported(status), way, counts, maybe);
  });

  it.each([429, 503, 500, 408, 425])(
    '%i with a time to wait waits no less, and no longer than an hour',
    async (status) => {
      const verdict = async (seconds: number) => settle(await reported(status, { 'retry-after': String(seconds) }));
      expect(await verdict(1_800)).toMatchObject({ verdict: 'again', delayMs: 1_800_000 });
      expect(await verdict(86_400)).toMatchObject({ verdict: 'again', delayMs: 3_600_000 });
      const date = settle(await reported(status, { 'retry-after': 'Fri, 20 Nov 2026 08:20:00 GMT' }));
      expect(date).toMatchObject({ verdict: 'again', delayMs: 1_200_000 });
      const past = settle(await reported(status, { 'retry-after': 'Fri, 20 Nov 2026 07:00:00 GMT' }));
      expect(past).toMatchObject({ verdict: 'again' });
      expect('delayMs' in past && past.delayMs).toBeLessThan(600_000);
    },
  );
});

it.each(OUTCOME_KINDS)('an outcome of kind %s leads to one next step', (kind) => {
  expectWay({ kind }, ...KINDS[kind]);
});
