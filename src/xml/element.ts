import type { Range, SourceText } from '../core/diagnostic.ts';

/** One attribute as written; namespace declarations are not among an element's attributes. */
export interface XmlAttribute {
  /** As written, with its prefix. */
  readonly name: string;
  /** Empty for an attribute without a prefix. */
  readonly namespace: string;
  readonly value: string;
  readonly nameRange: Range;
  /** The value with its places, quotation marks outside. */
  readonly source: SourceText;
}

/** One element of a document, in document order. */
export interface XmlElement {
  /** Without the prefix. */
  readonly name: string;
  /** Empty when there is none. */
  readonly prefix: string;
  /** Empty when the element is in no namespace. */
  readonly namespace: string;
  /** By name as written. */
  readonly attributes: ReadonlyMap<string, XmlAttribute>;
  readonly children: readonly XmlElement[];
  /** From `<` of the start tag to after `>` of the end tag. */
  readonly range: Range;
  readonly nameRange: Range;
  /** The namespace that a prefix stands for here, for names that stand in values; `''` asks for the default one. */
  namespaceFor(prefix: string): string | undefined;
  /** Its own text (not its children's): references and CDATA resolved, line ends `\n`, nothing trimmed. */
  text(): SourceText;
}

/** A processing instruction: `<?target data?>`. */
export interface XmlInstruction {
  readonly target: string;
  readonly data: string;
  readonly range: Range;
}

/** A whole document. */
export interface XmlDocument {
  readonly root: XmlElement;
  /** Wherever they stand, in document order. */
  readonly instructions: readonly XmlInstruction[];
}
