import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { WrongKeys } from '#libs/access';
import type { Logger } from '#libs/telemetry';
import { logWrongKeys } from './log-wrong-keys.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('logs once a minute which clients sent wrong keys and how many, and never a key', async () => {
  const lines: [object, string][] = [];
  const log = { warn: (fields: object, message: string) => lines.push([fields, message]) } as unknown as Logger;
  const keys = new WrongKeys({
    isUnguessable: () => false,
    limits: { free: 20, windowMs: 60_000, everyMs: 100, waitingMax: 0 },
    count: () => new Promise(() => {}),
    now: () => Date.now(),
    sleep: async () => {},
    onRefused: () => {},
  });
  const stop = logWrongKeys(keys, log);
  for (let client = 1; client <= 30; client++)
    for (let i = 0; i < client; i++) await keys.judge(`192.0.2.${client}`, `guess ${i}`, undefined);
  vi.advanceTimersByTime(59_000);
  expect(lines).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(lines).toHaveLength(21);
  expect(lines[0]?.[0]).toEqual({ client: '192.0.2.30', wrongKeys: 20, refused: 10 });
  expect(lines.at(-1)?.[0]).toEqual({ clients: 10 });
  expect(JSON.stringify(lines)).not.toContain('guess');
  vi.advanceTimersByTime(60_000);
  expect(lines).toHaveLength(21);
  await keys.judge('192.0.2.1', 'guess', undefined);
  stop();
  expect(lines).toHaveLength(22);
});
