/** Most events in any window of a length, at any offset. */
export function mostInAnyWindow(times: readonly number[], lengthMs: number): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  for (let first = 0, last = 0; last < sorted.length; last++) {
    // Events of one window are less than its length apart.
    while ((sorted[last] as number) - (sorted[first] as number) >= lengthMs) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
