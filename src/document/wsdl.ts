import type { Located } from '../core/diagnostic.ts';
import { KNOWN_NAMESPACES, plainFile } from '../core/soap-description.ts';
import type { XmlElement } from '../xml/element.ts';
import { parseXml } from '../xml/parse.ts';
import type { DocumentHead } from './common.ts';
import type { DiagnosticLog } from './diagnostic-log.ts';

/** A WSDL 1.1 or an XML schema that one imports: stored as it is, named after its file, for the maps that name it. */
export interface WsdlDocument extends DocumentHead {
  readonly kind: 'wsdl';
  /** The whole file. */
  readonly text: string;
  /** Names of the operations it declares itself. */
  readonly operations: readonly string[];
  /** What it imports and includes, as it says it. */
  readonly imports: readonly Located<string>[];
}

/** Descriptions of services are larger than what people write. */
export const MAX_DESCRIPTION_BYTES = 8 * 1024 * 1024;
const LIMITS = { maxBytes: MAX_DESCRIPTION_BYTES, maxDepth: 256 };

const WSDL = 'http://schemas.xmlsoap.org/wsdl/';
const XSD = 'http://www.w3.org/2001/XMLSchema';
/** Where the root element of a description begins, at the latest. */
const LONGEST_PROLOG = 64 * 1024;
const ROOT = /<(?:[\p{L}_][\p{L}\p{N}._-]*:)?(definitions|schema)[\s/>]/u;

/** True of a text whose first element is that of a WSDL or of a schema, whatever else is wrong with it. */
export function isDescription(text: string): boolean {
  const start = text.slice(0, LONGEST_PROLOG).replace(/<!--.*?-->/gsu, '');
  const first = /<[\p{L}_]/u.exec(start)?.index;
  return first !== undefined && ROOT.exec(start)?.index === first && (start.includes(WSDL) || start.includes(XSD));
}

/** Reads what other documents must know of a description; undefined when it is none. */
export function readWsdl({ file, text }: { file: string; text: string }, log: DiagnosticLog): WsdlDocument | undefined {
  const { root, problem } = parseXml(text, LIMITS);
  if (root === undefined) {
    log.error(problem);
    return undefined;
  }
  const isWsdl = root.name === 'definitions' && root.namespace === WSDL;
  if (!isWsdl && !(root.name === 'schema' && root.namespace === XSD)) {
    const message = `<${root.name}> is no description of a service`;
    log.error({ code: 'WSDL_INVALID', message, hint: 'only WSDL 1.1 can be read', range: root.nameRange });
    return undefined;
  }
  const name = plainFile(file);
  const head = { name, nameAt: { value: name, range: root.nameRange }, file, label: undefined, author: undefined };
  return {
    kind: 'wsdl',
    ...head,
    description: undefined,
    text,
    operations: childrenOf(root, 'portType')
      .flatMap((portType) => childrenOf(portType, 'operation'))
      .flatMap(({ attributes }) => attributes.get('name')?.value ?? []),
    imports: isWsdl ? importsOfWsdl(root) : importsOfSchema(root),
  };
}

function importsOfWsdl(root: XmlElement): Located<string>[] {
  const schemas = childrenOf(root, 'types').flatMap((types) => childrenOf(types, 'schema', XSD));
  return [...locations(childrenOf(root, 'import'), 'location'), ...schemas.flatMap(importsOfSchema)];
}

function importsOfSchema(schema: XmlElement): Located<string>[] {
  const elements = ['import', 'include', 'redefine'].flatMap((name) => childrenOf(schema, name));
  return locations(elements, 'schemaLocation');
}

function locations(elements: readonly XmlElement[], attribute: string): Located<string>[] {
  return elements.flatMap(({ attributes }) => {
    const found = attributes.get(attribute);
    const isKnown = KNOWN_NAMESPACES.has(attributes.get('namespace')?.value ?? '');
    const value = found?.value.trim() ?? '';
    return found === undefined || value === '' || isKnown ? [] : [{ value, range: found.source.range }];
  });
}

function childrenOf(element: XmlElement, name: string, namespace = element.namespace): XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}
