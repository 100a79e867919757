import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonLimits } from './json-limits.js';
import { Problem } from './problem.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes that are scanned before other requests have their turn. */
const SLICE_BYTES = 262_144;

/** An array whose elements can be parsed one by one: the body itself, or a member of the object that the body is. */
export interface LongArray {
  /** Position after its opening bracket. */
  from: number;
  /** Positions of the commas between its elements, and of its closing bracket. */
  ends: number[];
  /** Elements over a limit, by their numbers, with the reason. They are not parsed; their neighbours are. */
  oversized: Map<number, string>;
  /** Positions of the string before it, the name of the member; undefined if the body is the array. */
  name: { from: number; to: number } | undefined;
}

/**
 * Finds the structure of a JSON body without parsing it: the arrays that can be cut into elements. It checks the limits of
 * nesting and of values, and nothing else; the parser finds what is not JSON.
 *
 * @throws Problem if a limit is exceeded, or if the body ends too early
 */
export async function scanJson(body: Buffer, limits: JsonLimits): Promise<LongArray[]> {
  const scan = new Scan(body, limits);
  for (let end = SLICE_BYTES; scan.position < body.length; end = scan.position + SLICE_BYTES) {
    scan.run(Math.min(end, body.length));
    if (scan.position < body.length) await nextTurn();
  }
  return scan.finish();
}

class Scan {
  position = 0;
  private readonly arrays: LongArray[] = [];
  private depth = 0;
  private values = 0;
  /** Values outside long arrays, and those of the element that is scanned. */
  private readonly partValues = { outside: 0, element: 0 };
  private open: { array: LongArray; depth: number } | undefined;
  private rootIsObject = false;
  private lastString: { from: number; to: number } | undefined;

  constructor(
    private readonly body: Buffer,
    private readonly limits: JsonLimits,
  ) {}

  /** The arrays. A body that ends too early is refused here, since it could only be parsed in one go. */
  finish(): LongArray[] {
    if (this.depth > 0) throw new Problem(400, 'the body is not JSON: it ends too early');
    return this.arrays;
  }

  /** Scans up to a position, and on to the end of a string that begins before it. */
  run(end: number): void {
    const { body } = this;
    while (this.position < end) {
      const at = this.position++;
      switch (body[at]) {
        case QUOTE:
          this.skipString(at);
          break;
        case COMMA:
          this.countValue();
          if (this.open?.depth === this.depth) this.endElement(at);
          break;
        case COLON:
          this.countValue();
          break;
        case OPEN_ARRAY:
        case OPEN_OBJECT:
          this.enter(at);
          break;
        case CLOSE_ARRAY:
        case CLOSE_OBJECT:
          this.leave(at);
          break;
      }
    }
  }

  private skipString(from: number): void {
    let to = this.body.indexOf(QUOTE, this.position);
    while (to >= 0 && this.isEscaped(to, from)) to = this.body.indexOf(QUOTE, to + 1);
    this.position = to < 0 ? this.body.length : to + 1;
    if (this.depth === 1 && this.rootIsObject) this.lastString = { from, to: this.position };
  }

  private isEscaped(at: number, from: number): boolean {
    let backslashes = 0;
    while (at - 1 - backslashes > from && this.body[at - 1 - backslashes] === BACKSLASH) backslashes++;
    return backslashes % 2 === 1;
  }

  private enter(at: number): void {
    this.countValue();
    this.depth++;
    if (this.depth > this.limits.depth) this.exceed(400, `is nested more than ${this.limits.depth} levels deep`);
    const isArray = this.body[at] === OPEN_ARRAY;
    if (this.depth === 1) this.rootIsObject = !isArray;
    const canBeCut = isArray && (this.depth === 1 || (this.depth === 2 && this.rootIsObject));
    if (!canBeCut || this.open) return;
    const name = this.depth === 2 ? this.lastString : undefined;
    this.open = { array: { from: at + 1, ends: [], oversized: new Map(), name }, depth: this.depth };
    this.partValues.element = 0;
  }

  private leave(at: number): void {
    if (this.open?.depth === this.depth) {
      this.endElement(at);
      this.arrays.push(this.open.array);
      this.open = undefined;
    }
    this.depth--;
  }

  private endElement(at: number): void {
    this.open?.array.ends.push(at);
    this.partValues.element = 0;
  }

  private countValue(): void {
    const { values, partValues } = this.limits;
    const inPart = this.open ? ++this.partValues.element : ++this.partValues.outside;
    if (++this.values > values) throw overLimit(413, `has more than ${values} values and members`);
    if (inPart > partValues) this.exceed(413, `has more than ${partValues} values and members`);
  }

  /** Marks the element that is scanned. @throws Problem outside long arrays, or if elements are not rejected alone */
  private exceed(status: 400 | 413, reason: string): void {
    if (!this.open || !this.limits.perElement) throw overLimit(status, reason);
    const { ends, oversized } = this.open.array;
    if (!oversized.has(ends.length)) oversized.set(ends.length, reason);
  }
}

const overLimit = (status: 400 | 413, reason: string): Problem =>
  new Problem(status, `the request ${reason}`, { errors: [{ path: '', message: reason }] });
