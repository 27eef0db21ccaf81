/** The characters that a name begins with, as the inside of a character class; a colon besides, in names with a prefix. */
export const NAME_START =
  'A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}\\u{37F}-\\u{1FFF}\\u{200C}\\u{200D}' +
  '\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}';
/** Those that stand in it besides. */
export const NAME_REST = '\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}\\u{2040}';

const LOCAL_NAME = new RegExp(`^[${NAME_START}][${NAME_START}${NAME_REST}]*$`, 'u');

/** True for a name without a prefix (Namespaces in XML 1.0, NCName): what an element may be called. */
export function isLocalName(text: string): boolean {
  return LOCAL_NAME.test(text);
}
