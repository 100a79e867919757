import sjson from 'secure-json-parse';
import { EVENT_BYTES_MAX } from '#libs/contracts';
import { type ParsedEvent, parseEvent, tooLarge } from './parse-event.js';

const NEWLINE = 0x0a;
/** A line may be longer than its event, by white space and escapes. */
const LINE_BYTES_MAX = 2 * EVENT_BYTES_MAX;

/**
 * Reads NDJSON line by line, holding no more than one line however long the stream is. Blank lines are passed over;
 * a broken or overlong one is an event with errors.
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
  const line = Buffer.concat([...rest, end])
    .toString('utf8')
    .trim();
  if (line === '') return undefined;
  try {
    return parseEvent(sjson.parse(line));
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, tooLarge: false, errors: [{ path: '', message: `is not JSON: ${message}` }] };
  }
}
