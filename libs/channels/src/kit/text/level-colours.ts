import type { Level } from '#libs/contracts';

/** Colours with enough contrast for white letters on them, and for a bar on a black background. */
export const LEVEL_COLOURS: Readonly<Record<Level, string>> = {
  fatal: '#c81e1e',
  error: '#c2410c',
  nodata: '#7c3aed',
  warning: '#a16207',
  info: '#2563eb',
  recovered: '#15803d',
};
