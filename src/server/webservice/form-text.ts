/**
 * The names and values of `a=1&b=2` (application/x-www-form-urlencoded, also a query string), a repeated name's last.
 * Undefined when the bytes behind the escapes are not UTF-8: replacing them silently would change what was sent.
 */
export function parseFormText(text: string): Map<string, string> | undefined {
  const values = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const split = pair.includes('=') ? pair.indexOf('=') : pair.length;
    const name = decodePart(pair.slice(0, split));
    const value = decodePart(pair.slice(split + 1));
    if (name === undefined || value === undefined) return undefined;
    values.set(name, value);
  }
  return values;
}

/** A `%` that starts no escape stands for itself, as browsers and PHP read it. */
function decodePart(part: string): string | undefined {
  const spaced = part.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  try {
    return decodeURIComponent(spaced.replaceAll(/%(?![0-9a-fA-F]{2})/g, '%25'));
  } catch {
    return undefined;
  }
}
