import { expect, it } from 'vitest';
import type { Database } from '#libs/persistence';
import { SettingsReload } from './reload-settings.js';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** A database whose answers come when the test says so; it counts how often it is asked for the version. */
function slowDatabase() {
  const waiting: ((version: number | Error) => void)[] = [];
  const database = {
    run: () =>
      new Promise((settle, reject) =>
        waiting.push((answer) => (answer instanceof Error ? reject(answer) : settle(answer))),
      ),
    transaction: async () => ({ version: 1, endpoints: new Map(), policies: [], formerLinks: [] }),
  } as unknown as Database;
  const settings = new SettingsReload({ database, parts: [], log });
  return { settings, waiting };
}
const turn = () => new Promise((settle) => setImmediate(settle));

it('joins no read that began before it was called, and shares the one after', async () => {
  const { settings, waiting } = slowDatabase();
  const first = settings.refresh();
  const second = settings.refresh();
  const third = settings.refresh();
  await turn();
  expect(waiting).toHaveLength(1);
  waiting[0]?.(1);
  await first;
  await turn();
  expect(waiting).toHaveLength(2);
  const fourth = settings.refresh();
  waiting[1]?.(1);
  await Promise.all([second, third]);
  await turn();
  expect(waiting).toHaveLength(3);
  waiting[2]?.(1);
  await fourth;
});

it('reports a failed read to its callers, and reads again for the next one', async () => {
  const { settings, waiting } = slowDatabase();
  const first = settings.refresh();
  const second = settings.refresh();
  await turn();
  waiting[0]?.(new Error('away'));
  await expect(first).rejects.toThrow('away');
  await turn();
  waiting[1]?.(1);
  expect((await second).version).toBe(1);
  const third = settings.refresh();
  await turn();
  waiting[2]?.(new Error('away again'));
  await expect(third).rejects.toThrow('away again');
  expect(settings.current()?.version).toBe(1);
});

it('goes on when a listener fails', async () => {
  const { settings, waiting } = slowDatabase();
  const heard: number[] = [];
  settings.onChange(() => {
    throw new Error('a listener of no use');
  });
  const stop = settings.onChange((now) => heard.push(now.version));
  const read = settings.refresh();
  waiting[0]?.(1);
  await read;
  expect(heard).toEqual([1]);
  stop();
});
