import type { Json } from '../core/json.ts';
import type { XmlElement } from './element.ts';
import { type XmlLimits, parseXml } from './parse.ts';

const ANSWER_LIMITS: XmlLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 256 };

/**
 * An XML text as a value that paths can walk: the root element stands for the whole, an element without children is its
 * text, one with children or with nothing but attributes an object, elements of one name a list. Attributes stand under
 * `@attributes` of an object and are left out beside a text, as in PHP. Undefined when it is no XML.
 */
export function readXmlValue(text: string): Json | undefined {
  const { root } = parseXml(text, ANSWER_LIMITS);
  return root === undefined ? undefined : valueOf(root);
}

function valueOf(element: XmlElement): Json {
  const attributes = [...element.attributes.values()].filter(({ namespace }) => namespace === '');
  const text = element.children.length === 0 ? element.text().value : '';
  if (element.children.length === 0 && (text !== '' || attributes.length === 0)) return text;
  const members = new Map<string, Json[]>();
  for (const child of element.children) {
    const values = members.get(child.name) ?? [];
    members.set(child.name, values);
    values.push(valueOf(child));
  }
  const own = Object.fromEntries(attributes.map(({ name, value }): [string, Json] => [name, value]));
  return Object.fromEntries([
    ...(attributes.length === 0 ? [] : [['@attributes', own] as const]),
    ...[...members].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')] as const),
  ]);
}
