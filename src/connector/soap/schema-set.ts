import type { XmlElement } from '../../xml/element.ts';
import {
  attributeOf,
  namespacePart,
  localName,
  qualifiedName,
  SOAP_ENCODINGS,
  XSD,
  type QualifiedName,
} from './qualified-name.ts';
import { readComplexType, readSimpleType, typeOfElement } from './read-type.ts';
import {
  ANY_TYPE,
  TEXT_TYPE,
  type Declared,
  type SchemaSetting,
  type TypeModel,
  type TypeReference,
} from './type-model.ts';

/** The kinds of components that have names of their own. */
export type ComponentKind = 'element' | 'type' | 'group' | 'attribute' | 'attributeGroup';

const KINDS: ReadonlyMap<string, ComponentKind> = new Map([
  ['element', 'element'],
  ['complexType', 'type'],
  ['simpleType', 'type'],
  ['group', 'group'],
  ['attribute', 'attribute'],
  ['attributeGroup', 'attributeGroup'],
]);

const BUILT_IN_ANY = new Set(['anyType', 'anySimpleType', 'ur-type', 'Struct']);

/** The schemas of one WSDL. Types are read when they are first asked for. */
export class SchemaSet {
  readonly #components: Readonly<Record<ComponentKind, Map<QualifiedName, Declared>>> = {
    element: new Map(),
    type: new Map(),
    group: new Map(),
    attribute: new Map(),
    attributeGroup: new Map(),
  };
  readonly #named = new Map<QualifiedName, TypeModel>();
  readonly #inline = new WeakMap<XmlElement, TypeModel>();

  /**
   * Takes up a schema, a component for each piece; `includer` is the namespace that one without its own takes over. The
   * first of a name counts.
   */
  *add(schema: XmlElement, includer: string | undefined): Generator<void, void> {
    const own = attributeOf(schema, 'targetNamespace');
    const setting: SchemaSetting = {
      namespace: own ?? includer ?? '',
      elementsQualified: attributeOf(schema, 'elementFormDefault') === 'qualified',
      attributesQualified: attributeOf(schema, 'attributeFormDefault') === 'qualified',
      isChameleon: own === undefined && includer !== undefined,
    };
    for (const node of schema.children) {
      yield;
      const kind = node.namespace === XSD ? KINDS.get(node.name) : undefined;
      const name = attributeOf(node, 'name');
      if (kind === undefined || name === undefined) continue;
      const known = this.#components[kind];
      const qualified = qualifiedName(setting.namespace, name);
      if (!known.has(qualified)) known.set(qualified, { node, setting });
    }
  }

  find(kind: ComponentKind, name: QualifiedName): Declared | undefined {
    return this.#components[kind].get(name);
  }

  /** The type of a declared element; undefined when no schema declares it. */
  elementType(name: QualifiedName): TypeReference | undefined {
    const declared = this.find('element', name);
    return declared && typeOfElement(declared);
  }

  /** The type itself. One that no schema declares may be anything. Throws SOAP_WSDL_INVALID for one without an end. */
  model(type: TypeReference): TypeModel {
    if ('inline' in type) {
      const known = this.#inline.get(type.inline.node);
      if (known !== undefined) return known;
      const model = this.#read(type.inline);
      this.#inline.set(type.inline.node, model);
      return model;
    }
    const known = this.#named.get(type.name);
    if (known !== undefined) return known;
    const model = builtIn(type.name) ?? this.#readNamed(type.name);
    this.#named.set(type.name, model);
    return model;
  }

  #readNamed(name: QualifiedName): TypeModel {
    const declared = this.find('type', name);
    return declared === undefined ? ANY_TYPE : this.#read(declared);
  }

  #read(declared: Declared): TypeModel {
    return declared.node.name === 'simpleType' ? readSimpleType(this, declared) : readComplexType(this, declared);
  }
}

/** The types of XML Schema, and those of the same names of SOAP's own encoding. */
function builtIn(name: QualifiedName): TypeModel | undefined {
  const namespace = namespacePart(name);
  const local = localName(name);
  if (namespace !== XSD && !SOAP_ENCODINGS.includes(namespace)) return undefined;
  if (BUILT_IN_ANY.has(local)) return ANY_TYPE;
  if (local === 'Array') {
    return {
      kind: 'complex',
      members: [],
      hasAny: false,
      text: undefined,
      items: { name: qualifiedName(XSD, 'anyType') },
    };
  }
  return { ...TEXT_TYPE, base: local };
}
