import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json } from '../../core/json.ts';
import { isLocalName } from '../../xml/name.ts';
import type { EnvelopeWriter } from './envelope-writer.ts';
import { localName, namespacePart, qualifiedName, type QualifiedName } from './qualified-name.ts';

const MAX_DEPTH = 200;

/**
 * Writes an element that no WSDL describes: members are elements in the namespace of the one around them, or in that of
 * `{namespace}name`; lists repeat the element; `_` is text. Throws SOAP_PARAMETER_INVALID.
 */
export function writeFreeElement(out: EnvelopeWriter, name: QualifiedName, value: Json, depth = 0): void {
  if (!isLocalName(localName(name))) throw invalid(`"${localName(name).slice(0, 60)}" is no name of an element`);
  if (depth > MAX_DEPTH) throw invalid(`elements stand more than ${MAX_DEPTH} deep in each other`);
  if (Array.isArray(value)) {
    for (const item of value) writeFreeElement(out, name, item, depth + 1);
    return;
  }
  out.open(name);
  if (isJsonObject(value)) {
    for (const [member, inner] of Object.entries<Json>(value)) {
      if (member === '_') out.text(plain(inner));
      else writeFreeElement(out, memberName(member, namespacePart(name)), inner, depth + 1);
    }
  } else {
    out.text(plain(value));
  }
  out.close(name);
}

function memberName(written: string, around: string): QualifiedName {
  return /^\{[^{}]*\}/u.test(written) ? written : qualifiedName(around, written);
}

function plain(value: Json): string {
  if (typeof value === 'object' && value !== null) throw invalid('a list or an object stands where a text goes');
  return value === null ? '' : String(value);
}

function invalid(why: string): MapwrightError {
  return new MapwrightError('SOAP_PARAMETER_INVALID', `a header of the message cannot be written: ${why}`, {
    hint: 'nested parameters are elements; a namespace of their own is written {urn:example}Name',
  });
}
