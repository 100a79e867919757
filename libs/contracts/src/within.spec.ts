import { expect, it, vi } from 'vitest';
import { within } from './within.js';

const never = new Promise<never>(() => {});

it('returns the result of work that is done in time, and its error', async () => {
  await expect(within(1_000, Promise.resolve('done'))).resolves.toBe('done');
  await expect(within(1_000, Promise.reject(new Error('broken')))).rejects.toThrow('broken');
});

it('rejects when the time is over, with the error of the caller if it gives one', async () => {
  vi.useFakeTimers();
  try {
    const plain = expect(within(50, never)).rejects.toThrow('not done within 50 ms');
    const own = expect(within(50, never, { failure: (reason) => new Error(`late: ${reason}`) })).rejects.toThrow(
      'late: timeout',
    );
    await vi.advanceTimersByTimeAsync(50);
    await Promise.all([plain, own]);
  } finally {
    vi.useRealTimers();
  }
});

it('rejects when the signal is aborted', async () => {
  const stop = new AbortController();
  const waiting = within(1_000, never, { signal: stop.signal, failure: (reason) => new Error(reason) });
  stop.abort();
  await expect(waiting).rejects.toThrow('aborted');
});
