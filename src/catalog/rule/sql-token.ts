/** A piece of a select: a name (`vtiger_account.accountid`), a text, a number, `?`, `$[name]` or a sign. */
export interface SqlToken {
  readonly kind: 'name' | 'text' | 'number' | 'value' | 'sign';
  /** Names and signs in lower case; the text without its quotation marks. */
  readonly text: string;
  readonly offset: number;
  readonly length: number;
}

const TOKEN =
  /\s+|(?<name>[A-Za-z_]\w*(?:\.[A-Za-z_*]\w*)?)|(?<text>'(?:''|\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*")|(?<number>-?\d+(?:\.\d+)?)|(?<value>\?|\$\[[^\]]+\])|(?<sign><=|>=|<>|!=|[=<>,();*])|(?<other>[^])/gu;

/** The pieces of a select; those of another kind are signs that nothing knows. */
export function tokenizeSql(text: string): SqlToken[] {
  return [...text.matchAll(TOKEN)].flatMap((match): SqlToken[] => {
    const at = { offset: match.index, length: match[0].length };
    const { name, text: quoted, number, value, sign, other } = match.groups ?? {};
    if (name !== undefined) return [{ kind: 'name', text: name, ...at }];
    if (quoted !== undefined) return [{ kind: 'text', text: unquoted(quoted), ...at }];
    if (number !== undefined) return [{ kind: 'number', text: number, ...at }];
    if (value !== undefined) return [{ kind: 'value', text: value, ...at }];
    const rest = sign ?? other;
    return rest === undefined ? [] : [{ kind: 'sign', text: rest, ...at }];
  });
}

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll("''", "'")
    .replaceAll(/\\([^])/gu, '$1');
}
