import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutcome, CallRequest, Connector } from '../core/call.ts';
import type { DestinationRules, Entry, Place } from '../core/destination.ts';
import { outcomeAt } from './destination.ts';
import type { Engine } from './engine.ts';

/** How long, at least, a call waits for a place at its destination before it gives up. */
const PLACE_WAIT_MS = 30_000;
/** One look for a place; between two of them the caller's signal is looked at. */
const PLACE_LOOK_MS = 250;

/** Tells calls outside of runs from each other. */
let calls = 0;

/**
 * The connector for calls outside of runs: each takes a place at its destination, as any step's. A destination that is down
 * or held back is not waited for.
 * @param rulesOf what holds where this request goes
 * @param tells false: what comes of the call says nothing about the destination to others
 */
export function gatedConnector(
  { connector, gate }: Pick<Engine, 'connector' | 'gate'>,
  { rulesOf, tells = true }: { readonly rulesOf: (request: CallRequest) => DestinationRules; readonly tells?: boolean },
): Connector {
  return {
    async send(request, options) {
      const caller = `call ${(calls = (calls + 1) % Number.MAX_SAFE_INTEGER)}`;
      const rules = rulesOf(request);
      let entry: Entry | undefined;
      for (let waitedMs = 0; waitedMs < PLACE_WAIT_MS && options.signal?.aborted !== true; waitedMs += PLACE_LOOK_MS) {
        entry = await gate.enter({ rules, caller, waitMs: PLACE_LOOK_MS, goesFirst: true });
        if (entry.kind === 'place') return sendAt(entry.place, tells, () => connector.send(request, options));
        if (entry.because === 'down' || entry.because === 'held') break;
        // A long queue refuses at once.
        await pause(PLACE_LOOK_MS);
      }
      // A call that was given up while it waited is told so by the connector, which sends nothing then.
      return options.signal?.aborted === true ? connector.send(request, options) : noPlace(entry);
    },
    close: async () => undefined,
  };
}

async function sendAt(place: Place, tells: boolean, send: () => Promise<CallOutcome>): Promise<CallOutcome> {
  let came: ReturnType<typeof outcomeAt>;
  try {
    const outcome = await send();
    if (tells) came = outcomeAt(outcome);
    return outcome;
  } finally {
    place.leave(came);
  }
}

function noPlace(entry: Entry | undefined): CallOutcome {
  const wait = entry?.kind === 'wait' ? entry : undefined;
  const isDown = wait?.because === 'down' || wait?.because === 'held';
  const failure = {
    code: isDown ? 'DESTINATION_DOWN' : 'CALL_NO_PLACE',
    cause: 'timeout' as const,
    message: isDown ? `not called: ${wait.why}` : `${wait?.why ?? 'no place'}, and none came free in time`,
    hint: isDown
      ? 'mapwright destinations shows what is called'
      : 'try later, or raise <limit concurrent="..."/> in the service',
    inDoubt: false,
    durationMs: 0,
    partial: undefined,
  };
  return { kind: 'failed', failure };
}
