import { didYouMean, nearest } from '../core/suggestion.ts';
import type { SourceText } from '../core/diagnostic.ts';
import type { XmlAttribute, XmlElement } from '../xml/element.ts';
import { quoted } from '../xml/problem.ts';
import { trimSource } from '../xml/source-text.ts';
import type { AttributeKind } from './attribute-kind.ts';
import type { DiagnosticLog } from './diagnostic-log.ts';

/** The namespace of all native documents. */
export const NATIVE_NAMESPACE = 'urn:mapwright:1';

const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** What an element may hold. */
export interface ElementShape<A extends Attributes = Attributes> {
  readonly attributes: A;
  /** Attributes that must be given. */
  readonly required?: readonly (keyof A & string)[];
  readonly children?: Readonly<Record<string, Occurrence>>;
  /** The children that must be there, which `shape` works out. */
  readonly needed?: readonly string[];
  /** True: any other attribute without a prefix is let through; the reader looks at them itself. */
  readonly anyAttributes?: boolean;
  /** True: children stand in the order in which `children` names them. */
  readonly ordered?: boolean;
  /** True: the element may hold text of its own. */
  readonly text?: boolean;
}

type Content = Pick<ElementShape, 'children' | 'needed'>;

export type Attributes = Readonly<Record<string, AttributeKind<unknown>>>;
export type Occurrence = 'once' | 'optional' | 'many' | 'some';

/** Attribute values by name; undefined when absent or wrong (and then told). */
export type AttributeValues<A extends Attributes> = {
  readonly [K in keyof A]: (A[K] extends AttributeKind<infer T> ? T : never) | undefined;
};

/** An element that has been compared with its shape. */
export interface OpenElement<A extends Attributes> {
  readonly at: Place;
  readonly attributes: AttributeValues<A>;
  /** Known children, in document order. */
  readonly children: readonly Place[];
  /** The first child of this name. */
  child(name: string): Place | undefined;
  all(name: string): readonly Place[];
  /** True when the attribute was written, right or wrong. */
  has(name: keyof A & string): boolean;
  /** True when an unknown attribute looks like this one: what is missing then has been told already. */
  isMisspelt(name: keyof A & string): boolean;
}

/** Declares a shape so that the types of its attributes are kept. */
export function shape<const A extends Attributes>(declared: ElementShape<A>): ElementShape<A> {
  const children = Object.entries(declared.children ?? {});
  const needed = children.filter(([, occurrence]) => occurrence === 'once' || occurrence === 'some');
  return { ...declared, needed: needed.map(([name]) => name) };
}

const NO_PLACES: readonly Place[] = [];
const NO_NAMES: ReadonlySet<string> = new Set();

/** An element of a native document, where it stands, and where to tell its problems. */
export class Place {
  readonly element: XmlElement;
  /** `/map/parameters/parameter[2]`. */
  readonly path: string;
  readonly log: DiagnosticLog;

  constructor(element: XmlElement, path: string, log: DiagnosticLog) {
    this.element = element;
    this.path = path;
    this.log = log;
  }

  get name(): string {
    return this.element.name;
  }

  /** Compares the element with its shape, tells everything that does not fit, and gives what does. */
  open<A extends Attributes>(declared: ElementShape<A>): OpenElement<A> {
    const { values: attributes, unknown } = readAttributes(this, declared);
    const misspelt = misspeltAttributes(unknown, declared);
    checkRequired(this, declared, misspelt);
    const children = knownChildren(this, declared);
    checkOccurrences(this, declared, children);
    if (declared.ordered === true) checkOrder(declared, children);
    if (declared.text !== true) checkNoText(this);
    const present = this.element.attributes;
    return {
      at: this,
      attributes,
      children,
      child: (name) => children.find((child) => child.name === name),
      all: (name) => children.filter((child) => child.name === name),
      has: (name) => present.has(name),
      isMisspelt: (name) => misspelt.has(name),
    };
  }

  /** Tells an error about the element as a whole. */
  error(code: string, message: string, hint?: string): void {
    const range = this.element.nameRange;
    this.log.error({ code, message, range, path: this.path, ...(hint === undefined ? {} : { hint }) });
  }

  /** Tells an error about one value. */
  errorAt(source: Pick<SourceText, 'range'>, code: string, message: string, hint?: string): void {
    this.log.error({ code, message, range: source.range, path: this.path, ...(hint === undefined ? {} : { hint }) });
  }

  /** Tells a warning about one value. */
  warningAt(source: Pick<SourceText, 'range'>, code: string, message: string, hint?: string): void {
    this.log.warning({ code, message, range: source.range, path: this.path, ...(hint === undefined ? {} : { hint }) });
  }
}

/** The child elements of a place, each with its path; a number is added where a name stands more than once. */
export function childPlaces(parent: Place): readonly Place[] {
  if (parent.element.children.length === 0) return NO_PLACES;
  const totals = new Map<string, number>();
  for (const { name } of parent.element.children) totals.set(name, (totals.get(name) ?? 0) + 1);
  const seen = new Map<string, number>();
  return parent.element.children.map((element) => {
    const number = (seen.get(element.name) ?? 0) + 1;
    seen.set(element.name, number);
    const suffix = (totals.get(element.name) ?? 0) > 1 ? `[${number}]` : '';
    return new Place(element, `${parent.path}/${element.name}${suffix}`, parent.log);
  });
}

