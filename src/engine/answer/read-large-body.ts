import { atOnce } from '../../core/in-slices.ts';
import type { KeptMembers } from '../../core/json-in-pieces.ts';
import type { LargeBodyQuestion, LargeBodyReading } from '../../core/large-body.ts';
import {
  type BodyReader,
  decodeText,
  parseForRewriting,
  parseJsonInPieces,
  parseLegacyBody,
  type XmlReader,
} from './read-body.ts';

/** Characters of the text that are given back. */
const START_LENGTH = 1_000;

/** Reads a large body without a stop: for threads that have nothing else to do. */
export function readLargeBody(
  question: Omit<LargeBodyQuestion, 'body'> & { readonly bytes: Uint8Array },
  readXml: XmlReader,
): LargeBodyReading {
  const { bytes, contentType, format } = question;
  const text = decodeText(bytes, contentType);
  const attributed: BodyReader = (whole, kept) => readXml(whole, kept, true);
  const readers = { json: parseJsonInPieces, legacy: parseLegacyBody, xml: readXml, 'xml-attributes': attributed };
  // What nobody looks at is not built up: most of the time would go into clearing it away again.
  const keeps = keptOf(question);
  const value = atOnce(readers[format](text, keeps));
  const exact = format === 'legacy' && value !== undefined ? atOnce(parseForRewriting(text, keeps)) : undefined;
  return {
    start: text.trimStart().slice(0, START_LENGTH),
    json:
      value === undefined
        ? undefined
        : JSON.stringify(typeof value === 'string' ? value.slice(0, START_LENGTH) : value),
    exactJson: exact === undefined ? undefined : JSON.stringify(exact),
  };
}

/** An item of a list stands behind all that come before it, so these are kept too. */
function keptOf({ members, wantsItems }: Pick<LargeBodyQuestion, 'members' | 'wantsItems'>): KeptMembers {
  const names = new Set(members);
  const lastItem = Math.max(-1, ...members.filter((name) => /^\d+$/u.test(name)).map(Number));
  return (member) => (typeof member === 'string' ? names.has(member) : wantsItems || member <= lastItem);
}
