import { setTimeout as pause } from 'node:timers/promises';
import type { CallOutcome, Connector } from '../core/call.ts';
import type { Entry, Place } from '../core/destination.ts';
import type { Json } from '../core/json.ts';
import type { RecordValues } from '../core/record.ts';
import { emptyValues } from '../core/record-store.ts';
import type { Failure } from '../core/run.ts';
import type { RecordedAnswer, RecordedRequest } from '../core/step.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import { destinationRules, outcomeAt } from './destination.ts';
import type { Engine } from './engine.ts';
import { type StepFailure, storedFailure } from './step-failure.ts';
import { type PlainTrial, type TrialParams, tryMapPlainly } from './try-map.ts';

/** What came of one call. */
export interface MapOutcome {
  /** What the outputs say for fields of the record and for the context, in plain text. Nothing has been written. */
  readonly fields: Readonly<Record<string, Json>>;
  readonly context: Readonly<Record<string, Json>>;
  /** As history would show them: secrets as dots, bodies cut. */
  readonly request: RecordedRequest | undefined;
  readonly answer: RecordedAnswer | undefined;
  /** The answer's body as it came. */
  readonly body: Uint8Array | undefined;
  readonly warnings: readonly string[];
  /** `shown` is the failure with secrets as dots. */
  readonly failure: { readonly shown: Failure; readonly kind: StepFailure } | undefined;
}

/** How long, at least, a call waits for a place at its destination before it gives up. */
const PLACE_WAIT_MS = 30_000;
/** One look for a place; between two of them the caller's signal is looked at. */
const PLACE_LOOK_MS = 250;

/**
 * Makes one map's call now, with a place at its destination like any step's, and outside of every run: nothing is
 * stored, nothing is tried again. Rejects with MAP_UNKNOWN; every other failure is told in the outcome.
 */
export async function runMap(engine: Engine, params: Omit<TrialParams, 'send'>): Promise<MapOutcome> {
  const map = params.catalog.maps.get(params.map);
  const connector = map === undefined ? engine.connector : queued(engine, map);
  const record = { ...emptyFields(params.catalog, map), ...params.record };
  const trial = await tryMapPlainly({ ...engine, connector }, { ...params, record, send: true });
  return outcomeOf(engine, params.map, trial);
}

/** The fields of the map's module: those that the caller leaves out are empty, not unknown. */
function emptyFields({ modules }: TrialParams['catalog'], map: CompiledMap | undefined): RecordValues {
  const module = modules.get(map?.document.module?.value ?? '');
  return module === undefined ? {} : emptyValues(module);
}

/** The connector behind the places of the map's destination. A destination that is down or held back is not waited for. */
function queued(engine: Engine, map: CompiledMap): Connector {
  const rules = destinationRules({ map, service: map.service });
  return {
    async send(request, options) {
      const caller = `call ${(calls = (calls + 1) % Number.MAX_SAFE_INTEGER)}`;
      let entry: Entry | undefined;
      for (let waitedMs = 0; waitedMs < PLACE_WAIT_MS && options.signal?.aborted !== true; waitedMs += PLACE_LOOK_MS) {
        entry = await engine.gate.enter({ rules, caller, waitMs: PLACE_LOOK_MS, goesFirst: true });
        if (entry.kind === 'place') return sendAt(entry.place, () => engine.connector.send(request, options));
        if (entry.because === 'down' || entry.because === 'held') break;
        // A long queue refuses at once.
        await pause(PLACE_LOOK_MS);
      }
      // A call that was given up while it waited is told so by the connector, which sends nothing then.
      return options.signal?.aborted === true ? engine.connector.send(request, options) : noPlace(entry);
    },
    close: async () => undefined,
  };
}

/** Tells calls outside of runs from each other. */
let calls = 0;

async function sendAt(place: Place, send: () => Promise<CallOutcome>): Promise<CallOutcome> {
  let came: ReturnType<typeof outcomeAt>;
  try {
    const outcome = await send();
    came = outcomeAt(outcome);
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

function outcomeOf({ recorder }: Engine, map: string, trial: PlainTrial): MapOutcome {
  const { prepared, answer, failure, writes, redactor, warnings } = trial;
  const named = (which: 'field' | 'context'): Record<string, Json> =>
    Object.fromEntries(writes.flatMap((write) => (write[which] === undefined ? [] : [[write[which], write.value]])));
  return {
    fields: named('field'),
    context: named('context'),
    request: prepared && recorder.recordRequest(prepared.request, redactor, prepared.parameters),
    answer: answer && recorder.recordAnswer(answer, redactor),
    body: answer?.body,
    warnings,
    failure: failure && { kind: failure, shown: storedFailure(failure, map, (text) => redactor.redact(text)) },
  };
}
