import { MapwrightError } from '../../core/error.ts';
import type { XmlElement } from '../../xml/element.ts';
import type { SoapMessage, SoapOperation, SoapPart, SoapService, SoapVersion } from './operation.ts';
import {
  attributeOf,
  childrenOf,
  localName,
  qualifiedName,
  readQualifiedName,
  XSD,
  type QualifiedName,
} from './qualified-name.ts';
import { SchemaSet } from './schema-set.ts';

export const WSDL = 'http://schemas.xmlsoap.org/wsdl/';

/** How SOAP's own elements in a WSDL tell its version. */
const SOAP_IN_WSDL: ReadonlyMap<string, SoapVersion> = new Map([
  ['http://schemas.xmlsoap.org/wsdl/soap/', '1.1'],
  ['http://schemas.xmlsoap.org/wsdl/soap12/', '1.2'],
]);

/** Parts of the messages of all operations together. */
const MAX_PARTS = 200_000;
/** Headers of one operation. */
const MAX_HEADERS = 100;

/** One fetched document of a description: a WSDL, or a schema with the namespace of whoever includes it. */
export interface WsdlPart {
  readonly root: XmlElement;
  readonly includer: string | undefined;
}

/**
 * Puts the fetched documents together as one service. Throws SOAP_BINDING_UNAVAILABLE when no operation can be called,
 * and SOAP_WSDL_INVALID for one without an end. Stops after each small piece, so that others get their turn.
 */
export function* readWsdl(parts: readonly WsdlPart[]): Generator<void, SoapService> {
  const schemas = new SchemaSet();
  const definitions: XmlElement[] = [];
  for (const { root, includer } of parts) {
    if (root.namespace === XSD) yield* schemas.add(root, includer);
    else definitions.push(root);
  }
  for (const root of definitions) {
    for (const types of childrenOf(root, 'types')) {
      for (const schema of childrenOf(types, 'schema', XSD)) yield* schemas.add(schema, undefined);
    }
  }
  const reader = new OperationReader(definitions, {
    message: yield* byName(definitions, 'message'),
    portType: yield* byName(definitions, 'portType'),
    binding: yield* byName(definitions, 'binding'),
  });
  return { schemas, operations: yield* reader.read() };
}

type NamedElements = Readonly<Record<'message' | 'portType' | 'binding', ReadonlyMap<QualifiedName, XmlElement>>>;

class OperationReader {
  readonly #definitions: readonly XmlElement[];
  readonly #named: NamedElements;
  readonly #operations = new Map<string, SoapOperation>();
  /** The operations of each port type that was asked, by name. */
  readonly #abstract = new Map<XmlElement, ReadonlyMap<string, XmlElement>>();
  /** Bindings whose operations have been read: another port of one tells nothing new. */
  readonly #read = new Set<XmlElement>();
  #parts = 0;

  constructor(definitions: readonly XmlElement[], named: NamedElements) {
    this.#definitions = definitions;
    this.#named = named;
  }

  *read(): Generator<void, ReadonlyMap<string, SoapOperation>> {
    const ports = this.#definitions
      .flatMap((root) => childrenOf(root, 'service'))
      .flatMap((service) => childrenOf(service, 'port'));
    for (const version of ['1.1', '1.2'] as const) {
      for (const port of ports) yield* this.#readPort(port, version);
    }
    if (this.#operations.size > 0) return this.#operations;
    throw new MapwrightError('SOAP_BINDING_UNAVAILABLE', 'the WSDL describes no port with SOAP over HTTP', {
      hint: 'it must hold a service with a port of SOAP 1.1 or 1.2, whose binding uses HTTP',
    });
  }

  *#readPort(port: XmlElement, version: SoapVersion): Generator<void, void> {
    const address = port.children.find(
      (child) => child.name === 'address' && SOAP_IN_WSDL.get(child.namespace) === version,
    );
    const location = address && attributeOf(address, 'location')?.trim();
    const binding = this.#referred(port, 'binding', 'binding');
    if (location === undefined || location === '' || binding === undefined || this.#read.has(binding)) return;
    const soap = soapChild(binding, 'binding');
    if (soap === undefined || !isHttp(attributeOf(soap, 'transport'))) return;
    this.#read.add(binding);
    const portType = this.#referred(binding, 'type', 'portType');
    for (const bound of childrenOf(binding, 'operation')) {
      yield;
      const name = attributeOf(bound, 'name') ?? '';
      const abstract = portType && this.#operationsOf(portType).get(name);
      if (name === '' || abstract === undefined || this.#operations.has(name)) continue;
      const own = soapChild(bound, 'operation');
      const written = (own && attributeOf(own, 'style')) ?? attributeOf(soap, 'style');
      this.#operations.set(name, {
        name,
        version,
        address: location,
        action: (own && attributeOf(own, 'soapAction')) ?? '',
        style: written === 'rpc' ? 'rpc' : 'document',
        input: this.#message(bound, abstract, 'input') ?? { use: 'literal', namespace: '', parts: [] },
        output: this.#message(bound, abstract, 'output'),
        headers: this.#headers(bound),
      });
    }
  }

