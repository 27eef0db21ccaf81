import { MapwrightError } from '../../core/error.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { GivenValues } from '../../expression/legacy/given-values.ts';
import type { JsonObject } from '../../core/json.ts';
import type { LegacyMaps, LegacyServices, LegacyUser } from '../../expression/legacy/services.ts';

/** The documents that legacy functions run by name. */
export type LegacyDocuments = Pick<Catalog, 'rules' | 'mappings' | 'recordSets' | 'informationMaps'>;

/** A rule may ask another, this many of them inside each other. */
const MAX_DEPTH = 16;

/**
 * Rules, mappings and lists of one revision, as legacy functions reach them. Names are taken as they are written, and letter
 * case aside when no document has exactly that name. Rejects with RULE_TOO_DEEP when rules ask each other in a circle.
 */
export function legacyMaps(params: {
  readonly documents: LegacyDocuments;
  /** Everything else that a rule reaches; asked when one is run. */
  readonly services: () => LegacyServices;
  readonly user: LegacyUser;
}): LegacyMaps {
  return mapsAt(params, 0);
}

function mapsAt(params: Parameters<typeof legacyMaps>[0], depth: number): LegacyMaps {
  const { documents, services, user } = params;
  const given = (values: JsonObject): GivenValues => {
    if (depth >= MAX_DEPTH) throw tooDeep();
    return { values, user, services: { ...services(), maps: mapsAt(params, depth + 1) } };
  };
  return {
    evaluateRule: async (name, values) => named(documents.rules, name)?.evaluate(given(values)),
    applyMapping: async (name, values) => named(documents.mappings, name)?.apply(given(values)),
    async records(name, values, module) {
      const set = named(documents.recordSets, name);
      if (set !== undefined) return set.records(services(), module);
      return named(documents.rules, name)?.records?.(given(values));
    },
    information: async (name) => named(documents.informationMaps, name)?.values,
  };
}

function named<T>(among: ReadonlyMap<string, T>, name: string): T | undefined {
  const exact = among.get(name.trim());
  if (exact !== undefined) return exact;
  const wanted = name.trim().toLowerCase();
  return [...among].find(([known]) => known.toLowerCase() === wanted)?.[1];
}

function tooDeep(): MapwrightError {
  return new MapwrightError('RULE_TOO_DEEP', `more than ${MAX_DEPTH} rules ask each other`, {
    hint: 'look for rules or mappings that name each other in a circle',
  });
}
