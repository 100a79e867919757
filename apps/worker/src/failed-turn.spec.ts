import { expect, it } from 'vitest';
import type { LoggedDelivery, Replayer } from '#libs/operations';
import { replayDied } from './failed-turn.js';

it('replays only dead deliveries that were not replayed since', async () => {
  const lastReplay: Record<string, number> = { a: 0, b: 1, b_r1: 1 };
  const log = {
    async replaySource(id: string) {
      return id in lastReplay ? ({ id, lastReplay: lastReplay[id] } as LoggedDelivery) : undefined;
    },
  };
  const asked: string[] = [];
  const replayer: Pick<Replayer, 'all'> = {
    async all(pages) {
      for await (const page of pages) asked.push(...page.map(({ id }) => id));
      return { replayed: asked.length, skipped: 0, because: {} };
    },
  };
  const result = await replayDied(['a', 'b', 'b_r1', 'forgotten'], log, replayer as Replayer);
  expect(asked).toEqual(['a', 'b_r1']);
  expect(result).toMatchObject({ replayed: 2, skipped: 2 });
  expect(result.note).toContain('it was replayed since');
});
