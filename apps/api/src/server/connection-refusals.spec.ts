import { expect, it } from 'vitest';
import { type ConnectionRefusal, ConnectionRefusals } from './connection-refusals.js';

it('counts each refusal, and logs them once a minute by reason', () => {
  const lines: unknown[] = [];
  const counted: ConnectionRefusal[] = [];
  const timers: { run: () => void; ms: number }[] = [];
  const refusals = new ConnectionRefusals(
    { warn: (fields: unknown) => void lines.push(fields) },
    (reason) => counted.push(reason),
    (run, ms) => timers.push({ run, ms }),
  );
  for (let i = 0; i < 1_000; i++) refusals.count('slow body');
  refusals.count('too many connections');
  expect(timers.map(({ ms }) => ms)).toEqual([60_000]);
  expect(lines).toEqual([]);
  timers.shift()?.run();
  expect(lines).toEqual([{ refused: { 'slow body': 1_000, 'too many connections': 1 } }]);
  expect(counted.length).toBe(1_001);
  refusals.count('answers not read');
  timers.shift()?.run();
  expect(lines[1]).toEqual({ refused: { 'answers not read': 1 } });
  expect(timers).toEqual([]);
});
