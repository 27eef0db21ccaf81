import type { Json } from '../core/json.ts';
import { isJsonObject } from '../core/json.ts';
import type { RunContext } from '../core/run.ts';
import type { Sealer } from '../core/secret-store.ts';

/** A context value that is not to be shown, as it is stored. */
export function sealedValue(sealer: Sealer, value: Json): Json {
  return { $sealed: sealer.seal(JSON.stringify(value)) };
}

/** Any other context value, as it is stored: one that looks as if we had wrapped it gets a wrapper of its own. */
export function plainValue(value: Json): Json {
  return isJsonObject(value) && ('$sealed' in value || '$plain' in value) ? { $plain: value } : value;
}

/** A whole context without anything sensitive, as it is stored. */
export function plainContext(context: RunContext): RunContext {
  return Object.fromEntries(Object.entries(context).map(([key, value]) => [key, plainValue(value)]));
}

/** The value that was stored. Throws SECRET_UNREADABLE under another key. */
export function openedValue(sealer: Sealer, stored: Json): { readonly value: Json; readonly isSensitive: boolean } {
  if (!isJsonObject(stored)) return { value: stored, isSensitive: false };
  const { $sealed: sealed, $plain: plain } = stored;
  if (plain !== undefined) return { value: plain, isSensitive: false };
  if (typeof sealed !== 'string') return { value: stored, isSensitive: false };
  return { value: JSON.parse(sealer.open(sealed)) as Json, isSensitive: true };
}
