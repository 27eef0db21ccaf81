import { isJsonObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { legacyMapType, withMapType } from '../../src/document/corebos/map-type.ts';
import type { Document } from '../../src/document/document.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { legacyMaps } from '../../src/engine/legacy/legacy-maps.ts';
import type { LegacyMaps, LegacyServices, LegacyUser } from '../../src/expression/legacy/services.ts';
import { objectOf, textOf } from './input.ts';

/** The documents that a vector names beside its own: `{name: {type, content}}`. */
export function documentsBeside(input: JsonObject): readonly Document[] {
  return Object.entries<Json>(objectOf(input, 'maps')).flatMap(([name, map]) =>
    isJsonObject(map) ? readDocuments({ file: `${name}.xml`, text: typedText(map) }).documents : [],
  );
}

function typedText(map: JsonObject): string {
  const type = legacyMapType(textOf(map, 'type'));
  const text = textOf(map, 'content');
  return type === undefined ? text : withMapType(text, type);
}

/** The same, as functions and fields reach them. */
export function mapsBeside(input: JsonObject, services: () => LegacyServices, user: LegacyUser): LegacyMaps {
  return legacyMaps({ documents: compileCatalog(documentsBeside(input), 1).catalog, services, user });
}
