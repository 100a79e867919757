import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { IncomingEvent } from './admission-types.js';
import { routeInSlices } from './route-in-slices.js';
import type { Router } from './router.js';
import { Slices } from './slices.js';

/** A router whose events cost some units each. */
function costly(units: number, ran: string[]): Router {
  let spent = 0;
  return {
    unitsSpent: () => spent,
    *prepare() {},
    route({ id }) {
      spent += units;
      ran.push(id);
      return [];
    },
    policyName: (_team, key) => key,
  };
}
const event = (id: string) => ({ event: { id } }) as IncomingEvent;

/** Events that are routed in each turn of the event loop, until so many are. */
async function perTurn(ran: string[], count: number): Promise<number[]> {
  const turns = [ran.length];
  for (let before = ran.length; before < count; before = ran.length) {
    await nextTurn();
    turns.push(ran.length - before);
  }
  return turns;
}

it('requests of one costly event each are routed one in each turn of the event loop, in their order', async () => {
  const ran: string[] = [];
  const [router, slices] = [costly(250_000, ran), new Slices()];
  const names = ['a', 'b', 'c', 'd', 'e'];
  const all = names.map((name) => routeInSlices(router, [event(name)], 'ops', slices));
  expect(Math.max(...(await perTurn(ran, names.length)))).toBe(1);
  await Promise.all(all);
  expect(ran).toEqual(names);
});

it('a request of many costly events leaves turns to others', async () => {
  const ran: string[] = [];
  const [router, slices] = [costly(50_000, ran), new Slices()];
  const all = ['a', 'b'].map((name) => routeInSlices(router, [event(name), event(name), event(name)], 'ops', slices));
  expect(Math.max(...(await perTurn(ran, 6)))).toBe(1);
  await Promise.all(all);
  // The first request asks for its second turn before the other one comes.
  expect(ran).toEqual(['a', 'a', 'b', 'a', 'b', 'b']);
});

it('cheap events are routed at once', async () => {
  const ran: string[] = [];
  const routed = routeInSlices(
    costly(10, ran),
    Array.from({ length: 500 }, () => event('a')),
    'ops',
    new Slices(),
  );
  expect(ran).toHaveLength(500);
  expect((await routed).size).toBe(500);
});
