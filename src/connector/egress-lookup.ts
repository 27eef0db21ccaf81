import { isIP } from 'node:net';
import type { Route } from './connection-route.ts';
import { EgressError, type EgressPolicy, hintToAllow, namesHost, refuseEgress } from './egress-guard.ts';
import type { HostAddress, HostLookup } from './host-lookup.ts';

/** What names are resolved and addresses judged with. */
interface Guard {
  readonly lookup: HostLookup;
  readonly egress: () => EgressPolicy;
}

type Target = Pick<Route, 'host' | 'port'>;

/** The addresses of a host, each of which may be dialled. Rejects with EgressError, or what the lookup rejects with. */
export async function checkedAddresses(
  { host, port }: Target,
  { lookup, egress }: Guard,
): Promise<[HostAddress, ...HostAddress[]]> {
  const [first, ...others] = await lookup(host);
  if (first === undefined) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
  const addresses = [first, ...others].map(({ address }) => address);
  const refusal = refuseEgress({ host, port, addresses }, egress());
  if (refusal !== undefined) throw refusal;
  return [first, ...others];
}

/**
 * The addresses of a host that a proxy will be asked to call, each of which could be dialled from here too. The proxy resolves
 * the name once more, which is in its hands; one that is known to the proxy alone has to be named by the policy. Rejects with
 * EgressError, or what the lookup rejects with.
 */
export async function judgeBehindProxy({ host, port }: Target, guard: Guard): Promise<readonly string[]> {
  // A literal address was judged with the request.
  if (isIP(host) !== 0) return [host];
  try {
    return (await checkedAddresses({ host, port }, guard)).map(({ address }) => address);
  } catch (error) {
    const isUnknown = error instanceof Error && 'code' in error && /^(?:ENOTFOUND|ENODATA)$/u.test(String(error.code));
    if (!isUnknown) throw error;
    const policy = guard.egress();
    if (namesHost({ host, port }, policy)) return [];
    throw new EgressError(
      `${host} is not known here, so what the proxy would reach by that name cannot be judged`,
      hintToAllow(`${host}:${port}`, policy),
    );
  }
}
