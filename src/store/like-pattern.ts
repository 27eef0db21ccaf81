/**
 * A `like` pattern in the one form that every database reads alike, to be used with `ESCAPE '\'`: `%` any text, `_` any
 * character; `\%`, `\_`, `\\` the character itself; any other backslash is an ordinary character.
 * Letter case counts for all letters but A to Z.
 */
export function canonicalLikePattern(pattern: string): string {
  return pattern.replaceAll(/\\[%_\\]|\\/gu, (found) => (found === '\\' ? '\\\\' : found));
}
