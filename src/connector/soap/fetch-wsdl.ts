import { MapwrightError } from '../../core/error.ts';
import { inSlices } from '../../core/in-slices.ts';
import { fileBeside, KNOWN_NAMESPACES, type SoapDescription } from '../../core/soap-description.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXmlInPieces } from '../../xml/parse.ts';
import { fetchDocument, type FetchedDocument, type FetchOptions } from './fetch-document.ts';
import type { SoapService } from './operation.ts';
import { attributeOf, childrenOf, XSD } from './qualified-name.ts';
import { readWsdl, WSDL, type WsdlPart } from './read-wsdl.ts';

/** A described service, and what it took to read it. */
export interface FetchedService {
  readonly service: SoapService;
  /** Where the WSDL was found in the end. */
  readonly url: string;
  /** Of all documents, for whoever keeps it. */
  readonly size: number;
}

/** Of all documents of a description together. */
const MAX_SIZE = 16 * 1024 * 1024;
const MAX_DOCUMENTS = 200;
const MAX_IMPORT_DEPTH = 20;
const MAX_XML_DEPTH = 256;

interface Reference {
  readonly url: string;
  readonly depth: number;
  /** The namespace that an included schema without its own takes over. */
  readonly includer: string | undefined;
}

/**
 * Fetches a WSDL with all that it imports and includes, each document once. Rejects with WsdlUnreachedError, SOAP_WSDL_INVALID
 * or SOAP_BINDING_UNAVAILABLE.
 */
export function fetchWsdl(address: string, options: Omit<FetchOptions, 'maxBytes'>): Promise<FetchedService> {
  return new DescriptionReader(address, {
    refusal: 'which is no http or https address',
    load: (url) => fetchDocument(url, { ...options, maxBytes: MAX_SIZE }),
    resolve: (location, base) => {
      const target = URL.parse(location, base);
      if (target === null || !/^https?:$/u.test(target.protocol)) return undefined;
      target.hash = '';
      return target.href;
    },
  }).read();
}

/** The same of one that is stored with the documents. Rejects with SOAP_WSDL_INVALID or SOAP_BINDING_UNAVAILABLE. */
export function readStoredWsdl({ file, texts }: SoapDescription): Promise<FetchedService> {
  return new DescriptionReader(file, {
    refusal: 'which does not lie beside it',
    load: async (url) => ({ text: texts.get(url) ?? '', url }),
    resolve: (location, base) => {
      const target = fileBeside(base, location);
      return target !== undefined && texts.has(target) ? target : undefined;
    },
  }).read();
}

/** Where the documents of a description come from. */
interface DescriptionSource {
  load(url: string): Promise<FetchedDocument>;
  /** What is wrong with what cannot be resolved. */
  readonly refusal: string;
  /** What `location` means in the document that was found at `base`; undefined when nothing can be there. */
  resolve(location: string, base: string): string | undefined;
}

interface LoadedDocument {
  readonly root: XmlElement;
  /** Where it was found in the end: what its references are relative to. */
  readonly url: string;
}

class DescriptionReader {
  readonly #address: string;
  readonly #source: DescriptionSource;
  readonly #loaded = new Map<string, LoadedDocument>();
  readonly #taken = new Set<string>();
  readonly #parts: WsdlPart[] = [];
  #size = 0;

  constructor(address: string, source: DescriptionSource) {
    this.#address = address;
    this.#source = source;
  }

