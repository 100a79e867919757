import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { OUTCOME_KINDS, type Outcome } from '#libs/contracts';
import type { Channel } from '../src/channel.js';
import { SITUATIONS, type Situation, type Way } from './channel-suite.js';
import { createBench, expectNoSecrets, sharedBench, shownSince, turns } from './suite-bench.js';

/** What people wait for at most when a process gives up: far less than any timeout. */
const AT_ONCE_MS = 3_000;
const TAKEN: readonly Situation[] = ['delivered', 'partial'];

/** What every channel must do with what its provider says, or does not say. */
export function sendingSuite(channel: Channel, way: Way): void {
  const bench = sharedBench(channel, way);

  const expected = (situation: Situation) => {
    const outcome = way.outcomes[situation];
    return typeof outcome === 'string' ? undefined : outcome;
  };

  function expectTold(outcome: Outcome): void {
    expect(OUTCOME_KINDS).toContain(outcome.kind);
    if (outcome.kind !== 'delivered') expect(outcome.message).toMatch(/\S/);
    expectNoSecrets(JSON.stringify(outcome), bench.sender.secrets());
  }

  /** Sends while the provider is in the situation; the process gives up on one that never answers. */
  async function sendIn(situation: Situation): Promise<Outcome> {
    bench.fake.play(situation);
    if (situation !== 'unknown') return bench.sender.send();
    const process = new AbortController();
    const sent = bench.sender.send({ signal: process.signal });
    await turns();
    const begin = performance.now();
    process.abort();
    const outcome = await sent;
    expect(performance.now() - begin).toBeLessThan(AT_ONCE_MS);
    return outcome;
  }

  describe.each(SITUATIONS)('what is %s', (situation) => {
    const said = way.outcomes[situation];
    if (typeof said === 'string') {
      it(`does not come about: ${said}`, () => expect(said).toMatch(/\S \S/));
      return;
    }
    it('is told so, without secrets', async () => {
      const before = bench.fake.shown.length;
      const outcome = await sendIn(situation);
      expect(outcome).toMatchObject(said);
      expect(outcome.retryAfterMs).toBe(said.retryAfterMs);
      expectTold(outcome);
      if (TAKEN.includes(situation)) expect((await shownSince(bench.fake, before))[0]).toContain('host-42');
      else if (situation !== 'unknown') expect(bench.fake.shown).toHaveLength(before);
    });
  });

  it.each(
    SITUATIONS.filter((situation) => !TAKEN.includes(situation) && situation !== 'unknown' && expected(situation)),
  )('what is %s in words that repeat what was sent is told without secrets', async (situation) => {
    bench.fake.play(situation);
    expectTold(await bench.sender.send({ echo: true }));
  });

  it('every target of the settings is sent to', async () => {
    bench.fake.play('delivered');
    const { targets } = bench.sender;
    const before = bench.fake.shown.length;
    for (const target of targets) expect(await bench.sender.send({ target })).toMatchObject({ kind: 'delivered' });
    for (const text of await shownSince(bench.fake, before, targets.length)) expect(text).toContain('host-42');
  });

  it('a test of the endpoint is delivered, in its own words', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const words = 'the setting is validated';
    const outcome = await bench.sender.send({ test: true, event: { level: 'info', title: words, content: words } });
    expect(outcome).toMatchObject({ kind: 'delivered' });
    await expect.poll(() => bench.fake.shown.slice(before).join('\n')).toContain(words);
  });

  it('each attempt of a delivery is told alike, under its id where the provider has a place for one', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const ids = [randomUUID(), randomUUID()] as const;
    for (const deliveryId of [ids[0], ids[0], ids[1]]) await bench.sender.send({ deliveryId });
    const [first, again] = await shownSince(bench.fake, before, 3);
    expect(again).toBe(first);
    const told = bench.fake.deliveryIds?.slice(before);
    if (told) expect(told).toEqual([ids[0], ids[0], ids[1]]);
  });

  it('what was given up before it began is not sent', async () => {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const outcome = await bench.sender.send({ signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ kind: 'unavailable' });
    expectTold(outcome);
    await turns();
    expect(bench.fake.shown).toHaveLength(before);
  });

  it('where nobody listens, the provider is unavailable', async () => {
    const gone = await createBench(channel, way);
    await gone.fake.close();
    const outcome = await gone.sender.send();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: expect.stringMatching(/\S/) });
    expectTold(outcome);
    await gone.sender.close();
  });

  it('an address that may not be reached is a matter of settings, and sees nothing', async () => {
    const denied = await createBench(channel, way, ['0.0.0.0/0', '::/0']);
    denied.fake.play('delivered');
    const outcome = await denied.sender.send();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expectTold(outcome);
    await turns();
    expect([denied.fake.shown, denied.fake.complaints]).toEqual([[], []]);
    await denied.sender.close();
    await denied.fake.close();
  });
}
