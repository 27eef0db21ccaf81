import type { XmlElement } from '../../xml/element.ts';

/** A name with its namespace, as one text: `{urn:x}name`; `{}name` when it is in none. */
export type QualifiedName = string;

export const XSD = 'http://www.w3.org/2001/XMLSchema';
export const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
/** Encoded values, of SOAP 1.1 and 1.2. */
export const SOAP_ENCODINGS: readonly string[] = [
  'http://schemas.xmlsoap.org/soap/encoding/',
  'http://www.w3.org/2003/05/soap-encoding',
];

export function qualifiedName(namespace: string, local: string): QualifiedName {
  return `{${namespace}}${local}`;
}

export function localName(name: QualifiedName): string {
  return name.slice(name.lastIndexOf('}') + 1);
}

export function namespacePart(name: QualifiedName): string {
  return name.slice(1, name.lastIndexOf('}'));
}

/** A name that stands in a value, as `tns:item` in `type="tns:item"`, read with the prefixes in force at the element. */
export function readQualifiedName(element: XmlElement, written: string): QualifiedName {
  const text = written.trim();
  const colon = text.indexOf(':');
  const prefix = colon === -1 ? '' : text.slice(0, colon);
  return qualifiedName(element.namespaceFor(prefix) ?? '', text.slice(colon + 1));
}

/** The attribute's value; undefined when it is not there. Attributes without a prefix are in no namespace. */
export function attributeOf(element: XmlElement, name: string): string | undefined {
  return element.attributes.get(name)?.value;
}

/** The value of an attribute in a namespace, whatever its prefix. */
export function attributeIn(element: XmlElement, namespace: string, name: string): string | undefined {
  for (const [written, attribute] of element.attributes) {
    if (attribute.namespace === namespace && written.slice(written.indexOf(':') + 1) === name) return attribute.value;
  }
  return undefined;
}

/** The children of that name, and of that namespace when one is given. */
export function childrenOf(element: XmlElement, name: string, namespace = element.namespace): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}
