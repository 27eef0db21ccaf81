import type { Clock } from '../../core/clock.ts';
import { compileCatalog } from '../../catalog/catalog.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { createCallRecorder } from '../../connector/call-recorder.ts';
import { createPresetConnector } from '../../connector/preset-connector.ts';
import { createSoapClient } from '../../connector/soap/soap-client.ts';
import { madeUpSecrets, madeUpSettings } from '../../engine/map-test/case-data.ts';
import { type TrialEngine, shownTrial, tryMapPlainly } from '../../engine/try-map.ts';
import { readXmlValueInPieces } from '../../xml/xml-value.ts';
import { curlOfTrial } from './curl-of-trial.ts';
import { refusedTrial } from './refused-trial.ts';
import type { TryMapParams, TryMapReport } from './trial-administration.ts';
import { joinDiagnostics, readFiles } from '../check.ts';
import { SERVICE_USER } from '../compose-engine.ts';

/**
 * What a map would send, told from the given documents alone: opens no database and no connection. Each setting and secret
 * that the map reads is a stand-in, and a warning names them. Rejects with MAP_UNKNOWN.
 */
export async function tryMapWithoutInstall(
  params: Omit<TryMapParams, 'send' | 'step'> & { readonly map: string },
  clock: Clock,
): Promise<TryMapReport> {
  const { documents, diagnostics: read } = readFiles(params.documents);
  const { catalog, diagnostics: compiled } = compileCatalog(documents, 0);
  const diagnostics = joinDiagnostics(read, compiled);
  const refused = refusedTrial({ send: false }, { catalog, diagnostics }, params.map);
  if (refused !== undefined) return refused;
  const map = catalog.maps.get(params.map);
  const settings = map === undefined ? {} : madeUpSettings(map);
  const secrets = map === undefined ? new Map<string, string>() : madeUpSecrets(map);
  const engine = engineWith({ settings, secrets, clock });
  const plain = await tryMapPlainly(engine, { ...params, catalog, send: false });
  const trial = shownTrial(engine, plain, params.map);
  const standIns = standInsOf(map, [...Object.keys(settings), ...secrets.keys()]);
  return {
    ...trial,
    map: params.map,
    curl:
      params.curl === undefined || plain.prepared === undefined || trial.request === undefined
        ? undefined
        : curlOfTrial(plain.prepared.request, trial.request, { ...engine, redactor: plain.redactor }),
    warnings: [...standIns, ...trial.warnings],
    diagnostics,
  };
}

interface StandIns {
  readonly settings: Readonly<Record<string, string>>;
  readonly secrets: ReadonlyMap<string, string>;
  readonly clock: Clock;
}

function standInsOf(map: CompiledMap | undefined, names: readonly string[]): string[] {
  if (map === undefined || names.length === 0) return [];
  return [`there is no install here that has ${names.toSorted().join(', ')}: stand-ins are shown`];
}

function engineWith({ settings, secrets, clock }: StandIns): TrialEngine {
  return {
    connector: createPresetConnector({ kind: 'failure', failure: 'refused' }),
    recorder: createCallRecorder(),
    readXml: readXmlValueInPieces,
    settings: { all: async () => settings },
    secrets: { get: async (name) => secrets.get(name) },
    // Nothing is stored, so nothing stands behind a reference.
    host: { fieldThrough: async () => undefined, displayName: async () => undefined },
    soap: createSoapClient({ connector: undefined, clock }),
    clock,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    installId: 'none',
    serviceUser: SERVICE_USER,
  };
}
