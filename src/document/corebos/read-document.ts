import type { XmlDocument } from '../../xml/element.ts';
import type { Document } from '../document.ts';
import { readInformationMap } from '../information-map/information-map.ts';
import { readCorebosMapping } from '../mapping/corebos-mapping.ts';
import type { Place } from '../place.ts';
import { readRecordSet } from '../record-set/record-set.ts';
import { readConditionExpression } from '../rule/condition-expression.ts';
import { readConditionQuery } from '../rule/condition-query.ts';
import { readDecisionTable } from '../rule/decision-table.ts';
import { readCorebosMap } from './map.ts';
import { forcedMapType, LEGACY_MAP_TYPES, type LegacyMapType, typeOfStructure } from './map-type.ts';

const READERS: Readonly<Record<LegacyMapType, (place: Place, document: XmlDocument) => Document | undefined>> = {
  webservice: readCorebosMap,
  'condition-expression': readConditionExpression,
  'condition-query': readConditionQuery,
  'decision-table': readDecisionTable,
  mapping: readCorebosMapping,
  'record-set': readRecordSet,
  'information-map': readInformationMap,
};

/** A document of the coreBOS family: its type is forced by an instruction, or else told from its structure. */
export function readLegacyDocument(place: Place, document: XmlDocument): Document[] {
  const type = forcedMapType(document, place.log) ?? typeOfStructure(place.element);
  if (type === undefined) {
    const hint = `name the type: mapwright check --type ${LEGACY_MAP_TYPES.join('|')}`;
    place.error(
      'DOCUMENT_KIND_UNKNOWN',
      'what type of coreBOS map this is cannot be told; a call needs a <wsconfig>',
      hint,
    );
    return [];
  }
  const read = READERS[type](place, document);
  return read === undefined ? [] : [read];
}
