import { didYouMean } from '../core/suggestion.ts';
import type { XmlDocument, XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import { quoted } from '../xml/problem.ts';
import { positionsIn } from '../xml/source-text.ts';
import { decodeEntities } from './corebos/entity-decoding.ts';
import { readLegacyDocument } from './corebos/read-document.ts';
import { typeOfStructure } from './corebos/map-type.ts';
import { DiagnosticLog } from './diagnostic-log.ts';
import type { Document, ReadResult } from './document.ts';
import { readCredential } from './native/credential/credential.ts';
import { readMap } from './native/map.ts';
import { readMapping } from './native/mapping.ts';
import { readMapTest } from './native/map-test/map-test.ts';
import { readModule } from './native/module.ts';
import { readPack } from './native/pack.ts';
import { readRule } from './native/rule/rule.ts';
import { readService } from './native/service.ts';
import { readWorkflow } from './native/workflow.ts';
import { NATIVE_NAMESPACE, Place, shape } from './place.ts';
import { scanForSecrets } from './secret-scan.ts';
import { isDescription, readWsdl } from './wsdl.ts';

const READERS: Readonly<Record<string, (place: Place) => Document | undefined>> = {
  module: readModule,
  service: readService,
  credential: readCredential,
  map: readMap,
  workflow: readWorkflow,
  rule: readRule,
  mapping: readMapping,
  'map-test': readMapTest,
  pack: readPack,
};

/** Kinds whose names are taken and which this version does not read. */
const RESERVED_KINDS = ['endpoint', 'proxy'] as const;

const DOCUMENTS = shape({
  attributes: {},
  children: {
    module: 'many',
    service: 'many',
    credential: 'many',
    map: 'many',
    workflow: 'many',
    rule: 'many',
    mapping: 'many',
    'map-test': 'many',
    pack: 'many',
    ...Object.fromEntries(RESERVED_KINDS.map((kind) => [kind, 'many'] as const)),
  },
});

const ROOTS: readonly string[] = [...Object.keys(READERS), ...RESERVED_KINDS, 'documents'];

/**
 * Reads one text: a document, or several in `<documents>`. Whatever the text is, the answer is what could be read and what
 * is wrong with it; nothing is thrown. The kind is told from namespace and structure. A WSDL, or a schema of one, is a document
 * of its own, named after its file.
 */
export function readDocuments(input: { readonly file: string; readonly text: string }): ReadResult {
  const log = new DiagnosticLog(input.file);
  if (isDescription(input.text)) {
    const described = readWsdl(input, log);
    return { documents: described === undefined ? [] : [described], diagnostics: log.diagnostics() };
  }
  const document = readXml(input.text, log);
  if (document === undefined) return { documents: [], diagnostics: log.diagnostics() };
  const documents = readRoot(document, log);
  scanForSecrets(document.root, log);
  return { documents, diagnostics: log.diagnostics() };
}

function readXml(text: string, log: DiagnosticLog): XmlDocument | undefined {
  const result = parseXml(text);
  if (result.problem === undefined) return result;
  const decoded = readEntityEncoded(text, result.problem.code, log);
  if (decoded !== undefined) return decoded;
  log.error(result.problem);
  return undefined;
}

/** A coreBOS map whose text went through an entity encoder once too often, as its original reads it. */
function readEntityEncoded(text: string, code: string, log: DiagnosticLog): XmlDocument | undefined {
  if (code !== 'XML_NOT_WELL_FORMED' && code !== 'XML_ENTITY_UNDEFINED') return undefined;
  const decoded = decodeEntities(text);
  const result = decoded.value === text ? undefined : parseXml(decoded.value, {}, positionsIn(decoded));
  if (result?.root === undefined || !isLegacyRoot(result.root)) return undefined;
  log.info({
    code: 'COREBOS_ENTITY_ENCODED',
    message: 'the text is XML only after its HTML entities are replaced; read that way',
    range: result.root.nameRange,
  });
  return result;
}

function readRoot(document: XmlDocument, log: DiagnosticLog): Document[] {
  const { root } = document;
  const place = new Place(root, `/${root.name}`, log);
  if (root.namespace === NATIVE_NAMESPACE) return readNative(place);
  if (root.namespace !== '') {
    const hint = ROOTS.includes(root.name) ? `write xmlns="${NATIVE_NAMESPACE}"` : undefined;
    place.error('DOCUMENT_NAMESPACE_UNKNOWN', `nothing is known of the namespace ${quoted(root.namespace)}`, hint);
    return [];
  }
  if (isLegacyRoot(root) && !looksNative(root)) return readLegacyDocument(place, document);
  if (ROOTS.includes(root.name)) {
    place.error('DOCUMENT_NAMESPACE_MISSING', `<${root.name}> is in no namespace`, `add xmlns="${NATIVE_NAMESPACE}"`);
  } else {
    tellUnknownKind(place);
  }
  return [];
}

function readNative(place: Place): Document[] {
  if (place.name === 'documents') return place.open(DOCUMENTS).children.flatMap(readKind);
  if (ROOTS.includes(place.name)) return readKind(place);
  tellUnknownKind(place);
  return [];
}

function readKind(place: Place): Document[] {
  const read = Object.hasOwn(READERS, place.name) ? READERS[place.name] : undefined;
  if (read === undefined) {
    place.error('DOCUMENT_KIND_RESERVED', `<${place.name}> documents are not available in this version`);
    return [];
  }
  const document = read(place);
  return document === undefined ? [] : [document];
}

/** The root elements of coreBOS documents. */
function isLegacyRoot({ name, namespace }: XmlElement): boolean {
  return namespace === '' && (name === 'map' || name === 'decision');
}

function looksNative(map: XmlElement): boolean {
  if (typeOfStructure(map) !== undefined) return false;
  const names = new Set(map.children.map((child) => child.name));
  return map.attributes.has('name') || names.has('call') || names.has('parameters');
}

function tellUnknownKind(place: Place): void {
  const hint = didYouMean(place.name, ROOTS) ?? `known: ${ROOTS.join(' ')}`;
  place.error('DOCUMENT_KIND_UNKNOWN', `<${place.name.slice(0, 60)}> is no kind of document`, hint);
}
