import { choice, FILLED, TEXT } from '../attribute-kind.ts';
import { PART_SOURCE_NAMES, POST_PROCESSES } from '../corebos/part-names.ts';
import type { LegacyPart, ParameterSource } from '../map.ts';
import { shape, type Place } from '../place.ts';

const LEGACY_PARTS = shape({ attributes: { delimiter: TEXT }, children: { part: 'some' } });

const PART = shape({
  attributes: { as: choice(...PART_SOURCE_NAMES), 'post-process': choice(...POST_PROCESSES), rule: FILLED },
  required: ['as'],
  text: true,
});

/**
 * A `<legacy-parts>` element: the Orgfields of a coreBOS map, one `<part>` each, joined as they are there. Nothing of a part's
 * text is trimmed. Undefined when no part can be used, which has been told.
 */
export function readLegacyParts(place: Place): Extract<ParameterSource, { kind: 'parts' }> | undefined {
  const open = place.open(LEGACY_PARTS);
  const parts = open.all('part').flatMap(readPart);
  if (parts.length === 0) return undefined;
  return { kind: 'parts', parts, delimiter: open.attributes.delimiter?.value ?? '' };
}

function readPart(place: Place): LegacyPart[] {
  const { as: source, 'post-process': postProcess, rule } = place.open(PART).attributes;
  if (source === undefined) return [];
  return [{ source, text: place.element.text(), postProcess, ...(rule === undefined ? {} : { rule }) }];
}
