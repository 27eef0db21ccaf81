import { CONTEXT_KEY, FILLED, SIZE } from '../attribute-kind.ts';
import type { AnswerFile } from '../map.ts';
import { shape, type Place } from '../place.ts';

const FILE = shape({
  attributes: {
    field: FILLED,
    context: CONTEXT_KEY,
    filename: FILLED,
    'content-type': FILLED,
    'max-size': SIZE,
  },
});

const DEFAULT_MAX_BYTES = 100 * 1024 * 1024;

/** A `<file>` of a `<response>`: the body goes into a stored file. Tells OUTPUT_DESTINATION_MISSING. */
export function readAnswerFile(place: Place | undefined): AnswerFile | undefined {
  if (place === undefined) return undefined;
  const open = place.open(FILE);
  const { field, context, filename, 'content-type': contentType, 'max-size': maxBytes } = open.attributes;
  if (!open.has('field') && !open.has('context')) {
    const hint = 'add field="..." with the name of a field of type file, or context="..."';
    place.error('OUTPUT_DESTINATION_MISSING', '<file> goes nowhere', hint);
    return undefined;
  }
  const { range } = place.element;
  return { field, context, filename, contentType, maxBytes: maxBytes ?? DEFAULT_MAX_BYTES, range, path: place.path };
}
