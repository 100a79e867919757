import dayjs from 'dayjs';
import utc from 'dayjs/plugin/utc.js';
import { LRUCache } from 'lru-cache';

dayjs.extend(utc);

export const DEFAULT_TIME_FORMAT = 'YYYY-MM-DD HH:mm:ss Z';
const FORMAT_CHARS_MAX = 200;
const TIME = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)?)?$/;
/** Numbers below this are seconds, others milliseconds; the limit is the year 5138 in seconds, 1973 in milliseconds. */
const SECONDS_MAX = 1e11;

/** Parses a time into epoch milliseconds; undefined for a value that is not a time. */
export function parseTime(value: unknown): number | undefined {
  if (value instanceof Date) return finite(value.getTime());
  if (typeof value === 'number') return finite(Math.abs(value) < SECONDS_MAX ? value * 1_000 : value);
  if (typeof value !== 'string') return undefined;
  if (/^\d{1,16}(?:\.\d{1,9})?$/.test(value)) return parseTime(Number(value));
  return TIME.test(value) ? finite(Date.parse(value.replace(' ', 'T').toUpperCase())) : undefined;
}

function finite(ms: number): number | undefined {
  return Number.isFinite(new Date(ms).getTime()) ? ms : undefined;
}

/** Formats a time; `zone` is an IANA name, by default and if unknown the zone of the process. */
export function formatTime(ms: number, format: string, zone: string | undefined): string {
  const offset = offsetMinutes(ms, zone);
  // Shifted to UTC: dayjs computes offsets through the process's zone and fails at its daylight-saving changes.
  const time = dayjs.utc(ms + offset * 60_000);
  const inDayjs = (tokens: string) => time.format(withOffset(tokens, offset));
  const used = format.slice(0, FORMAT_CHARS_MAX);
  if (!used.includes('%')) return inDayjs(used);
  return used.replace(/%(.)/g, (whole, letter: string) => {
    if (letter === 'Z') return zone !== undefined && isTimeZone(zone) ? zone : inDayjs('Z');
    if (letter === 'j') return String(time.diff(time.startOf('year'), 'day') + 1).padStart(3, '0');
    if (letter === 's') return String(Math.floor(ms / 1_000));
    const token = STRFTIME[letter];
    return token === undefined ? whole : inDayjs(token);
  });
}

function withOffset(tokens: string, offset: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const sign = offset < 0 ? '-' : '+';
  const [hours, minutes] = [two(Math.floor(Math.abs(offset) / 60)), two(Math.abs(offset) % 60)];
  return tokens.replace(/\[[^\]]*\]|ZZ|Z/g, (token) => {
    if (token.startsWith('[')) return token;
    return token === 'Z' ? `[${sign}${hours}:${minutes}]` : `[${sign}${hours}${minutes}]`;
  });
}

/** strftime directives as dayjs tokens. */
const STRFTIME: Readonly<Record<string, string>> = {
  Y: 'YYYY',
  y: 'YY',
  m: 'MM',
  d: 'DD',
  e: 'D',
  H: 'HH',
  I: 'hh',
  M: 'mm',
  S: 'ss',
  p: 'A',
  B: 'MMMM',
  b: 'MMM',
  A: 'dddd',
  a: 'ddd',
  w: 'd',
  z: 'ZZ',
  F: 'YYYY-MM-DD',
  T: 'HH:mm:ss',
  R: 'HH:mm',
  D: 'MM/DD/YY',
  '%': '[%]',
};

export function isTimeZone(name: string): boolean {
  return clockOf(name) !== undefined;
}

/** Formatters by time zone; creating one takes a hundred times as long as using it. */
const clocks = new LRUCache<string, Intl.DateTimeFormat>({ max: 200 });

function clockOf(zone: string): Intl.DateTimeFormat | undefined {
  const known = clocks.get(zone);
  if (known || zone.length > 64) return known;
  try {
    const clock = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    clocks.set(zone, clock);
    return clock;
  } catch {
    return undefined;
  }
}

function offsetMinutes(ms: number, zone: string | undefined): number {
  const clock = zone === undefined ? undefined : clockOf(zone);
  if (!clock) return -new Date(ms).getTimezoneOffset();
  const name = clock.formatToParts(ms).find((part) => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes] = /GMT(?:([+-])(\d\d):(\d\d))?/.exec(name) ?? [];
  const offset = Number(hours ?? 0) * 60 + Number(minutes ?? 0);
  return sign === '-' ? -offset : offset;
}

const UNITS: readonly (readonly [string, number])[] = [
  ['d', 86_400],
  ['h', 3_600],
  ['m', 60],
  ['s', 1],
];

/** Formats seconds in their two largest units: `45s`, `1m 30s`, `2h 5m`, `3d 4h`. */
export function formatDuration(seconds: number): string {
  let rest = Math.round(Math.abs(seconds));
  const first = UNITS.findIndex(([, length]) => rest >= length);
  if (first < 0) return '0s';
  const parts: string[] = [];
  for (const [unit, length] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count}${unit}`);
  }
  return (seconds < 0 ? '-' : '') + parts.join(' ');
}
