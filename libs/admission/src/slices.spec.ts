import { expect, it } from 'vitest';
import { type Share, SLICE_UNITS, Slices } from './slices.js';

/** Slices, with turns of the event loop that the test ends, and the names of the requests in the order of their slices. */
function loop() {
  let end: (() => void) | undefined;
  const ran: string[] = [];
  const slices = new Slices((act) => {
    end = act;
  });
  const run = (share: Share, name: string, units: number) =>
    slices.run(share, () => {
      ran.push(name);
      return { units, result: name };
    });
  /** The requests that run in the next turn. */
  const nextTurn = (): string[] => {
    const before = ran.length;
    const act = end;
    end = undefined;
    act?.();
    return ran.slice(before);
  };
  return { slices, ran, run, nextTurn, isIdle: () => end === undefined };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));

it('cheap work runs at once, until the work of a turn is done', async () => {
  const { slices, ran, run, nextTurn, isIdle } = loop();
  const half = SLICE_UNITS / 2;
  for (const name of ['a', 'b', 'c']) void run(slices.share('ops'), name, half);
  expect(ran).toEqual(['a', 'b']);
  expect(nextTurn()).toEqual(['c']);
  nextTurn();
  expect(isIdle()).toBe(true);
  expect(await run(slices.share('ops'), 'd', 0)).toBe('d');
  expect(isIdle()).toBe(true);
});

it('costly requests run one in each turn, in their order', () => {
  const { slices, ran, run, nextTurn } = loop();
  const names = ['a', 'b', 'c', 'd', 'e'];
  for (const name of names) void run(slices.share('ops'), name, 250_000);
  for (const name of names.slice(1)) expect(nextTurn()).toEqual([name]);
  expect(ran).toEqual(names);
});

it('with 100 waiting requests of one team, the next slice of another team comes after at most one of theirs', () => {
  const { slices, run, nextTurn } = loop();
  for (let i = 0; i < 101; i += 1) void run(slices.share('hostile'), 'hostile', 250_000);
  const share = slices.share('ops');
  for (let slice = 0; slice < 20; slice += 1) {
    void run(share, 'ops', 250_000);
    const turns = [nextTurn(), nextTurn()].flat();
    expect(turns).toEqual(['hostile', 'ops']);
  }
});

it('of one team, a new request with little work comes before those that have had their share', async () => {
  const { slices, ran, run, nextTurn } = loop();
  for (let i = 0; i < 10; i += 1) {
    const share = slices.share(null);
    const again = (): unknown => run(share, 'hostile', 250_000).then(again);
    void again();
  }
  for (let i = 0; i < 50; i += 1) {
    nextTurn();
    await settled();
  }
  ran.length = 0;
  const honest = slices.share(null);
  for (let slice = 0; slice < 3; slice += 1) {
    let isDone = false;
    void run(honest, 'honest', SLICE_UNITS).then(() => {
      isDone = true;
    });
    while (!isDone) {
      nextTurn();
      await settled();
    }
  }
  // One slice of a request that is behind its share may come before each of them.
  expect(ran.filter((name) => name === 'hostile').length).toBeLessThanOrEqual(3);
});

it('a stream of new requests does not starve one that has had much', async () => {
  const { slices, ran, run, nextTurn } = loop();
  const old = slices.share('ops');
  void run(old, 'old', 250_000);
  void run(old, 'old', 250_000);
  for (let turn = 0; turn < 40; turn += 1) {
    for (let i = 0; i < 2; i += 1) void run(slices.share('ops'), 'new', 250_000);
    nextTurn();
  }
  expect(ran.filter((name) => name === 'old').length).toBe(2);
});

it('work that fails fails its own request alone', async () => {
  const { slices, run, nextTurn } = loop();
  void run(slices.share('ops'), 'costly', SLICE_UNITS);
  const failed = slices.run(slices.share('ops'), () => {
    throw new Error('the sender is gone');
  });
  const next = run(slices.share('ops'), 'next', 10);
  nextTurn();
  await expect(failed).rejects.toThrow('gone');
  expect(await next).toBe('next');
});

it('a turn serves at most ten waiting requests, however cheap they are', () => {
  const { slices, run, nextTurn } = loop();
  void run(slices.share('ops'), 'costly', SLICE_UNITS);
  for (let i = 0; i < 100; i += 1) void run(slices.share('ops'), 'cheap', 0);
  expect(nextTurn()).toHaveLength(10);
});
