import { type ModuleDefinition, TEXT_OR_ID_TYPES } from '../../core/module.ts';
import { scanTemplate } from '../../expression/legacy/template/scan-template.ts';
import { referredPiece } from '../expression/referred-field.ts';
import type { TextPiece } from '../expression/text-piece.ts';

/** A coreBOS template whose placeholders are fields that are written as they are stored; undefined for any other. */
export function templatePieces(
  text: string,
  module: ModuleDefinition | undefined,
  modules: ReadonlyMap<string, ModuleDefinition>,
): readonly TextPiece[] | undefined {
  const scanned = scanTemplate(text);
  if (!scanned.ok) return undefined;
  const pieces = scanned.pieces.map((piece): TextPiece | undefined => {
    if (piece.kind === 'text') return { kind: 'literal', text: piece.text };
    if (piece.kind === 'referred') return referredPiece(piece, module, modules);
    const field = piece.kind === 'variable' ? module?.fields.find(({ name }) => name === piece.name) : undefined;
    if (field === undefined || !TEXT_OR_ID_TYPES.has(field.type)) return undefined;
    return { kind: 'code', code: `record.${field.name}`, field: field.name };
  });
  return pieces.some((piece) => piece === undefined) ? undefined : pieces.filter((piece) => piece !== undefined);
}
