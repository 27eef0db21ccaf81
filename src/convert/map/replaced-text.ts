/** A stretch of a coreBOS URL or header: text, or one `getSetting(x)`, `getContext(x)`, `getGlobalVariable(x)`. */
export type ReplacedPart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'setting' | 'context'; readonly name: string };

const CALL = /get(Setting|Context|GlobalVariable)\(\s*(['"]?)([^)'"]*)\2\s*\)/gu;

/** Cuts a text at what coreBOS replaces in it. */
export function cutReplaced(text: string): readonly ReplacedPart[] {
  const parts: ReplacedPart[] = [];
  let from = 0;
  for (const match of text.matchAll(CALL)) {
    if (match.index > from) parts.push({ kind: 'literal', text: text.slice(from, match.index) });
    parts.push({ kind: match[1] === 'Context' ? 'context' : 'setting', name: (match[3] ?? '').trim() });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ kind: 'literal', text: text.slice(from) });
  return parts;
}

/** True for a name that placeholders and attributes of native documents can say. */
export function isPlainName(name: string): boolean {
  return /^[A-Za-z]\w*$/u.test(name);
}
