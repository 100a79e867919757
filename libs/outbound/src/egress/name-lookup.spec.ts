import { expect, it } from 'vitest';
import { createNameLookup } from './name-lookup.js';

function setUp() {
  const asked: { hostname: string; answer: (error: Error | null, addresses: never[]) => void }[] = [];
  const clock = { now: 0 };
  const answers: string[] = [];
  const lookup = createNameLookup(
    (hostname, answer) => asked.push({ hostname, answer }),
    () => clock.now,
  );
  const ask = (hostname: string) => lookup(hostname, (error, all) => answers.push(error?.message ?? `${all.length}`));
  return { asked, clock, answers, ask };
}

it('resolves a name once for all callers that wait for it', () => {
  const { asked, answers, ask } = setUp();
  for (const name of ['a', 'a', 'b', 'a']) ask(name);
  expect(asked.map((one) => one.hostname)).toEqual(['a', 'b']);
  asked[0]?.answer(null, []);
  expect(answers).toEqual(['0', '0', '0']);
});

it('remembers an answer for ten seconds and a failure for one', () => {
  const { asked, clock, answers, ask } = setUp();
  ask('a');
  asked[0]?.answer(null, []);
  clock.now = 9_999;
  ask('a');
  expect(asked).toHaveLength(1);
  clock.now = 10_000;
  ask('a');
  expect(asked).toHaveLength(2);
  asked[1]?.answer(new Error('no such name'), []);
  clock.now = 10_999;
  ask('a');
  expect(asked).toHaveLength(2);
  clock.now = 11_000;
  ask('a');
  expect(asked).toHaveLength(3);
  expect(answers).toEqual(['0', '0', 'no such name', 'no such name']);
});
