const TOKEN =
  /\s*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy;

/** What may come next: a value, a value or `]`, a name or `}`, a name, the `:` after a name, or what follows a value. */
type Expected = 'value' | 'item-or-end' | 'name-or-end' | 'name' | 'colon' | 'after';

/** The offset (from 0) of the first thing in a text that is no JSON after RFC 8259; the text's length when it breaks off. */
export function jsonErrorOffset(text: string): number {
  const open: ('{' | '[')[] = [];
  let expected: Expected = 'value';
  TOKEN.lastIndex = 0;
  for (;;) {
    const start = skipBlanks(text, TOKEN.lastIndex);
    TOKEN.lastIndex = start;
    const match: RegExpExecArray | null = TOKEN.exec(text);
    const next: Expected | undefined = match === null ? undefined : step(expected, tokenOf(match), open);
    if (next === undefined) return start;
    expected = next;
  }
}

function skipBlanks(text: string, from: number): number {
  let offset = from;
  while (offset < text.length && ' \t\r\n'.includes(text.charAt(offset))) offset++;
  return offset;
}

function tokenOf(match: RegExpExecArray): string {
  if (match[2] !== undefined) return 'text';
  return match[1] ?? 'scalar';
}

/** What is expected after a token; undefined when the token is not allowed where it stands. */
function step(expected: Expected, token: string, open: ('{' | '[')[]): Expected | undefined {
  if (expected === 'colon') return token === ':' ? 'value' : undefined;
  if (expected === 'after') return stepAfterValue(token, open);
  if (expected === 'name' || expected === 'name-or-end') {
    if (token === 'text') return 'colon';
    return token === '}' && expected === 'name-or-end' ? close(open) : undefined;
  }
  if (token === ']' && expected === 'item-or-end') return close(open);
  return stepIntoValue(token, open);
}

function stepIntoValue(token: string, open: ('{' | '[')[]): Expected | undefined {
  if (token === 'text' || token === 'scalar') return 'after';
  if (token !== '{' && token !== '[') return undefined;
  open.push(token);
  return token === '{' ? 'name-or-end' : 'item-or-end';
}

function stepAfterValue(token: string, open: ('{' | '[')[]): Expected | undefined {
  const inside = open.at(-1);
  if (token === ',' && inside !== undefined) return inside === '{' ? 'name' : 'value';
  const fits = (token === '}' && inside === '{') || (token === ']' && inside === '[');
  return fits ? close(open) : undefined;
}

function close(open: ('{' | '[')[]): Expected {
  open.pop();
  return 'after';
}
