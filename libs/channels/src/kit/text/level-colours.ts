import type { Level } from '#libs/contracts';

/** Dark enough for white letters on them, bright enough for a bar on black. */
export const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  fatal: '#c81e1e',
  error: '#c2410c',
  nodata: '#7c3aed',
  warning: '#a16207',
  info: '#2563eb',
  recovered: '#15803d',
};
