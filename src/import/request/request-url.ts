import type { NamedText } from './concrete-request.ts';

/** A URL with variables, divided. */
export interface DividedUrl {
  /** `https://api.example.com`, without a slash at its end. */
  readonly origin: string;
  /** The name and whether there is a password, of `https://name:password@host`. */
  readonly user: string | undefined;
  /** With its first slash; empty when there is none. */
  readonly path: string;
  readonly query: readonly NamedText[];
}

/** Divides a URL. Without a scheme it is http, as with curl, unless a variable stands at its beginning. */
export function divideUrl(written: string): DividedUrl {
  const text = written.trim().replace(/#.*$/su, '');
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//iu.test(text);
  const whole = hasScheme || text.startsWith('{{') ? text : `http://${text}`;
  const [, scheme = '', rest = ''] = /^([a-z][a-z0-9+.-]*:\/\/)?(.*)$/isu.exec(whole) ?? [];
  const end = rest.search(/[/?]/u);
  const authority = end === -1 ? rest : rest.slice(0, end);
  const behind = end === -1 ? '' : rest.slice(end);
  const mark = behind.indexOf('?');
  const at = authority.lastIndexOf('@');
  return {
    origin: `${scheme}${authority.slice(at + 1)}`,
    user: at === -1 ? undefined : decoded(authority.slice(0, at).split(':')[0] ?? ''),
    path: mark === -1 ? behind : behind.slice(0, mark),
    query: mark === -1 ? [] : pairsOf(behind.slice(mark + 1)),
  };
}

/** The names and values of a query or form. */
export function pairsOf(text: string): NamedText[] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const equals = pair.indexOf('=');
      const [name, value] = equals === -1 ? [pair, ''] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return { name: decoded(name.replaceAll('+', ' ')), value: decoded(value.replaceAll('+', ' ')) };
    });
}

/** What cannot be decoded stays as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
