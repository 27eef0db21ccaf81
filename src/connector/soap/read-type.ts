import { MapwrightError } from '../../core/error.ts';
import type { XmlElement } from '../../xml/element.ts';
import {
  attributeIn,
  attributeOf,
  localName,
  namespacePart,
  qualifiedName,
  readQualifiedName,
  SOAP_ENCODINGS,
  XSD,
  type QualifiedName,
} from './qualified-name.ts';
import { schemaName } from './schema-name.ts';
import type { ComponentKind, SchemaSet } from './schema-set.ts';
import type { ComplexType, Declared, Member, SimpleType, TypeModel, TypeReference } from './type-model.ts';
import { TEXT_TYPE } from './type-model.ts';

/** How deep groups and base types may stand in each other, and how much a type may come to with all of them. */
const MAX_DEPTH = 100;
const MAX_PARTICLES = 50_000;
const WSDL = 'http://schemas.xmlsoap.org/wsdl/';

/** A simple type: the built-in type that its restrictions begin with. A union is text. */
export function readSimpleType(schemas: SchemaSet, declared: Declared, depth = 0): SimpleType {
  if (depth > MAX_DEPTH) throw endless(declared.node);
  for (const node of declared.node.children) {
    if (node.name !== 'restriction' && node.name !== 'list') continue;
    const written = attributeOf(node, node.name === 'list' ? 'itemType' : 'base');
    const inner = node.children.find(({ name }) => name === 'simpleType');
    const base =
      written === undefined
        ? inner && readSimpleType(schemas, { ...declared, node: inner }, depth + 1)
        : simpleBase(schemas, schemaName({ ...declared, node }, written), depth + 1);
    return { ...(base ?? TEXT_TYPE), ...(node.name === 'list' ? { isList: true } : {}) };
  }
  return TEXT_TYPE;
}

function simpleBase(schemas: SchemaSet, name: QualifiedName, depth: number): SimpleType {
  const declared = schemas.find('type', name);
  if (declared?.node.name === 'simpleType') return readSimpleType(schemas, declared, depth);
  const model = declared === undefined ? schemas.model({ name }) : undefined;
  return model?.kind === 'simple' ? model : TEXT_TYPE;
}

/** The type of an element's declaration, whether named, in place, or that of the element it stands for. */
export function typeOfElement(declared: Declared): TypeReference {
  const { node } = declared;
  const written = attributeOf(node, 'type');
  if (written !== undefined) return { name: schemaName(declared, written) };
  const inline = node.children.find(({ name }) => name === 'complexType' || name === 'simpleType');
  if (inline !== undefined) return { inline: { ...declared, node: inline } };
  return { name: qualifiedName(XSD, 'anyType') };
}

interface Occurrence {
  readonly required: boolean;
  readonly repeated: boolean;
}

/** A complex type with all it inherits, its groups opened: what may stand in it, in order. */
export function readComplexType(schemas: SchemaSet, declared: Declared): TypeModel {
  const reader = new ComplexTypeReader(schemas);
  reader.readType(declared, 0);
  return reader.result();
}

class ComplexTypeReader {
  readonly #schemas: SchemaSet;
  readonly #members: Member[] = [];
  #hasAny = false;
  #text: SimpleType | undefined;
  #items: TypeReference | undefined;
  #particles = 0;

  constructor(schemas: SchemaSet) {
    this.#schemas = schemas;
  }

  result(): ComplexType {
    return {
      kind: 'complex',
      members: this.#members,
      hasAny: this.#hasAny,
      text: this.#text,
      items: this.#items,
    };
  }

  readType(declared: Declared, depth: number): void {
    if (depth > MAX_DEPTH) throw endless(declared.node);
    for (const node of declared.node.children) {
      if (node.name === 'complexContent' || node.name === 'simpleContent') {
        const derived = node.children.find(({ name }) => name === 'extension' || name === 'restriction');
        if (derived !== undefined) this.#readDerived({ ...declared, node: derived }, node.name, depth);
        return;
      }
    }
    this.#readContent(declared, { required: true, repeated: false }, depth);
  }

