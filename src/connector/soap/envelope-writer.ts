import { MapwrightError } from '../../core/error.ts';
import { escapeAttribute, escapeText } from '../../xml/escape.ts';
import { isLocalName } from '../../xml/name.ts';
import { ENVELOPES, type SoapVersion } from './operation.ts';
import { localName, namespacePart, SOAP_ENCODINGS, XSD, XSI, type QualifiedName } from './qualified-name.ts';

const PREFIXES: Readonly<Record<SoapVersion, string>> = { '1.1': 'SOAP-ENV', '1.2': 'env' };
const ENCODED_PREFIX = 'SOAP-ENC';

/** Writes the text of one envelope. Every namespace is declared on the envelope, where all receivers look for it. */
export class EnvelopeWriter {
  readonly #version: SoapVersion;
  readonly #prefixes = new Map<string, string>();
  readonly #body: string[] = [];
  readonly #header: string[] = [];
  #pieces = this.#body;
  #numbered = 0;

  constructor(version: SoapVersion) {
    this.#version = version;
    this.#prefixes.set(ENVELOPES[version], PREFIXES[version]);
  }

  /** `{urn:x}name` as `ns1:name`; a name in no namespace as it is. Throws SOAP_WSDL_INVALID for one that XML has not. */
  name(name: QualifiedName): string {
    const namespace = namespacePart(name);
    const local = localName(name);
    if (!isLocalName(local)) throw unwritable(local);
    return namespace === '' ? local : `${this.#prefixFor(namespace)}:${local}`;
  }

  open(name: QualifiedName, attributes: readonly (readonly [name: QualifiedName, value: string])[] = []): void {
    const written = attributes.map(([attribute, value]) => ` ${this.name(attribute)}="${escapeAttribute(value)}"`);
    this.#pieces.push(`<${this.name(name)}${written.join('')}>`);
  }

  /** What is written from now on stands in the envelope's header, or again in its body. */
  turnTo(part: 'header' | 'body'): void {
    this.#pieces = part === 'header' ? this.#header : this.#body;
  }

  text(text: string): void {
    this.#pieces.push(escapeText(text));
  }

  close(name: QualifiedName): void {
    this.#pieces.push(`</${this.name(name)}>`);
  }

  /** The whole envelope; `isEncoded` says by what rules its values are written. */
  finish(isEncoded: boolean): string {
    const prefix = PREFIXES[this.#version];
    const encoding = SOAP_ENCODINGS[this.#version === '1.1' ? 0 : 1] ?? '';
    const style = isEncoded && this.#version === '1.1' ? ` ${prefix}:encodingStyle="${encoding}"` : '';
    const declared = [...this.#prefixes].map(([namespace, own]) => ` xmlns:${own}="${escapeAttribute(namespace)}"`);
    const header = this.#header.length === 0 ? '' : `<${prefix}:Header>${this.#header.join('')}</${prefix}:Header>`;
    const body = `${header}<${prefix}:Body>${this.#body.join('')}</${prefix}:Body>`;
    return `<?xml version="1.0" encoding="UTF-8"?>\n<${prefix}:Envelope${declared.join('')}${style}>${body}</${prefix}:Envelope>\n`;
  }

  #prefixFor(namespace: string): string {
    const known = this.#prefixes.get(namespace);
    if (known !== undefined) return known;
    const prefix =
      namespace === XSD
        ? 'xsd'
        : namespace === XSI
          ? 'xsi'
          : SOAP_ENCODINGS.includes(namespace)
            ? ENCODED_PREFIX
            : `ns${++this.#numbered}`;
    this.#prefixes.set(namespace, prefix);
    return prefix;
  }
}

function unwritable(name: string): MapwrightError {
  return new MapwrightError(
    'SOAP_WSDL_INVALID',
    `the WSDL calls an element or a type "${name.slice(0, 60)}", which is no name in XML`,
    {
      hint: 'tell whoever offers the service',
    },
  );
}
