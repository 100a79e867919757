import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { audit } from '#libs/mailbox';
import { DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';

const gate = new Gate(11, [endpoint({ pushPeriodMs: HOUR })]);
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [endpoint({ pushPeriodMs: HOUR })];
});
afterAll(() => gate.close());

/** Accepted by some; `late@` is to be tried again, and `gone@` was refused permanently. */
const someTookIt = { delayMs: MINUTE, failures: 1, remaining: ['late@'], partial: ['gone@'] };
/** An attempt that the server accepted for no recipient. */
const failed = (n: number) => ({
  tried: { n, startedAt: 0, durationMs: 5, outcome: 'unavailable' as const, code: '450' },
});
const final = async () => (await gate.outcomes()).filter(({ status }) => status !== 'retrying');

async function expectBooks(counts: Record<string, number>): Promise<void> {
  expect(await audit(gate.redis)).toMatchObject({ pending: 0, imbalance: 0, ...counts });
}

describe('a partly accepted delivery', () => {
  it('is tried again for the others, with the remaining and the refused recipients', async () => {
    await gate.post('fatal');
    const [first] = await gate.run('again', someTookIt);
    expect(first?.earlier).toBeUndefined();
    gate.now += MINUTE;
    const again = await gate.take();
    expect(again[0]?.earlier).toEqual({ remaining: ['late@'], refused: ['gone@'] });
    await gate.settle(again, 'delivered', { partial: ['gone@'] });
    expect(await final()).toMatchObject([{ status: 'delivered', partial: '["gone@"]' }]);
    await expectBooks({ admitted: 1, delivered: 1 });
  });

  it('ends delivered, with the unreached recipients, when it is given up', async () => {
    await gate.post('fatal');
    await gate.run('again', someTookIt);
    gate.now += 2 * DAY;
    expect(await gate.take()).toEqual([]);
    const [outcome] = await final();
    expect(outcome).toMatchObject({ status: 'delivered', partial: '["late@","gone@"]' });
    expect(outcome?.reason).toBeUndefined();
    await expectBooks({ delivered: 1, cancelled: 0 });
  });

  it('stays delivered when the server refuses the next try, and gives no claim back', async () => {
    await gate.post('fatal');
    await gate.run('again', someTookIt);
    gate.now += MINUTE;
    await gate.run('dead');
    expect(await final()).toMatchObject([{ status: 'delivered', partial: '["late@","gone@"]' }]);
    expect(await gate.post('fatal')).toBe('period');
    await expectBooks({ delivered: 1, dead: 0 });
  });

  it('does not delay the recovery: the last recipients get exactly one more try', async () => {
    await gate.post('fatal');
    await gate.run('again', someTookIt);
    await gate.post('recovered');
    gate.now += MINUTE;
    await gate.run('again', someTookIt);
    expect(await final()).toMatchObject([{ status: 'delivered', partial: '["gone@","late@"]' }]);
    expect((await gate.run('delivered')).map(({ event }) => JSON.parse(event).level)).toEqual(['recovered']);
    await expectBooks({ delivered: 2 });
  });

  it('has one more try for the last recipients if the recovery came before the first try ended', async () => {
    await gate.post('fatal');
    const first = await gate.take();
    await gate.post('recovered');
    await gate.settle(first, 'again', someTookIt);
    expect(await final()).toEqual([]);
    gate.now += MINUTE;
    await gate.run('delivered', { partial: ['gone@'] });
    expect(await final()).toMatchObject([{ status: 'delivered', partial: '["gone@"]' }]);
    await gate.run('delivered');
    await expectBooks({ delivered: 2 });
  });

  it('has reported the count of suppressed events, and a newer one does not repeat it', async () => {
    await gate.post('fatal');
    await gate.run('delivered');
    for (let i = 0; i < 2; i++) expect(await gate.post('fatal')).toBe('period');
    gate.now += HOUR;
    await gate.post('fatal');
    expect((await gate.run('again', { ...someTookIt, delayMs: 2 * HOUR }))[0]?.suppressedCount).toBe(2);
    gate.now += HOUR;
    await gate.post('fatal');
    gate.now += HOUR;
    expect((await gate.take()).map(({ suppressedCount }) => suppressedCount)).toEqual([0]);
  });

  it('keeps the results of the others after a try without an answer', async () => {
    await gate.post('fatal');
    await gate.run('again', someTookIt);
    gate.now += MINUTE;
    await gate.run('again', { ...failed(2), delayMs: MINUTE, failures: 2 });
    expect((await gate.outcomes()).at(-1)).toMatchObject({ status: 'retrying', partial: '["late@","gone@"]' });
    gate.now += MINUTE;
    const again = await gate.take();
    expect(again[0]?.earlier).toEqual({ remaining: ['late@'], refused: ['gone@'] });
    await gate.post('recovered');
    await gate.settle(again, 'again', { ...failed(3), delayMs: MINUTE, failures: 3 });
    expect(await final()).toMatchObject([{ status: 'delivered', partial: '["late@","gone@"]' }]);
  });

  it('does not improve the health of its target by a try without an answer', async () => {
    await gate.post('fatal', { object: 'first' });
    await gate.run('again', { ...someTookIt, delayMs: HOUR });
    for (let i = 0; i < 5; i++) {
      await gate.post('fatal', { object: `o${i}` });
      await gate.run('again', { ...failed(1), delayMs: DAY, failures: 1 });
    }
    gate.now += HOUR;
    const [first] = await gate.take();
    expect(first?.earlier).toBeDefined();
    if (first) await gate.settle([first], 'again', { ...failed(2), delayMs: HOUR, failures: 2 });
    expect(await gate.take()).toEqual([]);
    gate.now += MINUTE;
    expect(await gate.take()).toHaveLength(1);
  });

  it('does not count against its target, which continues at full pace', async () => {
    for (let i = 0; i < 8; i++) await gate.post('fatal', { object: `o${i}` });
    for (let i = 0; i < 8; i++) {
      const [one] = await gate.take('t', 'e1', 1);
      expect(one).toBeDefined();
      if (one) await gate.settle([one], 'again', { ...someTookIt, ...failed(1), delayMs: HOUR });
    }
  });
});

describe('a later message of an episode', () => {
  it('names the last push that was sent, and its episode', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    await gate.post('warning');
    const [first] = await gate.run('delivered');
    gate.now += MINUTE;
    await gate.post('fatal');
    const [second] = await gate.run('delivered');
    gate.now += MINUTE;
    await gate.post('recovered');
    const [recovery] = await gate.run('delivered');
    expect([first?.follows, second?.follows, recovery?.follows]).toEqual([undefined, first?.id, second?.id]);
    expect([second?.episode, recovery?.episode]).toEqual([first?.episode, first?.episode]);
    gate.now += MINUTE;
    await gate.post('fatal');
    const [next] = await gate.run('delivered');
    expect(next?.follows).toBeUndefined();
    expect(next?.episode).not.toBe(first?.episode);
  });

  it('follows the standing push, not one that died', async () => {
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    await gate.post('warning');
    const [first] = await gate.run('delivered');
    await gate.post('fatal');
    await gate.run('dead');
    await gate.post('recovered');
    expect((await gate.run('delivered'))[0]?.follows).toBe(first?.id);
  });
});
