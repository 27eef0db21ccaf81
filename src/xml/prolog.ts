import type { Cursor } from './cursor.ts';

const BLANK = '[ \\t\\r\\n]';
const DECLARATION = new RegExp(
  `^<\\?xml${BLANK}+version${BLANK}*=${BLANK}*(?:"1\\.[0-9]+"|'1\\.[0-9]+')` +
    `(?:${BLANK}+encoding${BLANK}*=${BLANK}*(?:"([A-Za-z][A-Za-z0-9._-]*)"|'([A-Za-z][A-Za-z0-9._-]*)'))?` +
    `(?:${BLANK}+standalone${BLANK}*=${BLANK}*(?:"(?:yes|no)"|'(?:yes|no)'))?${BLANK}*\\?>`,
  'u',
);

/** Goes past the XML declaration, if there is one (XML 1.0 section 2.8). */
export function checkXmlDeclaration(cursor: Cursor): void {
  if (!/^<\?xml[ \t\r\n?]/u.test(cursor.text.slice(cursor.at, cursor.at + 6))) return;
  const start = cursor.at;
  cursor.skipPast('?>', 'the XML declaration', start);
  if (DECLARATION.test(cursor.text.slice(start, cursor.at))) return;
  cursor.fail(
    'XML_NOT_WELL_FORMED',
    'the XML declaration is wrong',
    start,
    cursor.at,
    'write <?xml version="1.0" encoding="UTF-8"?>',
  );
}

/** The encoding that the XML declaration names, in lower case; undefined when it names none. */
export function declaredEncoding(text: string): string | undefined {
  const end = text.startsWith('<?xml') ? text.indexOf('?>') : -1;
  if (end === -1) return undefined;
  const match = DECLARATION.exec(text.slice(0, end + 2));
  return (match?.[1] ?? match?.[2])?.toLowerCase();
}
