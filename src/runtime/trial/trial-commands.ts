import { MapwrightError } from '../../core/error.ts';
import type { DestinationRules } from '../../core/destination.ts';
import type { Actor, RecordImage } from '../../core/record.ts';
import type { Run } from '../../core/run.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { destinationRules } from '../../engine/destination.ts';
import type { Engine } from '../../engine/engine.ts';
import { gatedConnector } from '../../engine/gated-connector.ts';
import { goesItsOwnWay } from '../../engine/trial/trial-overrides.ts';
import { type PlainTrial, type TrialParams, shownTrial, tryMapPlainly } from '../../engine/try-map.ts';
import type { Store } from '../../store/store.ts';
import type { DocumentLibrary } from '../document-library.ts';
import { curlOfTrial, curlWithSecrets } from './curl-of-trial.ts';
import { refusedTrial } from './refused-trial.ts';
import { stepSource } from './step-source.ts';
import type { TrialAdministration, TryMapParams, TryMapReport } from './trial-administration.ts';
import { recordFor } from './trial-record.ts';
import { writeTrial } from './write-trial.ts';

interface Parts {
  readonly engine: Engine;
  readonly library: DocumentLibrary;
  readonly store: Pick<Store, 'records'>;
  /** Rejects with RECORD_UNKNOWN. */
  readonly record: (params: { readonly id: string }) => Promise<RecordImage>;
  /** Rejects with RUN_UNKNOWN. */
  readonly run: (id: number) => Promise<Run>;
  /** Whom a person who writes acts as. */
  readonly actor: (by: string | undefined) => Promise<Actor>;
}

/** Maps, called by hand. */
export function trialCommands(parts: Parts): TrialAdministration {
  return { tryMap: (params) => tryOne(parts, params) };
}

async function tryOne(parts: Parts, given: TryMapParams): Promise<TryMapReport> {
  const { engine, library } = parts;
  const { catalog, diagnostics: all } = await library.draft(given.documents);
  const files = new Set(given.documents.map(({ file }) => file));
  // What is to be said of documents in force was said when they were applied.
  const diagnostics = all.filter(({ file }) => files.has(file));
  const params = await trialParams(parts, catalog, given);
  const { map, image } = params;
  const refused = refusedTrial(given, { catalog, diagnostics }, map);
  if (refused !== undefined) return refused;
  if (given.write === true) requireWritable(given, image);
  const isOwn = given.documents.length > 0 || goesItsOwnWay(given.overrides ?? {});
  const connector = gated(engine, params, !isOwn);
  if (given.send) await engine.gate.refresh();
  const plain = await tryMapPlainly({ ...engine, connector }, params);
  const shown = shownTrial(engine, plain, map);
  return {
    diagnostics,
    ...shown,
    map,
    written: given.write === true ? await written(parts, given, { plain, image }) : undefined,
    curl: curl(engine, given, { plain, request: shown.request }),
  };
}

/** What a step knew, what a stored record has, and before both what is given by hand. */
async function trialParams(parts: Parts, catalog: Catalog, given: TryMapParams): Promise<TrialParams> {
  const { step, recordId, input, overrides, send } = given;
  const source = step && (await stepSource(parts.engine, await parts.run(step.run), step.task));
  const map = given.map ?? source?.map;
  if (map === undefined) {
    throw new MapwrightError('TRIAL_MAP_MISSING', 'no map is named', { hint: 'name one, or a step of a run' });
  }
  const image = recordId === undefined ? source?.image : await parts.record({ id: recordId });
  const record = recordId === undefined ? { ...source?.record, ...given.record } : given.record;
  return {
    catalog,
    map,
    ...(recordId === undefined ? { record, image } : recordFor({ map, record }, catalog, image)),
    context: { ...source?.context, ...given.context },
    input,
    overrides,
    send,
    ...(source === undefined ? {} : { previous: source.previous, sensitiveKeys: source.sensitiveKeys }),
    // The map that is named may be another than the step's.
    ...(source?.map === map ? { service: source.service } : {}),
    // The run's own key is left to the run.
    ...(step === undefined ? {} : { key: `try-${step.run}-${step.task}` }),
  };
}

/**
 * Calls as the service has them limited. What comes of a call that goes otherwise than the documents in force say is nothing to
 * judge their destinations by; one that is sent to another address is counted there.
 */
function gated(engine: Engine, { catalog, map: name, overrides }: TrialParams, tells: boolean): Engine['connector'] {
  const map = catalog.maps.get(name);
  if (map === undefined) return engine.connector;
  const rules = destinationRules({ map, service: map.service });
  const isElsewhere = overrides?.set?.['url'] !== undefined;
  const rulesOf = ({ url }: { readonly url: string }): DestinationRules =>
    isElsewhere && URL.canParse(url) ? { ...rules, key: new URL(url).origin } : rules;
  return gatedConnector(engine, { rulesOf, tells });
}

function requireWritable({ send }: TryMapParams, image: RecordImage | undefined): void {
  if (image !== undefined && send) return;
  const message = send ? 'there is no stored record to write to' : 'nothing is written of a call that is not made';
  throw new MapwrightError('TRIAL_WRITE', message, {
    hint: send ? 'name one: --record ID, or a step of a run that has one' : 'leave --write out, or --no-send',
  });
}

/** After a failure what the outputs have for failures, as a run writes it; nothing when the record would not take it. */
async function written(
  { engine, store, actor }: Parts,
  { by }: TryMapParams,
  { plain, image }: { readonly plain: PlainTrial; readonly image: RecordImage | undefined },
): Promise<TryMapReport['written']> {
  if (image === undefined || plain.preview === undefined || plain.preview.failure !== undefined) return undefined;
  const parts = { host: engine.host, records: store.records, now: () => engine.clock.now() };
  return writeTrial(parts, { image, writes: plain.writes, actor: await actor(by) });
}

function curl(
  { recorder, clock }: Engine,
  { curl: wanted }: TryMapParams,
  { plain, request }: { readonly plain: PlainTrial; readonly request: TryMapReport['request'] },
): TryMapReport['curl'] {
  if (wanted === undefined || plain.prepared === undefined || request === undefined) return undefined;
  if (wanted === 'secrets') return curlWithSecrets(plain.prepared.request, clock.now());
  return curlOfTrial(plain.prepared.request, request, { recorder, redactor: plain.redactor });
}
