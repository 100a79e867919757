import { Readable } from 'node:stream';
import { Problem } from './problem.js';

/** Chunks of a body that may be of any size. */
const FREE_CHUNKS = 4_096;
/** Least average size of the chunks after these, in bytes. */
const CHUNK_BYTES_MIN = 16;

/**
 * Counts the chunks of a body. Each costs far more memory and time than its bytes if they are few.
 *
 * @throws Problem from `count` if the chunks are too many for their bytes
 */
export class ChunkLimit {
  private chunks = 0;
  private bytes = 0;

  constructor(private readonly onRefused: () => void) {}

  count(bytes: number): void {
    this.chunks++;
    this.bytes += bytes;
    if (this.chunks <= FREE_CHUNKS + this.bytes / CHUNK_BYTES_MIN) return;
    this.onRefused();
    throw new Problem(
      400,
      `the body came in ${this.chunks} chunks of ${(this.bytes / this.chunks).toFixed(1)} bytes on average: ` +
        `after the first ${FREE_CHUNKS}, send at least ${CHUNK_BYTES_MIN} bytes in a chunk`,
    );
  }
}

/** The stream of a body, which fails when its chunks are too small. */
export function limitChunks(payload: Readable, onRefused: () => void): Readable {
  const limit = new ChunkLimit(onRefused);
  async function* counted(): AsyncGenerator<Buffer> {
    for await (const chunk of payload.iterator({ destroyOnReturn: false })) {
      limit.count(chunk.length);
      yield chunk;
    }
  }
  return Readable.from(counted(), { objectMode: false });
}
