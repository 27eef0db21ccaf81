import { BOOLEAN, choice, CONTEXT_KEY, FILLED, listOf, matching, TEXT } from '../attribute-kind.ts';
import type { Output, ResponseDefinition } from '../map.ts';
import { shape, type OpenElement, type Place } from '../place.ts';
import { readAnswerFile } from './answer-file.ts';
import { readExpectation } from './expectation.ts';
import { readPages } from './pages.ts';
import { PARAMETER_TYPE } from './parameter.ts';
import { readRecords } from './records.ts';
import { readJsonata } from './source.ts';
import { readValueForm, VALUE_FORM_ATTRIBUTES } from './value-form.ts';

const RESPONSE = shape({
  attributes: {
    format: choice('json', 'xml', 'csv', 'text', 'raw'),
    encoding: matching(/^[A-Za-z0-9_:.-]+$/u, 'a character set such as windows-1252'),
    separator: matching(/^[^"\r\n]$/u, 'one character'),
    header: BOOLEAN,
    attributes: BOOLEAN,
    lists: listOf(/^[^\s/@]+$/u, 'a list of element names'),
  },
  children: { expect: 'many', output: 'many', records: 'many', pages: 'optional', file: 'optional' },
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
    match: FILLED,
    ...VALUE_FORM_ATTRIBUTES,
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
  const format = open.attributes.format ?? 'json';
  checkFormat(open, format);
  const { encoding, separator, header, lists, attributes } = open.attributes;
  return {
    format,
    encoding: encoding?.value,
    csv: format === 'csv' ? { separator: separator?.value, hasHeader: header ?? true } : undefined,
    lists: lists?.map(({ value }) => value),
    ...(attributes === undefined ? {} : { attributes }),
    expectations: open.all('expect').map(readExpectation),
    outputs: open.all('output').flatMap(readOutput),
    records: open.all('records').flatMap(readRecords),
    pages: readPages(open.child('pages')),
    file: readAnswerFile(open.child('file')),
  };
}

/** Tells RESPONSE_FORMAT_ATTRIBUTE of what another format has, and RESPONSE_ENCODING. */
function checkFormat(open: OpenElement<(typeof RESPONSE)['attributes']>, format: ResponseDefinition['format']): void {
  const { encoding } = open.attributes;
  if (encoding !== undefined && !isCharacterSet(encoding.value)) {
    const message = `there is no character set "${encoding.value.slice(0, 40)}"`;
    open.at.errorAt(encoding, 'RESPONSE_ENCODING', message, 'write one such as utf-8, iso-8859-1 or windows-1252');
  }
  for (const [name, owner] of [
    ['separator', 'csv'],
    ['header', 'csv'],
    ['lists', 'xml'],
    ['attributes', 'xml'],
  ] as const) {
    if (!open.has(name) || format === owner) continue;
    const message = `${name}="..." goes with format="${owner}" only`;
    open.at.error('RESPONSE_FORMAT_ATTRIBUTE', message, `say format="${owner}", or remove ${name}`);
  }
}

function isCharacterSet(name: string): boolean {
  try {
    return new TextDecoder(name).encoding !== '';
  } catch {
    return false;
  }
}

function readOutput(place: Place): Output[] {
  const open = place.open(OUTPUT);
  const complete = checkOutput(open);
  const { attributes } = open;
  const child = open.child('jsonata');
  const jsonata = child === undefined ? attributes.jsonata : readJsonata(child);
  const form = readValueForm(open, attributes.type);
  if (!complete) return [];
  return [
    {
      from: attributes.path,
      value: attributes.value?.value,
      jsonata,
      field: attributes.field,
      context: attributes.context,
      type: attributes.type,
      form,
      match: attributes.match,
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
  // What a regular expression finds in the text of the answer is a source as well.
  const isFound = count === 0 && open.has('match');
  if (count !== 1 && !isFound) {
    const found = count === 0 ? 'no source' : `${count} sources`;
    open.at.error('OUTPUT_SOURCE_COUNT', `<output> has ${found}`, 'give exactly one of path, value, jsonata and match');
  }
  const hasDestination = open.has('field') || open.has('context');
  if (!hasDestination) {
    open.at.error('OUTPUT_DESTINATION_MISSING', '<output> goes nowhere', 'add field="..." or context="..."');
  }
  return (count === 1 || isFound) && hasDestination;
}
