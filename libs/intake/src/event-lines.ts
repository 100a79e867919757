import { EVENT_BYTES_MAX } from '#libs/contracts';
import { decodeUtf8 } from '#libs/validation';
import { type ParsedEvent, parseEvent, tooLarge } from './parse-event.js';

const NEWLINE = 0x0a;
/** A line may be longer than its event because of white space and escapes. */
const LINE_BYTES_MAX = 2 * EVENT_BYTES_MAX;
const FIRST_BYTES = 1_024;
/** Blank lines of a stream that are skipped, such as its last one; a stream of nothing else must not cost nothing. */
const BLANK_LINES_MAX = 1_000;

/**
 * Reads NDJSON line by line, with at most one line in memory, in one buffer however many chunks it came in. The first 1,000
 * blank lines are skipped; each further one, and a broken or overlong line, is an event with errors.
 */
export async function* eventLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ParsedEvent> {
  const rest = new LineStart();
  let blank = 0;
  const read = (end: Uint8Array): ParsedEvent | undefined => {
    const parsed = parseLine(rest, end);
    if (parsed !== undefined) return parsed;
    blank += 1;
    return blank > BLANK_LINES_MAX ? broken(`is blank; at most ${BLANK_LINES_MAX} blank lines are skipped`) : undefined;
  };
  for await (const chunk of stream) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      const parsed = read(chunk.subarray(from, to));
      if (parsed) yield parsed;
      from = to + 1;
    }
    rest.append(chunk.subarray(from));
  }
  const last = parseLine(rest, new Uint8Array());
  if (last) yield last;
}

/** The bytes of a line whose end has not arrived. They are copied: chunks of a byte each hold far more memory than that. */
class LineStart {
  private buffer = Buffer.alloc(0);
  private length = 0;
  /** Bytes of the line, also of those that are not kept because it is too long. */
  private total = 0;

  append(chunk: Uint8Array): void {
    this.total += chunk.length;
    if (this.total > LINE_BYTES_MAX) return;
    if (this.total > this.buffer.length) {
      const grown = Buffer.allocUnsafe(Math.min(LINE_BYTES_MAX, Math.max(FIRST_BYTES, 2 * this.total)));
      this.buffer.copy(grown, 0, 0, this.length);
      this.buffer = grown;
    }
    this.buffer.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** The whole line, and its length in bytes; undefined bytes if it is too long. The next line starts empty. */
  take(end: Uint8Array): { bytes: Uint8Array | undefined; length: number } {
    if (this.total > 0) this.append(end);
    const length = this.total > 0 ? this.total : end.length;
    const bytes = this.total > 0 ? this.buffer.subarray(0, this.length) : end;
    this.length = 0;
    this.total = 0;
    return { bytes: length > LINE_BYTES_MAX ? undefined : bytes, length };
  }
}

function parseLine(rest: LineStart, end: Uint8Array): ParsedEvent | undefined {
  const { bytes, length } = rest.take(end);
  if (bytes === undefined) return { ok: false, tooLarge: true, errors: [tooLarge(length)] };
  const line = decodeUtf8(bytes)?.trim();
  if (line === '') return undefined;
  if (line === undefined) return broken('is not UTF-8');
  try {
    return parseEvent(JSON.parse(line));
  } catch {
    return broken('is not JSON');
  }
}

const broken = (message: string): ParsedEvent => ({ ok: false, tooLarge: false, errors: [{ path: '', message }] });
