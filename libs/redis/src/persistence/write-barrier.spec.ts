import { describe, expect, it } from 'vitest';
import { NodeBarrier } from './write-barrier.js';

const MINUTE = 60_000;

/** A connection whose questions are answered by the test. */
function openQuestions() {
  const questions: { resolve(info: string): void; reject(error: Error): void }[] = [];
  const barrier = new NodeBarrier(() => new Promise((resolve, reject) => questions.push({ resolve, reject })));
  const answer = async (fields: Record<string, string | number>): Promise<void> => {
    questions.shift()?.resolve(infoOf(fields));
    await settled();
  };
  return { barrier, questions, answer };
}

const infoOf = (fields: Record<string, string | number>): string =>
  [
    '# Persistence',
    ...Object.entries({ aof_enabled: 1, aof_rewrites: 0, ...fields }).map(([name, value]) => `${name}:${value}`),
  ].join('\r\n');

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** Whether a wait is over; a rejected one fails the test. */
function follow(wait: Promise<void>): { isOver(): boolean } {
  let over = false;
  wait.then(() => {
    over = true;
  });
  return { isOver: () => over };
}

describe('a wait for the append-only file', () => {
  it('ends with the first reply if nothing is buffered', async () => {
    const { barrier, answer } = openQuestions();
    const wait = follow(barrier.untilWritten());
    expect(wait.isOver()).toBe(false);
    await answer({ aof_current_size: 100, aof_buffer_length: 0 });
    expect(wait.isOver()).toBe(true);
  });

  it('shares a question in flight: the connection answers in order', async () => {
    const { barrier, questions, answer } = openQuestions();
    const waits = [barrier.untilWritten(), barrier.untilWritten(), barrier.untilWritten()].map(follow);
    expect(questions).toHaveLength(1);
    await answer({ aof_current_size: 100, aof_buffer_length: 0 });
    expect(waits.map(({ isOver }) => isOver())).toEqual([true, true, true]);
    expect(questions).toHaveLength(0);
  });

  it('does not share a reply that came before the call', async () => {
    const { barrier, questions, answer } = openQuestions();
    const first = follow(barrier.untilWritten());
    await answer({ aof_current_size: 100, aof_buffer_length: 0 });
    const second = follow(barrier.untilWritten());
    expect([first.isOver(), second.isOver(), questions.length]).toEqual([true, false, 1]);
  });

  it('asks until the bytes buffered at its first reply are in the file, regardless of later ones', async () => {
    const { barrier, questions, answer } = openQuestions();
    const early = follow(barrier.untilWritten());
    await answer({ aof_current_size: 100, aof_buffer_length: 50 });
    const late = follow(barrier.untilWritten());
    await answer({ aof_current_size: 149, aof_buffer_length: 60 });
    expect([early.isOver(), late.isOver()]).toEqual([false, false]);
    await expect.poll(() => questions.length).toBe(1);
    await answer({ aof_current_size: 150, aof_buffer_length: 70 });
    expect([early.isOver(), late.isOver()]).toEqual([true, false]);
    await expect.poll(() => questions.length).toBe(1);
    await answer({ aof_current_size: 209, aof_buffer_length: 70 });
    expect(late.isOver()).toBe(true);
  });

  it.each([
    ['has begun', { aof_rewrite_in_progress: 1, aof_current_size: 400, aof_buffer_length: 10 }],
    ['has ended', { aof_rewrites: 1, aof_current_size: 400, aof_buffer_length: 10 }],
    ['has made it smaller', { aof_current_size: 20, aof_buffer_length: 10 }],
  ])('counts from the start after a rewrite %s, since the size has changed by itself', async (_, changed) => {
    const { barrier, questions, answer } = openQuestions();
    const wait = follow(barrier.untilWritten());
    await answer({ aof_current_size: 100, aof_buffer_length: 50 });
    await expect.poll(() => questions.length).toBe(1);
    await answer(changed);
    expect(wait.isOver()).toBe(false);
    await expect.poll(() => questions.length).toBe(1);
    await answer({ ...changed, aof_current_size: changed.aof_current_size + 10 });
    expect(wait.isOver()).toBe(true);
  });

  it('fails for every call if a write failed, and asks again for later calls', async () => {
    const { barrier, questions, answer } = openQuestions();
    const waits = [barrier.untilWritten(), barrier.untilWritten()];
    const failed = Promise.all(waits.map((wait) => expect(wait).rejects.toThrow('could not write')));
    await answer({ aof_last_write_status: 'err', aof_current_size: 100, aof_buffer_length: 0 });
    await failed;
    const later = follow(barrier.untilWritten());
    expect(questions).toHaveLength(1);
    await answer({ aof_current_size: 100, aof_buffer_length: 0 });
    expect(later.isOver()).toBe(true);
  });

  it('fails if Redis does not answer the question', async () => {
    const { barrier, questions } = openQuestions();
    const wait = barrier.untilWritten();
    questions.shift()?.reject(new Error('Connection is closed.'));
    await expect(wait).rejects.toThrow('Connection is closed.');
  });

  it('fails if the bytes are not written within five seconds', async () => {
    let now = 0;
    const late = new NodeBarrier(
      async () => infoOf({ aof_current_size: 100, aof_buffer_length: 50 }),
      () => (now += MINUTE),
    );
    await expect(late.untilWritten()).rejects.toThrow('in time');
  });

  it('ends at once without an append-only file', async () => {
    const { barrier, answer } = openQuestions();
    const wait = follow(barrier.untilWritten());
    await answer({ aof_enabled: 0, aof_current_size: 0, aof_buffer_length: 50 });
    expect(wait.isOver()).toBe(true);
  });
});
