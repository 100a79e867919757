import { defineScript, number, type RedisClient, row, runScript } from '#libs/redis';

const COUNT = defineScript({
  name: 'count-wrong-keys',
  file: new URL('./count-wrong-keys.lua', import.meta.url),
  whenFull: false,
  args: { wrong: number, windowMs: number },
  answer: row('counted', { count: number, endsInMs: number }),
});

/** Counts wrong keys of a client over all processes. Returns the count of the window, and when the window ends. */
export type WrongKeyCount = (client: string, wrong: number) => Promise<{ count: number; endsInMs: number }>;

/**
 * Creates the count in Redis. There are 65,536 keys of one small number at most, for any number of clients: a client
 * is counted under 16 bits of its keyed hash, so nobody outside can choose a client to share a count with.
 */
export const createWrongKeyCount =
  (redis: RedisClient, hash: (client: string) => string, windowMs: number): WrongKeyCount =>
  (client, wrong) => {
    const bucket = Buffer.from(hash(client), 'base64url').readUInt16BE(0);
    return runScript(redis, COUNT, `tocsin:{wrong-keys}:${bucket}`, { wrong, windowMs });
  };
