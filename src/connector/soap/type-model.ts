import type { XmlElement } from '../../xml/element.ts';
import type { QualifiedName } from './qualified-name.ts';

/** What holds for the components of one schema document. */
export interface SchemaSetting {
  readonly namespace: string;
  readonly elementsQualified: boolean;
  readonly attributesQualified: boolean;
  /** True when it takes the namespace of the schema that includes it: names without prefix mean that one. */
  readonly isChameleon: boolean;
}

/** A component as it is declared, read when it is needed. */
export interface Declared {
  readonly node: XmlElement;
  readonly setting: SchemaSetting;
}

/** A type by its name, or one that stands where it is used. */
export type TypeReference = { readonly name: QualifiedName } | { readonly inline: Declared };

/** One element or attribute that a type may hold. */
export interface Member {
  readonly name: string;
  /** Empty: it is sent without a prefix. */
  readonly namespace: string;
  readonly type: TypeReference;
  readonly isAttribute: boolean;
  readonly required: boolean;
  readonly repeated: boolean;
  readonly nillable: boolean;
  /** What is sent when nothing is given. */
  readonly fallback: string | undefined;
}

export interface SimpleType {
  readonly kind: 'simple';
  /** The built-in type it comes from: `int`, `string`, `dateTime` ... */
  readonly base: string;
  /** True for blank-separated lists of it. */
  readonly isList: boolean;
}

export interface ComplexType {
  readonly kind: 'complex';
  /** In the order of the schema, base types first. */
  readonly members: readonly Member[];
  /** Any element may stand in it, too. */
  readonly hasAny: boolean;
  /** Of a type whose content is text: that text. */
  readonly text: SimpleType | undefined;
  /** Of an array of SOAP's own encoding: its items. */
  readonly items: TypeReference | undefined;
}

/** `any`: whatever is there, as it says of itself. */
export type TypeModel = SimpleType | ComplexType | { readonly kind: 'any' };

export const ANY_TYPE: TypeModel = { kind: 'any' };
export const TEXT_TYPE: SimpleType = { kind: 'simple', base: 'string', isList: false };
