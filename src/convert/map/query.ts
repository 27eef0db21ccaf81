import type { Parameter } from '../../document/map.ts';
import type { NativeElement } from '../native-element.ts';
import type { MapConversion } from './map-conversion.ts';
import { convertParameter } from './parameter.ts';

/**
 * The fields of a map whose inputtype is URL: its query. coreBOS puts values there as they stand, so literals that are
 * encoded already are decoded here; where a literal holds marks that would split the query, all is written as PHP does.
 */
export function convertQuery(
  conversion: MapConversion,
  fields: readonly Parameter[],
): { readonly parameters: readonly NativeElement[]; readonly isPhp: boolean } {
  const decoded = conversion.options.keepTypes ? undefined : fields.map(decodeField);
  const isPhp = decoded === undefined ? fields.length > 0 : decoded.some((field) => field === undefined);
  const usable = isPhp ? fields : (decoded ?? []).filter((field) => field !== undefined);
  if (isPhp && !conversion.options.keepTypes) {
    conversion.note(
      'kept',
      'query',
      'it stays as coreBOS writes it, without encoding: its texts hold % & + or # themselves',
    );
  } else if (usable.some((field) => !isLiteral(field))) {
    conversion.note(
      'changed',
      'query',
      'values are percent-encoded; in coreBOS a value with % & + or # changes the query',
    );
  }
  return {
    parameters: usable.map((field) => convertParameter(conversion, field, { place: 'text', in: undefined })),
    isPhp,
  };
}

function isLiteral({ source }: Parameter): boolean {
  return literalOf(source) !== undefined;
}

/** The text of a field that is one literal. */
function literalOf(source: Parameter['source']): string | undefined {
  if (source.kind === 'value') return source.text;
  const [part, ...more] = source.kind === 'parts' ? source.parts : [];
  const isOne = part?.source === 'const' && part.postProcess === undefined && more.length === 0;
  return isOne ? part.text.value : undefined;
}

/** The field with its literal decoded; undefined where that would not give the same query. */
function decodeField(field: Parameter): Parameter | undefined {
  if (/[%&+#=]/u.test(field.name)) return undefined;
  const literal = literalOf(field.source);
  if (literal === undefined) return isPlainEverywhere(field.source) ? field : undefined;
  if (/[&#]/u.test(literal)) return undefined;
  const text = decode(literal);
  return text === undefined ? undefined : { ...field, source: { kind: 'value', text, at: field.range } };
}

/** Texts inside of expressions and templates that are encoded already stay what they are. */
function isPlainEverywhere(source: Parameter['source']): boolean {
  return source.kind === 'parts' && source.parts.every(({ text }) => !/[%&+#]/u.test(text.value));
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
