import { BOOLEAN, choice, CONTEXT_KEY, FILLED, TEXT } from '../attribute-kind.ts';
import type { Output, ResponseDefinition } from '../map.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import { readExpectation } from './expectation.ts';
import { PARAMETER_TYPE } from './parameter.ts';
import { readJsonata } from './source.ts';

const RESPONSE = shape({
  attributes: { format: choice('json', 'xml', 'text', 'raw') },
  children: { expect: 'many', output: 'many' },
});

const OUTPUT = shape({
  attributes: {
    path: FILLED,
    value: TEXT,
    jsonata: FILLED,
    field: FILLED,
    context: CONTEXT_KEY,
    type: PARAMETER_TYPE,
    optional: BOOLEAN,
    default: TEXT,
    sensitive: BOOLEAN,
    on: choice('success', 'failure', 'always'),
    fires: BOOLEAN,
  },
  children: { jsonata: 'optional' },
});

/** A `<response>` element; without one the answer is JSON that nobody reads. */
export function readResponse(place: Place | undefined): ResponseDefinition {
  if (place === undefined) return { format: 'json', expectations: [], outputs: [] };
  const open = place.open(RESPONSE);
  return {
    format: open.attributes.format ?? 'json',
    expectations: open.all('expect').map(readExpectation),
    outputs: open.all('output').flatMap(readOutput),
  };
}

function readOutput(place: Place): Output[] {
  const open = place.open(OUTPUT);
  const complete = checkOutput(open);
  const { attributes } = open;
  const child = open.child('jsonata');
  const jsonata = child === undefined ? attributes.jsonata : readJsonata(child);
  if (!complete) return [];
  return [
    {
      from: attributes.path,
      value: attributes.value?.value,
      jsonata,
      field: attributes.field,
      context: attributes.context,
      type: attributes.type,
      optional: attributes.optional ?? false,
      defaultValue: attributes.default?.value,
      on: attributes.on ?? 'success',
      sensitive: attributes.sensitive ?? false,
      fires: attributes.fires ?? false,
      range: place.element.range,
      path: place.path,
    },
  ];
}

/** True when the output has one source and a destination; otherwise OUTPUT_SOURCE_COUNT or OUTPUT_DESTINATION is told. */
function checkOutput(open: OpenElement<(typeof OUTPUT)['attributes']>): boolean {
  const sources = (['path', 'value', 'jsonata'] as const).filter((name) => open.has(name)).length;
  const count = sources + (open.child('jsonata') === undefined ? 0 : 1);
  if (count !== 1) {
    const found = count === 0 ? 'no source' : `${count} sources`;
    open.at.error('OUTPUT_SOURCE_COUNT', `<output> has ${found}`, 'give exactly one of path, value and jsonata');
  }
  const hasDestination = open.has('field') || open.has('context');
  if (!hasDestination) {
    open.at.error('OUTPUT_DESTINATION_MISSING', '<output> goes nowhere', 'add field="..." or context="..."');
  }
  return count === 1 && hasDestination;
}
