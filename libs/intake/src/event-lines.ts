import { EVENT_BYTES_MAX } from '#libs/contracts';
import { decodeUtf8 } from '#libs/validation';
import { type ParsedEvent, parseEvent, tooLarge } from './parse-event.js';

const NEWLINE = 0x0a;
/** A line may be longer than its event because of white space and escapes. */
const LINE_BYTES_MAX = 2 * EVENT_BYTES_MAX;

/**
 * Reads NDJSON line by line, with at most one line in memory. Blank lines are skipped;
 * a broken or overlong line is an event with errors.
 */
export async function* eventLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<ParsedEvent> {
  let rest: Uint8Array[] = [];
  let restBytes = 0;
  for await (const chunk of stream) {
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      const parsed = parseLine(rest, restBytes, chunk.subarray(from, to));
      if (parsed) yield parsed;
      rest = [];
      restBytes = 0;
      from = to + 1;
    }
    restBytes += chunk.length - from;
    if (restBytes <= LINE_BYTES_MAX) rest.push(chunk.subarray(from));
    else rest = [];
  }
  const last = parseLine(rest, restBytes, new Uint8Array());
  if (last) yield last;
}

function parseLine(rest: readonly Uint8Array[], restBytes: number, end: Uint8Array): ParsedEvent | undefined {
  const bytes = restBytes + end.length;
  if (bytes > LINE_BYTES_MAX) return { ok: false, tooLarge: true, errors: [tooLarge(bytes)] };
  const line = decodeUtf8(Buffer.concat([...rest, end]))?.trim();
  if (line === '') return undefined;
  if (line === undefined) return broken('is not UTF-8');
  try {
    return parseEvent(JSON.parse(line));
  } catch {
    return broken('is not JSON');
  }
}

const broken = (message: string): ParsedEvent => ({ ok: false, tooLarge: false, errors: [{ path: '', message }] });
