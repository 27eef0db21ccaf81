import { lookup } from 'node:dns/promises';

/** An address a host name stands for. */
export interface HostAddress {
  readonly address: string;
  readonly family: number;
}

/** Finds all addresses of a host name, in the order to try them; rejects when there are none. */
export type HostLookup = (hostname: string) => Promise<readonly HostAddress[]>;

/** The system's resolver (hosts file, DNS): addresses in the order it prefers. */
export const systemLookup: HostLookup = (hostname) => lookup(hostname, { all: true, order: 'verbatim' });

/**
 * Asks at most once at a time for each name. The system's resolver works in few threads and cannot be called off:
 * many calls to one name that hangs would otherwise keep every other name from being resolved.
 */
export function shareLookups(resolve: HostLookup): HostLookup {
  const pending = new Map<string, Promise<readonly HostAddress[]>>();
  return (hostname) => {
    const known = pending.get(hostname);
    if (known !== undefined) return known;
    const asked = resolve(hostname).finally(() => pending.delete(hostname));
    pending.set(hostname, asked);
    return asked;
  };
}
