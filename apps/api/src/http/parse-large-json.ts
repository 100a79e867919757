import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonLimits } from './json-limits.js';
import { Problem } from './problem.js';
import { type LongArray, scanJson } from './scan-json.js';

/** Bytes of elements that are parsed in one go. */
const GROUP_BYTES = 32_768;
/** Time after which other requests have their turn, in milliseconds. */
const TURN_MS = 8;

/** Parses a JSON text. @throws SyntaxError */
export type ParseText = (text: string) => unknown;

/**
 * Parses a JSON body, in UTF-8, without blocking the process for long. The elements of long arrays are parsed in groups, with other
 * requests in between; parsing 16 MiB in one go can take seconds. With `perElement`, an element over a limit becomes
 * a text that says so, which the schema refuses, so that its neighbours are accepted.
 *
 * @throws Problem over a limit, or if a part is not JSON; what else `parse` throws
 */
export async function parseLargeJson(body: Buffer, parse: ParseText, limits: JsonLimits): Promise<unknown> {
  if (body.length <= limits.wholeBytes) return parse(body.toString());
  const arrays = await scanJson(body, limits);
  const root = parsePart(parse, withoutElements(body, arrays), 'it cannot be read outside its long arrays');
  let startedAt = performance.now();
  for (const array of arrays) {
    const elements = arrayIn(root, array, body);
    for (const { text, first, last } of groupsOf(body, array)) {
      const place = `elements ${first} to ${last} of an array cannot be read`;
      const parsed = parsePart(parse, `[${text}]`, place) as unknown[];
      // A group is empty behind a comma at the end of the array.
      if (parsed.length === 0 && array.ends.length > 1) throw notJson(place);
      for (const element of parsed) elements.push(element);
      if (performance.now() - startedAt < TURN_MS) continue;
      await nextTurn();
      startedAt = performance.now();
    }
  }
  return root;
}

/** Positions in the parser's own message would be those in the part. */
function parsePart(parse: ParseText, text: string, place: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw error instanceof SyntaxError && / in JSON|^Unexpected|^Expected/.test(error.message) ? notJson(place) : error;
  }
}

const notJson = (place: string): Problem => new Problem(400, `the body is not JSON: ${place}`);

interface Group {
  text: string;
  first: number;
  last: number;
}

/** The text of a body whose long arrays are empty. */
function withoutElements(body: Buffer, arrays: readonly LongArray[]): string {
  let text = '';
  let from = 0;
  for (const array of arrays) {
    text += body.toString('utf8', from, array.from);
    from = array.ends.at(-1) as number;
  }
  return text + body.toString('utf8', from);
}

/** The array that takes the elements. Of members with one name the last counts, as JSON.parse has it. */
function arrayIn(root: unknown, { name }: LongArray, body: Buffer): unknown[] {
  if (!name) return root as unknown[];
  const key = JSON.parse(body.toString('utf8', name.from, name.to)) as string;
  const found = Object.hasOwn(root as object, key) ? (root as Record<string, unknown>)[key] : undefined;
  if (!Array.isArray(found)) return [];
  found.length = 0;
  return found;
}

/** Texts of neighbouring elements with their numbers, of about the same length; one element may be longer. */
function* groupsOf(body: Buffer, { from, ends, oversized }: LongArray): Generator<Group> {
  let start = from;
  let first = 0;
  for (const [last, end] of ends.entries()) {
    const reason = oversized.get(last);
    const isFull = end - start >= GROUP_BYTES || last === ends.length - 1 || oversized.has(last + 1);
    if (reason === undefined && !isFull) continue;
    const text = reason === undefined ? body.toString('utf8', start, end) : JSON.stringify(`an element that ${reason}`);
    yield { text, first, last };
    start = end + 1;
    first = last + 1;
  }
}
