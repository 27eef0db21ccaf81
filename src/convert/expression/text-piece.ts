import { CannotConvert } from '../conversion.ts';
import { quoteText } from './quote.ts';

/** A stretch of a text that is put together: a literal, or JSONata that gives a text. */
export type TextPiece =
  | { readonly kind: 'literal'; readonly text: string }
  /** `field` is set when the code is nothing but that field of the record. */
  | { readonly kind: 'code'; readonly code: string; readonly field?: string }
  /** What lies behind a reference, `account_id.accountname`: templates can say it, and JSONata cannot. */
  | { readonly kind: 'referred'; readonly path: string };

/** Pieces with literals that touch made one and empty ones left out. */
export function joinPieces(pieces: readonly TextPiece[]): readonly TextPiece[] {
  const joined: TextPiece[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    if (piece.kind === 'literal' && last?.kind === 'literal') {
      joined[joined.length - 1] = { kind: 'literal', text: last.text + piece.text };
    } else joined.push(piece);
  }
  return joined.filter((piece) => piece.kind !== 'literal' || piece.text !== '');
}

/** JSONata for the text that the pieces make. Throws CannotConvert for what lies behind a reference. */
export function textCode(pieces: readonly TextPiece[]): string {
  const joined = joinPieces(pieces);
  return joined.length === 0 ? "''" : joined.map(pieceCode).join(' & ');
}

function pieceCode(piece: TextPiece): string {
  if (piece.kind === 'literal') return quoteText(piece.text);
  if (piece.kind === 'code') return piece.code;
  throw new CannotConvert('what lies behind a reference is no part of what JSONata sees');
}

/** The text of pieces that are all literal; undefined when one is computed. */
export function literalText(pieces: readonly TextPiece[]): string | undefined {
  const texts = pieces.flatMap((piece) => (piece.kind === 'literal' ? [piece.text] : []));
  return texts.length === pieces.length ? texts.join('') : undefined;
}

/** A native template of literals and fields; undefined when a piece is something else. */
export function templateText(pieces: readonly TextPiece[]): string | undefined {
  const texts = joinPieces(pieces).map((piece) => {
    if (piece.kind === 'literal') return escapeBraces(piece.text);
    if (piece.kind === 'referred') return `{record.${piece.path}}`;
    return piece.field !== undefined && /^[A-Za-z]\w*$/u.test(piece.field) ? `{record.${piece.field}}` : undefined;
  });
  return texts.some((text) => text === undefined) ? undefined : texts.join('');
}

/** A brace is doubled where it could begin a placeholder: also at the end, where a placeholder may follow. */
export function escapeBraces(text: string): string {
  return text.replaceAll(/\{(?=[{=A-Za-z]|$)/gu, '{{');
}
