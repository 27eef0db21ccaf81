import type { SourceText } from '../../core/diagnostic.ts';
import { trimSource } from '../../xml/source-text.ts';
import { FILLED, TEXT } from '../attribute-kind.ts';
import type { Parameter, ParameterSource } from '../map.ts';
import { shape, type AttributeValues, type OpenElement, type Place } from '../place.ts';
import { readLegacyParts } from './legacy-parts.ts';

/** The attributes that say where a value comes from. */
export const SOURCE_ATTRIBUTES = {
  value: TEXT,
  field: FILLED,
  context: FILLED,
  input: FILLED,
  setting: FILLED,
  secret: FILLED,
  template: TEXT,
  jsonata: FILLED,
  legacy: FILLED,
  'legacy-template': TEXT,
  rule: FILLED,
  file: FILLED,
  filename: FILLED,
  'content-type': FILLED,
} as const;

type SourceAttributes = typeof SOURCE_ATTRIBUTES;
type SourceName = Exclude<keyof SourceAttributes, 'filename' | 'content-type'>;

const JSONATA = shape({ attributes: {}, text: true });

const PLACEHOLDER = /\{(?:=|[A-Za-z][A-Za-z0-9_.]*\})/u;

/** What a source may be besides the attributes: which attributes are left out, and how nested parameters are read. */
export interface SourceRules {
  readonly without?: SourceName;
  /** True: whatever the value is, it makes a file, which has a name and a type. */
  readonly isFile?: boolean;
  /** True: it may be a part of a multipart body, which has a name and a type as well. */
  readonly mayBePart?: boolean;
  readonly nested?: (places: readonly Place[]) => readonly Parameter[];
  /** An attribute of the element's own that is a source, too. */
  readonly also?: {
    readonly name: string;
    readonly isWritten: boolean;
    readonly isMisspelt: boolean;
    readonly source: ParameterSource | undefined;
  };
}

/**
 * The one source of a value; undefined when it has none or several (PARAMETER_SOURCE_COUNT) or a wrong one, which has been
 * told then. Warns of placeholders in a literal (PARAMETER_VALUE_LITERAL).
 */
export function readSource(open: OpenElement<SourceAttributes>, rules: SourceRules): ParameterSource | undefined {
  const written = writtenSources(open, rules);
  const isMisspelt =
    written.length === 0 &&
    (rules.also?.isMisspelt === true || sourceNames(rules).some((name) => open.isMisspelt(name)));
  if (written.length !== 1 && !isMisspelt) {
    const found = written.length === 0 ? 'no source' : `${written.length} sources: ${written.join(', ')}`;
    open.at.error(
      'PARAMETER_SOURCE_COUNT',
      `<${open.at.name}> has ${found}`,
      `give exactly one of ${[...(rules.also === undefined ? [] : [rules.also.name]), ...sourceNames(rules)].join(' ')}, a text, <jsonata>${rules.nested === undefined ? '' : ', <legacy-parts> or nested parameters'}`,
    );
  }
  if (rules.isFile !== true && rules.mayBePart !== true) checkFileAttributes(open);
  const nested = rules.nested === undefined ? undefined : readNested(open, rules.nested);
  if (written.length !== 1) {
    // Which of several sources is meant nobody knows; what is wrong inside one is told all the same.
    for (const child of open.all('jsonata')) child.open(JSONATA);
    for (const child of open.all('legacy-parts')) readLegacyParts(child);
    return undefined;
  }
  return nested ?? elementSource(open) ?? rules.also?.source ?? attributeSource(open, rules);
}

/** True when the element has a source of its own, right or wrong, besides the attribute that is left out. */
export function hasSource(open: OpenElement<SourceAttributes>, without?: SourceName): boolean {
  return writtenSources(open, without === undefined ? {} : { without }).length > 0;
}

function sourceNames(rules: SourceRules): SourceName[] {
  return (Object.keys(SOURCE_ATTRIBUTES) as (keyof SourceAttributes)[]).filter(
    (name): name is SourceName => name !== 'filename' && name !== 'content-type' && name !== rules.without,
  );
}

function writtenSources(open: OpenElement<SourceAttributes>, rules: SourceRules): string[] {
  const written: string[] = sourceNames(rules).filter((name) => open.has(name));
  if (rules.also?.isWritten === true) written.push(rules.also.name);
  if (open.child('jsonata') !== undefined) written.push('<jsonata>');
  if (open.child('parameter') !== undefined) written.push('<parameter>');
  if (open.child('legacy-parts') !== undefined) written.push('<legacy-parts>');
  if (open.at.element.text().value.trim() !== '') written.push('text');
  return written;
}

function checkFileAttributes(open: OpenElement<SourceAttributes>): void {
  if (open.has('file') || !(open.has('filename') || open.has('content-type'))) return;
  open.at.error('PARAMETER_FILE_ATTRIBUTE', 'filename and content-type go with file="..." only');
}

function readNested(
  open: OpenElement<SourceAttributes>,
  read: NonNullable<SourceRules['nested']>,
): ParameterSource | undefined {
  const places = open.all('parameter');
  return places.length === 0 ? undefined : { kind: 'nested', parameters: read(places) };
}

function elementSource(open: OpenElement<SourceAttributes>): ParameterSource | undefined {
  const jsonata = open.child('jsonata');
  if (jsonata !== undefined) {
    const text = readJsonata(jsonata);
    return text === undefined ? undefined : { kind: 'jsonata', text };
  }
  const parts = open.child('legacy-parts');
  if (parts !== undefined) return readLegacyParts(parts);
  const text = open.at.element.text();
  return text.value.trim() === '' ? undefined : { kind: 'template', text };
}

/** The text of a `<jsonata>` element without the blanks around it; undefined when it is empty, which has been told. */
export function readJsonata(place: Place): SourceText | undefined {
  place.open(JSONATA);
  const text = trimSource(place.element.text());
  if (text.value !== '') return text;
  place.error('JSONATA_EMPTY', '<jsonata> holds no expression');
  return undefined;
}

function attributeSource(open: OpenElement<SourceAttributes>, { without }: SourceRules): ParameterSource | undefined {
  const values: AttributeValues<SourceAttributes> = open.attributes;
  if (values.value !== undefined) return literal(open.at, values.value);
  if (values.file !== undefined) {
    return { kind: 'file', name: values.file };
  }
  for (const kind of ['template', 'jsonata', 'legacy', 'legacy-template'] as const) {
    const text = values[kind];
    if (text !== undefined) return { kind, text };
  }
  for (const kind of ['field', 'context', 'input', 'setting', 'secret', 'rule'] as const) {
    const name = values[kind];
    if (name !== undefined && kind !== without) return { kind, name };
  }
  return undefined;
}

function literal(place: Place, source: SourceText): ParameterSource {
  if (PLACEHOLDER.test(source.value)) {
    place.warningAt(source, 'PARAMETER_VALUE_LITERAL', 'this is sent literally', 'did you mean template="..."?');
  }
  return { kind: 'value', text: source.value, at: source.range };
}
