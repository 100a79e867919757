/** Longest text, in the unit that the provider counts. */
export interface TextLimit {
  readonly max: number;
  readonly unit: 'bytes' | 'characters';
}

const MARK = '…';
/** Longer grapheme clusters are not characters of any script and are cut. */
const CLUSTER_UNITS_MAX = 32;
const clusters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Cuts a text to a limit and appends `…`; a text that fits stays unchanged. It cuts between grapheme clusters, so that no
 * accent and no part of an emoji is lost.
 */
export function cutText(text: string, { max, unit }: TextLimit): string {
  // A UTF-16 unit counts at most one character, or three bytes.
  if (text.length * (unit === 'bytes' ? 3 : 1) <= max || textSize(text, unit) <= max) return text;
  const room = max - textSize(MARK, unit);
  return room < 0 ? '' : text.slice(0, clusterStart(text, unitsWithin(text, room, unit))).trimEnd() + MARK;
}

/** Size of a text in the unit of a limit; characters are code points, as providers count them. */
export function textSize(text: string, unit: TextLimit['unit']): number {
  if (unit === 'bytes') return Buffer.byteLength(text);
  let size = 0;
  for (const _ of text) size++;
  return size;
}

/** Number of UTF-16 units of the text that fit, without half a surrogate pair. */
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

/** Last boundary between grapheme clusters at or before `units`. */
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
