import type { JsonObject } from '../core/json.ts';
import type { RecordValues } from '../core/record.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { CompiledService } from '../catalog/compiled-service.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import { type Evaluation, type Sourced, scopeFor } from './evaluation.ts';
import { newBoundary } from './request/boundary.ts';
import type { RunState } from './run-state.ts';
import { slotFacts } from './schedule/slot-facts.ts';

/** All sources of a map's request. */
export function mapSources(map: CompiledMap, service: CompiledService | undefined): Sourced[] {
  const texts = [
    map.legacyUrl,
    map.login?.user,
    map.login?.password,
    map.url,
    map.path,
    map.wsdl,
    map.operation,
    map.body,
    service?.url,
    map.network,
    service?.network,
    map.file,
  ].filter((text) => text !== undefined);
  const headers = (service?.headers ?? []).map((header) => header.source);
  const credential = service?.credential === undefined ? [] : [service.credential];
  const records = map.records.flatMap(({ sets }) => sets.map(({ source }) => source));
  return [...texts, ...records, ...map.parameters.map((parameter) => parameter.source), ...headers, ...credential];
}

/** What a step's request is built on, kept with it so that a retry sends the same: time, seed, and the record if it is read. */
export function freeze(state: RunState, map: CompiledMap): JsonObject {
  const { engine, lease, progress } = state;
  const moment: JsonObject = {
    now: engine.clock.now(),
    seed: `${lease.run.id}/${progress.steps}`,
    // A remote that compares the bodies of two tries sees the same bytes.
    ...(map.document.call.body === 'multipart' ? { boundary: newBoundary() } : {}),
  };
  return map.readsRecord ? { ...moment, record: recordValuesOf(state) } : moment;
}

/** The record as this run sees it: fields that are about to be committed included; after a deletion the last image. */
export function recordValuesOf(state: RunState): RecordValues {
  return { ...(state.image?.values ?? state.lease.run.trigger.record), ...state.pending.fields };
}

/** What the run's next step evaluates its values on; on other record values when they are given. */
export function evaluationOf(state: RunState, record: RecordValues = recordValuesOf(state)): Evaluation {
  const { engine, lease, workflow, catalog, progress, image, context, sensitiveKeys, redactor } = state;
  const { id, workflow: name, initiator, depth, recordId, trigger } = lease.run;
  return {
    evaluator: engine,
    redactor,
    module: workflow.module,
    recordId,
    record,
    image,
    previous: trigger.previous,
    changed: trigger.changed,
    context,
    sensitiveKeys,
    run: { id, workflow: name, initiator, depth, ...slotFacts(trigger.schedule) },
    step: progress.steps,
    documents: catalog,
    ...(progress.answer === undefined ? {} : { answer: progress.answer }),
    saved: trigger.event === 'create' ? 'create' : 'edit',
  };
}

/** Everything the given sources can read, for the run's next step. */
export function scopeOf(state: RunState, params: Parameters<typeof scopeFor>[1]): Promise<Scope> {
  return scopeFor(evaluationOf(state), params);
}
