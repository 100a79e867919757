import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LEVELS, type Level } from '#libs/contracts';
import { audit, type TakenDelivery } from '#libs/mailbox';
import { DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';
import { ReferenceModel, type Rules } from './reference-model.js';

const PROCESSES = 3;
const RUNS = Number(process.env.MODEL_RUNS ?? 150);
const gates: Gate[] = [];
afterAll(() => Promise.all(gates.map((gate) => gate.close())));

type Step =
  | { do: 'post'; level: Level; key: string; id: string | undefined; process: number }
  | { do: 'take'; target: number }
  | { do: 'settle'; pick: number; verdict: 'delivered' | 'dead' | 'retry' | 'unanswered' | 'mixed' | 'released' }
  | { do: 'cancel'; pick: number }
  | { do: 'fold'; over: number }
  | { do: 'change'; rules: Partial<Rules> }
  | { do: 'late'; pick: number; verdict: 'delivered' | 'dead' | 'again' }
  | { do: 'resume'; target: number }
  | { do: 'sweep' }
  | { do: 'wait'; ms: number };

const level = fc.constantFrom<Level>('fatal', 'error', 'nodata', 'warning', 'info', 'recovered', 'recovered');
const steps = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('post' as const),
        level,
        key: fc.constantFrom('a', 'b', 'c'),
        id: fc.option(fc.constantFrom('id1', 'id2', 'id3'), { nil: undefined, freq: 4 }),
        process: fc.nat(PROCESSES - 1),
      }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('take' as const), target: fc.nat(1) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        do: fc.constant('settle' as const),
        pick: fc.nat(20),
        verdict: fc.constantFrom(
          'delivered' as const,
          'delivered' as const,
          'dead' as const,
          'dead' as const,
          'retry' as const,
          'unanswered' as const,
          'mixed' as const,
          'released' as const,
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), pick: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('fold' as const), over: fc.constantFrom(0, 1, 2) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('resume' as const), target: fc.nat(1) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('sweep' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('late' as const),
        pick: fc.nat(20),
        verdict: fc.constantFrom('delivered' as const, 'dead' as const, 'again' as const),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant('change' as const),
        rules: fc.record(
          {
            pushPeriodMs: fc.constantFrom(0, MINUTE, HOUR, 12 * HOUR),
            maxPushes: fc.constantFrom(0, 1, 2),
            pushOnEscalation: fc.boolean(),
            periodAcrossRecovery: fc.boolean(),
            levels: fc.constantFrom<readonly Level[]>(LEVELS, ['fatal', 'error'], ['fatal', 'warning', 'recovered']),
            enabled: fc.boolean(),
          },
          { requiredKeys: [] },
        ),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('wait' as const),
        ms: fc.constantFrom(1, 30_000, MINUTE, 10 * MINUTE, HOUR, 12 * HOUR, 7 * DAY),
      }),
    },
  ),
  { maxLength: 60, size: 'max' },
);

/** The deliveries of one message: one, or several in a digest, some of them behind others of their keys. */
interface Message {
  target: string;
  takenAt: number;
  heads: TakenDelivery[];
  behind: TakenDelivery[];
}
const LEASE_MS = 12_000;
const EXPIRE_AFTER_MS = DAY;
const DIGEST_MAX = 500;
let digests = 0;

