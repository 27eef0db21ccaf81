import { DEFAULT_BREAKER } from '../core/breaker.ts';
import type { CallOutcome } from '../core/call.ts';
import type { CallRate, DestinationRules, Reached } from '../core/destination.ts';
import type { CompiledCallTask } from '../catalog/compiled-workflow.ts';

const DEFAULT_PLACES = 16;
/** Statuses by which whatever stands before the other side says that it is not there. */
const AWAY_STATUSES: ReadonlySet<number> = new Set([502, 503, 504]);

/** The parts of a task that say whom it calls. */
type Call = Pick<CompiledCallTask, 'map' | 'service'>;

/** What limits and waits are counted by: the service, or the origin of a map without one. */
export function destinationOf({ service, map }: Call): string {
  if (service !== undefined) return service.name;
  const url = map.document.call.url?.value ?? '';
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** What holds for the calls of a task. */
export function destinationRules(call: Call): DestinationRules {
  const service = call.service?.document;
  return {
    key: destinationOf(call),
    ...limitsOf(service),
    breaker: service?.breaker === 'off' ? undefined : { ...DEFAULT_BREAKER, ...service?.breaker },
  };
}

/** How many calls may be under way at once and begin in a period, as the service says or by default. */
export function limitsOf(service: LimitedService | undefined): Pick<DestinationRules, 'concurrent' | 'rate'> {
  return { concurrent: service?.limit.concurrent ?? DEFAULT_PLACES, rate: service && callRate(service.limit) };
}

interface Limit {
  readonly concurrent: number | undefined;
  readonly perSecond?: number | undefined;
  readonly perMinute?: number | undefined;
}

interface LimitedService {
  readonly limit: Limit;
}

/** The lower of both rates. At most a second's calls begin at once, also where a minute's are given. */
function callRate({ perSecond, perMinute }: Omit<Limit, 'concurrent'>): CallRate | undefined {
  const inMinute = Math.min((perSecond ?? Infinity) * 60, perMinute ?? Infinity);
  if (!Number.isFinite(inMinute)) return undefined;
  const calls = Math.max(1, Math.floor(inMinute / 60));
  return { calls, periodMs: (calls * 60_000) / inMinute };
}

/** What a call's outcome says about its destination; undefined when it says nothing: it was not made, given up here, or somebody else failed. */
export function outcomeAt(outcome: CallOutcome): { readonly reached: Reached; readonly code: string } | undefined {
  if (outcome.kind === 'failed') {
    const { cause, code, isElsewhere = false } = outcome.failure;
    if (isElsewhere) return undefined;
    if (cause === 'answer') return { reached: 'answered', code };
    return cause === 'network' || cause === 'timeout' ? { reached: 'unreached', code } : undefined;
  }
  const { status } = outcome.answer;
  const reached = AWAY_STATUSES.has(status) ? 'unreached' : status >= 500 ? 'faulty' : 'answered';
  return { reached, code: `status ${status}` };
}