  #operationsOf(portType: XmlElement): ReadonlyMap<string, XmlElement> {
    const known = this.#abstract.get(portType);
    if (known !== undefined) return known;
    const operations = new Map<string, XmlElement>();
    for (const operation of childrenOf(portType, 'operation')) {
      const name = attributeOf(operation, 'name') ?? '';
      if (!operations.has(name)) operations.set(name, operation);
    }
    this.#abstract.set(portType, operations);
    return operations;
  }

  #message(bound: XmlElement, abstract: XmlElement, direction: 'input' | 'output'): SoapMessage | undefined {
    const declared = childrenOf(abstract, direction)[0];
    if (declared === undefined) return undefined;
    const message = this.#referred(declared, 'message', 'message');
    const content = childrenOf(bound, direction)[0];
    // With attachments, the body stands inside mime:multipartRelated/mime:part.
    const body = content && findBody(content);
    const chosen = (body && attributeOf(body, 'parts'))?.trim().split(/\s+/u);
    const declaredParts = message === undefined ? [] : childrenOf(message, 'part');
    this.#parts += declaredParts.length;
    if (this.#parts > MAX_PARTS) throw tooManyParts();
    const parts = declaredParts.map(readPart);
    return {
      use: body !== undefined && attributeOf(body, 'use') === 'encoded' ? 'encoded' : 'literal',
      namespace: (body && attributeOf(body, 'namespace')) ?? '',
      parts: chosen === undefined ? parts : parts.filter(({ name }) => chosen.includes(name)),
    };
  }

  /** WSDL 1.1 section 3.7: each names a part of a message, which may be another than the body's. */
  #headers(bound: XmlElement): SoapPart[] {
    const content = childrenOf(bound, 'input')[0];
    const declared = content === undefined ? [] : soapChildren(content, 'header');
    return declared.slice(0, MAX_HEADERS).flatMap((header) => {
      const message = this.#referred(header, 'message', 'message');
      const name = attributeOf(header, 'part');
      const part = message && childrenOf(message, 'part').find((one) => attributeOf(one, 'name') === name);
      return part === undefined ? [] : [readPart(part)];
    });
  }

  #referred(from: XmlElement, attribute: string, kind: 'message' | 'portType' | 'binding'): XmlElement | undefined {
    const written = attributeOf(from, attribute);
    return written === undefined ? undefined : this.#named[kind].get(readQualifiedName(from, written));
  }
}

function tooManyParts(): MapwrightError {
  return new MapwrightError('SOAP_WSDL_INVALID', `the messages of the WSDL have more than ${MAX_PARTS} parts in all`, {
    hint: 'tell whoever offers the service',
  });
}

function* byName(
  definitions: readonly XmlElement[],
  kind: string,
): Generator<void, ReadonlyMap<QualifiedName, XmlElement>> {
  const found = new Map<QualifiedName, XmlElement>();
  for (const root of definitions) {
    for (const element of childrenOf(root, kind)) {
      yield;
      const name = qualifiedName(attributeOf(root, 'targetNamespace') ?? '', attributeOf(element, 'name') ?? '');
      if (!found.has(name)) found.set(name, element);
    }
  }
  return found;
}

function readPart(part: XmlElement): SoapPart {
  const element = attributeOf(part, 'element');
  const type = attributeOf(part, 'type');
  return {
    name: attributeOf(part, 'name') ?? (element === undefined ? '' : localName(readQualifiedName(part, element))),
    element: element === undefined ? undefined : readQualifiedName(part, element),
    type: type === undefined ? undefined : readQualifiedName(part, type),
  };
}

function soapChild(element: XmlElement, name: string): XmlElement | undefined {
  return soapChildren(element, name)[0];
}

function soapChildren(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name && SOAP_IN_WSDL.get(child.namespace) !== undefined);
}

function findBody(content: XmlElement): XmlElement | undefined {
  const own = soapChild(content, 'body');
  if (own !== undefined) return own;
  const parts = content.children.flatMap(({ children }) => children);
  return parts.flatMap((part) => soapChild(part, 'body') ?? [])[0];
}

/** `http://schemas.xmlsoap.org/soap/http`, and what 1.2 has for it; nothing said means HTTP. */
function isHttp(transport: string | undefined): boolean {
  return transport === undefined || /\/http\/?$/iu.test(transport);
}