  async read(): Promise<FetchedService> {
    const waiting: Reference[] = [{ url: this.#address, depth: 0, includer: undefined }];
    // The list grows while it is gone through.
    for (const next of waiting) waiting.push(...(await this.#take(next)));
    const url = this.#loaded.get(this.#address)?.url ?? this.#address;
    return { service: await inSlices(readWsdl(this.#parts), this.#size), url, size: this.#size };
  }

  /** Takes up one document; what it refers to is given back. */
  async #take({ url, depth, includer }: Reference): Promise<Reference[]> {
    if (depth > MAX_IMPORT_DEPTH) throw tooMuch(this.#address);
    const { root, url: base } = await this.#load(url);
    // One document may be included under several namespaces, when it has none of its own.
    const inherited = attributeOf(root, 'targetNamespace') === undefined ? includer : undefined;
    const key = `${inherited ?? ''} ${url}`;
    if (this.#taken.has(key)) return [];
    this.#taken.add(key);
    if (this.#taken.size > MAX_DOCUMENTS) throw tooMuch(this.#address);
    this.#parts.push({ root, includer: inherited });
    const found = new Map(referencesOf(root, inherited).map((one) => [`${one.includer ?? ''} ${one.location}`, one]));
    if (found.size > MAX_DOCUMENTS) throw tooMuch(this.#address);
    return [...found.values()].map(({ location, includer: taker }) => {
      const target = this.#source.resolve(location, base);
      if (target === undefined) {
        throw invalid(url, `it imports "${location.slice(0, 100)}", ${this.#source.refusal}`);
      }
      return { url: target, depth: depth + 1, includer: taker };
    });
  }

  async #load(url: string): Promise<LoadedDocument> {
    const known = this.#loaded.get(url);
    if (known !== undefined) return known;
    if (this.#loaded.size >= MAX_DOCUMENTS) throw tooMuch(this.#address);
    const document = await this.#source.load(url);
    this.#size += document.text.length;
    if (this.#size > MAX_SIZE) throw tooMuch(this.#address);
    const loaded = { root: await parseDescription(document.text, url), url: document.url };
    this.#loaded.set(url, loaded);
    return loaded;
  }
}

async function parseDescription(text: string, url: string): Promise<XmlElement> {
  const limits = { maxBytes: MAX_SIZE * 4, maxDepth: MAX_XML_DEPTH };
  const { root, problem } = await inSlices(parseXmlInPieces(text, limits), text.length);
  if (root === undefined) {
    const { line, column } = problem.range.start;
    throw invalid(url, `${problem.message} (line ${line}, column ${column})`);
  }
  const isWsdl = root.name === 'definitions' && root.namespace === WSDL;
  if (isWsdl || (root.name === 'schema' && root.namespace === XSD)) return root;
  const isNewer = root.name === 'description' && root.namespace === 'http://www.w3.org/ns/wsdl';
  throw invalid(url, isNewer ? 'it is WSDL 2.0; only WSDL 1.1 can be read' : `it begins with <${root.name}>`);
}

interface FoundReference {
  readonly location: string;
  readonly includer: string | undefined;
}

/** What a document imports and includes. */
function referencesOf(root: XmlElement, includer: string | undefined): FoundReference[] {
  if (root.namespace === XSD) return schemaReferences(root, includer);
  const schemas = childrenOf(root, 'types').flatMap((types) => childrenOf(types, 'schema', XSD));
  return [
    ...childrenOf(root, 'import').flatMap((one) => locationOf(one, 'location')),
    ...schemas.flatMap((schema) => schemaReferences(schema, undefined)),
  ];
}

function schemaReferences(schema: XmlElement, includer: string | undefined): FoundReference[] {
  const own = attributeOf(schema, 'targetNamespace') ?? includer ?? '';
  return [
    ...childrenOf(schema, 'import').flatMap((one) => locationOf(one, 'schemaLocation')),
    ...[...childrenOf(schema, 'include'), ...childrenOf(schema, 'redefine')].flatMap((one) =>
      locationOf(one, 'schemaLocation').map(({ location }) => ({ location, includer: own })),
    ),
  ];
}

function locationOf(element: XmlElement, attribute: string): FoundReference[] {
  const location = attributeOf(element, attribute)?.trim() ?? '';
  const isKnown = KNOWN_NAMESPACES.has(attributeOf(element, 'namespace') ?? '');
  return location === '' || isKnown ? [] : [{ location, includer: undefined }];
}

function invalid(url: string, reason: string): MapwrightError {
  return new MapwrightError('SOAP_WSDL_INVALID', `${url} is no usable WSDL: ${reason}`, {
    hint: 'the address must lead to the WSDL itself; many services give it at theirs with ?wsdl',
  });
}

function tooMuch(address: string): MapwrightError {
  return invalid(address, `it comes to more than ${MAX_DOCUMENTS} documents, ${MAX_SIZE} characters, or never ends`);
}
