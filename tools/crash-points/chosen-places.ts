/** A place at which a process is to die. */
export interface ChosenPlace {
  /** Its number, from 0. */
  readonly at: number;
  /** `after journal.settle` */
  readonly name: string;
}

/**
 * Of places of the same name at most so many: the first, the last, and those between at equal distances; `turn` moves these
 * along, so that turns that follow each other choose different ones.
 */
export function choosePlaces(places: readonly string[], most: number, turn = 0): readonly ChosenPlace[] {
  const named = places.map((name, at) => ({ name, at }));
  return [...Map.groupBy(named, ({ name }) => name).values()]
    .flatMap((same) => {
      if (same.length <= most) return same;
      const stride = same.length / most;
      const chosen = Array.from({ length: most }, (_, index) =>
        Math.floor(index * stride + (turn % Math.ceil(stride))),
      );
      return chosen.flatMap((index) => same[Math.min(index, same.length - 1)] ?? []);
    })
    .toSorted((one, other) => one.at - other.at);
}
