import { type FileHandle, open } from 'node:fs/promises';

/** Bytes of a file from one offset to another. */
export interface Span {
  from: number;
  to: number;
}

export interface AppendFileScan {
  bytes: number;
  commands: number;
  /** Runs of zero bytes between two commands, or at the end. */
  holes: Span[];
  /** An incomplete command at the end, with its name if it can be read. */
  tail?: Span & { command: string | undefined };
  /** Offset of bytes that are neither a command nor a hole; nothing behind it was read. */
  unreadableAt?: number;
}

const CHUNK_BYTES = 1024 * 1024;
const LINE_BYTES_MAX = 64 * 1024;
const [STAR, HASH, LF] = [0x2a, 0x23, 0x0a];

/** Finds holes, an incomplete end and unreadable bytes in an incremental append-only file, without its arguments. */
export async function scanAppendFile(path: string): Promise<AppendFileScan> {
  const file = await open(path, 'r');
  try {
    const reader = new Reader(file, (await file.stat()).size);
    const scan: AppendFileScan = { bytes: reader.size, commands: 0, holes: [] };
    for (let at = 0; at < reader.size; ) {
      const first = await reader.byte(at);
      if (first === 0) {
        const to = await reader.endOfZeros(at);
        scan.holes.push({ from: at, to });
        at = to;
        continue;
      }
      const end = first === STAR ? await endOfCommand(reader, at) : first === HASH ? await lineEnd(reader, at) : 'bad';
      if (end === 'bad') return { ...scan, unreadableAt: at };
      if (end === 'cut') return { ...scan, tail: { from: at, to: reader.size, command: await nameOf(reader, at) } };
      if (first === STAR) scan.commands++;
      at = end;
    }
    return scan;
  } finally {
    await file.close();
  }
}

type End = number | 'cut' | 'bad';

async function endOfCommand(reader: Reader, start: number): Promise<End> {
  const count = await numberLine(reader, start, '*');
  if (typeof count === 'string') return count;
  let at = count.next;
  for (let i = 0; i < count.value; i++) {
    const length = await numberLine(reader, at, '$');
    if (typeof length === 'string') return length;
    at = length.next + length.value + 2;
    if (at > reader.size) return 'cut';
    if ((await reader.text(at - 2, at)) !== '\r\n') return 'bad';
  }
  return at;
}

/** Reads a line such as `*3` or `$12`. */
async function numberLine(
  reader: Reader,
  at: number,
  mark: string,
): Promise<{ value: number; next: number } | 'cut' | 'bad'> {
  const end = await lineEnd(reader, at);
  if (typeof end === 'string') return end;
  const match = /^(.)(\d+)\r\n$/.exec(await reader.text(at, end));
  return match?.[1] === mark ? { value: Number(match[2]), next: end } : 'bad';
}

async function lineEnd(reader: Reader, at: number): Promise<End> {
  for (let end = at; end < reader.size; end++) {
    if (end - at > LINE_BYTES_MAX) return 'bad';
    if ((await reader.byte(end)) === LF) return end + 1;
  }
  return 'cut';
}

async function nameOf(reader: Reader, at: number): Promise<string | undefined> {
  return /^\*\d+\r\n\$\d+\r\n(\w+)\r\n/.exec(await reader.text(at, Math.min(at + 200, reader.size)))?.[1];
}

/** Reads a file by chunks. */
class Reader {
  private chunk = Buffer.alloc(0);
  private chunkAt = 0;

  constructor(
    private readonly file: FileHandle,
    readonly size: number,
  ) {}

  private has(at: number): boolean {
    return at >= this.chunkAt && at < this.chunkAt + this.chunk.length;
  }

  private async load(at: number): Promise<void> {
    const buffer = Buffer.alloc(Math.min(CHUNK_BYTES, this.size - at));
    const { bytesRead } = await this.file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) throw new Error('the append-only file became shorter while it was read');
    this.chunk = buffer.subarray(0, bytesRead);
    this.chunkAt = at;
  }

  async byte(at: number): Promise<number> {
    if (!this.has(at)) await this.load(at);
    return this.chunk[at - this.chunkAt] as number;
  }

  async text(from: number, to: number): Promise<string> {
    if (!this.has(from) || !this.has(to - 1)) await this.load(from);
    return this.chunk.toString('latin1', from - this.chunkAt, to - this.chunkAt);
  }

  async endOfZeros(from: number): Promise<number> {
    let at = from;
    while (at < this.size && (await this.byte(at)) === 0) at++;
    return at;
  }
}
