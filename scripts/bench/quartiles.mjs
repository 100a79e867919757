/** Quartiles of at least one number, interpolated linearly between neighbours. */
export function quartiles(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const at = (share) => {
    const position = (sorted.length - 1) * share;
    const below = sorted[Math.floor(position)];
    const above = sorted[Math.ceil(position)];
    return below + (above - below) * (position - Math.floor(position));
  };
  return { q1: at(0.25), median: at(0.5), q3: at(0.75) };
}

/** With fewer figures the quartiles are too close to the median for a verdict. */
const FIGURES_MIN = 5;

/**
 * How one series of figures differs from another, as the ratio of the medians and in words. Where the ranges between
 * their quartiles overlap, the difference is no larger than that between rounds of one build.
 */
export function compare(figures, others) {
  const [own, other] = [quartiles(figures), quartiles(others)];
  const ratio = own.median / other.median;
  return { own, other, ratio, verdict: verdictOf(own, other, Math.min(figures.length, others.length)) };
}

function verdictOf(own, other, count) {
  if (count < FIGURES_MIN) return 'too few rounds';
  const overlap = own.q1 <= other.q3 && other.q1 <= own.q3;
  return overlap ? 'no difference' : inWords(own.median / other.median);
}

function inWords(ratio) {
  // A median of 0 is below one tick of the clock: there is no percentage of it.
  if (!Number.isFinite(ratio)) return 'more';
  const percent = Math.abs(ratio - 1) * 100;
  return `${percent.toFixed(percent < 9.95 ? 1 : 0)} % ${ratio < 1 ? 'less' : 'more'}`;
}
