/** Gives a place back; calling it again does nothing. */
export type ReleasePlace = () => void;

export interface PlaceRequest {
  /** The destination. */
  readonly key: string;
  readonly places: number;
  readonly waitMs: number;
  /** True for a run that has called before, so that what is begun gets done, and for one that has waited in the journal. */
  readonly goesFirst: boolean;
}

/** Counts the calls under way to each destination. A place is waited for a moment only: then the run must wait, not the worker. */
export interface DestinationLimits {
  /** A place, or undefined when the queue is long or has not moved for `waitMs`. */
  acquire(request: PlaceRequest): Promise<ReleasePlace | undefined>;
  /** Calls under way to the destination. */
  used(key: string): number;
  /** To be told when a run has been put to wait for a place in the journal. */
  parked(key: string): void;
}

/** A place is passed on to one of these before anybody is told that it came free. */
interface Queues {
  readonly first: Waiting[];
  readonly fresh: Waiting[];
}

interface Waiting {
  readonly grant: (release: ReleasePlace) => void;
}

interface Destination extends Queues {
  used: number;
  /** How often a place has come free. */
  releases: number;
}

/** How many runs may stand in each queue: so many for each place, and never so many that few workers are left. */
const QUEUE_PER_PLACE = 8;
const LONGEST_QUEUE = 64;

/**
 * @param wake asked to let up to so many runs go on that wait for a place in the journal, as long as there may be some,
 *   when fewer stand in the queue than there are places; resolves to false when none waited
 */
export function createDestinationLimits(
  wake: (request: { readonly key: string; readonly limit: number }) => Promise<boolean>,
): DestinationLimits {
  const destinations = new Map<string, Destination>();
  /** Destinations for which no run waits in the journal. One not heard of since the start may have some. */
  const unawaited = new Set<string>();
  /** Destinations that the journal is being looked through for. */
  const waking = new Set<string>();
  let parkings = 0;

  async function wakeSome(key: string, limit: number): Promise<void> {
    if (unawaited.has(key) || waking.has(key)) return;
    waking.add(key);
    const before = parkings;
    // A run parked in the meantime may have come too late to be found.
    if (!(await wake({ key, limit })) && parkings === before) unawaited.add(key);
    waking.delete(key);
  }

  const release = (key: string, destination: Destination, places: number): ReleasePlace => {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      destination.releases++;
      const next = destination.first.shift() ?? destination.fresh.shift();
      if (next !== undefined) next.grant(release(key, destination, places));
      else if (--destination.used === 0) destinations.delete(key);
      // Those who wait in the journal are called before the queue runs dry: newcomers would always be there sooner.
      const room = places - destination.first.length - destination.fresh.length;
      if (room > 0) void wakeSome(key, room);
    };
  };

  return {
    used: (key) => destinations.get(key)?.used ?? 0,
    parked(key) {
      parkings++;
      unawaited.delete(key);
    },
    async acquire({ key, places, waitMs, goesFirst }) {
      const destination = destinations.get(key) ?? { used: 0, releases: 0, first: [], fresh: [] };
      destinations.set(key, destination);
      if (destination.used < places) {
        destination.used++;
        return release(key, destination, places);
      }
      const queue = goesFirst ? destination.first : destination.fresh;
      // A long queue means that the destination hangs: waiting in it would only take workers from other destinations.
      const longest = Math.min(LONGEST_QUEUE, places * QUEUE_PER_PLACE);
      return queue.length < longest ? waitForPlace(destination, queue, waitMs) : undefined;
    },
  };
}

/** Gives up when no place at all has come free for `waitMs`: a queue that moves is worth standing in. */
function waitForPlace(destination: Destination, queue: Waiting[], waitMs: number): Promise<ReleasePlace | undefined> {
  return new Promise((resolve) => {
    let seen = destination.releases;
    const lookAgain = (): void => {
      if (destination.releases > seen) {
        seen = destination.releases;
        timer = setTimeout(lookAgain, waitMs);
        return;
      }
      queue.splice(queue.indexOf(entry), 1);
      resolve(undefined);
    };
    let timer = setTimeout(lookAgain, waitMs);
    const entry = {
      grant(release: ReleasePlace): void {
        clearTimeout(timer);
        resolve(release);
      },
    };
    queue.push(entry);
  });
}
