import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { BODY_BYTES_MAX } from './body-limit.js';
import { readBody } from './read-body.js';

const limits = { bodyMs: 10_000, onRefused: () => {} };
function* cut(text: string, chunkBytes: number): Generator<Buffer> {
  for (let from = 0; from < text.length; from += chunkBytes) yield Buffer.from(text.slice(from, from + chunkBytes));
}
const stream = (chunks: Iterable<Buffer>): Readable => Readable.from(chunks, { objectMode: false, highWaterMark: 1 });

it.each([16, 64])('copies chunks of %i bytes into one buffer of at most twice the bytes', async (chunkBytes) => {
  const text = 'abcdefghijklmnop'.repeat(10_000);
  const body = await readBody(stream(cut(text, chunkBytes)), undefined, limits);
  expect(body.toString()).toBe(text);
  expect(body.buffer.byteLength).toBeLessThanOrEqual(2 * text.length);
});

it('refuses a body that is declared or found to be too large', async () => {
  const never = new Readable({ read: () => {} });
  await expect(readBody(never, BODY_BYTES_MAX + 1, limits)).rejects.toMatchObject({ status: 413 });
  const chunks = Array.from({ length: 17 }, () => Buffer.alloc(BODY_BYTES_MAX / 16));
  await expect(readBody(stream(chunks), undefined, limits)).rejects.toMatchObject({ status: 413 });
  expect((await readBody(stream(chunks.slice(1)), undefined, limits)).length).toBe(BODY_BYTES_MAX);
});

it('refuses chunks of a byte after 4,096 of them, and reports the reason once', async () => {
  const reasons: string[] = [];
  const refused = readBody(stream(cut('x'.repeat(10_000), 1)), undefined, {
    ...limits,
    onRefused: (reason) => reasons.push(reason),
  });
  await expect(refused).rejects.toMatchObject({ status: 400, message: expect.stringContaining('at least 16 bytes') });
  expect(reasons).toEqual(['body in small chunks']);
});

it('fails with the error of its stream', async () => {
  const broken = new Readable({ read: () => {} });
  const reading = readBody(broken, undefined, limits);
  broken.destroy(new Error('aborted'));
  await expect(reading).rejects.toThrow('aborted');
});
