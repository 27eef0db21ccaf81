import { MapwrightError } from '../core/error.ts';
import type { RecordValue } from '../core/record.ts';
import type { StepEffect } from '../core/step.ts';
import type { RunState } from './run-state.ts';
import { recordValuesOf } from './scope.ts';

/**
 * Adds field values to the next commit, after the record host has checked them, and tells what changes. Rejects with
 * the host's error when a value does not fit, and with RECORD_GONE when there is no record to write to.
 */
export async function writeFields(
  state: RunState,
  params: {
    readonly task: string;
    readonly fields: Readonly<Record<string, RecordValue>>;
    /** Field -> where its value came from. */
    readonly from: ReadonlyMap<string, string>;
    readonly fires: boolean;
  },
): Promise<StepEffect[]> {
  const { engine, lease, pending } = state;
  const names = Object.keys(params.fields);
  if (names.length === 0) return [];
  const { recordId } = lease.run;
  state.image ??= recordId === undefined ? undefined : await engine.host.read(recordId);
  if (state.image === undefined) {
    const which = recordId === undefined ? 'the run has no record' : `record ${recordId} was deleted`;
    throw new MapwrightError('RECORD_GONE', `${names.join(', ')} cannot be written: ${which}`);
  }
  const before = recordValuesOf(state);
  const actor = { user: engine.serviceUser.id, run: lease.run.id, task: params.task };
  const fields = { ...pending.fields, ...params.fields };
  const write = await engine.host.decideUpdate({ image: state.image, fields, actor });
  pending.fields = fields;
  pending.fires ||= params.fires;
  pending.task = params.task;
  const { recorder } = engine;
  const { image } = state;
  return names.map((name) => ({
    kind: 'field',
    name,
    ...(params.from.has(name) ? { from: params.from.get(name) ?? '' } : {}),
    value: recorder.redactJson((write ?? image).values[name] ?? null, state.redactor),
    previous: recorder.redactJson(before[name] ?? null, state.redactor),
  }));
}
