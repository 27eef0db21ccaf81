import type { PiecewiseWork } from '../core/in-slices.ts';
import type { Json } from '../core/json.ts';
import type { XmlAttribute, XmlElement } from './element.ts';
import { type XmlLimits, parseXmlInPieces } from './parse.ts';

const ANSWER_LIMITS: XmlLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 256 };

/**
 * An XML text as a value that paths can walk: the root element stands for the whole, an element without children is its
 * text, one with children or with nothing but attributes an object, elements of one name a list. Attributes stand under
 * `@attributes` of an object and are left out beside a text, as in PHP. Undefined when it is no XML.
 *
 * For large texts it stops after each piece, and leaves out children of the root that are not kept.
 */
export function* readXmlValueInPieces(
  text: string,
  keeps?: (member: string) => boolean,
): PiecewiseWork<Json | undefined> {
  const { root } = yield* parseXmlInPieces(text, { ...ANSWER_LIMITS, keeps });
  return root === undefined ? undefined : yield* valueOf(root, { read: 0 });
}

/** Elements that are turned into values at once. */
const PIECE = 128;

function* valueOf(element: XmlElement, progress: { read: number }): PiecewiseWork<Json> {
  if (element.children.length === 0) return leafValue(element);
  const members = new Map<string, Json[]>();
  for (const child of element.children) {
    if (++progress.read % PIECE === 0) yield;
    const values = members.get(child.name) ?? [];
    members.set(child.name, values);
    values.push(child.children.length === 0 ? leafValue(child) : yield* valueOf(child, progress));
  }
  return objectOf(element, members);
}

/** Of an element without children. */
function leafValue(element: XmlElement): Json {
  const text = element.text().value;
  return text !== '' || ownAttributes(element).length === 0 ? text : objectOf(element, new Map());
}

function ownAttributes({ attributes }: XmlElement): readonly XmlAttribute[] {
  return [...attributes.values()].filter(({ namespace }) => namespace === '');
}

function objectOf(element: XmlElement, members: ReadonlyMap<string, readonly Json[]>): Json {
  const attributes = ownAttributes(element);
  const own = Object.fromEntries(attributes.map(({ name, value }): [string, Json] => [name, value]));
  return Object.fromEntries([
    ...(attributes.length === 0 ? [] : [['@attributes', own] as const]),
    ...[...members].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? '')] as const),
  ]);
}
