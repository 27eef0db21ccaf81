import { MapwrightError } from '../../core/error.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { EnvelopeWriter } from './envelope-writer.ts';
import { writeFreeElement } from './free-element.ts';
import type { SoapOperation, SoapPart } from './operation.ts';
import { localName, qualifiedName, SOAP_ENCODINGS, XSD, XSI, type QualifiedName } from './qualified-name.ts';
import type { SchemaSet } from './schema-set.ts';
import { writeSimple } from './simple-value.ts';
import { type ComplexType, type Member, type SimpleType, TEXT_TYPE, type TypeReference } from './type-model.ts';

/** Elements of one message: a schema may fill in values of its own without end. */
const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 200;
/** Members looked at for them. */
const MAX_LOOKS = 20_000_000;
/** More of them tell nothing more. */
const MAX_WARNINGS = 50;

/** An envelope, and what was left out of it or sent differently. */
export interface WrittenMessage {
  readonly envelope: string;
  readonly warnings: readonly string[];
}

/**
 * The envelope for one call: the values by name, in the order and of the types that the WSDL says. Throws
 * SOAP_PARAMETER_MISSING, SOAP_PARAMETER_INVALID, SOAP_HEADER_UNKNOWN and, for names that cannot be written, SOAP_WSDL_INVALID.
 */
export function writeMessage(
  schemas: SchemaSet,
  operation: SoapOperation,
  { values, headers = {} }: { readonly values: JsonObject; readonly headers?: JsonObject },
): WrittenMessage {
  const writer = new MessageWriter(schemas, operation);
  writer.writeHeaders(headers);
  writer.write(values);
  return writer.result();
}

interface Slot {
  readonly name: QualifiedName;
  readonly type: TypeReference;
  readonly nillable: boolean;
  /** The names on the way to it, for people. */
  readonly path: string;
}

class MessageWriter {
  readonly #schemas: SchemaSet;
  readonly #operation: SoapOperation;
  readonly #out: EnvelopeWriter;
  readonly #isEncoded: boolean;
  readonly #warnings: string[] = [];
  #elements = 0;
  #looks = 0;
  #depth = 0;

  constructor(schemas: SchemaSet, operation: SoapOperation) {
    this.#schemas = schemas;
    this.#operation = operation;
    this.#out = new EnvelopeWriter(operation.version);
    this.#isEncoded = operation.input.use === 'encoded';
  }

  result(): WrittenMessage {
    return { envelope: this.#out.finish(this.#isEncoded), warnings: this.#warnings };
  }

  writeHeaders(headers: JsonObject): void {
    this.#out.turnTo('header');
    for (const [name, value] of Object.entries<Json>(headers)) this.#writeHeader(name, value);
    this.#out.turnTo('body');
  }

  #writeHeader(name: string, value: Json): void {
    const known = this.#operation.headers;
    const part = known.find(
      (one) => one.name === name || (one.element !== undefined && localName(one.element) === name),
    );
    if (part !== undefined) return this.#writePart(part, value, name);
    // The WSDL need not name headers: one can be given with its namespace.
    if (!/^\{[^{}]+\}[^{}]+$/u.test(name)) throw unknownHeader(name, this.#operation);
    const type = this.#schemas.elementType(name);
    if (type === undefined) writeFreeElement(this.#out, name, value);
    else this.#writeElement({ name, type, nillable: true, path: name }, value);
  }

  write(values: JsonObject): void {
    const { style, input, name } = this.#operation;
    const given = this.#valuesByPart(values);
    if (style === 'document') {
      for (const part of input.parts) this.#writePart(part, given.get(part) ?? null);
      return;
    }
    const wrapper = qualifiedName(input.namespace, name);
    const isNewer = this.#operation.version === '1.2' && this.#isEncoded;
    this.#out.open(wrapper, isNewer ? [[qualifiedName(ENCODING_STYLE, 'encodingStyle'), SOAP_ENCODINGS[1] ?? '']] : []);
    for (const part of input.parts) this.#writePart(part, given.get(part) ?? null);
    this.#out.close(wrapper);
  }

  /** What each part is given: the only one all values as its members, several each their own by name. */
  #valuesByPart(values: JsonObject): Map<SoapPart, Json> {
    const { parts } = this.#operation.input;
    const [only] = parts;
    if (only !== undefined && parts.length === 1) return new Map([[only, this.#forOnlyPart(only, values)]]);
    const names = parts.map(({ name }) => name);
    for (const name of Object.keys(values)) if (!names.includes(name)) this.#leftOut(name, names);
    return new Map(
      parts.map((part) => {
        const value = ownMember(values, part.name);
        if (value === undefined) throw missing(part.name, Object.keys(values));
        return [part, value];
      }),
    );
  }

  #forOnlyPart(only: SoapPart, values: JsonObject): Json {
    const model = this.#schemas.model(this.#typeOf(only));
    const names = [only.name, ...(only.element === undefined ? [] : [localName(only.element)])];
    const named = names.map((name) => ownMember(values, name)).find((value) => value !== undefined);
    const isMember = model.kind === 'complex' && model.members.some(({ name }) => names.includes(name));
    const takesMembers = model.kind === 'any' || (model.kind === 'complex' && model.items === undefined);
    if (takesMembers) return isJsonObject(named) && !isMember ? named : values;
    const given = Object.values(values);
    const value = named ?? (given.length === 1 ? given[0] : undefined);
    if (value === undefined) throw missing(names.at(-1) ?? only.name, Object.keys(values));
    return value;
  }

  #typeOf(part: SoapPart): TypeReference {
    const declared = part.element === undefined ? undefined : this.#schemas.elementType(part.element);
    return declared ?? { name: part.type ?? qualifiedName(XSD, 'anyType') };
  }

  #writePart(part: SoapPart, value: Json, path = ''): void {
    const name = part.element ?? qualifiedName('', part.name);
    this.#writeElement({ name, type: this.#typeOf(part), nillable: true, path }, value);
  }

  #writeElement(slot: Slot, value: Json): void {
    this.#elements += 1;
    this.#depth += 1;
    if (this.#elements > MAX_ELEMENTS || this.#depth > MAX_DEPTH) throw endless(slot);
    const model = this.#schemas.model(slot.type);
    if (value === null && slot.nillable) {
      this.#out.open(slot.name, [[NIL, 'true']]);
    } else if (model.kind === 'complex') {
      this.#writeComplex(slot, model, value);
    } else if (model.kind === 'simple') {
      this.#out.open(slot.name, this.#typeAttribute(slot));
      this.#out.text(this.#simpleText(value, model, slot.path));
    } else {
      this.#writeAny(slot, value);
    }
    this.#out.close(slot.name);
    this.#depth -= 1;
  }

  #typeAttribute({ type }: Slot): [QualifiedName, string][] {
    return this.#isEncoded && 'name' in type ? [[TYPE, this.#out.name(type.name)]] : [];
  }

