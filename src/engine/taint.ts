import type { Json } from '../core/json.ts';
import type { Redactor } from '../core/redactor.ts';
import type { Reference } from '../expression/compiled.ts';

/** True for what must not be shown: a secret, a confidential context value, the whole context while it holds one. */
export function isConfidential(
  { root, path: [key] }: Pick<Reference, 'root' | 'path'>,
  sensitiveKeys: ReadonlySet<string>,
): boolean {
  if (root !== 'context') return root === 'secret';
  return key === undefined ? sensitiveKeys.size > 0 : sensitiveKeys.has(key);
}

/** True when the redactor hides something in the value: a text of it is, or holds, a secret. */
export function holdsSecret(redactor: Redactor, value: Json): boolean {
  if (typeof value === 'string') return redactor.redact(value) !== value.toWellFormed();
  if (typeof value === 'number') return holdsSecret(redactor, String(value));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => holdsSecret(redactor, name) || holdsSecret(redactor, member));
}

/** Hides the value from now on, or every text and number in it. */
export function taint(redactor: Redactor, value: Json | undefined): void {
  if (typeof value === 'string') redactor.add(value);
  else if (typeof value === 'number') redactor.add(String(value));
  else if (typeof value === 'object' && value !== null) {
    for (const member of Object.values(value)) taint(redactor, member);
  }
}
