import type { Json } from '../../core/json.ts';
import type { XmlElement } from '../../xml/element.ts';
import {
  attributeIn,
  attributeOf,
  readQualifiedName,
  SOAP_ENCODINGS,
  XSI,
  type QualifiedName,
} from './qualified-name.ts';
import type { SchemaSet } from './schema-set.ts';
import { readSimple } from './simple-value.ts';
import { ANY_TYPE, type ComplexType, TEXT_TYPE, type TypeModel, type TypeReference } from './type-model.ts';

/** Elements that one answer may come to, those that stand in several places counted for each. */
const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 300;

/** An answer whose parts refer to each other without end. */
export class EndlessAnswerError extends Error {}

/**
 * Reads the elements of one answer as values: typed by the schema, else by what they say themselves, else texts and objects.
 * Elements of one name are a list; an attribute is a member.
 */
export class ValueReader {
  readonly #schemas: SchemaSet;
  readonly #text: string;
  readonly #root: XmlElement;
  #byId: ReadonlyMap<string, XmlElement> | undefined;
  #left = MAX_ELEMENTS;

  /** `text` is what the elements were parsed from. */
  constructor(schemas: SchemaSet, root: XmlElement, text: string) {
    this.#schemas = schemas;
    this.#root = root;
    this.#text = text;
  }

  /** Throws EndlessAnswerError. */
  read(element: XmlElement, type: TypeReference | undefined, depth = 0): Json {
    if (--this.#left < 0 || depth > MAX_DEPTH) throw new EndlessAnswerError('the answer comes to no end');
    const referred = this.#referred(element);
    if (referred !== undefined) return this.read(referred, type, depth + 1);
    if (isTrue(attributeIn(element, XSI, 'nil'))) return null;
    const model = this.#modelOf(element, type);
    if (model.kind === 'simple') return readSimple(element.text().value, model);
    if (model.kind === 'any') return this.#readAny(element, depth);
    return model.items === undefined
      ? this.#readComplex(element, model, depth)
      : this.#readItems(element, model.items, depth);
  }

  /** What an element says it is counts over what the schema says, where it is known. */
  #modelOf(element: XmlElement, type: TypeReference | undefined): TypeModel {
    const declared = type === undefined ? ANY_TYPE : this.#schemas.model(type);
    const written = attributeIn(element, XSI, 'type');
    if (written === undefined) return declared;
    const own = this.#schemas.model({ name: readQualifiedName(element, written) });
    return own.kind === 'any' ? declared : own;
  }

  /** Values that stand elsewhere in the envelope: `href="#id1"`, in SOAP 1.2 `ref="id1"`. */
  #referred(element: XmlElement): XmlElement | undefined {
    const href = attributeOf(element, 'href');
    const reference =
      href?.startsWith('#') === true ? href.slice(1) : attributeIn(element, SOAP_ENCODINGS[1] ?? '', 'ref');
    if (reference === undefined || element.children.length > 0) return undefined;
    this.#byId ??= collectIds(this.#root);
    return this.#byId.get(reference);
  }

  #readAny(element: XmlElement, depth: number): Json {
    if (isSoapArray(element)) return this.#readItems(element, arrayType(element), depth);
    if (element.children.length === 0) return element.text().value;
    const members = new Members();
    for (const child of element.children) members.add(child.name, this.read(child, undefined, depth + 1));
    return members.value();
  }

  #readItems(element: XmlElement, items: TypeReference | undefined, depth: number): Json {
    return element.children.map((child) => this.read(child, items, depth + 1));
  }

  #readComplex(element: XmlElement, model: ComplexType, depth: number): Json {
    const members = new Members();
    const { elements, attributes } = namesOf(model);
    if (model.text !== undefined) {
      const text = readSimple(element.text().value, model.text);
      if (![...element.attributes.keys()].some((name) => attributes.has(name))) return text;
      members.add('_', text);
    }
    const others: XmlElement[] = [];
    for (const child of element.children) {
      const type = elements.get(child.name);
      if (type === undefined && model.hasAny) others.push(child);
      else members.add(child.name, this.read(child, type, depth + 1));
    }
    for (const [name, { value }] of element.attributes) {
      const type = attributes.get(name);
      if (type === undefined) continue;
      const simple = this.#schemas.model(type);
      members.add(name, readSimple(value, simple.kind === 'simple' ? simple : TEXT_TYPE));
    }
    if (others.length > 0) members.add('any', others.map((child) => this.#source(child)).join(''));
    return members.value();
  }

  /** The element as it stands in the answer. */
  #source({ range }: XmlElement): string {
    return this.#text.slice(range.start.offset, range.end.offset);
  }
}

/** The types of a complex type's members, by name. */
interface MemberTypes {
  readonly elements: ReadonlyMap<string, TypeReference>;
  readonly attributes: ReadonlyMap<string, TypeReference>;
}

/** Gathered once for each type: an answer may have many elements of one that has many members. */
const gathered = new WeakMap<ComplexType, MemberTypes>();

function namesOf(model: ComplexType): MemberTypes {
  const known = gathered.get(model);
  if (known !== undefined) return known;
  const typesOf = (isAttribute: boolean): ReadonlyMap<string, TypeReference> =>
    new Map(model.members.filter((member) => member.isAttribute === isAttribute).map(({ name, type }) => [name, type]));
  const names = { elements: typesOf(false), attributes: typesOf(true) };
  gathered.set(model, names);
  return names;
}

/** Members in the order they come; a name that comes again makes a list. */
class Members {
  readonly #values = new Map<string, Json[]>();

  add(name: string, value: Json): void {
    const values = this.#values.get(name);
    if (values === undefined) this.#values.set(name, [value]);
    else values.push(value);
  }

  value(): Json {
    const entries = [...this.#values].map(([name, values]): [string, Json] => [
      name,
      values.length === 1 ? (values[0] ?? null) : values,
    ]);
    return Object.fromEntries(entries.filter(([name]) => name !== '__proto__'));
  }
}

function isSoapArray(element: XmlElement): boolean {
  const type = attributeIn(element, XSI, 'type');
  if (
    type !== undefined &&
    SOAP_ENCODINGS.some((namespace) => readQualifiedName(element, type) === `{${namespace}}Array`)
  ) {
    return true;
  }
  return arrayType(element) !== undefined;
}

/** What an encoded array says of its items: `SOAP-ENC:arrayType="xsd:int[2]"`, in SOAP 1.2 `enc:itemType="xsd:int"`. */
function arrayType(element: XmlElement): TypeReference | undefined {
  const [older = '', newer = ''] = SOAP_ENCODINGS;
  const written = attributeIn(element, older, 'arrayType') ?? attributeIn(element, newer, 'itemType');
  if (written === undefined) return undefined;
  const name: QualifiedName = readQualifiedName(element, written.replace(/(?:\[[0-9,]*\])+\s*$/u, ''));
  return { name };
}

function collectIds(root: XmlElement): ReadonlyMap<string, XmlElement> {
  const found = new Map<string, XmlElement>();
  const waiting = [root];
  for (let element = waiting.pop(); element !== undefined; element = waiting.pop()) {
    const id = attributeOf(element, 'id') ?? attributeIn(element, SOAP_ENCODINGS[1] ?? '', 'id');
    if (id !== undefined && !found.has(id)) found.set(id, element);
    for (const child of element.children) waiting.push(child);
  }
  return found;
}

function isTrue(written: string | undefined): boolean {
  return written === 'true' || written === '1';
}
