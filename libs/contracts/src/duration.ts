import { z } from 'zod';

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
/** Longest duration: a year covers every period, and its milliseconds are exact integers. */
const DAYS_MAX = 365;

/** Milliseconds of a duration such as `0s`, `90s`, `12h`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  if (text === '0s') return 0;
  const match = /^([1-9][0-9]*)([smhd])$/.exec(text);
  if (!match) return undefined;
  const ms = Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
  return ms <= DAYS_MAX * UNIT_MS.d ? ms : undefined;
}

/** Milliseconds of a duration that a schema has accepted. @throws Error for any other text */
export function durationMs(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`not a duration: ${text}`);
  return ms;
}

/** Schema of a duration: `0s`, or a whole number followed by s, m, h or d, at most 365 days. */
export const durationSchema = z
  .string()
  .refine((text) => parseDuration(text) !== undefined, {
    error: (issue) =>
      `must be 0s or a whole number with s, m, h or d (at most 365d), not ${JSON.stringify(issue.input)}`,
  })
  .meta({
    description: 'a duration: 0s, or a whole number followed by s, m, h or d',
    pattern: '^(0s|[1-9][0-9]*[smhd])$',
  });
