import type { FileReference } from '../../core/file-store.ts';
import { MapwrightError } from '../../core/error.ts';
import { didYouMean } from '../../core/suggestion.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { CompiledMap } from '../../catalog/compiled-map.ts';
import { mapSources } from '../scope.ts';
import { withoutBodyParameters } from './given-body.ts';
import { type GivenParameter, headerParameter, withParameters } from './given-parameters.ts';
import { withSettings } from './given-settings.ts';

/** What one call has in the place of what the documents and the settings say. Nothing of it is kept. */
export interface TrialOverrides {
  readonly parameters?: readonly GivenParameter[] | undefined;
  /** In the place of headers of these names, letter case aside, or beside the others; an empty value leaves a header out. */
  readonly headers?: readonly (readonly [name: string, value: string])[] | undefined;
  /** The whole body: a text, or a stored file. */
  readonly body?: string | FileReference | undefined;
  /** What `{setting.x}` gives. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
  /** What the call itself is set to, by the names of `CALL_SETTINGS`. */
  readonly set?: Readonly<Record<string, string>> | undefined;
  /** The credential in the place of the service's; `none`: it carries none. */
  readonly credential?: string | undefined;
}

/** A map as one call sees it. */
export interface OverriddenMap {
  readonly map: CompiledMap;
  /** Headers that the map knows nothing of. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly warnings: readonly string[];
}

/**
 * The map with what is given for one call in it. Throws TRIAL_PARAMETER_UNKNOWN, TRIAL_BODY, TRIAL_SETTING_UNKNOWN,
 * TRIAL_SETTING_INVALID, TRIAL_CREDENTIAL and CREDENTIAL_UNKNOWN.
 */
export function overrideMap(catalog: Catalog, map: CompiledMap, given: TrialOverrides): OverriddenMap {
  const { body, settings = {}, headers = [], parameters = [] } = given;
  const own = headers.flatMap(([header, value]): GivenParameter[] => {
    const name = headerParameter(map, header);
    return name === undefined ? [] : [{ name, value, in: 'header' }];
  });
  const values = [...parameters, ...own];
  const set = withSettings(withCredential(catalog, map, given.credential), given.set ?? {});
  const filled = withParameters(set, values);
  return {
    map: body === undefined ? filled : withoutBodyParameters(filled, parameters),
    headers: headers.filter(([name]) => headerParameter(map, name) === undefined),
    warnings: unreadSettings(map, Object.keys(settings)),
  };
}

/** True when the call may go elsewhere, or with another proof of who calls, than the documents in force say. */
export function changesWhereItGoes({ settings, set, credential }: TrialOverrides): boolean {
  const isElsewhere = Object.keys(set ?? {}).some((name) => !/^(?:timeout|expect)\./u.test(name));
  return credential !== undefined || isElsewhere || Object.keys(settings ?? {}).length > 0;
}

/** True when what comes of the call says nothing about how calls go that are made as the documents say. */
export function goesItsOwnWay(overrides: TrialOverrides): boolean {
  return changesWhereItGoes(overrides) || Object.keys(overrides.set ?? {}).length > 0;
}

const NO_CREDENTIAL = 'none';

function withCredential(catalog: Catalog, map: CompiledMap, name: string | undefined): CompiledMap {
  if (name === undefined) return map;
  const { service } = map;
  if (name === NO_CREDENTIAL)
    return service === undefined ? map : { ...map, service: { ...service, credential: undefined } };
  const credential = catalog.credentials.get(name);
  if (credential === undefined) {
    throw new MapwrightError('CREDENTIAL_UNKNOWN', `there is no credential "${name}" without errors`, {
      hint:
        didYouMean(name, catalog.credentials.keys()) ??
        `there are: ${[...catalog.credentials.keys(), 'none'].join(', ')}`,
    });
  }
  if (service !== undefined) return { ...map, service: { ...service, credential } };
  throw new MapwrightError('TRIAL_CREDENTIAL', `map "${map.name}" has no service, and credentials belong to services`, {
    hint: 'name a service in the map: <map service="...">',
  });
}

/** A setting that nothing reads is most often one that is written wrongly. */
function unreadSettings(map: CompiledMap, names: readonly string[]): string[] {
  const references = mapSources(map, map.service).flatMap((source) => source.references);
  const read = references.flatMap(({ root, path }) => (root === 'setting' ? [path.join('.')] : []));
  // The whole root is read where it cannot be told which.
  if (read.includes('')) return [];
  const known = [...new Set(read)].toSorted();
  return names
    .filter((name) => !known.includes(name))
    .map(
      (name) =>
        `the map reads no setting "${name}": ${known.length === 0 ? 'it reads none' : `it reads ${known.join(', ')}`}`,
    );
}