  #writeComplex(slot: Slot, model: ComplexType, value: Json): void {
    if (model.items !== undefined) return this.#writeArray(slot, model.items, value);
    if (Array.isArray(value) && value.length === 0) return this.#out.open(slot.name, this.#typeAttribute(slot));
    const isText = model.text !== undefined && !isJsonObject(value);
    const values: JsonObject | undefined = isJsonObject(value)
      ? value
      : isText || value === null || value === ''
        ? {}
        : undefined;
    if (values === undefined) throw invalid(slot, 'takes an object with members', value);
    this.#looks += model.members.length;
    if (this.#looks > MAX_LOOKS) throw endless(slot);
    const attributes = model.members.filter(({ isAttribute }) => isAttribute);
    this.#out.open(slot.name, [...this.#typeAttribute(slot), ...this.#attributes(attributes, values, slot.path)]);
    if (model.text !== undefined)
      this.#out.text(this.#simpleText(isText ? value : (values['_'] ?? ''), model.text, slot.path));
    const elements = model.members.filter(({ isAttribute }) => !isAttribute);
    for (const member of elements) this.#writeMember(member, values, slot.path);
    this.#writeRest(model, values, slot.path);
  }

  #attributes(members: readonly Member[], values: JsonObject, path: string): [QualifiedName, string][] {
    return members.flatMap((member) => {
      const value = ownMember(values, member.name) ?? member.fallback;
      const at = join(path, member.name);
      if (value === undefined) {
        if (member.required) throw missing(at, Object.keys(values));
        return [];
      }
      const model = this.#schemas.model(member.type);
      const text = this.#simpleText(value, model.kind === 'simple' ? model : TEXT_TYPE, at);
      return [[qualifiedName(member.namespace, member.name), text]];
    });
  }

  #writeMember(member: Member, values: JsonObject, path: string): void {
    const at = join(path, member.name);
    const own = ownMember(values, member.name);
    const value = own === undefined ? member.fallback : own;
    if (value === undefined) {
      if (member.required) throw missing(at, Object.keys(values));
      return;
    }
    if (value === null && !member.nillable && !member.required) return;
    const slot = { ...member, name: qualifiedName(member.namespace, member.name), path: at };
    const isMany = member.repeated && Array.isArray(value);
    for (const item of isMany ? value : [value]) this.#writeElement(slot, item);
  }

  /** Values that the type has no place for: sent where it takes anything, left out else, as by the original. */
  #writeRest(model: ComplexType, values: JsonObject, path: string): void {
    const names = model.members.map(({ name }) => name);
    for (const [name, value] of Object.entries(values)) {
      if (names.includes(name) || (name === '_' && model.text !== undefined)) continue;
      const isElementName = /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(name);
      if (!model.hasAny || !isElementName) this.#leftOut(join(path, name), names);
      else this.#writeAnyElement(name, value, join(path, name));
    }
  }

  #writeAnyElement(name: string, value: Json, path: string): void {
    for (const item of Array.isArray(value) ? value : [value]) {
      this.#writeElement({ name: qualifiedName('', name), type: ANY_TYPE_NAME, nillable: true, path }, item);
    }
  }

  #writeArray(slot: Slot, items: TypeReference, value: Json): void {
    const list: readonly Json[] = Array.isArray(value) ? value : value === null || value === '' ? [] : [value];
    const type = this.#out.name('name' in items ? items.name : qualifiedName(XSD, 'anyType'));
    const isNewer = this.#operation.version === '1.2';
    const encoding = SOAP_ENCODINGS[isNewer ? 1 : 0] ?? '';
    const sized: [QualifiedName, string][] = isNewer
      ? [
          [qualifiedName(encoding, 'itemType'), type],
          [qualifiedName(encoding, 'arraySize'), String(list.length)],
        ]
      : [[qualifiedName(encoding, 'arrayType'), `${type}[${list.length}]`]];
    this.#out.open(slot.name, [...sized, ...this.#typeAttribute(slot)]);
    const item = { name: qualifiedName('', 'item'), type: items, nillable: true };
    for (const [index, one] of list.entries()) this.#writeElement({ ...item, path: `${slot.path}.${index}` }, one);
  }

  /** Where the schema takes anything, a value says itself what it is. */
  #writeAny(slot: Slot, value: Json): void {
    if (typeof value === 'object' && value !== null) {
      this.#out.open(slot.name);
      for (const [name, member] of Object.entries<Json>(value)) {
        const isName = /^[\p{L}_][\p{L}\p{N}._-]*$/u.test(name);
        this.#writeAnyElement(isName ? name : 'item', member, join(slot.path, name));
      }
      return;
    }
    const type =
      typeof value === 'number'
        ? Number.isInteger(value)
          ? 'int'
          : 'float'
        : typeof value === 'boolean'
          ? 'boolean'
          : 'string';
    this.#out.open(slot.name, [[TYPE, this.#out.name(qualifiedName(XSD, type))]]);
    this.#out.text(this.#simpleText(value, { ...TEXT_TYPE, base: type === 'int' ? 'integer' : type }, slot.path));
  }

  #simpleText(value: Json, type: SimpleType, path: string): string {
    if (typeof value === 'object' && value !== null) {
      const isList = type.isList && Array.isArray(value) && value.every((item) => typeof item !== 'object');
      if (!isList) throw invalid({ path }, 'takes a single value', value);
      return value.map((item) => String(item)).join(' ');
    }
    const { text, changed } = writeSimple(value ?? '', type);
    if (changed !== undefined) {
      this.#warn(`${path} is "${changed.slice(0, 60)}", which is no ${type.base}: sent as ${text}, as coreBOS did`);
    }
    return text;
  }

  #leftOut(path: string, names: readonly string[]): void {
    if (this.#warnings.length >= MAX_WARNINGS) return;
    const local = path.slice(path.lastIndexOf('.') + 1);
    const hint = didYouMean(local, names);
    this.#warn(
      `${path} was left out: the WSDL has no such parameter of ${this.#operation.name}${hint === undefined ? '' : `; ${hint}`}`,
    );
  }

  #warn(warning: string): void {
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(warning);
  }
}

