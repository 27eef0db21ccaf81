import type { Range, SourceText } from '../core/diagnostic.ts';
import type { Cursor } from './cursor.ts';
import type { XmlAttribute } from './element.ts';
import { namespaceOf, splitName, type NamespaceScope } from './namespace.ts';
import { quoted } from './problem.ts';
import { readPieces } from './source-text.ts';

/** What stands between `<` and `>` of a start tag or an empty element. */
export interface StartTag {
  /** As written, with its prefix. */
  readonly qualifiedName: string;
  readonly name: string;
  readonly prefix: string;
  readonly namespace: string;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly scope: NamespaceScope;
  /** True for `<a/>`. */
  readonly empty: boolean;
}

/** An attribute whose value and places are worked out when they are asked for, which is for few of a large text. */
class Attribute implements XmlAttribute {
  readonly name: string;
  readonly #cursor: Cursor;
  readonly #start: number;
  readonly #valueStart: number;
  readonly #valueEnd: number;
  #source: SourceText | undefined;
  /** Known when the whole start tag has been read. */
  namespace = '';

  constructor(cursor: Cursor, name: string, places: { start: number; valueStart: number; valueEnd: number }) {
    this.name = name;
    this.#cursor = cursor;
    this.#start = places.start;
    this.#valueStart = places.valueStart;
    this.#valueEnd = places.valueEnd;
  }

