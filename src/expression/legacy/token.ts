/** A token of the legacy language. Offsets count in the text given to `tokenize`. */
export type Token = {
  readonly offset: number;
  readonly length: number;
} & (
  | { readonly kind: 'symbol'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'string'; readonly value: string; readonly quote: string }
  | { readonly kind: 'number'; readonly value: string | number }
  | { readonly kind: 'operator' | 'bracket'; readonly text: string }
  | { readonly kind: 'related'; readonly field: string; readonly module: string; readonly target: string }
);

/** What splitting a text gives. */
export interface Tokens {
  readonly tokens: readonly Token[];
  /** The first character, not a blank, that belongs to no token: the language leaves such out of account. */
  readonly dropped: number | undefined;
}

type Content = Token extends infer T ? (T extends Token ? Omit<T, 'offset' | 'length'> : never) : never;
type Read = (match: RegExpExecArray) => Content;

/** In the order in which the language tries them. */
const PATTERNS: readonly { readonly pattern: RegExp; readonly read: Read }[] = [
  { pattern: /[a-zA-Z]\w*/y, read: ([name]) => ({ kind: 'symbol', name, quoted: false }) },
  { pattern: /`([^`]+)`/y, read: ([, name = '']) => ({ kind: 'symbol', name, quoted: true }) },
  { pattern: /\d*\.\d+|\d+/y, read: ([digits]) => ({ kind: 'number', value: numberOf(digits) }) },
  { pattern: /==|!=|<=|>=|[<>+\-*/]/y, read: ([text]) => ({ kind: 'operator', text }) },
  {
    pattern: /\$\((\w+) : \((\w+)\) (\w+)\)/y,
    read: ([, field = '', module = '', target = '']) => ({ kind: 'related', field, module, target }),
  },
  { pattern: /[(),]/y, read: ([text]) => ({ kind: 'bracket', text }) },
];

/** Splits a text whose entities are decoded. Never fails; time grows with the length alone. */
export function tokenize(text: string): Tokens {
  const tokens: Token[] = [];
  let dropped: number | undefined;
  let at = 0;
  while (at < text.length) {
    const token = stringAt(text, at) ?? patternAt(text, at);
    if (token !== undefined) tokens.push(token);
    else if (dropped === undefined && !/\s/u.test(text.charAt(at))) dropped = at;
    at += token?.length ?? 1;
  }
  return { tokens, dropped };
}

function patternAt(text: string, at: number): Token | undefined {
  for (const { pattern, read } of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) return { ...read(match), offset: at, length: match[0].length };
  }
  return undefined;
}

/** Whole numbers that a double cannot hold stay text, which computes and compares the same and loses nothing. */
function numberOf(digits: string): string | number {
  const value = Number(digits);
  return digits.includes('.') || Number.isSafeInteger(value) ? value : digits;
}

/**
 * A string in single or double quotes. A backslash keeps a quote inside; when no other quote follows, the last of those ends
 * the string after all.
 */
function stringAt(text: string, at: number): Token | undefined {
  const quote = text.charAt(at);
  if (quote !== "'" && quote !== '"') return undefined;
  let lastEscaped: number | undefined;
  for (let end = text.indexOf(quote, at + 1); end >= 0; end = text.indexOf(quote, end + 1)) {
    if (end === at + 1 || text[end - 1] !== '\\') return stringToken(text, at, end);
    lastEscaped = end;
  }
  return lastEscaped === undefined ? undefined : stringToken(text, at, lastEscaped);
}

function stringToken(text: string, start: number, end: number): Token {
  const value = unescape(text.slice(start + 1, end));
  return { kind: 'string', value, quote: text.charAt(start), offset: start, length: end + 1 - start };
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\u0007',
  v: '\v',
  b: '\b',
  f: '\f',
};

/** PHP's stripcslashes. `\xC3\xA9` are the bytes of one character. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  const pattern = /(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})+|\\([^])/gu;
  return text.replace(pattern, (written: string, single?: string) =>
    single === undefined ? decodeBytes(written) : (ESCAPES[single] ?? single),
  );
}

function decodeBytes(written: string): string {
  const bytes = written
    .split('\\')
    .slice(1)
    .map((code) => (code.startsWith('x') ? Number.parseInt(code.slice(1), 16) : Number.parseInt(code, 8) & 0xff));
  return Buffer.from(bytes).toString('utf8');
}