const ENCODING_STYLE = 'http://www.w3.org/2003/05/soap-envelope';
const NIL = qualifiedName(XSI, 'nil');
const TYPE = qualifiedName(XSI, 'type');
const ANY_TYPE_NAME: TypeReference = { name: qualifiedName(XSD, 'anyType') };

function ownMember(values: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function missing(path: string, given: readonly string[]): MapwrightError {
  const near = didYouMean(path.slice(path.lastIndexOf('.') + 1), given);
  return new MapwrightError('SOAP_PARAMETER_MISSING', `the operation needs "${path}", which the map does not send`, {
    hint: near ?? `add a parameter or field of the name "${path}"`,
  });
}

function unknownHeader(name: string, { headers, name: operation }: SoapOperation): MapwrightError {
  const names = headers.map(({ element, name: part }) => (element === undefined ? part : localName(element)));
  const listed = names.length === 0 ? 'it names none' : `it has ${names.slice(0, 12).join(', ')}`;
  return new MapwrightError('SOAP_HEADER_UNKNOWN', `the WSDL has no header "${name}" of ${operation}`, {
    hint:
      didYouMean(name, names) ?? `${listed}; one of your own is given with its namespace: name="{urn:example}${name}"`,
  });
}

function endless({ path }: Slot): MapwrightError {
  const place = path.length > 80 ? `${path.slice(0, 80)}...` : path;
  const limits = `${MAX_ELEMENTS} elements, or more than ${MAX_DEPTH} in each other`;
  return new MapwrightError('SOAP_PARAMETER_INVALID', `the message comes to more than ${limits}, at "${place}"`, {
    hint: 'send less in one call; if the values are few, the defaults of the WSDL fill in each other without end',
  });
}

function invalid({ path }: Pick<Slot, 'path'>, wanted: string, value: Json): MapwrightError {
  const given = Array.isArray(value) ? 'a list' : isJsonObject(value) ? 'an object' : 'a single value';
  return new MapwrightError('SOAP_PARAMETER_INVALID', `"${path}" ${wanted} and was given ${given}`, {
    hint: 'look into the WSDL: nested parameters and each="..." make objects and lists; in the coreBOS dialect an EXPRESSION or json_decode',
  });
}
