import type { Located } from '../../core/diagnostic.ts';
import type { DocumentHead } from '../common.ts';
import { readLegacyHead } from '../corebos/document-head.ts';
import { readFields } from '../corebos/field.ts';
import { openLegacy } from '../corebos/legacy-element.ts';
import type { Parameter } from '../map.ts';
import type { Place } from '../place.ts';

/** How values of one module or row become fields of another; coreBOS dialect. */
export interface MappingDocument extends DocumentHead {
  readonly kind: 'mapping';
  /** Where the values come from; for information only. */
  readonly origin: Located<string> | undefined;
  readonly target: Located<string> | undefined;
  /** One for each target field; a name with dots nests. */
  readonly fields: readonly Parameter[];
}

const MAP = { children: ['originmodule', 'targetmodule', 'fields'] } as const;
const ORIGIN = { children: ['originid', 'originname'] } as const;
const TARGET = { children: ['targetid', 'targetname'] } as const;

/** A mapping; undefined when it has no name. Without fields it gives nothing, which is told (COREBOS_MAPPING_EMPTY). */
export function readMapping(place: Place): MappingDocument | undefined {
  const open = openLegacy(place, MAP);
  const head = readLegacyHead(place);
  const origin = open.child('originmodule');
  const target = open.child('targetmodule');
  const list = open.child('fields');
  const fields = list === undefined ? [] : readFields(list);
  if (fields.length === 0) {
    const range = (list ?? place).element.nameRange;
    place.warningAt({ range }, 'COREBOS_MAPPING_EMPTY', 'the mapping fills no field');
  }
  if (head === undefined) return undefined;
  return {
    kind: 'mapping',
    ...head,
    origin: origin === undefined ? undefined : openLegacy(origin, ORIGIN).filled('originname'),
    target: target === undefined ? undefined : openLegacy(target, TARGET).filled('targetname'),
    fields,
  };
}
