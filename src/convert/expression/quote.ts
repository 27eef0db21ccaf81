/** A text as a JSONata literal: in single quotes where it can be, as attributes of XML prefer. */
export function quoteText(text: string): string {
  const escaped = text.replaceAll(/[\\\u0000-\u001f\u007f\u2028\u2029]/gu, escapeCharacter);
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `'${escaped.replaceAll("'", String.raw`\u0027`)}'` : `"${escaped}"`;
}

const NAMED: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function escapeCharacter(character: string): string {
  return NAMED[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Words that JSONata reads as operators or values. */
const WORDS: ReadonlySet<string> = new Set(['and', 'or', 'in', 'true', 'false', 'null', 'function']);

/** `record.name`, the name in backticks where it is no plain one. Undefined for a name that JSONata cannot say. */
export function memberCode(root: string, name: string): string | undefined {
  if (/^[A-Za-z_]\w*$/u.test(name) && !WORDS.has(name)) return `${root}.${name}`;
  return name === '' || name.includes('`') ? undefined : `${root}.\`${name}\``;
}
