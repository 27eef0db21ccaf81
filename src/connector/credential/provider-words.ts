import type { Json } from '../../core/json.ts';
import { isJsonObject } from '../../core/json.ts';

const LONGEST_WORDS = 500;

/**
 * What a provider says went wrong (RFC 6749 section 5.2, and what others do); undefined when it says nothing. `redact` hides
 * secrets in it, before it is cut.
 */
export function providerWords(body: Json | undefined, redact: (text: string) => string): string | undefined {
  if (typeof body === 'string') return clean(redact(body));
  if (!isJsonObject(body)) return undefined;
  const { error, error_description: description, message, code, detail } = body;
  if (isJsonObject(error))
    return providerWords(
      { error: error['code'] ?? error['status'] ?? null, message: error['message'] ?? null },
      redact,
    );
  const parts = [error ?? code, description ?? message ?? detail].filter((part) => typeof part === 'string');
  return clean(redact(parts.join(': ')));
}

/** On one line, and short. */
function clean(text: string): string | undefined {
  const words = text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return words === '' ? undefined : words.slice(0, LONGEST_WORDS).toWellFormed();
}
