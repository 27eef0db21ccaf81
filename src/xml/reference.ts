import type { XmlProblemCode } from './problem.ts';

const PREDEFINED: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
  ['&quot;', '"'],
  ['&apos;', "'"],
]);

const REFERENCE = /&(?:#[0-9]+|#x[0-9A-Fa-f]+|[\p{L}_:][\p{L}\p{N}._:-]*);/uy;

/** A character that XML 1.0 forbids (section 2.2), lone surrogates among them. */
export const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** A fault in a reference; offsets count in the text that was checked. */
export interface ReferenceFault {
  readonly code: XmlProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly start: number;
  readonly end: number;
}

/** The text a well-formed reference (`&amp;`, `&#65;`, `&#x41;`) stands for. */
export function replacementOf(reference: string): string {
  return PREDEFINED.get(reference) ?? String.fromCodePoint(codePointOf(reference));
}

/** The first reference in a text that XML 1.0 without a DOCTYPE does not define, if any. */
export function findReferenceFault(text: string): ReferenceFault | undefined {
  for (let at = text.indexOf('&'); at !== -1; at = text.indexOf('&', at + 1)) {
    REFERENCE.lastIndex = at;
    const reference = REFERENCE.exec(text)?.[0];
    if (reference === undefined) return bareAmpersand(at);
    const fault = faultOf(reference);
    if (fault !== undefined) return { ...fault, start: at, end: at + reference.length };
  }
  return undefined;
}

function bareAmpersand(at: number): ReferenceFault {
  return {
    code: 'XML_NOT_WELL_FORMED',
    message: 'an ampersand that starts no reference',
    hint: 'write &amp;, or put the text in <![CDATA[ ... ]]>',
    start: at,
    end: at + 1,
  };
}

function faultOf(reference: string): Pick<ReferenceFault, 'code' | 'message' | 'hint'> | undefined {
  if (PREDEFINED.has(reference)) return undefined;
  if (!reference.startsWith('&#')) {
    return {
      code: 'XML_ENTITY_UNDEFINED',
      message: `the entity ${reference.slice(0, 40)} is not defined`,
      hint: 'only &lt; &gt; &amp; &quot; &apos; and numbers such as &#160; are known',
    };
  }
  const codePoint = codePointOf(reference);
  if (codePoint <= 0x10ffff && !FORBIDDEN_CHARACTER.test(String.fromCodePoint(codePoint))) return undefined;
  return { code: 'XML_CHARACTER', message: `${reference.slice(0, 40)} is no character that XML 1.0 allows` };
}

function codePointOf(reference: string): number {
  const hexadecimal = reference.startsWith('&#x');
  return Number.parseInt(reference.slice(hexadecimal ? 3 : 2, -1), hexadecimal ? 16 : 10);
}
