import type { Range } from '../core/diagnostic.ts';
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
  readonly nameRange: Range;
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly scope: NamespaceScope;
  /** True for `<a/>`. */
  readonly empty: boolean;
}

type RawAttribute = Omit<XmlAttribute, 'namespace'>;

/** Reads a start tag; the cursor stands behind its `<`. */
export function readStartTag(cursor: Cursor, outer: NamespaceScope): StartTag {
  const start = cursor.at;
  const qualifiedName = cursor.readName('an element name after <');
  const nameRange = cursor.range(start);
  const raw = readRawAttributes(cursor, start - 1);
  const empty = cursor.take('/');
  if (!cursor.take('>')) cursor.fail('XML_NOT_WELL_FORMED', 'expected an attribute, > or />', cursor.at);
  const scope = declareNamespaces(cursor, raw, outer);
  const name = resolve(cursor, { name: qualifiedName, range: nameRange, scope, useDefault: true });
  return {
    qualifiedName,
    name: name.local,
    prefix: name.prefix,
    namespace: name.namespace,
    nameRange,
    attributes: resolveAttributes(cursor, raw, scope),
    scope,
    empty,
  };
}

function readRawAttributes(cursor: Cursor, tagStart: number): Map<string, RawAttribute> {
  const attributes = new Map<string, RawAttribute>();
  for (;;) {
    const separated = cursor.skipBlanks();
    if (cursor.done) return cursor.fail('XML_NOT_WELL_FORMED', 'the start tag is not closed by >', tagStart);
    if (cursor.startsWith('>') || cursor.startsWith('/')) return attributes;
    if (!separated) return cursor.fail('XML_NOT_WELL_FORMED', 'expected a blank, > or />', cursor.at);
    const attribute = readRawAttribute(cursor);
    if (attributes.has(attribute.name)) failDuplicate(cursor, attribute);
    attributes.set(attribute.name, attribute);
  }
}

function readRawAttribute(cursor: Cursor): RawAttribute {
  const start = cursor.at;
  const name = cursor.readName('an attribute name');
  const nameRange = cursor.range(start);
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
    cursor.fail('XML_NOT_WELL_FORMED', '< in an attribute value', opening + 1 + angle, undefined, 'write &lt;');
  }
  cursor.checkReferences(opening + 1, end);
  const piece = { start: opening + 1, end, as: 'attribute' } as const;
  const source = readPieces(cursor.text, [piece], opening + 1, cursor.positions);
  return { name, value: source.value, nameRange, source };
}

function failDuplicate(cursor: Cursor, attribute: RawAttribute): never {
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
  attributes: ReadonlyMap<string, RawAttribute>,
  outer: NamespaceScope,
): NamespaceScope {
  const declared = new Map<string, string>();
  for (const attribute of attributes.values()) {
    const prefix = declaredPrefix(attribute.name);
    if (prefix === undefined) continue;
    checkDeclaration(cursor, prefix, attribute);
    declared.set(prefix, attribute.value);
  }
  return declared.size === 0 ? outer : { declared, outer };
}

/** `''` for `xmlns`, `p` for `xmlns:p`, undefined for an attribute that declares nothing. */
function declaredPrefix(name: string): string | undefined {
  if (name === 'xmlns') return '';
  return name.startsWith('xmlns:') ? name.slice('xmlns:'.length) : undefined;
}

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** Namespaces in XML 1.0, section 3 and the constraints on reserved prefixes. */
function checkDeclaration(cursor: Cursor, prefix: string, attribute: RawAttribute): void {
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

function resolveAttributes(
  cursor: Cursor,
  raw: ReadonlyMap<string, RawAttribute>,
  scope: NamespaceScope,
): Map<string, XmlAttribute> {
  const attributes = new Map<string, XmlAttribute>();
  const expanded = new Set<string>();
  for (const attribute of raw.values()) {
    if (declaredPrefix(attribute.name) !== undefined) continue;
    const { name, nameRange } = attribute;
    const { local, namespace } = resolve(cursor, { name, range: nameRange, scope, useDefault: false });
    const key = `${namespace} ${local}`;
    if (expanded.has(key)) failDuplicate(cursor, attribute);
    expanded.add(key);
    attributes.set(name, { ...attribute, namespace });
  }
  return attributes;
}

interface NameQuestion {
  readonly name: string;
  readonly range: Range;
  readonly scope: NamespaceScope;
  /** True for elements: a name without prefix is in the default namespace. */
  readonly useDefault: boolean;
}

function resolve(cursor: Cursor, question: NameQuestion): { local: string; prefix: string; namespace: string } {
  const { name, range, scope, useDefault } = question;
  const split = splitName(name);
  const at: [number, number] = [range.start.offset, range.end.offset];
  if (split === undefined) return cursor.fail('XML_NOT_WELL_FORMED', `${quoted(name)} is no qualified name`, ...at);
  const namespace = split.prefix === '' && !useDefault ? '' : namespaceOf(scope, split.prefix);
  if (namespace !== undefined) return { ...split, namespace };
  return cursor.fail('XML_PREFIX_UNDECLARED', `the namespace prefix ${quoted(split.prefix)} is not declared`, ...at);
}
