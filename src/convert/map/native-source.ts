import type { NativeElement } from '../native-element.ts';
import { joinPieces, literalText, templateText, textCode, type TextPiece } from '../expression/text-piece.ts';

/** The source of a native parameter: its attributes, and a child or a text where an attribute would be hard to read. */
export interface NativeSource {
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly child?: NativeElement;
  readonly text?: string;
}

/** `name="value"` and nothing else. */
export function attributeSource(name: string, value: string): NativeSource {
  return { attributes: [[name, value]] };
}

/** JSONata in an attribute, or in an element where it holds what attributes escape. */
export function jsonataSource(code: string): NativeSource {
  if (!/["&<\n]/u.test(code)) return attributeSource('jsonata', code);
  return { attributes: [], child: { name: 'jsonata', text: code } };
}

/** A text as the plainest source that says it: a literal, a field, a template, or else JSONata. */
export function textSource(pieces: readonly TextPiece[]): NativeSource {
  const joined = joinPieces(pieces);
  const literal = literalText(joined);
  if (literal !== undefined) return attributeSource('value', literal);
  const [only, ...more] = joined;
  if (only?.kind === 'code' && only.field !== undefined && more.length === 0)
    return attributeSource('field', only.field);
  const template = templateText(joined);
  if (template === undefined) return jsonataSource(textCode(joined));
  return /["&<\n]/u.test(template) && template.trim() !== ''
    ? { attributes: [], text: template }
    : attributeSource('template', template);
}
