import type { Continuation } from '../../src/core/journal.ts';
import type { AcceptedRun, RunContext, RunId } from '../../src/core/run.ts';
import type { Store } from '../../src/store/store.ts';
import { acceptOne, claimOne, intent, outcome, settled, settlement } from './sample-runs.ts';

type End = Extract<Continuation, { kind: 'end' }>;

/** An end of a run. */
export function ending(status: End['status'], more: Partial<End> = {}): End {
  return { kind: 'end', status, failure: undefined, handled: false, ...more };
}

/** A text that is stored apart from the context that it is in. */
export function longText(name: string): string {
  return `${name} `.repeat(6_000);
}

/** A run, accepted and ended at a time, with a step that was tried twice. */
export async function endedRun(
  store: Store,
  params: {
    readonly at: number;
    readonly run?: Partial<AcceptedRun>;
    readonly then?: End;
    readonly context?: RunContext;
    readonly keys?: Readonly<Record<string, string>>;
  },
): Promise<RunId> {
  const { at, run = {}, then = ending('completed'), context, keys = {} } = params;
  const id = await acceptOne(store, at, { lane: '', ...run });
  const lease = await claimOne(store, at, id);
  settled(await store.journal.settle(lease, settlement(at, { begin: intent(1) })));
  const failure = { code: 'CALL_TIMEOUT', message: 'too late' };
  const failed = outcome(1, { status: 'waiting', failure });
  settled(await store.journal.settle(lease, settlement(at, { outcomes: [failed], begin: intent(1, { attempt: 2 }) })));
  settled(await store.journal.settle(lease, settlement(at, { outcomes: [outcome(1)], context, keys, then })));
  return id;
}
