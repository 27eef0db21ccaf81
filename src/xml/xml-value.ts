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
 * With `attributes` each attribute is a member `@name` of its element, whatever its prefix, the text of an element that has
 * attributes stands beside them under `_`, and `xsi:nil` is null.
 *
 * For large texts it stops after each piece, and leaves out children of the root that are not kept.
 */
export function* readXmlValueInPieces(
  text: string,
  keeps?: (member: string) => boolean,
  attributes = false,
): PiecewiseWork<Json | undefined> {
  const { root } = yield* parseXmlInPieces(text, { ...ANSWER_LIMITS, keeps });
  const reading: Reading = { leaf: attributes ? attributedLeaf : leafValue, whole: attributes ? attributed : objectOf };
  return root === undefined ? undefined : yield* valueOf(root, { ...reading, progress: { read: 0 } });
}

/** What becomes of elements. */
interface Reading {
  readonly leaf: (element: XmlElement) => Json;
  readonly whole: (element: XmlElement, members: ReadonlyMap<string, readonly Json[]>) => Json;
}

/** Elements that are turned into values at once. */
const PIECE = 128;

function* valueOf(
  element: XmlElement,
  reading: Reading & { readonly progress: { read: number } },
): PiecewiseWork<Json> {
  const { leaf, whole, progress } = reading;
  if (element.children.length === 0) return leaf(element);
  const members = new Map<string, Json[]>();
  for (const child of element.children) {
    if (++progress.read % PIECE === 0) yield;
    const values = members.get(child.name) ?? [];
    members.set(child.name, values);
    values.push(child.children.length === 0 ? leaf(child) : yield* valueOf(child, reading));
  }
  return whole(element, members);
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

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';

function attributedLeaf(element: XmlElement): Json {
  const text = element.text().value;
  const attributes = allAttributes(element);
  const isNil = [...element.attributes.values()].some(
    ({ name, namespace, value }) => namespace === XSI && localPart(name) === 'nil' && /^\s*(?:true|1)\s*$/u.test(value),
  );
  if (attributes.length === 0) return isNil ? null : text;
  return Object.fromEntries([...attributes, ['_', isNil ? null : text] as const]);
}

function attributed(element: XmlElement, members: ReadonlyMap<string, readonly Json[]>): Json {
  const own = [...members].map(([name, values]) => [name, values.length > 1 ? values : (values[0] as Json)] as const);
  return Object.fromEntries([...allAttributes(element), ...own]);
}

/** By `@name` without a prefix; one without a prefix goes before others of the name. What tells readers of types is left out. */
function allAttributes({ attributes }: XmlElement): (readonly [name: string, value: Json])[] {
  const told = [...attributes.values()].filter(({ namespace }) => namespace !== XSI);
  const ordered = told.toSorted((a, b) => Number(a.namespace === '') - Number(b.namespace === ''));
  return [...new Map(ordered.map(({ name, value }) => [`@${localPart(name)}`, value] as const))];
}

function localPart(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
