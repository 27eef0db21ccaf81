import { DOCUMENT_START } from '../core/diagnostic.ts';
import { DEFAULT_XML_LIMITS, type XmlLimits } from './parse.ts';
import { positionsOf, rangeOf } from './positions.ts';
import type { XmlProblem } from './problem.ts';
import { declaredEncoding } from './prolog.ts';

/** The text of a file, or why it cannot be told. */
export type DecodeResult =
  | { readonly text: string; readonly problem?: undefined }
  | { readonly problem: XmlProblem; readonly text?: undefined };

interface Encoding {
  readonly label: 'utf-8' | 'utf-16le' | 'utf-16be';
  readonly byteOrderMark: readonly number[];
  /** What an XML declaration may call it. */
  readonly names: readonly string[];
}

const UTF_8: Encoding = { label: 'utf-8', byteOrderMark: [0xef, 0xbb, 0xbf], names: ['utf-8', 'utf8', 'us-ascii'] };
const MARKED: readonly Encoding[] = [
  UTF_8,
  { label: 'utf-16le', byteOrderMark: [0xff, 0xfe], names: ['utf-16', 'utf-16le'] },
  { label: 'utf-16be', byteOrderMark: [0xfe, 0xff], names: ['utf-16', 'utf-16be'] },
];

/**
 * Decodes the bytes of an XML file: UTF-8 with or without byte order mark, UTF-16 with one (XML 1.0 appendix F).
 * The mark is dropped. Bytes that are no such text, or another encoding declared in them, are XML_ENCODING. Never throws.
 */
export function decodeXml(bytes: Uint8Array, limits: Pick<XmlLimits, 'maxBytes'> = DEFAULT_XML_LIMITS): DecodeResult {
  if (bytes.length > limits.maxBytes) {
    const message = `the file is larger than ${limits.maxBytes} bytes`;
    const hint = 'documents are texts of a few pages: is this the right file?';
    return { problem: { code: 'XML_TOO_LARGE', message, hint, range: DOCUMENT_START } };
  }
  const encoding = MARKED.find((candidate) => startsWith(bytes, candidate.byteOrderMark)) ?? UTF_8;
  const text = decodeStrictly(bytes, encoding);
  if (text === undefined) return { problem: garbled(bytes, encoding) };
  const declared = declaredEncoding(text);
  if (declared === undefined || encoding.names.includes(declared)) return { text };
  return {
    problem: {
      code: 'XML_ENCODING',
      message: `the file declares the encoding ${declared} and is ${encoding.label}`,
      hint: 'save it as UTF-8 and declare encoding="UTF-8"',
      range: DOCUMENT_START,
    },
  };
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, index) => bytes[index] === byte);
}

function decodeStrictly(bytes: Uint8Array, encoding: Encoding): string | undefined {
  try {
    return new TextDecoder(encoding.label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function garbled(bytes: Uint8Array, encoding: Encoding): XmlProblem {
  const text = new TextDecoder(encoding.label).decode(bytes);
  const at = Math.max(0, text.indexOf('\u{FFFD}'));
  return {
    code: 'XML_ENCODING',
    message: `the file is no valid ${encoding.label} text`,
    hint: 'save it as UTF-8',
    range: rangeOf(positionsOf(text), at, at + 1),
  };
}
