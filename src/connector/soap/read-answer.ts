import type { CallAnswer } from '../../core/call.ts';
import { inSlices } from '../../core/in-slices.ts';
import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import { wholeBody } from '../../core/large-body.ts';
import type { SoapAnswer, SoapFault } from '../../core/soap.ts';
import type { XmlElement } from '../../xml/element.ts';
import { parseXmlInPieces } from '../../xml/parse.ts';
import { decodeXmlBody } from './decode-text.ts';
import { ENVELOPES, type SoapOperation, type SoapPart } from './operation.ts';
import { attributeIn, localName, SOAP_ENCODINGS } from './qualified-name.ts';
import { EndlessAnswerError, ValueReader } from './read-value.ts';
import type { SchemaSet } from './schema-set.ts';

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 256 };

/** Reads an answer to an operation, of whichever SOAP version it is. Never rejects. */
export async function readAnswer(
  schemas: SchemaSet,
  operation: SoapOperation,
  answer: CallAnswer,
): Promise<SoapAnswer> {
  const contentType = answer.headers.find(([name]) => name === 'content-type')?.[1];
  const text = decodeXmlBody(wholeBody(answer.body), contentType);
  if (text.trim() === '') return emptyAnswer(operation, text);
  const { root, problem } = await inSlices(parseXmlInPieces(text, LIMITS), text.length);
  if (root === undefined) return { kind: 'unreadable', message: problem.message, text };
  const body = bodyOf(root);
  if (body === undefined) return { kind: 'unreadable', message: `it begins with <${root.name}>`, text };
  try {
    const values = new ValueReader(schemas, root, text);
    const fault = body.children.find(({ name, namespace }) => name === 'Fault' && namespace === root.namespace);
    if (fault !== undefined) return { kind: 'fault', fault: readFault(fault, values), text };
    const parts = partsOf(schemas, operation, body, values);
    const all = Object.values<Json>(parts);
    return { kind: 'result', value: all.length === 1 ? (all[0] ?? null) : parts, parts, text };
  } catch (thrown) {
    if (thrown instanceof EndlessAnswerError) return { kind: 'unreadable', message: thrown.message, text };
    throw thrown;
  }
}

/** An operation without an answer is done when the request was taken (202, or nothing in the body). */
function emptyAnswer(operation: SoapOperation, text: string): SoapAnswer {
  if (operation.output === undefined) return { kind: 'result', value: {}, parts: {}, text };
  return { kind: 'unreadable', message: 'it is empty', text };
}

function bodyOf(root: XmlElement): XmlElement | undefined {
  if (root.name !== 'Envelope' || !Object.values(ENVELOPES).includes(root.namespace)) return undefined;
  return root.children.find(({ name, namespace }) => name === 'Body' && namespace === root.namespace);
}

/** The parts of the answer by name. What the WSDL does not describe is read as it stands. */
function partsOf(schemas: SchemaSet, operation: SoapOperation, body: XmlElement, values: ValueReader): JsonObject {
  const described = operation.output?.parts ?? [];
  // Values that are referred to stand beside the answer itself.
  const content = body.children.filter((child) => attributeIn(child, SOAP_ENCODINGS[0] ?? '', 'root') !== '0');
  const found: [string, Json][] = [];
  if (operation.style === 'rpc') {
    for (const element of content[0]?.children ?? []) {
      const part = described.find(({ name }) => name === element.name) ?? onlyOf(described, content[0]);
      found.push([part?.name ?? element.name, values.read(element, typeOf(schemas, part))]);
    }
  } else {
    for (const [index, element] of content.entries()) {
      const part =
        described.find((one) => elementName(one) === element.name) ?? (index === 0 ? described[0] : undefined);
      if (part === undefined && described.length > 0) continue;
      found.push([part?.name ?? element.name, values.read(element, typeOf(schemas, part))]);
    }
  }
  return Object.fromEntries(found.filter(([name]) => name !== '__proto__'));
}

/** Servers name the one part of an rpc answer as they like. */
function onlyOf(described: readonly SoapPart[], wrapper: XmlElement | undefined): SoapPart | undefined {
  return described.length === 1 && wrapper?.children.length === 1 ? described[0] : undefined;
}

function elementName({ element, name }: SoapPart): string {
  return element === undefined ? name : localName(element);
}

function typeOf(schemas: SchemaSet, part: SoapPart | undefined): Parameters<ValueReader['read']>[1] {
  if (part === undefined) return undefined;
  const declared = part.element === undefined ? undefined : schemas.elementType(part.element);
  return declared ?? (part.type === undefined ? undefined : { name: part.type });
}

function readFault(fault: XmlElement, values: ValueReader): SoapFault {
  const child = (element: XmlElement | undefined, name: string): XmlElement | undefined =>
    element?.children.find((one) => one.name === name);
  const text = (element: XmlElement | undefined): string => element?.text().value.trim() ?? '';
  const code = child(fault, 'Code');
  const detail = child(fault, 'detail') ?? child(fault, 'Detail');
  const actor = text(child(fault, 'faultactor') ?? child(fault, 'Role') ?? child(fault, 'Node'));
  let inner = child(code, 'Subcode');
  for (let next = inner; next !== undefined; next = child(next, 'Subcode')) inner = next;
  const subcode = withoutPrefix(text(child(inner, 'Value')));
  return {
    code: withoutPrefix(text(child(fault, 'faultcode') ?? child(code, 'Value'))),
    subcode: subcode === '' ? undefined : subcode,
    message: text(child(fault, 'faultstring') ?? child(child(fault, 'Reason'), 'Text')),
    actor: actor === '' ? undefined : actor,
    detail: detail && readDetail(detail, values),
  };
}

function readDetail(detail: XmlElement, values: ValueReader): Json {
  const read = values.read(detail, undefined);
  return isJsonObject(read) || typeof read === 'string' ? read : JSON.stringify(read);
}

/** `soap:Client` is `Client`. */
function withoutPrefix(code: string): string {
  return code.slice(code.lastIndexOf(':') + 1);
}
