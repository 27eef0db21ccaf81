import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordId, RecordImage, RecordValue, RecordValues } from '../core/record.ts';
import { recordNumber } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunId } from '../core/run.ts';
import type { SecretStore, SettingStore } from '../core/secret-store.ts';
import type { LegacyView, Scope } from '../catalog/compiled-source.ts';
import type { Reference } from '../expression/compiled.ts';
import type { Ambience, Environment } from '../expression/environment.ts';
import { throwawayContext } from '../expression/legacy/environment.ts';
import { memberOf } from '../expression/output-path.ts';
import type { Engine } from './engine.ts';
import { environmentFrom } from './environment.ts';
import { legacyServices, legacyUser } from './legacy/legacy-services.ts';
import { isConfidential, taint } from './taint.ts';

/** The parts of the engine that values are read from. */
export interface Evaluator extends Pick<Engine, 'clock' | 'installId' | 'serviceUser' | 'timeZone'> {
  readonly host: Pick<RecordHost, 'displayName' | 'fieldThrough'>;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly settings: Pick<SettingStore, 'all'>;
}

/** What one step, or one trial of a map, evaluates its values on. */
export interface Evaluation {
  readonly evaluator: Evaluator;
  readonly redactor: Redactor;
  readonly module: ModuleDefinition | undefined;
  readonly recordId: RecordId | undefined;
  readonly record: RecordValues;
  /** The stored record, for what lies behind its references; undefined when there is none. */
  readonly image: RecordImage | undefined;
  readonly previous: RecordValues | undefined;
  readonly changed: readonly string[];
  readonly context: Readonly<Record<string, Json>>;
  readonly sensitiveKeys: ReadonlySet<string>;
  readonly run: {
    readonly id: RunId;
    readonly workflow: string;
    readonly initiator: string;
    readonly depth: number;
  };
  /** Names the step among those of the run, so that each has random values of its own. */
  readonly step: number;
}

/** The part of a source that says what must be read before it can be evaluated. */
export interface Sourced {
  readonly references: readonly Reference[];
}

/** Time, zone and seed; those of the first try when `frozen` is given. */
export function ambienceOf({ evaluator, run, step }: Evaluation, frozen: JsonObject | undefined): Ambience {
  const now = frozen?.['now'];
  const seed = frozen?.['seed'];
  return {
    now: typeof now === 'number' ? now : evaluator.clock.now(),
    timeZone: evaluator.timeZone,
    seed: typeof seed === 'string' ? seed : `${run.id}/${step}`,
  };
}

/** The environment that expressions see. */
export function environmentOf(evaluation: Evaluation): Promise<Environment> {
  const { evaluator, context, run, ...parts } = evaluation;
  return environmentFrom(evaluator, { ...parts, context: { ...context }, user: { id: run.initiator }, run });
}

/** Everything the given sources can read, read: secrets they name, values behind references, the environment. */
export async function scopeFor(
  given: Evaluation,
  params: { readonly sources: readonly Sourced[]; readonly frozen: JsonObject | undefined; readonly task: string },
): Promise<Scope> {
  const { frozen } = params;
  const frozenRecord = frozen?.['record'];
  const evaluation = isJsonObject(frozenRecord) ? { ...given, record: frozenRecord as RecordValues } : given;
  const { evaluator, run, sensitiveKeys, redactor } = evaluation;
  const references = params.sources.flatMap((source) => source.references);
  const secrets = await readSecrets(evaluation, references);
  const isSensitive = (reference: Reference): boolean => isConfidential(reference, sensitiveKeys);
  return {
    values: await environmentOf(evaluation),
    ambience: ambienceOf(evaluation, frozen),
    parameter: () => undefined,
    secret: (name) => secrets.get(name),
    step: { key: `mw-${evaluator.installId}-${run.id}-${params.task}` },
    related: await readRelated(evaluation, references, frozen?.['related']),
    legacy: once(() => legacyView(evaluation)),
    isSensitive,
    taint: (text) => redactor.add(text),
    derived: (from, value) => {
      if (from.some(isSensitive)) taint(redactor, value);
    },
  };
}

async function readSecrets(
  { evaluator, redactor }: Evaluation,
  references: readonly Reference[],
): Promise<Map<string, string>> {
  const secrets = new Map<string, string>();
  for (const { root, path } of references) {
    const name = path.join('.');
    if (root !== 'secret' || secrets.has(name)) continue;
    const value = await evaluator.secrets.get(name);
    if (value === undefined) continue;
    secrets.set(name, value);
    redactor.add(value);
  }
  return secrets;
}

async function readRelated(
  { evaluator, image }: Evaluation,
  references: readonly Reference[],
  frozen: Json | undefined,
): Promise<JsonObject> {
  if (isJsonObject(frozen)) return frozen;
  const related: Record<string, Json> = {};
  for (const { root, path } of references) {
    if (root !== 'record' || path.length < 2 || image === undefined) continue;
    const value = await evaluator.host.fieldThrough(image, path);
    if (value !== undefined) related[path.join('.')] = value;
  }
  return related;
}

/** The same data as the coreBOS dialect sees it: texts, references as plain numbers, the record before the context. */
function legacyView(evaluation: Evaluation): LegacyView {
  const { evaluator, image, module, recordId, record, context } = evaluation;
  const texts = Object.fromEntries(Object.entries(record).map(([name, value]) => [name, legacyText(value)]));
  const numbers = Object.fromEntries(
    (module?.fields ?? [])
      .filter((field) => field.type === 'reference' || field.type === 'owner')
      .map((field) => [field.name, String(recordNumber(texts[field.name] ?? '') ?? '')]),
  );
  const own =
    recordId === undefined
      ? {}
      : { record_id: String(recordNumber(recordId) ?? ''), record_module: module?.name ?? '' };
  return {
    names: { ...context, ...texts, ...numbers, ...own },
    environment: {
      mode: recordId === undefined ? 'stub' : 'record',
      async field(name) {
        if (name === 'id' && recordId !== undefined) return recordId;
        const text = memberOf(texts, name);
        if (typeof text !== 'string' || text === '' || !Object.hasOwn(numbers, name)) return text;
        // Reference and owner fields give the display name of what they point at, as in the original.
        return (await evaluator.host.displayName(text)) ?? text;
      },
      async related({ field, target }) {
        const value = image && (await evaluator.host.fieldThrough(image, [field, target]));
        return value === undefined ? undefined : legacyText(value);
      },
      record: texts,
      context: throwawayContext({ ...context }),
      recordId,
      module: module?.name,
      fieldType: () => undefined,
      user: legacyUser(evaluator.serviceUser, evaluator.timeZone),
      services: legacyServices(evaluator),
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Stored text as the original's database gives it. */
function legacyText(value: RecordValue): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}
