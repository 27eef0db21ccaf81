import { readLegacyHead } from '../corebos/document-head.ts';
import { readFields } from '../corebos/field.ts';
import { openLegacy } from '../corebos/legacy-element.ts';
import type { Parameter } from '../map.ts';
import type { Place } from '../place.ts';
import type { FieldSetting } from '../task.ts';
import type { MappingDocument } from './mapping.ts';

const MAP = { children: ['originmodule', 'targetmodule', 'fields'] } as const;
const ORIGIN = { children: ['originid', 'originname'] } as const;
const TARGET = { children: ['targetid', 'targetname'] } as const;

/**
 * A mapping of coreBOS; undefined when it has no name. Without fields it gives nothing, which is told
 * (COREBOS_MAPPING_EMPTY).
 */
export function readCorebosMapping(place: Place): MappingDocument | undefined {
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
    dialect: 'corebos',
    ...head,
    from: origin === undefined ? undefined : openLegacy(origin, ORIGIN).filled('originname'),
    to: target === undefined ? undefined : openLegacy(target, TARGET).filled('targetname'),
    fields: fields.map(settingOf),
  };
}

function settingOf({ name, source, type, defaultValue, whenEmpty, range, path }: Parameter): FieldSetting {
  return { field: { value: name, range }, source, type, defaultValue, whenEmpty, range, path };
}
