import { type ModuleDefinition, TEXT_TYPES } from '../../core/module.ts';
import type { TextPiece } from './text-piece.ts';

/** A field of a record that a reference leads to, as the coreBOS language names it. */
export interface ReferredField {
  readonly reference: string;
  readonly module: string;
  readonly field: string;
}

/**
 * The placeholder `{record.account_id.accountname}` where it means the same: a reference that leads to that module alone, and
 * a text. Undefined for all others.
 */
export function referredPiece(
  { reference, module: wanted, field }: ReferredField,
  module: ModuleDefinition | undefined,
  modules: ReadonlyMap<string, ModuleDefinition>,
): TextPiece | undefined {
  const from = module?.fields.find(({ name }) => name === reference);
  const [only, ...others] = from?.references ?? [];
  const target = modules.get(wanted)?.fields.find(({ name }) => name === field);
  const isOne = from?.type === 'reference' && only === wanted && others.length === 0;
  if (!isOne || target === undefined || !TEXT_TYPES.has(target.type)) return undefined;
  return { kind: 'referred', path: `${reference}.${field}` };
}