  get source(): SourceText {
    return (this.#source ??= this.#read());
  }

  #read(): SourceText {
    const { text, positions } = this.#cursor;
    const piece = { start: this.#valueStart, end: this.#valueEnd, as: 'attribute' } as const;
    return readPieces(text, [piece], piece.start, positions);
  }

  get value(): string {
    return this.source.value;
  }

  get nameRange(): Range {
    return this.#cursor.range(this.#start, this.#start + this.name.length);
  }
}

const NO_ATTRIBUTES: ReadonlyMap<string, Attribute> = new Map();

/** Reads a start tag; the cursor stands behind its `<`. */
export function readStartTag(cursor: Cursor, outer: NamespaceScope): StartTag {
  const start = cursor.at;
  const qualifiedName = cursor.readName('an element name after <');
  const written = readAttributes(cursor, start - 1);
  const empty = cursor.take('/');
  if (!cursor.take('>')) cursor.fail('XML_NOT_WELL_FORMED', 'expected an attribute, > or />', cursor.at);
  const scope = declareNamespaces(cursor, written, outer);
  const name = resolve(cursor, { name: qualifiedName, start, scope, useDefault: true });
  const attributes = resolveAttributes(cursor, written, scope);
  return { qualifiedName, name: name.local, prefix: name.prefix, namespace: name.namespace, attributes, scope, empty };
}

/** Of one element: a tag is read in one go, however many others wait. */
const MOST_ATTRIBUTES = 1_000;

function readAttributes(cursor: Cursor, tagStart: number): ReadonlyMap<string, Attribute> {
  let attributes: Map<string, Attribute> | undefined;
  for (;;) {
    const separated = cursor.skipBlanks();
    if (cursor.done) return cursor.fail('XML_NOT_WELL_FORMED', 'the start tag is not closed by >', tagStart);
    if (cursor.startsWith('>') || cursor.startsWith('/')) return attributes ?? NO_ATTRIBUTES;
    // Told where the tag begins: the next one may be lines away, and there is nothing wrong with it.
    if (cursor.startsWith('<')) {
      const hint = 'a > is missing before the next <';
      cursor.fail('XML_NOT_WELL_FORMED', 'the start tag is not closed by >', tagStart, tagStart + 1, hint);
    }
    if (!separated) return cursor.fail('XML_NOT_WELL_FORMED', 'expected a blank, > or />', cursor.at);
    const attribute = readAttribute(cursor);
    attributes ??= new Map();
    if (attributes.has(attribute.name)) failDuplicate(cursor, attribute);
    attributes.set(attribute.name, attribute);
    if (attributes.size > MOST_ATTRIBUTES) {
      const message = `the element has more than ${MOST_ATTRIBUTES} attributes`;
      cursor.fail('XML_TOO_LARGE', message, tagStart, tagStart + 1);
    }
  }
}

function readAttribute(cursor: Cursor): Attribute {
  const start = cursor.at;
  const name = cursor.readName('an attribute name');
  cursor.skipBlanks();
  if (!cursor.take('='))
    cursor.fail('XML_NOT_WELL_FORMED', `expected = after the attribute ${quoted(name)}`, cursor.at);
  cursor.skipBlanks();
  const quote = cursor.startsWith('"') ? '"' : "'";
  const opening = cursor.at;
  if (!cursor.take(quote)) cursor.fail('XML_NOT_WELL_FORMED', 'an attribute value stands in quotation marks', opening);
  const end = cursor.skipPast(quote, 'the attribute value', opening);
  const angle = cursor.text.slice(opening + 1, end).indexOf('<');
  if (angle !== -1) {
    cursor.fail(
      'XML_NOT_WELL_FORMED',
      '< in an attribute value',
      opening + 1 + angle,
      undefined,
      'write &lt;, or close the value before it',
    );
  }
  cursor.checkReferences(opening + 1, end);
  return new Attribute(cursor, name, { start, valueStart: opening + 1, valueEnd: end });
}

function failDuplicate(cursor: Cursor, attribute: Attribute): never {
  const { start, end } = attribute.nameRange;
  return cursor.fail(
    'XML_ATTRIBUTE_DUPLICATE',
    `the attribute ${quoted(attribute.name)} stands here twice`,
    start.offset,
    end.offset,
  );
}

function declareNamespaces(
  cursor: Cursor,
  attributes: ReadonlyMap<string, Attribute>,
  outer: NamespaceScope,
): NamespaceScope {
  let declared: Map<string, string> | undefined;
  for (const attribute of attributes.values()) {
    const prefix = declaredPrefix(attribute.name);
    if (prefix === undefined) continue;
    checkDeclaration(cursor, prefix, attribute);
    declared ??= new Map();
    declared.set(prefix, attribute.value);
  }
  return declared === undefined ? outer : { declared, outer };
}

/** `''` for `xmlns`, `p` for `xmlns:p`, undefined for an attribute that declares nothing. */
function declaredPrefix(name: string): string | undefined {
  if (name === 'xmlns') return '';
  return name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** Namespaces in XML 1.0, section 3 and the constraints on reserved prefixes. */
function checkDeclaration(cursor: Cursor, prefix: string, attribute: Attribute): void {
  const { value } = attribute;
  const wrong =
    (prefix === '' && attribute.name !== 'xmlns') ||
    prefix.includes(':') ||
    prefix === 'xmlns' ||
    value === XMLNS_NAMESPACE ||
    (prefix !== '' && value === '') ||
    (prefix === 'xml') !== (value === XML_NAMESPACE);
  if (!wrong) return;
  const { start, end } = attribute.nameRange;
  cursor.fail('XML_NOT_WELL_FORMED', `${quoted(attribute.name)} declares no namespace`, start.offset, end.offset);
}

/** Gives the attributes that declare no namespace, each told the one it is in. */
function resolveAttributes(
  cursor: Cursor,
  written: ReadonlyMap<string, Attribute>,
  scope: NamespaceScope,
): ReadonlyMap<string, XmlAttribute> {
  // A name without a colon is in no namespace, and has been seen to be there once.
  if (![...written.keys()].some((name) => name === 'xmlns' || name.includes(':'))) return written;
  const attributes = new Map<string, XmlAttribute>();
  const expanded = new Set<string>();
  for (const attribute of written.values()) {
    const { name, nameRange } = attribute;
    if (declaredPrefix(name) !== undefined) continue;
    const { local, namespace } = resolve(cursor, { name, start: nameRange.start.offset, scope, useDefault: false });
    const key = `${namespace} ${local}`;
    if (expanded.has(key)) failDuplicate(cursor, attribute);
    expanded.add(key);
    attribute.namespace = namespace;
    attributes.set(name, attribute);
  }
  return attributes;
}

interface NameQuestion {
  readonly name: string;
  /** Where it stands. */
  readonly start: number;
  readonly scope: NamespaceScope;
  /** True for elements: a name without prefix is in the default namespace. */
  readonly useDefault: boolean;
}

function resolve(cursor: Cursor, question: NameQuestion): { local: string; prefix: string; namespace: string } {
  const { name, start, scope, useDefault } = question;
  const end = start + name.length;
  const split = splitName(name);
  if (split === undefined) {
    return cursor.fail('XML_NOT_WELL_FORMED', `${quoted(name)} is no qualified name`, start, end);
  }
  const { prefix, local } = split;
  const namespace = prefix === '' && !useDefault ? '' : namespaceOf(scope, prefix);
  if (namespace !== undefined) return { prefix, local, namespace };
  const message = `the namespace prefix ${quoted(prefix)} is not declared`;
  return cursor.fail('XML_PREFIX_UNDECLARED', message, start, end);
}
