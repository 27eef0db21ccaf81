/** Gives a place back; calling it again does nothing. */
export type ReleasePlace = () => void;

export interface PlaceRequest {
  /** The destination. */
  readonly key: string;
  readonly places: number;
  readonly waitMs: number;
  /** True for a run that has called before: it goes before those that have not begun, so that what is begun gets done. */
  readonly hasBegun: boolean;
}

/** Counts the calls under way to each destination. A place is waited for a moment only: then the run must wait, not the worker. */
export interface DestinationLimits {
  /** A place, or undefined when none came free within `waitMs`. */
  acquire(request: PlaceRequest): Promise<ReleasePlace | undefined>;
  /** Calls under way to the destination. */
  used(key: string): number;
  /** To be told when a run has been put to wait for a place in the journal. */
  parked(key: string): void;
}

/** A place is passed on to one of these before anybody is told that it came free. */
interface Queues {
  readonly begun: Waiting[];
  readonly fresh: Waiting[];
}

interface Waiting {
  readonly grant: (release: ReleasePlace) => void;
}

interface Destination extends Queues {
  used: number;
}

/** How many runs that have begun may queue, for each place. */
const BEGUN_PER_PLACE = 4;

/**
 * @param onFree told when a place comes free that nobody in this process is waiting for, as long as runs may wait for
 *   one in the journal; resolves to false when none did
 */
export function createDestinationLimits(onFree: (key: string) => Promise<boolean>): DestinationLimits {
  const destinations = new Map<string, Destination>();
  /** Destinations for which no run waits in the journal. One not heard of since the start may have some. */
  const unawaited = new Set<string>();
  let parkings = 0;

  async function tellFree(key: string): Promise<void> {
    if (unawaited.has(key)) return;
    const before = parkings;
    // A run parked in the meantime may have come too late to be found.
    if (!(await onFree(key)) && parkings === before) unawaited.add(key);
  }

  const release = (key: string, destination: Destination): ReleasePlace => {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = destination.begun.shift() ?? destination.fresh.shift();
      if (next !== undefined) return next.grant(release(key, destination));
      destination.used--;
      if (destination.used === 0) destinations.delete(key);
      void tellFree(key);
    };
  };

  return {
    used: (key) => destinations.get(key)?.used ?? 0,
    parked(key) {
      parkings++;
      unawaited.delete(key);
    },
    async acquire({ key, places, waitMs, hasBegun }) {
      const destination = destinations.get(key) ?? { used: 0, begun: [], fresh: [] };
      destinations.set(key, destination);
      if (destination.used < places) {
        destination.used++;
        return release(key, destination);
      }
      const queue = hasBegun ? destination.begun : destination.fresh;
      // A long queue means that the destination hangs: waiting in it would only take workers from other destinations.
      const longest = hasBegun ? places * BEGUN_PER_PLACE : places;
      return queue.length < longest ? waitForPlace(queue, waitMs) : undefined;
    },
  };
}

function waitForPlace(queue: Waiting[], waitMs: number): Promise<ReleasePlace | undefined> {
  return new Promise((resolve) => {
    const entry = {
      grant(release: ReleasePlace): void {
        clearTimeout(timer);
        resolve(release);
      },
    };
    const timer = setTimeout(() => {
      queue.splice(queue.indexOf(entry), 1);
      resolve(undefined);
    }, waitMs);
    queue.push(entry);
  });
}
