/** Gets a place, or `undefined` when there will be none soon. */
type Told<T> = (place: T | undefined) => void;

interface Waiting<T> {
  readonly caller: string;
  readonly tell: Told<T>;
}

/** How many runs may stand in each queue: so many for each place, and never so many that few workers are left. */
const QUEUE_PER_PLACE = 8;
const LONGEST_QUEUE = 64;

/** Those who wait in this process for a place: runs that have begun before those that have not, else in order. */
export class PlaceQueue<T> {
  readonly #first: Waiting<T>[] = [];
  readonly #fresh: Waiting<T>[] = [];
  /** Places given to somebody in the queue, or free again. */
  #moves = 0;

  get length(): number {
    return this.#first.length + this.#fresh.length;
  }

  /** A queue that moves is worth standing in. */
  moved(): void {
    this.#moves++;
  }

  /**
   * Waits until a place is given, but not in a long queue, nor when nothing at all has moved for `waitMs`: the destination
   * hangs then, and waiting would only take workers from others.
   */
  wait(params: {
    readonly caller: string;
    readonly goesFirst: boolean;
    readonly places: number;
    readonly waitMs: number;
  }): Promise<T | undefined> {
    const queue = params.goesFirst ? this.#first : this.#fresh;
    const longest = Math.min(LONGEST_QUEUE, params.places * QUEUE_PER_PLACE);
    if (queue.length >= longest) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      let seen = this.#moves;
      const lookAgain = (): void => {
        if (this.#moves > seen) {
          seen = this.#moves;
          timer = setTimeout(lookAgain, params.waitMs);
          return;
        }
        queue.splice(queue.indexOf(entry), 1);
        resolve(undefined);
      };
      let timer = setTimeout(lookAgain, params.waitMs);
      const entry: Waiting<T> = {
        caller: params.caller,
        tell(place) {
          clearTimeout(timer);
          resolve(place);
        },
      };
      queue.push(entry);
    });
  }

  /** Gives a place, made for its caller, to the next one; nothing is made when nobody waits. */
  give(make: (caller: string) => T): void {
    const next = this.#first.shift() ?? this.#fresh.shift();
    if (next === undefined) return;
    this.moved();
    next.tell(make(next.caller));
  }

  /** Sends all away. */
  clear(): void {
    for (const { tell } of [...this.#first.splice(0), ...this.#fresh.splice(0)]) tell(undefined);
  }
}
