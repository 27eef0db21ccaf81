import { hasValuePlaceholders } from '../../expression/legacy/value-placeholder.ts';
import { CannotConvert } from '../conversion.ts';
import { escapeBraces } from '../expression/text-piece.ts';
import { attributeSource, jsonataSource, type NativeSource } from '../map/native-source.ts';
import { isPlainName } from '../map/replaced-text.ts';

/** What a condition of a search compares with. */
export type ComparedValue =
  | { readonly kind: 'literal'; readonly text: string }
  /** Known only when the rule is asked; `isId`: the id of the record that it is asked about. */
  | { readonly kind: 'source'; readonly source: NativeSource; readonly isId: boolean };

/** The value of a condition as coreBOS writes it, `$[name]` standing for what the rule is asked with. Throws CannotConvert. */
export function comparedValue(text: string): ComparedValue {
  if (!hasValuePlaceholders(text)) return { kind: 'literal', text };
  const pieces = text.split(/\$\[([^\]]*)\]/u);
  if (pieces.some((piece, index) => index % 2 === 1 && !isPlainName(piece))) {
    throw new CannotConvert('native documents cannot say every name in $[...]');
  }
  const [before = '', name = '', after = '', ...more] = pieces;
  if (before === '' && after === '' && more.length === 0) {
    return { kind: 'source', source: attributeSource('context', name), isId: false };
  }
  const template = pieces.map((piece, index) => (index % 2 === 1 ? `{context.${piece}}` : escapeBraces(piece)));
  return { kind: 'source', source: attributeSource('template', template.join('')), isId: false };
}

/** The record that the rule is asked about. */
export const ASKED_ID: ComparedValue = { kind: 'source', source: jsonataSource('record.id'), isId: true };
