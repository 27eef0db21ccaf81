/** The text as it is searched: small letters without accents. `Größe` gives `grosse`. */
function searchable(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
}

/** True when every word of the search stands somewhere in the texts. */
export function matchesWords(search: string, texts: readonly (string | undefined)[]): boolean {
  const whole = searchable(texts.filter((text) => text !== undefined).join('\n'));
  return searchable(search)
    .split(/\s+/u)
    .every((word) => whole.includes(word));
}
