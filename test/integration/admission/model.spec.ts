import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { LEVELS, type Level } from '#libs/contracts';
import { audit, type Taken } from '#libs/delivery';
import { DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';
import { ReferenceModel, type Rules } from './reference-model.js';

const PROCESSES = 3;
const RUNS = Number(process.env.MODEL_RUNS ?? 1_000);
const gates: Gate[] = [];
afterAll(() => Promise.all(gates.map((gate) => gate.close())));

type Step =
  | { do: 'post'; level: Level; key: string; id: string | undefined; process: number }
  | { do: 'take'; target: number }
  | { do: 'settle'; pick: number; verdict: 'delivered' | 'dead' | 'retry' | 'unanswered' }
  | { do: 'change'; rules: Partial<Rules> }
  | { do: 'late'; pick: number; verdict: 'delivered' | 'dead' | 'again' }
  | { do: 'rouse'; target: number }
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
        key: fc.constantFrom('a', 'b'),
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
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('rouse' as const), target: fc.nat(1) }) },
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
  { maxLength: 60 },
);

type Flight = Taken & { target: string; takenAt: number };
const LEASE_MS = 12_000;
const EXPIRE_AFTER_MS = DAY;

/** Runs a script of steps against the real scripts and the model, comparing every answer. */
async function follow(gate: Gate, targets: readonly string[], script: readonly Step[]): Promise<void> {
  await gate.flush();
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
  const flying = new Map<string, Flight>();
  // Attempts whose lease ran out and whose delivery another turn has taken since.
  const ghosts: Flight[] = [];

  /** Its lease ran out, and it was found so. */
  const lose = (id: string): void => {
    const earlier = flying.get(id);
    if (!earlier) return;
    expect(gate.now, 'taken twice within a lease').toBeGreaterThanOrEqual(earlier.takenAt + LEASE_MS);
    flying.delete(id);
    ghosts.push(earlier);
    model.failed(id, true);
  };

  const take = async (target: string): Promise<number> => {
    const taken = await gate.take(target);
    // What was ended on the way had to be, and came off the head of its key.
    for (const { id, reason } of await gate.cancelled()) {
      if (reason === 'its firing died') continue;
      lose(id);
      expect(model.mayGo(id), `${reason} out of its order`).toBe(true);
      expect(model.mustEnd(id, gate.now, rules, EXPIRE_AFTER_MS), id).toBe(reason);
      if (reason === 'expired') model.end(id, 'expired', gate.now, rules);
      else model.supersede(id, gate.now, rules);
    }
    for (const delivery of taken) {
      lose(delivery.id);
      expect(model.mayGo(delivery.id), 'overtakes an earlier one of its key').toBe(true);
      expect(model.mustEnd(delivery.id, gate.now, rules, EXPIRE_AFTER_MS), 'is sent no more').toBeUndefined();
      expect(delivery.suppressedCount).toBe(model.suppressedCount(delivery.id));
      flying.set(delivery.id, { ...delivery, target, takenAt: gate.now });
    }
    return taken.length;
  };
  const settle = async (delivery: Flight, verdict: 'delivered' | 'dead'): Promise<void> => {
    flying.delete(delivery.id);
    await gate.settle([delivery], verdict, { target: delivery.target, pushPeriodMs: rules.pushPeriodMs });
    model.settle(delivery.id, verdict, gate.now, rules);
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
    if (step.do === 'rouse') await gate.rouse(targets[step.target % targets.length] as string);
    if (step.do === 'sweep') await gate.sweep();
    if (step.do === 'late') {
      const ghost = ghosts[step.pick % Math.max(ghosts.length, 1)];
      if (!ghost) continue;
      await gate.settle([ghost], step.verdict, { target: ghost.target, pushPeriodMs: rules.pushPeriodMs });
      // A late success counts while nothing else is known; a late failure never does.
      if (step.verdict === 'delivered' && flying.delete(ghost.id)) model.settle(ghost.id, 'delivered', gate.now, rules);
    }
    if (step.do === 'settle') {
      const delivery = [...flying.values()][step.pick % Math.max(flying.size, 1)];
      if (!delivery) continue;
      if (step.verdict === 'delivered' || step.verdict === 'dead') await settle(delivery, step.verdict);
      else {
        flying.delete(delivery.id);
        const maybe = step.verdict === 'unanswered';
        model.failed(delivery.id, maybe);
        await gate.settle([delivery], 'again', { target: delivery.target, delayMs: 1_000, maybe });
      }
    }
    expect((await audit(gate.redis)).imbalance).toBe(0);
  }

  for (let round = 0; round < 200; round++) {
    gate.now += 1_000;
    for (const target of targets) await take(target);
    for (const delivery of [...flying.values()]) await settle(delivery, 'delivered');
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
    'do what the plain model does, whatever the order of events, ends, repeats, settings and time',
    async () => {
      const gate = new Gate(database, [endpoint({ targets })], PROCESSES);
      gates.push(gate);
      await fc.assert(
        fc.asyncProperty(steps, (script) => follow(gate, targets, script)),
        { numRuns: RUNS, endOnFailure: false },
      );
    },
    60_000 + 60 * RUNS,
  );
});
