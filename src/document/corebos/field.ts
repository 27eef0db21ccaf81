import type { SourceText } from '../../core/diagnostic.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { quoted } from '../../xml/problem.ts';
import type { LegacyPart, Parameter, ParameterSource } from '../map.ts';
import type { Place } from '../place.ts';
import { openLegacy, type LegacyElement } from './legacy-element.ts';
import { POST_PROCESSES } from './part-names.ts';
import { readRelfield } from './related-value.ts';

const FIELDS = { children: ['field'], many: ['field'] } as const;
const FIELD = { children: ['fieldname', 'fieldID', 'value', 'Orgfields', 'master'] } as const;
const ORGFIELDS = {
  children: ['Orgfield', 'Relfield', 'delimiter'],
  many: ['Orgfield', 'Relfield'],
} as const;
const ORGFIELD = { children: ['OrgfieldName', 'OrgfieldID', 'Rule', 'postProcess'] } as const;

const PART_SOURCES: ReadonlyMap<string, LegacyPart['source']> = new Map([
  ['', 'name'],
  ['const', 'const'],
  ['field', 'field'],
  ['template', 'template'],
  ['expression', 'expression'],
  ['rule', 'rule'],
]);

/** The parameters of `<fields>`: a repeated name keeps its first position and its last definition. */
export function readFields(place: Place): Parameter[] {
  const byName = new Map<string, Parameter>();
  for (const field of openLegacy(place, FIELDS).children) {
    const parameter = readField(field);
    if (parameter === undefined) continue;
    const earlier = byName.get(parameter.name);
    if (earlier !== undefined) warnOfRepeated(field, earlier);
    byName.set(parameter.name, parameter);
  }
  return [...byName.values()];
}

function warnOfRepeated(place: Place, earlier: Parameter): void {
  place.log.warning({
    code: 'COREBOS_FIELD_REPEATED',
    message: `the field ${quoted(earlier.name)} is defined again; this definition counts`,
    range: place.element.nameRange,
    path: place.path,
    related: [{ message: 'the earlier definition', file: place.log.file, range: earlier.range }],
  });
}

function readField(place: Place): Parameter | undefined {
  const open = openLegacy(place, FIELD);
  const name = open.filled('fieldname');
  const source = readSource(open);
  if (name === undefined) {
    warnOfDropped(place, 'COREBOS_FIELD_UNNAMED', 'a field without fieldname is not sent');
    return undefined;
  }
  if (source === undefined) return undefined;
  return {
    name: name.value,
    in: undefined,
    source,
    each: undefined,
    type: undefined,
    encode: undefined,
    whenEmpty: undefined,
    required: false,
    defaultValue: undefined,
    description: undefined,
    sensitive: false,
    range: place.element.range,
    path: place.path,
  };
}

function warnOfDropped(place: Place, code: string, message: string): void {
  place.warningAt({ range: place.element.nameRange }, code, message);
}

/** A constant, the parts, or undefined for a field that the original leaves out (COREBOS_FIELD_DROPPED). */
function readSource(field: LegacyElement): ParameterSource | undefined {
  const value = field.child('value')?.element.text();
  const place = field.child('Orgfields');
  const orgfields = place === undefined ? undefined : openLegacy(place, ORGFIELDS);
  if (value !== undefined && value.value !== '') return { kind: 'value', text: value.value, at: value.range };
  const parts = orgfields?.all('Orgfield').map(readPart) ?? [];
  if (parts.length > 0) return { kind: 'parts', parts, delimiter: readDelimiter(orgfields) };
  const relfield = orgfields?.child('Relfield');
  if (relfield !== undefined) return readRelfield(relfield);
  warnOfDropped(field.at, 'COREBOS_FIELD_DROPPED', 'a field without Orgfield is not sent');
  return undefined;
}

function readDelimiter(orgfields: LegacyElement | undefined): string {
  const text = orgfields?.child('delimiter')?.element.text().value ?? '';
  return text === '--None--' ? '' : text;
}

function readPart(place: Place): LegacyPart {
  const open = openLegacy(place, ORGFIELD);
  const text = (open.child('OrgfieldName') ?? place).element.text();
  const rule = open.filled('Rule');
  return {
    source: partSource(open),
    text,
    postProcess: readPostProcess(open)?.value,
    ...(rule === undefined ? {} : { rule }),
  };
}

function partSource(open: LegacyElement): LegacyPart['source'] {
  const id = open.filled('OrgfieldID');
  const source = PART_SOURCES.get(id?.value.toLowerCase() ?? '');
  // The number of a field in the database of its original stands for the field.
  if (source !== undefined || id === undefined || /^\d+$/u.test(id.value)) return source ?? 'name';
  const message = `${quoted(id.value)} is no OrgfieldID; the name is taken as a field or context name`;
  const hint = open.at.log.full ? undefined : didYouMean(id.value, [...PART_SOURCES.keys()].slice(1));
  open.at.warningAt(id, 'COREBOS_ORGFIELD_ID_UNKNOWN', message, hint);
  return 'name';
}

function readPostProcess(open: LegacyElement): SourceText | undefined {
  const written = open.filled('postProcess');
  if (written === undefined || POST_PROCESSES.some((known) => known === written.value)) return written;
  const hint = open.at.log.full ? undefined : didYouMean(written.value, POST_PROCESSES);
  open.at.warningAt(written, 'COREBOS_POST_PROCESS_UNKNOWN', `${quoted(written.value)} has no effect`, hint);
  return undefined;
}
