import { describe, expect, it } from 'vitest';
import { EVENT_BYTES_MAX } from '#libs/contracts';
import { eventLines } from './event-lines.js';

const line = (object: string) => JSON.stringify({ policy: 'p', object, level: 'fatal' });

async function read(text: string, chunkBytes: number) {
  const bytes = Buffer.from(text);
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += chunkBytes) yield bytes.subarray(from, from + chunkBytes);
  }
  const found = [];
  for await (const parsed of eventLines(chunks()))
    found.push(parsed.ok ? parsed.incoming.event.object : parsed.errors[0]?.message);
  return found;
}

describe('NDJSON', () => {
  it.each([1, 2, 7, 64, 1_000_000])(
    'is read line by line however its bytes are cut: %i at a time',
    async (chunkBytes) => {
      const text = `${line('a')}\n\r\n${line('主机-42 😀')}\r\n   \n${line('c')}`;
      expect(await read(text, chunkBytes)).toEqual(['a', '主机-42 😀', 'c']);
    },
  );

  it('says of each broken line what is wrong, and goes on', async () => {
    const found = await read(`{\n${line('a')}\n[]\n{"__proto__": {}}\n${line('b')}\n`, 50);
    expect(found).toEqual([
      expect.stringContaining('not JSON'),
      'a',
      expect.any(String),
      'is not an allowed name',
      'b',
    ]);
  });

  it('holds no more than a line of what is too long, and goes on behind it', async () => {
    const found = await read(`${'x'.repeat(10 * EVENT_BYTES_MAX)}\n${line('after')}\n`, 1_000);
    expect(found).toEqual([expect.stringContaining(`${10 * EVENT_BYTES_MAX} bytes`), 'after']);
  });

  it('is copied out of its chunks, so that a line in chunks of a byte keeps one buffer', async () => {
    const reused = new Uint8Array(1);
    async function* chunks() {
      for (const byte of Buffer.from(`${line('a')}\n${line('b')}`)) {
        reused[0] = byte;
        yield reused;
      }
    }
    const objects = [];
    for await (const parsed of eventLines(chunks())) objects.push(parsed.ok && parsed.incoming.event.object);
    expect(objects).toEqual(['a', 'b']);
  });

  it('skips 1,000 blank lines; each further one is a rejected event', async () => {
    const found = await read(`${'\n'.repeat(1_002)}${line('a')}\n`, 64);
    expect(found).toEqual([...Array(2).fill('is blank; at most 1000 blank lines are skipped'), 'a']);
  });

  it('of nothing holds nothing', async () => {
    expect(await read('', 1)).toEqual([]);
    expect(await read('\n\n', 1)).toEqual([]);
  });
});
