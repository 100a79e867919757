/** Upper bounds of the histograms of times, in milliseconds; the scripts that settle count by them, and metrics expose them. */
export const HISTOGRAM_BOUNDS_MS = [
  5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 300_000, 3_600_000,
] as const;
