/** Gives a place back; calling it again does nothing. */
export type ReleasePlace = () => void;

interface Destination {
  used: number;
  readonly waiting: { readonly grant: (release: ReleasePlace) => void }[];
}

/** Counts the calls under way to each destination. A place is waited for a moment only: then the run must wait, not the worker. */
export interface DestinationLimits {
  /** A place, or undefined when none came free within `waitMs`. */
  acquire(params: { key: string; places: number; waitMs: number }): Promise<ReleasePlace | undefined>;
  /** Calls under way to the destination. */
  used(key: string): number;
}

/** @param onFree told each time a place comes free that nobody in this process is waiting for */
export function createDestinationLimits(onFree: (key: string) => void): DestinationLimits {
  const destinations = new Map<string, Destination>();
  const release = (key: string, destination: Destination): ReleasePlace => {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      const next = destination.waiting.shift();
      if (next !== undefined) return next.grant(release(key, destination));
      destination.used--;
      if (destination.used === 0) destinations.delete(key);
      onFree(key);
    };
  };
  return {
    used: (key) => destinations.get(key)?.used ?? 0,
    async acquire({ key, places, waitMs }) {
      const destination = destinations.get(key) ?? { used: 0, waiting: [] };
      destinations.set(key, destination);
      if (destination.used < places) {
        destination.used++;
        return release(key, destination);
      }
      // A long queue means that the destination hangs: waiting in it would only take workers from other destinations.
      return destination.waiting.length < places ? waitForPlace(destination, waitMs) : undefined;
    },
  };
}

function waitForPlace(destination: Destination, waitMs: number): Promise<ReleasePlace | undefined> {
  return new Promise((resolve) => {
    const entry = {
      grant(release: ReleasePlace): void {
        clearTimeout(timer);
        resolve(release);
      },
    };
    const timer = setTimeout(() => {
      destination.waiting.splice(destination.waiting.indexOf(entry), 1);
      resolve(undefined);
    }, waitMs);
    destination.waiting.push(entry);
  });
}
