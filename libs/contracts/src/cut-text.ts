/** How long a text may be, as its provider counts. */
export interface TextLimit {
  readonly max: number;
  readonly unit: 'bytes' | 'characters';
}

const MARK = '…';
/** Longer clusters than this are no letters of people, and are cut as well. */
const CLUSTER_UNITS_MAX = 32;
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * The text, or as much of its beginning as fits with a mark of where it was cut. It is cut between characters as people
 * see them, so that no accent or half of an emoji is lost.
 */
export function cutText(text: string, { max, unit }: TextLimit): string {
  // Neither counts more than one for a unit of UTF-16, or three bytes.
  if (text.length * (unit === 'bytes' ? 3 : 1) <= max || textSize(text, unit) <= max) return text;
  const room = max - textSize(MARK, unit);
  return room < 0 ? '' : text.slice(0, clusterStart(text, unitsWithin(text, room, unit))).trimEnd() + MARK;
}

/** How much of such a limit a text takes; characters are code points, as providers count them. */
export function textSize(text: string, unit: TextLimit['unit']): number {
  if (unit === 'bytes') return Buffer.byteLength(text);
  let size = 0;
  for (const _ of text) size++;
  return size;
}

/** How many UTF-16 units of the text fit, without half a surrogate pair. */
function unitsWithin(text: string, room: number, unit: TextLimit['unit']): number {
  let units = 0;
  let used = 0;
  for (const character of text) {
    used += unit === 'bytes' ? Buffer.byteLength(character) : 1;
    if (used > room) break;
    units += character.length;
  }
  return units;
}

/** The last place at or before `units` where one character of people's ends and the next begins. */
export function clusterStart(text: string, units: number): number {
  const from = Math.max(0, units - CLUSTER_UNITS_MAX);
  const window = text.slice(from, units + CLUSTER_UNITS_MAX);
  let start = 0;
  for (const { index } of clusters.segment(window)) {
    if (from + index > units) break;
    start = index;
  }
  return start === 0 ? units : from + start;
}
