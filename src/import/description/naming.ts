import { documentName } from '../../core/document-name.ts';

/** A name for a document out of an identifier, its words told apart: `getPetById` gives `get-pet-by-id`. */
export function nameOfWords(text: string, fallback: string): string {
  const apart = text
    .replaceAll(/([a-z0-9])([A-Z])/gu, '$1-$2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/gu, '$1-$2')
    .replaceAll(/[._]/gu, '-');
  return documentName(apart, fallback);
}

/** A context key, or the name of a placeholder, out of any text: `X-Request-Id` gives `X_Request_Id`. */
export function keyOf(text: string, fallback = 'value'): string {
  const plain = text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^A-Za-z0-9]+/gu, '_')
    .replaceAll(/^_+|_+$/gu, '');
  if (plain === '') return fallback;
  return /^[A-Za-z]/u.test(plain) ? plain : `${fallback}_${plain}`;
}

/** True for a name that a dotted path (`address.street`) can have between its dots. */
export function isPlainKey(name: string): boolean {
  return /^[A-Za-z_][A-Za-z0-9_]*$/u.test(name);
}

/** A text that stands for itself in a template. */
export function literalText(text: string): string {
  return text.replaceAll('{', '{{');
}

/** One line of at most this many characters, as labels and descriptions of parameters want it. */
export function oneLine(text: string | undefined, longest = 200): string | undefined {
  const line = text?.replaceAll(/\s+/gu, ' ').trim() ?? '';
  if (line === '') return undefined;
  return line.length <= longest ? line : `${line.slice(0, longest - 3).trimEnd()}...`;
}
