/** Joins header lists; a later one of the same name, letter case aside, replaces the earlier (RFC 9110 section 5.1). */
export function mergeHeaders(lists: readonly (readonly (readonly [string, string])[])[]): [string, string][] {
  const merged = new Map<string, [string, string]>();
  for (const [name, value] of lists.flat()) merged.set(name.toLowerCase(), [name, value]);
  return [...merged.values()];
}