  #readDerived(declared: Declared, content: string, depth: number): void {
    const { node } = declared;
    const base = schemaName(declared, attributeOf(node, 'base') ?? '');
    const from = this.#schemas.find('type', base);
    if (content === 'simpleContent') {
      if (from?.node.name === 'complexType') this.readType(from, depth + 1);
      else this.#text = simpleBase(this.#schemas, base, depth + 1);
    } else if (isSoapArray(base)) {
      this.#items = arrayItems(declared) ?? { name: qualifiedName(XSD, 'anyType') };
      return;
    } else if (from !== undefined && node.name === 'extension') {
      this.readType(from, depth + 1);
    }
    this.#readContent(declared, { required: true, repeated: false }, depth + 1);
  }

  #readContent(declared: Declared, occurs: Occurrence, depth: number): void {
    this.#particles += 1 + declared.node.children.length;
    if (depth > MAX_DEPTH || this.#particles > MAX_PARTICLES) throw endless(declared.node);
    for (const node of declared.node.children) {
      if (node.namespace === XSD) this.#readParticle({ ...declared, node }, occurs, depth);
    }
  }

  #readParticle(declared: Declared, outer: Occurrence, depth: number): void {
    const { node } = declared;
    const occurs = within(outer, node);
    switch (node.name) {
      case 'sequence':
      case 'all':
        return this.#readContent(declared, occurs, depth + 1);
      case 'choice':
        return this.#readContent(declared, { ...occurs, required: false }, depth + 1);
      case 'group':
      case 'attributeGroup':
        return this.#readGroup(declared, node.name, occurs, depth);
      case 'any':
        this.#hasAny = true;
        return;
      case 'element':
        return this.#add(this.#readElement(declared, occurs));
      case 'attribute':
        return this.#readAttribute(declared);
      default:
    }
  }

  #readGroup(declared: Declared, kind: ComponentKind, occurs: Occurrence, depth: number): void {
    const reference = attributeOf(declared.node, 'ref');
    const group = reference === undefined ? undefined : this.#schemas.find(kind, schemaName(declared, reference));
    if (group !== undefined) this.#readContent(group, occurs, depth + 1);
  }

  #readElement(declared: Declared, occurs: Occurrence): Member {
    const { node, setting } = declared;
    const reference = attributeOf(node, 'ref');
    const name = reference === undefined ? undefined : schemaName(declared, reference);
    const target = name === undefined ? declared : this.#schemas.find('element', name);
    const form = attributeOf(node, 'form');
    const isQualified = form === undefined ? setting.elementsQualified : form === 'qualified';
    return {
      name: name === undefined ? (attributeOf(node, 'name') ?? '') : localName(name),
      namespace: name === undefined ? (isQualified ? setting.namespace : '') : namespacePart(name),
      type: target === undefined ? { name: qualifiedName(XSD, 'anyType') } : typeOfElement(target),
      isAttribute: false,
      ...occurs,
      nillable: isTrue(attributeOf(target?.node ?? node, 'nillable')),
      fallback: attributeOf(node, 'default') ?? attributeOf(node, 'fixed'),
    };
  }

  #readAttribute(declared: Declared): void {
    const { node, setting } = declared;
    if (attributeOf(node, 'use') === 'prohibited') return;
    const reference = attributeOf(node, 'ref');
    const name = reference === undefined ? undefined : schemaName(declared, reference);
    const target = name === undefined ? declared : this.#schemas.find('attribute', name);
    const form = attributeOf(node, 'form');
    const isQualified = form === undefined ? setting.attributesQualified : form === 'qualified';
    this.#add({
      name: name === undefined ? (attributeOf(node, 'name') ?? '') : localName(name),
      namespace: name === undefined ? (isQualified ? setting.namespace : '') : namespacePart(name),
      type: target === undefined ? { name: qualifiedName(XSD, 'string') } : typeOfElement(target),
      isAttribute: true,
      required: attributeOf(node, 'use') === 'required',
      repeated: false,
      nillable: false,
      fallback: attributeOf(node, 'fixed') ?? attributeOf(node, 'default'),
    });
  }

  #add(member: Member): void {
    this.#members.push(member);
  }
}

function within(outer: Occurrence, node: XmlElement): Occurrence {
  const least = attributeOf(node, 'minOccurs') ?? '1';
  const most = attributeOf(node, 'maxOccurs') ?? '1';
  return {
    required: outer.required && least !== '0',
    repeated: outer.repeated || most === 'unbounded' || Number(most) > 1,
  };
}

function isSoapArray(name: QualifiedName): boolean {
  return localName(name) === 'Array' && SOAP_ENCODINGS.includes(namespacePart(name));
}

/** What an array of SOAP's encoding holds: `wsdl:arrayType="tns:Item[]"`, else the one element of its sequence. */
function arrayItems({ node, setting }: Declared): TypeReference | undefined {
  for (const attribute of node.children.filter(({ name }) => name === 'attribute')) {
    const written = attributeIn(attribute, WSDL, 'arrayType');
    if (written !== undefined) return { name: readQualifiedName(attribute, written.replace(/(?:\[[0-9,]*\])+$/u, '')) };
  }
  const item = node.children
    .filter(({ name }) => name === 'sequence' || name === 'all')
    .flatMap(({ children }) => children.find(({ name }) => name === 'element') ?? [])[0];
  return item && typeOfElement({ node: item, setting });
}

function isTrue(written: string | undefined): boolean {
  return written === 'true' || written === '1';
}

function endless(node: XmlElement): MapwrightError {
  const name = attributeOf(node, 'name') ?? attributeOf(node, 'base') ?? node.name;
  return new MapwrightError('SOAP_WSDL_INVALID', `the type "${name.slice(0, 60)}" of the WSDL comes to no end`, {
    hint: 'it holds itself, or too much: tell whoever offers the service',
  });
}
