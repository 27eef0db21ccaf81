import { FILLED } from '../attribute-kind.ts';
import type { MappingDocument } from '../mapping/mapping.ts';
import { shape, type Place } from '../place.ts';
import { HEAD_ATTRIBUTES, readHead } from './document-head.ts';
import { readFieldSetting } from './task/setting.ts';

const MAPPING = shape({
  attributes: { ...HEAD_ATTRIBUTES, from: FILLED, to: FILLED },
  required: ['name'],
  children: { description: 'optional', set: 'some' },
});

/** A native `<mapping>` document; undefined when it lacks a name. */
export function readMapping(place: Place): MappingDocument | undefined {
  const open = place.open(MAPPING);
  const head = readHead(open);
  const fields = open.all('set').flatMap(readFieldSetting);
  const { from, to } = open.attributes;
  return head === undefined ? undefined : { kind: 'mapping', dialect: 'native', ...head, from, to, fields };
}
