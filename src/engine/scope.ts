import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { RecordValue, RecordValues } from '../core/record.ts';
import { recordNumber } from '../core/record.ts';
import type { CompiledMap } from '../catalog/compiled-map.ts';
import type { CompiledService } from '../catalog/compiled-service.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { Reference } from '../expression/compiled.ts';
import type { Ambience, Environment } from '../expression/environment.ts';
import { throwawayContext } from '../expression/legacy/environment.ts';
import { environmentFrom } from './environment.ts';
import type { RunState } from './run-state.ts';

/** The part of a source that says what must be read before it can be evaluated. */
interface Sourced {
  readonly references: readonly Reference[];
}

/** All sources of a map's request. */
export function mapSources(map: CompiledMap, service: CompiledService | undefined): Sourced[] {
  const texts = [map.legacyUrl, map.url, map.path, map.body, service?.url].filter((text) => text !== undefined);
  const headers = (service?.headers ?? []).map((header) => header.source);
  return [...texts, ...map.parameters.map((parameter) => parameter.source), ...headers];
}

/** What a step's request is built on, kept with it so that a retry sends the same: time, seed, and the record if it is read. */
export function freeze(state: RunState, map: CompiledMap): JsonObject {
  const { engine, lease, progress } = state;
  const moment: JsonObject = { now: engine.clock.now(), seed: `${lease.run.id}/${progress.steps}` };
  return map.readsRecord ? { ...moment, record: recordValuesOf(state) } : moment;
}

/** The record as this run sees it: fields that are about to be committed included; after a deletion the last image. */
export function recordValuesOf(state: RunState): RecordValues {
  return { ...(state.image?.values ?? state.lease.run.trigger.record), ...state.pending.fields };
}

/** Time, zone and seed; those of the first try when `frozen` is given. */
export function ambienceOf({ engine, lease, progress }: RunState, frozen: JsonObject | undefined): Ambience {
  const now = frozen?.['now'];
  const seed = frozen?.['seed'];
  return {
    now: typeof now === 'number' ? now : engine.clock.now(),
    timeZone: engine.timeZone,
    seed: typeof seed === 'string' ? seed : `${lease.run.id}/${progress.steps}`,
  };
}

/** The environment of one run, on the given record values. */
export function environmentOf(state: RunState, record: RecordValues): Promise<Environment> {
  const { engine, lease, workflow, context } = state;
  const { run } = lease;
  return environmentFrom(engine, {
    module: workflow.module,
    recordId: run.recordId,
    record,
    previous: run.trigger.previous,
    changed: run.trigger.changed,
    context: { ...context },
    user: { id: run.initiator },
    run: { id: run.id, workflow: run.workflow, initiator: run.initiator, depth: run.depth },
  });
}

/** Everything the given sources can read, read: secrets they name, values behind references, the environment. */
export async function scopeOf(
  state: RunState,
  params: { readonly sources: readonly Sourced[]; readonly frozen: JsonObject | undefined; readonly task?: string },
): Promise<Scope> {
  const { engine, lease, redactor, sensitiveKeys } = state;
  const references = params.sources.flatMap((source) => source.references);
  const frozenRecord = params.frozen?.['record'];
  const record = isJsonObject(frozenRecord) ? (frozenRecord as RecordValues) : recordValuesOf(state);
  const values = await environmentOf(state, record);
  const secrets = await readSecrets(state, references);
  return {
    values,
    ambience: ambienceOf(state, params.frozen),
    parameter: () => undefined,
    secret: (name) => secrets.get(name),
    step: { key: `mw-${engine.installId}-${lease.run.id}-${params.task ?? ''}` },
    related: await readRelated(state, references, params.frozen?.['related']),
    ...legacyView(state, record),
    isSensitive: ({ root, path }) => root === 'secret' || (root === 'context' && sensitiveKeys.has(path[0] ?? '')),
    taint: (text) => redactor.add(text),
  };
}

async function readSecrets(state: RunState, references: readonly Reference[]): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const { root, path } of references) {
    const name = path.join('.');
    if (root !== 'secret' || secrets.has(name)) continue;
    const value = await state.engine.secrets.get(name);
    if (value === undefined) continue;
    secrets.set(name, value);
    state.redactor.add(value);
  }
  return secrets;
}

async function readRelated(
  state: RunState,
  references: readonly Reference[],
  frozen: Json | undefined,
): Promise<JsonObject> {
  if (isJsonObject(frozen)) return frozen;
  const related: Record<string, Json> = {};
  for (const { root, path } of references) {
    if (root !== 'record' || path.length < 2 || state.image === undefined) continue;
    const value = await state.engine.host.fieldThrough(state.image, path);
    if (value !== undefined) related[path.join('.')] = value;
  }
  return related;
}

/** The same data as the coreBOS dialect sees it: texts, references as plain numbers, the record before the context. */
function legacyView(state: RunState, record: RecordValues): Pick<Scope, 'legacy' | 'legacyNames'> {
  const { engine, lease, workflow, context } = state;
  const { recordId } = lease.run;
  const texts = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, legacyText(value)]));
  const numbers = Object.fromEntries(
    (workflow.module?.fields ?? [])
      .filter((field) => field.type === 'reference' || field.type === 'owner')
      .map((field) => [field.name, String(recordNumber(texts[field.name] ?? '') ?? '')]),
  );
  const own =
    recordId === undefined
      ? {}
      : { record_id: String(recordNumber(recordId) ?? ''), record_module: lease.run.module ?? '' };
  return {
    legacyNames: { ...context, ...texts, ...numbers, ...own },
    legacy: {
      mode: recordId === undefined ? 'stub' : 'record',
      field: (name) => (name === 'id' && recordId !== undefined ? recordId : displayField(state, texts, numbers, name)),
      related: async ({ field, target }) => {
        if (state.image === undefined) return undefined;
        const value = await engine.host.fieldThrough(state.image, [field, target]);
        return value === undefined ? undefined : legacyText(value);
      },
      record: texts,
      context: throwawayContext({ ...context }),
      user: engine.serviceUser,
    },
  };
}

/** Reference and owner fields give the display name of what they point at, as in the original. */
async function displayField(
  state: RunState,
  texts: Readonly<Record<string, string>>,
  references: Readonly<Record<string, string>>,
  name: string,
): Promise<string | undefined> {
  const text = texts[name];
  if (text === undefined || text === '' || references[name] === undefined) return text;
  return (await state.engine.host.displayName(text)) ?? text;
}

/** Stored text as the original's database gives it. */
function legacyText(value: RecordValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
