/** One of those who share something. */
export interface Claimant {
  readonly name: string;
  readonly wanted: number;
}

/**
 * Shares `total` so that nobody gets more than wanted and nobody could have more but from one who has less. What cannot be
 * divided goes to some of them, to others with each `turn`, so that a single place goes round.
 */
export function fairShares(total: number, claimants: readonly Claimant[], turn: number): ReadonlyMap<string, number> {
  const shares = new Map(claimants.map(({ name }) => [name, 0]));
  let left = Math.max(0, total);
  let hungry = claimants.filter(({ wanted }) => wanted > 0).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  while (left > 0 && hungry.length > 0) {
    const each = Math.floor(left / hungry.length);
    if (each === 0) break;
    for (const { name, wanted } of hungry) {
      const given = Math.min(each, wanted - (shares.get(name) ?? 0));
      shares.set(name, (shares.get(name) ?? 0) + given);
      left -= given;
    }
    hungry = hungry.filter(({ name, wanted }) => (shares.get(name) ?? 0) < wanted);
  }
  for (let index = 0; index < Math.min(left, hungry.length); index++) {
    const one = hungry[(index + turn) % hungry.length];
    if (one !== undefined) shares.set(one.name, (shares.get(one.name) ?? 0) + 1);
  }
  return shares;
}
