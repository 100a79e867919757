import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, type Outcome } from '#libs/contracts';
import type { Channel } from '../src/channel.js';
import { type SendMode, SITUATIONS, type Situation } from './channel-suite.js';
import { createBench, expectNoSecrets, sharedBench, shownSince, turns } from './suite-bench.js';

/** Maximum time of a send after an abort, in milliseconds: far below any time limit. */
const AFTER_ABORT_MS = 3_000;
const ACCEPTED: readonly Situation[] = ['delivered', 'partial'];

/** The requirements of every channel for the answers of its provider, and for missing answers. */
export function sendingSuite(channel: Channel, mode: SendMode): void {
  const bench = sharedBench(channel, mode);

  const expected = (situation: Situation) => {
    const outcome = mode.outcomes[situation];
    return typeof outcome === 'string' ? undefined : outcome;
  };

  function expectReported(outcome: Outcome): void {
    expect(OUTCOME_KINDS).toContain(outcome.kind);
    if (outcome.kind !== 'delivered') expect(outcome.message).toMatch(/\S/);
    expectNoSecrets(JSON.stringify(outcome), bench.sender.secrets());
  }

  /** Sends in a situation. In `unknown`, where the provider never answers, the process aborts. */
  async function sendIn(situation: Situation): Promise<Outcome> {
    bench.fake.play(situation);
    if (situation !== 'unknown') return bench.sender.send();
    const process = new AbortController();
    const sent = bench.sender.send({ signal: process.signal });
    await turns();
    const begin = performance.now();
    process.abort();
    const outcome = await sent;
    expect(performance.now() - begin).toBeLessThan(AFTER_ABORT_MS);
    return outcome;
  }

  describe.each(SITUATIONS)('the situation %s', (situation) => {
    const expectation = mode.outcomes[situation];
    if (typeof expectation === 'string') {
      it(`cannot occur: ${expectation}`, () => expect(expectation).toMatch(/\S \S/));
      return;
    }
    it('is reported, without secrets', async () => {
      const before = bench.fake.shown.length;
      const outcome = await sendIn(situation);
      expect(outcome).toMatchObject(expectation);
      expect(outcome.retryAfterMs).toBe(expectation.retryAfterMs);
      expectReported(outcome);
      if (ACCEPTED.includes(situation)) expect((await shownSince(bench.fake, before))[0]).toContain('host-42');
      else if (situation !== 'unknown') expect(bench.fake.shown).toHaveLength(before);
    });
  });

  it.each(
    SITUATIONS.filter((situation) => !ACCEPTED.includes(situation) && situation !== 'unknown' && expected(situation)),
  )('the text of %s is reported without secrets, even if it repeats the request', async (situation) => {
    bench.fake.play(situation);
    expectReported(await bench.sender.send({ echo: true }));
  });

  it('sends to every target of the settings', async () => {
    bench.fake.play('delivered');
    const { targets } = bench.sender;
    const before = bench.fake.shown.length;
    for (const target of targets) expect(await bench.sender.send({ target })).toMatchObject({ kind: 'delivered' });
    for (const text of await shownSince(bench.fake, before, targets.length)) expect(text).toContain('host-42');
  });

  it('delivers the text of an endpoint test', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const text = 'the setting is validated';
    const outcome = await bench.sender.send({ test: true, event: { level: 'info', title: text, content: text } });
    expect(outcome).toMatchObject({ kind: 'delivered' });
    await expect.poll(() => bench.fake.shown.slice(before).join('\n')).toContain(text);
  });

  it('each attempt of a delivery sends the same text, with the delivery id if the provider has a field for it', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const ids = [randomUUID(), randomUUID()] as const;
    for (const deliveryId of [ids[0], ids[0], ids[1]]) await bench.sender.send({ deliveryId });
    const [first, again] = await shownSince(bench.fake, before, 3);
    expect(again).toBe(first);
    const sentIds = bench.fake.deliveryIds?.slice(before);
    if (sentIds) expect(sentIds).toEqual([ids[0], ids[0], ids[1]]);
  });

  it('sends nothing after an abort', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const outcome = await bench.sender.send({ signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ kind: 'unavailable' });
    expectReported(outcome);
    await turns();
    expect(bench.fake.shown).toHaveLength(before);
  });

  it('a provider that is down is unavailable', async () => {
    const gone = await createBench(channel, mode);
    await gone.fake.close();
    const outcome = await gone.sender.send();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: expect.stringMatching(/\S/) });
    expectReported(outcome);
    await gone.sender.close();
  });

  it('a denied address is misconfigured, and receives nothing', async () => {
    const denied = await createBench(channel, mode, ['0.0.0.0/0', '::/0']);
    denied.fake.play('delivered');
    const outcome = await denied.sender.send();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expectReported(outcome);
    await turns();
    expect([denied.fake.shown, denied.fake.complaints]).toEqual([[], []]);
    await denied.sender.close();
    await denied.fake.close();
  });
}