/** Runs a sequence of steps against the real scripts and the model, and compares every answer. */
async function follow(
  gate: Gate,
  targets: readonly string[],
  script: readonly Step[],
  digestOver: number,
): Promise<void> {
  await gate.flush();
  gate.digestOver = digestOver;
  for (const target of targets) await gate.prove(target);
  const model = new ReferenceModel(targets);
  let rules: Rules = {
    pushPeriodMs: HOUR,
    maxPushes: 0,
    pushOnEscalation: true,
    periodAcrossRecovery: false,
    levels: LEVELS,
    enabled: true,
  };
  gate.endpoints = [endpoint({ targets: [...targets], ...rules })];
  const inFlight = new Map<string, Message>();
  // Messages whose in-flight leases expired and whose deliveries other turns have taken since.
  const ghosts = new Set<Message>();
  // Deliveries confirmed by an earlier message while a later one was in flight, which ends them.
  const confirmed = new Set<string>();
  // Most deliveries in one digest after a refused one, by delivery.
  const together = new Map<string, number>();

  /** Whether the expiry of its in-flight lease was noticed. */
  const lose = (id: string): void => {
    const earlier = inFlight.get(id);
    if (!earlier) return;
    expect(gate.now, 'taken twice within a lease').toBeGreaterThanOrEqual(earlier.takenAt + LEASE_MS);
    inFlight.delete(id);
    ghosts.add(earlier);
    model.failed(id, true);
  };
  const loseAll = (target: string): void => {
    for (const [id, message] of inFlight) {
      if (message.target === target && gate.now >= message.takenAt + LEASE_MS) lose(id);
    }
  };

  const expectTogether = (heads: readonly TakenDelivery[], behind: readonly TakenDelivery[]): void => {
    let left = Math.min(...heads.map(({ id }) => together.get(id) ?? DIGEST_MAX)) - heads.length;
    expect(left, 'more than one digest may have').toBeGreaterThanOrEqual(0);
    const expected = heads.flatMap(({ id }) => {
      const sent = model.sentWith(id, left);
      left -= sent.length;
      return sent;
    });
    const sent = behind.map(({ id }) => id);
    expect(sent, 'left out, or out of order').toEqual(expected);
    digests += 1;
  };

  const take = async (target: string): Promise<void> => {
    const taking = await gate.taking(target);
    if (!taking) return;
    loseAll(target);
    // Deliveries ended by the take had to end, and were first of their keys.
    for (const { id, reason } of await gate.cancelled()) {
      if (reason === 'firing not delivered') continue;
      lose(id);
      expect(model.mayGo(id), `${reason} out of its order`).toBe(true);
      expect(model.mustEnd(id, gate.now, rules, EXPIRE_AFTER_MS), id).toBe(reason);
      if (reason === 'expired') model.end(id, 'expired', gate.now, rules);
      else model.supersede(id, gate.now, rules);
    }
    const heads = taking.deliveries.filter(({ behind }) => !behind);
    const behind = taking.deliveries.filter((delivery) => delivery.behind);
    for (const { id, suppressedCount } of taking.deliveries) expect(suppressedCount).toBe(model.suppressedCount(id));
    for (const { id } of heads) {
      lose(id);
      expect(model.mayGo(id), 'overtakes an earlier one of its key').toBe(true);
      expect(model.mustEnd(id, gate.now, rules, EXPIRE_AFTER_MS), 'is sent no more').toBeUndefined();
    }
    if (taking.digest) expectTogether(heads, behind);
    else expect(behind).toEqual([]);
    const at = { target, takenAt: gate.now };
    const messages = taking.digest
      ? [{ ...at, heads, behind }]
      : heads.map((one) => ({ ...at, heads: [one], behind: [] }));
    for (const message of messages) for (const { id } of message.heads) inFlight.set(id, message);
  };

  const deliver = async (message: Message): Promise<void> => {
    const sent = [...message.heads, ...message.behind];
    await gate.settle(sent, 'delivered', { target: message.target, pushPeriodMs: rules.pushPeriodMs });
    // Also if another turn has taken some of it since: the message was sent. One that is in flight again ends later.
    for (const { id } of sent) {
      if (!model.isPending(id)) continue;
      const later = inFlight.get(id);
      if (later && later !== message && gate.now < later.takenAt + LEASE_MS) {
        confirmed.add(id);
        continue;
      }
      // Behind an earlier one that is in flight again, it is sent again.
      if (!model.mayGo(id)) {
        model.arrived(id);
        continue;
      }
      inFlight.delete(id);
      model.settle(id, 'delivered', gate.now, rules);
    }
  };
  const fail = async (
    message: Message,
    verdictOf: (place: number) => 'dead' | 'retry' | 'unanswered' | 'released',
  ): Promise<void> => {
    const { target } = message;
    const { pushPeriodMs } = rules;
    const all = message.heads.length + message.behind.length;
    for (const [place, head] of message.heads.entries()) {
      const verdict = verdictOf(place);
      const maybe = verdict === 'unanswered';
      const fewer = verdict === 'retry' && all > 1 ? { together: Math.floor(all / 2) } : {};
      const over = verdict === 'dead' ? { pushPeriodMs: rules.pushPeriodMs } : { delayMs: 1_000, maybe, ...fewer };
      const settled = verdict === 'dead' || verdict === 'released' ? verdict : 'again';
      await gate.settle([head], settled, { target, ...over, ...(confirmed.has(head.id) && { pushPeriodMs }) });
      if (inFlight.get(head.id) !== message) continue;
      inFlight.delete(head.id);
      if (confirmed.has(head.id)) model.settle(head.id, 'delivered', gate.now, rules);
      else if (verdict === 'dead') model.settle(head.id, 'dead', gate.now, rules);
      else {
        model.failed(head.id, maybe);
        if (fewer.together !== undefined) together.set(head.id, fewer.together);
      }
    }
  };

  for (const step of script) {
    if (step.do === 'wait') gate.now += step.ms;
    if (step.do === 'change') {
      rules = { ...rules, ...step.rules };
      gate.endpoints = [endpoint({ targets: [...targets], ...rules })];
    }
    if (step.do === 'post') {
      const over = { object: step.key, ...(step.id === undefined ? {} : { id: step.id }) };
      const [result] = await gate.admit([gate.incoming(step.level, over)], step.process);
      const found = result?.endpoints[0];
      const expected = model.post(step.level, step.key, step.id, found?.deliveryId ?? '', gate.now, rules);
      expect(found?.result, JSON.stringify(step)).toBe(expected);
    }
    if (step.do === 'take') await take(targets[step.target % targets.length] as string);
    if (step.do === 'resume') await gate.resume(targets[step.target % targets.length] as string);
    if (step.do === 'sweep') await gate.sweep();
    if (step.do === 'fold') gate.digestOver = step.over;
    if (step.do === 'cancel') {
      const id = model.pending[step.pick % Math.max(model.pending.length, 1)];
      // Cancelling a recovery while its firings are in flight leaves an episode in which they do not count.
      if (id === undefined || (model.isRecovery(id) && !model.mayGo(id))) continue;
      const cancelled = await gate.cancel([id], model.targetOf(id), rules.pushPeriodMs);
      expect(cancelled, 'only what is in flight is past recall').toEqual(inFlight.has(id) ? [] : [id]);
      if (cancelled.length > 0) model.end(id, 'by an operator', gate.now, rules);
      await gate.cancelled();
    }
    if (step.do === 'late') {
      const ghost = [...ghosts][step.pick % Math.max(ghosts.size, 1)];
      if (!ghost) continue;
      // A late success counts while no other result is known; a late failure never does.
      if (step.verdict === 'delivered') await deliver(ghost);
      else await fail(ghost, () => (step.verdict === 'dead' ? 'dead' : 'retry'));
    }
    if (step.do === 'settle') {
      const { verdict } = step;
      const message = [...inFlight.values()][step.pick % Math.max(inFlight.size, 1)];
      if (!message) continue;
      if (verdict === 'delivered') await deliver(message);
      else await fail(message, (place) => (verdict !== 'mixed' ? verdict : place % 2 === 0 ? 'retry' : 'dead'));
    }
    expect((await audit(gate.redis)).imbalance).toBe(0);
  }

  for (let round = 0; round < 200; round++) {
    gate.now += 1_000;
    for (const target of targets) await take(target);
    for (const message of new Set(inFlight.values())) await deliver(message);
    if ((await audit(gate.redis)).pending === 0) break;
  }
  const found = await audit(gate.redis);
  expect(found).toMatchObject({ ...model.counts, pending: 0, imbalance: 0 });
}

describe.each([
  { targets: ['t'], database: 2 },
  { targets: ['t', 'u'], database: 3 },
])('admission and settling at $targets', ({ targets, database }) => {
  it(
    'agree with the plain model for any order of events, ends, repeats, settings and time',
    async () => {
      const gate = new Gate(database, [endpoint({ targets })], PROCESSES);
      gates.push(gate);
      await fc.assert(
        fc.asyncProperty(steps, fc.constantFrom(0, 1, 2), (script, digestOver) =>
          follow(gate, targets, script, digestOver),
        ),
        { numRuns: RUNS, endOnFailure: false },
      );
      expect(digests, 'digests sent').toBeGreaterThan(RUNS / 10);
    },
    60_000 + 60 * RUNS,
  );
});
