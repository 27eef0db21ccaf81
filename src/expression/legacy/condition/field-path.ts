import type { ReferencePath } from '../referred-record.ts';

/** A field that a condition names: of the record itself, or behind one of its references. */
export type FieldPath =
  | { readonly kind: 'own'; readonly field: string }
  | ({ readonly kind: 'referred' } & ReferencePath);

const THROUGH_REFERENCE = /(\w+) : \((\w+)\) (\w+)/u;

/** Reads `field`, `ref : (Module) field` and `$(ref : (Module) field)`; blanks around them do not count. */
export function readFieldPath(text: string): FieldPath {
  const [, reference, module, field] = THROUGH_REFERENCE.exec(text) ?? [];
  if (reference === undefined || module === undefined || field === undefined)
    return { kind: 'own', field: text.trim() };
  return { kind: 'referred', reference, module, field };
}

/** The names on the way, for looking them up in modules. */
export function namesOf(path: FieldPath): readonly string[] {
  return path.kind === 'own' ? [path.field] : [path.reference, path.field];
}
