import { MapwrightError } from '../../core/error.ts';
import type { Actor, RecordImage, RecordValue } from '../../core/record.ts';
import type { StepEffect } from '../../core/step.ts';
import type { RecordWrite } from '../../core/unit-of-work.ts';
import { MAX_DEPTH } from '../chain-depth.ts';
import type { RunState } from '../run-state.ts';

/** Whom the history names. */
export function actorOf({ engine, lease }: RunState, task: string): Actor {
  return { user: engine.serviceUser.id, run: lease.run.id, task };
}

/** Decides a new record. Rejects with RECORD_INVALID, or HOST_CREATES_NONE when records come from elsewhere. */
export function decideCreation(
  { engine }: RunState,
  params: { readonly module: string; readonly fields: Readonly<Record<string, RecordValue>>; readonly actor: Actor },
): Promise<RecordWrite> {
  const { host } = engine;
  if (host.decideCreation !== undefined) return host.decideCreation(params);
  throw new MapwrightError('HOST_CREATES_NONE', `the application does not let workflows create ${params.module}`, {
    hint: 'create the record with a map that calls the application',
  });
}

/** For people: what became of a record that is not the run's own. */
export function recordEffect(
  { engine, redactor }: RunState,
  params: { readonly write: RecordWrite; readonly before: RecordImage | undefined },
): StepEffect {
  const { write, before } = params;
  const shown = (values: RecordWrite['values']) =>
    engine.recorder.redactJson(Object.fromEntries(write.changed.map((name) => [name, values[name] ?? null])), redactor);
  return {
    kind: 'record',
    name: write.id,
    from: `${before === undefined ? 'created' : 'updated'} in ${write.module}`,
    value: shown(write.values),
    ...(before === undefined ? {} : { previous: shown(before.values) }),
  };
}

/** What is said when changes that should start workflows cannot, because the chain is too long. */
export function depthWarnings({ lease }: RunState, fires: boolean): string[] {
  if (!fires || lease.run.depth + 1 <= MAX_DEPTH) return [];
  return [`starts no workflow: ${MAX_DEPTH} workflows have started each other already`];
}
