import type { Json } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { RunContext } from '../core/run.ts';
import type { Sealer } from '../core/secret-store.ts';

/** A context value that is not to be shown, as it is stored. */
export function sealedValue(sealer: Pick<Sealer, 'seal'>, value: Json): Json {
  return { $sealed: sealer.seal(JSON.stringify(value)) };
}

/** False for a sealed value that is to be sealed anew when it is stored again, because the key has been replaced. */
export function isCurrentlySealed(sealer: Pick<Sealer, 'isCurrent'>, stored: Json): boolean {
  const sealed = isJsonObject(stored) ? stored['$sealed'] : undefined;
  return typeof sealed !== 'string' || sealer.isCurrent(sealed);
}

/** Any other context value, as it is stored: one that looks as if we had wrapped it gets a wrapper of its own. */
export function plainValue(value: Json): Json {
  return isJsonObject(value) && ('$sealed' in value || '$plain' in value) ? { $plain: value } : value;
}

/** A whole context without anything sensitive, as it is stored. */
export function plainContext(context: RunContext): RunContext {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, plainValue(value)]));
}

/** The value that was stored. Throws SECRET_UNREADABLE where its key is missing. */
export function openedValue(
  sealer: Pick<Sealer, 'open'>,
  stored: Json,
): { readonly value: Json; readonly isSensitive: boolean } {
  if (!isJsonObject(stored)) return { value: stored, isSensitive: false };
  const { $sealed: sealed, $plain: plain } = stored;
  if (plain !== undefined) return { value: plain, isSensitive: false };
  if (typeof sealed !== 'string') return { value: stored, isSensitive: false };
  return { value: JSON.parse(sealer.open(sealed)) as Json, isSensitive: true };
}
