import { BOOLEAN, choice, FILLED, TEXT } from '../attribute-kind.ts';
import type { Parameter } from '../map.ts';
import { shape, type AttributeValues, type Place } from '../place.ts';
import { readSource, SOURCE_ATTRIBUTES } from './source.ts';

/** What a value may be converted to. */
export const PARAMETER_TYPE = choice('string', 'integer', 'number', 'boolean', 'date', 'datetime', 'json', 'array');

/** What becomes of an empty value. */
export const WHEN_EMPTY = choice('send', 'omit', 'null', 'fail');

const VALUE_ATTRIBUTES = {
  ...SOURCE_ATTRIBUTES,
  name: FILLED,
  type: PARAMETER_TYPE,
  encode: choice('json', 'base64', 'hex', 'md5', 'sha1', 'sha256', 'form'),
  'when-empty': WHEN_EMPTY,
  required: BOOLEAN,
  default: TEXT,
  description: TEXT,
  sensitive: BOOLEAN,
} as const;

const HEADER = shape({
  attributes: VALUE_ATTRIBUTES,
  required: ['name'],
  children: { jsonata: 'optional' },
  text: true,
});

const PARAMETER = shape({
  attributes: {
    ...VALUE_ATTRIBUTES,
    in: choice('path', 'query', 'header', 'cookie', 'body', 'attribute', 'text', 'soap-header'),
    each: FILLED,
    style: choice('repeat', 'comma', 'space', 'pipe', 'brackets'),
    spread: BOOLEAN,
  },
  required: ['name'],
  children: { parameter: 'many', jsonata: 'optional', 'legacy-parts': 'optional' },
  text: true,
});

/** The parameters of `<parameter>` elements; incomplete ones are left out, their problems told. */
export function readParameters(places: readonly Place[]): Parameter[] {
  return places.flatMap(readParameter);
}

/** The parameters of `<header>` elements: each goes to the request's headers. */
export function readHeaders(places: readonly Place[]): Parameter[] {
  return places.flatMap((place) => {
    const open = place.open(HEADER);
    const source = readSource(open, {});
    const { name } = open.attributes;
    if (source === undefined || name === undefined) return [];
    return [{ ...common(place, open.attributes), name: name.value, in: 'header', source, each: undefined }];
  });
}

function readParameter(place: Place): Parameter[] {
  const open = place.open(PARAMETER);
  const source = readSource(open, { nested: readNestedParameters, mayBePart: true });
  const { name, in: where, each, style, spread, filename, 'content-type': contentType } = open.attributes;
  if (source === undefined || name === undefined) return [];
  const part = { style, filename, contentType, ...(spread === true ? { isSpread: true } : {}) };
  return [{ ...common(place, open.attributes), name: name.value, in: where, source, each, ...part }];
}

/**
 * The parameters that make the value of another element, and go where it goes: only places inside an element of XML are
 * taken, any other `in` is refused (PARAMETER_PLACE_NESTED).
 */
export function readNestedParameters(places: readonly Place[]): Parameter[] {
  for (const place of places) {
    const where = place.element.attributes.get('in');
    if (where === undefined || where.value === 'attribute' || where.value === 'text') continue;
    place.errorAt(
      where.source,
      'PARAMETER_PLACE_NESTED',
      'a nested parameter goes where the outer one goes',
      'remove in',
    );
  }
  return readParameters(places);
}

function common(
  place: Place,
  values: AttributeValues<typeof VALUE_ATTRIBUTES>,
): Omit<Parameter, 'name' | 'in' | 'source' | 'each'> {
  return {
    type: values.type,
    encode: values.encode,
    whenEmpty: values['when-empty'],
    required: values.required ?? false,
    defaultValue: values.default?.value,
    description: values.description?.value,
    sensitive: values.sensitive ?? false,
    range: place.element.range,
    path: place.path,
  };
}
