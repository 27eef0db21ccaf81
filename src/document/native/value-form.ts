import { FILLED } from '../attribute-kind.ts';
import type { ParameterType, ValueForm } from '../map.ts';
import type { OpenElement } from '../place.ts';
import { isZone } from './schedule/zone.ts';

/** The attributes that say how dates and times are written at the other side. */
export const VALUE_FORM_ATTRIBUTES = {
  pattern: FILLED,
  zone: FILLED,
} as const;

/** How a value is written; undefined when nothing is said. Tells VALUE_FORM_TYPE and VALUE_FORM_ZONE. */
export function readValueForm(
  open: OpenElement<typeof VALUE_FORM_ATTRIBUTES>,
  type: ParameterType | undefined,
): ValueForm | undefined {
  const { pattern, zone } = open.attributes;
  const isDate = type === 'date' || type === 'datetime';
  if ((open.has('pattern') && !isDate) || (open.has('zone') && type !== 'datetime')) {
    const hint = 'say type="date" or type="datetime"; a zone goes with type="datetime" only';
    open.at.error('VALUE_FORM_TYPE', 'pattern="..." and zone="..." say how a date and time is written', hint);
  }
  if (zone !== undefined && !isZone(zone.value)) {
    open.at.errorAt(
      zone,
      'VALUE_FORM_ZONE',
      `there is no time zone "${zone.value}"`,
      'write one such as Europe/Berlin',
    );
  }
  if (pattern === undefined && zone === undefined) return undefined;
  return { pattern: pattern?.value, zone: zone?.value };
}
