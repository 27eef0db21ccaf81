/** The smallest value that at least this share (0 to 1) of the series does not exceed; NaN of none. */
export function percentile(series: readonly number[], share: number): number {
  const sorted = series.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** The middle of a series; the mean of the two in the middle where there is no one. */
export function median(series: readonly number[]): number {
  const sorted = series.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}