/** Known names that unknown attributes are nearest to. */
function misspeltAttributes(
  unknown: readonly string[],
  { attributes }: Pick<ElementShape, 'attributes'>,
): ReadonlySet<string> {
  if (unknown.length === 0) return NO_NAMES;
  const known = Object.keys(attributes);
  return new Set(unknown.slice(0, MAX_SUGGESTIONS).flatMap((name) => nearest(name, known) ?? []));
}

/** Beyond this many unknown attributes of one element, what was meant is not asked any more. */
const MAX_SUGGESTIONS = 20;

function readAttributes<A extends Attributes>(
  place: Place,
  declared: ElementShape<A>,
): { readonly values: AttributeValues<A>; readonly unknown: readonly string[] } {
  const values: Record<string, unknown> = {};
  const unknown: string[] = [];
  for (const attribute of place.element.attributes.values()) {
    const kind = Object.hasOwn(declared.attributes, attribute.name) ? declared.attributes[attribute.name] : undefined;
    if (kind === undefined) unknown.push(attribute.name);
    if (attribute.namespace === SCHEMA_INSTANCE) continue;
    if (kind === undefined && declared.anyAttributes === true && attribute.namespace === '') continue;
    if (kind === undefined) tellUnknownAttribute(place, attribute, Object.keys(declared.attributes));
    else values[attribute.name] = readAttribute(place, attribute, kind);
  }
  return { values: values as AttributeValues<A>, unknown };
}

function checkRequired(place: Place, declared: Pick<ElementShape, 'required'>, misspelt: ReadonlySet<string>): void {
  for (const name of declared.required ?? []) {
    if (!place.element.attributes.has(name) && !misspelt.has(name)) {
      place.error('DOCUMENT_ATTRIBUTE_MISSING', `<${place.name}> needs the attribute "${name}"`);
    }
  }
}

function readAttribute(place: Place, attribute: XmlAttribute, kind: AttributeKind<unknown>): unknown {
  const value = kind.read(attribute.source);
  if (value === undefined) {
    const message = `${quoted(attribute.value)} is not ${kind.expected}`;
    place.errorAt(attribute.source, kind.code, message, kind.hint?.(attribute.value));
  }
  return value;
}

function tellUnknownAttribute(place: Place, attribute: XmlAttribute, known: readonly string[]): void {
  if (place.log.full) return place.error('DOCUMENT_ATTRIBUTE_UNKNOWN', 'unknown attribute');
  const hint = didYouMean(attribute.name, known) ?? (known.length > 0 ? `known: ${known.join(' ')}` : undefined);
  const message = `<${place.name}> has no attribute ${quoted(attribute.name)}`;
  place.errorAt({ range: attribute.nameRange }, 'DOCUMENT_ATTRIBUTE_UNKNOWN', message, hint);
}

function knownChildren(place: Place, declared: Content): readonly Place[] {
  if (place.element.children.length === 0) return NO_PLACES;
  const known = declared.children ?? {};
  return childPlaces(place).filter((child) => {
    if (child.element.namespace !== NATIVE_NAMESPACE) {
      const message = `<${child.element.name.slice(0, 60)}> is not in the namespace ${NATIVE_NAMESPACE}`;
      child.error('DOCUMENT_NAMESPACE_UNKNOWN', message);
      return false;
    }
    if (Object.hasOwn(known, child.name)) return true;
    tellUnknownChild(place, child, Object.keys(known));
    return false;
  });
}

function tellUnknownChild(place: Place, child: Place, known: readonly string[]): void {
  if (place.log.full) return child.error('DOCUMENT_ELEMENT_UNKNOWN', 'unknown element');
  const hint = didYouMean(child.name, known) ?? (known.length > 0 ? `known: ${known.join(' ')}` : undefined);
  child.error('DOCUMENT_ELEMENT_UNKNOWN', `<${place.name}> cannot hold <${child.name.slice(0, 60)}>`, hint);
}

function checkOccurrences(place: Place, declared: Content, children: readonly Place[]): void {
  if (children.length > 1) checkRepeated(place, declared, children);
  for (const name of declared.needed ?? []) {
    if (!children.some((child) => child.name === name)) {
      place.error('DOCUMENT_ELEMENT_MISSING', `<${place.name}> needs a <${name}>`);
    }
  }
}

function checkRepeated(place: Place, declared: Content, children: readonly Place[]): void {
  const seen = new Map<string, Place>();
  for (const child of children) {
    const occurrence = declared.children?.[child.name];
    if (occurrence !== 'once' && occurrence !== 'optional') continue;
    const first = seen.get(child.name);
    if (first === undefined) seen.set(child.name, child);
    else tellRepeated(place, child, first);
  }
}

function tellRepeated(place: Place, child: Place, first: Place): void {
  place.log.error({
    code: 'DOCUMENT_ELEMENT_REPEATED',
    message: `<${place.name}> holds <${child.name}> more than once`,
    range: child.element.nameRange,
    path: child.path,
    related: [{ message: 'the first one', file: place.log.file, range: first.element.nameRange }],
  });
}

function checkOrder(declared: Content, children: readonly Place[]): void {
  const order = Object.keys(declared.children ?? {});
  let latest = 0;
  for (const child of children) {
    const index = order.indexOf(child.name);
    if (index < latest) {
      child.error('DOCUMENT_ELEMENT_ORDER', `<${child.name}> stands too late`, `the order is: ${order.join(' ')}`);
      return;
    }
    latest = index;
  }
}

function checkNoText(place: Place): void {
  const text = place.element.text();
  if (text.value.trim() === '') return;
  place.errorAt(trimSource(text), 'DOCUMENT_TEXT_UNEXPECTED', `<${place.name}> holds no text of its own`);
}
