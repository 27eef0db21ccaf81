import type { JsonObject } from '../../../src/core/json.ts';
import { compileCatalog } from '../../../src/catalog/catalog.ts';
import type { CompiledMap } from '../../../src/catalog/compiled-map.ts';
import type { Scope } from '../../../src/catalog/compiled-source.ts';
import type { Diagnostic } from '../../../src/core/diagnostic.ts';
import { readDocuments } from '../../../src/document/read-documents.ts';
import { plainNames } from '../../../src/expression/legacy/plain-names.ts';
import { textOf } from '../input.ts';
import { documentsBeside } from '../vector-maps.ts';
import type { VectorWorld } from '../vector-world.ts';

/** A map of the coreBOS dialect, read and compiled; undefined when it cannot run. */
export interface ReadMap {
  readonly map: CompiledMap | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a vector's map, as the file `M.xml`, together with the documents beside it. */
export function readMapOf(input: JsonObject): ReadMap {
  const { documents, diagnostics } = readDocuments({ file: 'M.xml', text: textOf(input, 'map') });
  const compiled = compileCatalog([...documents, ...documentsBeside(input)], 1);
  return { map: compiled.catalog.maps.get('M'), diagnostics: [...diagnostics, ...compiled.diagnostics] };
}

/** What a map's values are evaluated in, on a vector's world. */
export function mapScope({ environment, settings, now, user }: VectorWorld): Scope {
  const context = environment.context.values();
  const record: JsonObject = environment.record;
  return {
    values: {
      record,
      previous: {},
      changed: [],
      context,
      input: {},
      user: { id: user.id },
      run: {},
      setting: settings,
    },
    ambience: { now, timeZone: environment.services.clock.timeZone, seed: 'conformance' },
    parameter: () => undefined,
    secret: () => undefined,
    step: { key: 'conformance' },
    related: {},
    legacy: async () => ({ environment, names: plainNames(environment) }),
    isSensitive: () => false,
    taint: () => undefined,
  };
}
