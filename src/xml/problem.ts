import type { Range } from '../core/diagnostic.ts';

/** Why a text is no usable XML. `XML_NOT_WELL_FORMED` covers every breach of XML 1.0 that has no code of its own. */
export type XmlProblemCode =
  | 'XML_NOT_WELL_FORMED'
  | 'XML_ATTRIBUTE_DUPLICATE'
  | 'XML_CHARACTER'
  | 'XML_DOCTYPE'
  | 'XML_EMPTY'
  | 'XML_ENCODING'
  | 'XML_ENTITY_UNDEFINED'
  | 'XML_PREFIX_UNDECLARED'
  | 'XML_TOO_DEEP'
  | 'XML_TOO_LARGE';

/** The first thing wrong with a text, and where. */
export interface XmlProblem {
  readonly code: XmlProblemCode;
  readonly message: string;
  readonly hint?: string;
  readonly range: Range;
}

const MAX_QUOTED = 60;

/** A name or value from a document in quotation marks, cut to a length that fits in a message. */
export function quoted(text: string): string {
  return text.length <= MAX_QUOTED ? `"${text}"` : `"${text.slice(0, MAX_QUOTED)}..."`;
}
