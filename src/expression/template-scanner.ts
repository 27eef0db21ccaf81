/** A stretch of a template: text as it is, `{name.path}`, or `{= jsonata }`. Offsets are those of the whole. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: string; readonly offset: number }
  | { readonly kind: 'jsonata'; readonly text: string; readonly raw: boolean; readonly offset: number }
  | { readonly kind: 'unclosed'; readonly offset: number };

const NAME = /\{([A-Za-z][A-Za-z0-9_.]*)\}/uy;
const RAW = /\{=raw(?=\s)/uy;

/** Splits a template. An `unclosed` part is the last one: its `{=` has no end. */
export function scanTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let at = 0;
  const add = (part: TemplatePart, end: number): void => {
    if (literal !== '') parts.push({ kind: 'text', text: literal });
    literal = '';
    parts.push(part);
    at = end;
  };
  for (let brace = text.indexOf('{'); brace >= 0; brace = text.indexOf('{', at)) {
    literal += text.slice(at, brace);
    at = brace + 1;
    const name = matchAt(NAME, text, brace);
    if (text[at] === '=') {
      const part = scanExpression(text, brace);
      add(part.part, part.end);
      if (part.part.kind === 'unclosed') return parts;
    } else if (name?.[1] !== undefined) {
      add({ kind: 'name', name: name[1], offset: at }, brace + name[0].length);
    } else {
      literal += '{';
      if (text[at] === '{') at += 1;
    }
  }
  literal += text.slice(at);
  if (literal !== '') parts.push({ kind: 'text', text: literal });
  return parts;
}

function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

function scanExpression(text: string, brace: number): { readonly part: TemplatePart; readonly end: number } {
  const raw = matchAt(RAW, text, brace);
  const start = brace + (raw?.[0].length ?? 2);
  const end = findExpressionEnd(text, start);
  if (end === undefined) return { part: { kind: 'unclosed', offset: brace }, end: text.length };
  return { part: { kind: 'jsonata', text: text.slice(start, end), raw: raw !== null, offset: start }, end: end + 1 };
}

/** The offset of the `}` that ends an expression, read as JSONata reads strings, names, comments, regexes and braces. */
function findExpressionEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let at = start;
  /** True where a value may start, so that `/` opens a regular expression instead of dividing. */
  let operand = true;
  while (at < text.length) {
    const character = text.charAt(at);
    if (character === '}' && depth === 0) return at;
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    const token = tokenAt(text, at, operand);
    if (token === undefined) return undefined;
    operand = token.operandNext ?? operand;
    at = token.end;
  }
  return undefined;
}

interface Token {
  readonly end: number;
  /** Undefined: as before. */
  readonly operandNext: boolean | undefined;
}

const WORD = /[\p{L}\p{N}_$]+/uy;
const OPERATOR_WORDS = new Set(['and', 'or', 'in']);
const CLOSING = ')]}';

/** The token at an offset; undefined when it has no end. */
function tokenAt(text: string, at: number, operand: boolean): Token | undefined {
  const character = text.charAt(at);
  if (/\s/u.test(character)) return { end: at + 1, operandNext: undefined };
  if (character === '"' || character === "'") return closedBy(endOfString(text, at));
  if (character === '`') return closedBy(after(text.indexOf('`', at + 1), 1));
  if (text.startsWith('/*', at)) {
    const end = after(text.indexOf('*/', at + 2), 2);
    return end === undefined ? undefined : { end, operandNext: undefined };
  }
  if (character === '/' && operand) return closedBy(endOfRegex(text, at));
  const word = matchAt(WORD, text, at)?.[0];
  if (word !== undefined) return { end: at + word.length, operandNext: !operand && OPERATOR_WORDS.has(word) };
  // `*` and `%` are values (all members, the parent) where a value may start.
  if (operand && (character === '*' || character === '%')) return { end: at + 1, operandNext: false };
  return { end: at + 1, operandNext: !CLOSING.includes(character) };
}

function closedBy(end: number | undefined): Token | undefined {
  return end === undefined ? undefined : { end, operandNext: false };
}

function after(index: number, length: number): number | undefined {
  return index < 0 ? undefined : index + length;
}

function endOfString(text: string, start: number): number | undefined {
  const quote = text.charAt(start);
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at += 1;
    else if (text[at] === quote) return at + 1;
  }
  return undefined;
}

/** JSONata ends a regular expression at a `/` outside brackets; it counts those in classes too, so `/[}]/` is none. */
function endOfRegex(text: string, start: number): number | undefined {
  let depth = 0;
  let backslashes = 0;
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '/' && depth === 0 && backslashes % 2 === 0) return at + 1;
    if (backslashes === 0 && '([{'.includes(character)) depth += 1;
    if (backslashes === 0 && ')]}'.includes(character)) depth -= 1;
    backslashes = character === '\\' ? backslashes + 1 : 0;
  }
  return undefined;
}
