import type { XmlAttribute, XmlElement } from '../../xml/element.ts';
import { parseXml } from '../../xml/parse.ts';
import { endOfStartTag } from './xml-tag.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';

/** Namespaces by prefix, as the canonical text has declared them so far. */
type Declared = ReadonlyMap<string, string>;

/** The element of this text in the form of Exclusive XML Canonicalization 1.0 without comments, and without a list of prefixes. */
export function canonicalXml(text: string, element: XmlElement): string {
  const pieces: string[] = [];
  write(element, new Map(), { text, pieces });
  return pieces.join('');
}

interface Writing {
  readonly text: string;
  readonly pieces: string[];
}

function write(element: XmlElement, above: Declared, writing: Writing): void {
  const { text, pieces } = writing;
  const name = element.prefix === '' ? element.name : `${element.prefix}:${element.name}`;
  const attributes = [...element.attributes.values()].toSorted(byName);
  const used = usedNamespaces(element, attributes).filter(([prefix, uri]) => (above.get(prefix) ?? '') !== uri);
  pieces.push(
    `<${name}`,
    ...used.map(([prefix, uri]) => ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${inAttribute(uri)}"`),
    ...attributes.map((attribute) => ` ${attribute.name}="${inAttribute(attribute.value)}"`),
    '>',
  );
  const declared = used.length === 0 ? above : new Map([...above, ...used]);
  let at = endOfStartTag(text, element);
  for (const child of element.children) {
    const { start, end } = child.range;
    pieces.push(contentOf(text.slice(at, start.offset)));
    write(child, declared, writing);
    at = end.offset;
  }
  // What is left before the end tag, which is the last `<`; an element without content has none.
  const end = element.range.end.offset;
  if (at < end) pieces.push(contentOf(text.slice(at, text.lastIndexOf('</', end - 1))));
  pieces.push(`</${name}>`);
}

/** The namespaces that an element itself and its attributes are in, in the order of their prefixes. */
function usedNamespaces(element: XmlElement, attributes: readonly XmlAttribute[]): [prefix: string, uri: string][] {
  const used = new Map([[element.prefix, element.namespace]]);
  for (const { name, namespace } of attributes) {
    const colon = name.indexOf(':');
    if (colon !== -1 && namespace !== XML_NAMESPACE) used.set(name.slice(0, colon), namespace);
  }
  if (element.prefix === 'xml') used.delete('xml');
  return [...used].toSorted(([a], [b]) => compare(a, b));
}

/** By namespace, then by local name; those in no namespace come first. */
function byName(a: XmlAttribute, b: XmlAttribute): number {
  return compare(a.namespace, b.namespace) || compare(localPart(a.name), localPart(b.name));
}

function localPart(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Text as it stands between tags: references resolved, CDATA and line ends plain, comments gone. */
function contentOf(written: string): string {
  const isPlain = !/[&<\r]/u.test(written);
  const text = isPlain ? written : (parseXml(`<t>${written}</t>`, { maxBytes: Infinity }).root?.text().value ?? '');
  return text.replaceAll(/[&<>\r]/gu, (character) => IN_TEXT[character] ?? character);
}

const IN_TEXT: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#xD;' };

const IN_ATTRIBUTE: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function inAttribute(text: string): string {
  return text.replaceAll(/[&<"\t\n\r]/gu, (character) => IN_ATTRIBUTE[character] ?? character);
}
