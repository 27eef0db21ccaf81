import type { CallFiles, FileStore } from '../core/file-store.ts';
import type { Json, JsonObject } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { RecordId, RecordImage, RecordValues } from '../core/record.ts';
import type { RecordHost } from '../core/record-host.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunId } from '../core/run.ts';
import type { SecretStore, SettingStore } from '../core/secret-store.ts';
import type { Scope } from '../catalog/compiled-source.ts';
import type { Reference } from '../expression/compiled.ts';
import type { Ambience, Environment } from '../expression/environment.ts';
import type { Engine } from './engine.ts';
import { environmentFrom } from './environment.ts';
import { legacyAccess, serviceUser } from './legacy/legacy-access.ts';
import type { LegacyDocuments } from './legacy/legacy-maps.ts';
import type { LegacyPermission, LegacyReach } from './legacy/legacy-services.ts';
import { legacyView } from './legacy/legacy-view.ts';
import type { SlotFacts } from './schedule/slot-facts.ts';
import { isConfidential, taint } from './taint.ts';

/** The parts of the engine that values are read from. */
export interface Evaluator extends Pick<Engine, 'clock' | 'installId' | 'serviceUser' | 'timeZone'> {
  readonly host: Pick<RecordHost, 'displayName' | 'fieldThrough'>;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly settings: Pick<SettingStore, 'all'>;
  /** What legacy expressions reach besides; undefined where there is no install. */
  readonly reach?: LegacyReach;
  /** Stored files; undefined where there is no install. */
  readonly files?: FileStore | undefined;
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
  } & SlotFacts;
  /** Names the step among those of the run, so that each has random values of its own. */
  readonly step: number;
  /** What legacy expressions may change and whom they may ask; everything when left out. */
  readonly permission?: LegacyPermission;
  /** The documents that legacy functions run by name; none when left out. */
  readonly documents?: LegacyDocuments;
  /** What the latest call was answered; nothing when left out. */
  readonly answer?: JsonObject;
  /** What a caller handed over; nothing when left out. */
  readonly input?: JsonObject;
  /** How the record was saved that started the run; `edit` when left out. */
  readonly saved?: 'create' | 'edit';
}

/** The part of it that legacy expressions and conditions look at. */
export type LegacyEvaluation = Omit<Evaluation, 'redactor' | 'sensitiveKeys'>;

/** The part of a source that says what must be read before it can be evaluated. */
export interface Sourced {
  readonly references: readonly Reference[];
}

/** Time, zone and seed; those of the first try when `frozen` is given. */
export function ambienceOf({ evaluator, run, step }: Evaluation, frozen: JsonObject | undefined): Ambience {
  const now = frozen?.['now'];
  const seed = frozen?.['seed'];
  const boundary = frozen?.['boundary'];
  return {
    now: typeof now === 'number' ? now : evaluator.clock.now(),
    timeZone: evaluator.timeZone,
    seed: typeof seed === 'string' ? seed : `${run.id}/${step}`,
    ...(typeof boundary === 'string' ? { boundary } : {}),
  };
}

/** The environment that expressions see. */
export function environmentOf(evaluation: Evaluation): Promise<Environment> {
  const { evaluator, context, run, ...parts } = evaluation;
  return environmentFrom(evaluator, {
    ...parts,
    context: { ...context },
    user: { id: run.initiator },
    run: { ...run },
  });
}

/** Everything the given sources can read, read: secrets they name, values behind references, the environment. */
export async function scopeFor(
  given: Evaluation,
  params: {
    readonly sources: readonly Sourced[];
    readonly frozen: JsonObject | undefined;
    readonly task: string;
    /** Tells the scopes of one step from each other where there are several. */
    readonly part?: string;
  },
): Promise<Scope> {
  const { frozen } = params;
  const frozenRecord = frozen?.['record'];
  const evaluation = isJsonObject(frozenRecord) ? { ...given, record: frozenRecord as RecordValues } : given;
  const { evaluator, run, sensitiveKeys, redactor } = evaluation;
  const references = params.sources.flatMap((source) => source.references);
  const secrets = await readSecrets(evaluation, references);
  const isSensitive = (reference: Reference): boolean => isConfidential(reference, sensitiveKeys);
  const ambience = ambienceOf(evaluation, frozen);
  const part = `${params.task}/${params.part ?? ''}`;
  const values = await environmentOf(evaluation);
  return {
    values,
    ambience,
    parameter: () => undefined,
    secret: (name) => secrets.get(name),
    step: { key: `mw-${evaluator.installId}-${run.id}-${params.task}` },
    related: await readRelated(evaluation, references, frozen?.['related']),
    legacy: once(async () => {
      const user = await serviceUser(evaluator);
      return legacyView(
        evaluation,
        legacyAccess(evaluation, { user, ambience, part, siteUrl: values.setting['site_url'] }),
      );
    }),
    isSensitive,
    files: callFiles(evaluator),
    taint: (text) => redactor.add(text),
    derived: (from, value) => {
      if (from.some(isSensitive)) taint(redactor, value);
    },
  };
}

/** A try long after the first one makes its files now, whatever time its values go by. */
function callFiles({ files, clock }: Evaluator): CallFiles | undefined {
  if (files === undefined) return undefined;
  return {
    find: (id) => files.find(id),
    read: (id, range) => files.read(id, range),
    create: (head) => files.create({ ...head, at: clock.now() }),
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

/** Makes a value when it is first asked for. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
