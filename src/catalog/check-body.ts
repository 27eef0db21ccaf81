import type { Range } from '../core/diagnostic.ts';
import type { Parameter, WebserviceMap } from '../document/map.ts';
import type { Template } from '../expression/template.ts';
import { type CompileContext, report } from './compile-context.ts';
import { namesInPath, placeOf } from './parameter-place.ts';

interface Call {
  readonly document: WebserviceMap;
  readonly path: Template | undefined;
}

/** An XML name, with a prefix or without (Namespaces in XML 1.0, section 3). */
export const XML_NAME = /^(?:[\p{L}_][\p{L}\p{N}\u00b7._-]*:)?[\p{L}_][\p{L}\p{N}\u00b7._-]*$/u;

/** Reports parameters that their place cannot carry: files outside of bodies that hold some, styles and XML places elsewhere. */
export function checkBody(context: CompileContext, call: Call): void {
  const { document } = call;
  const inPath = namesInPath(call.path);
  const inBody: Parameter[] = [];
  for (const parameter of document.parameters) {
    const place = placeOf(parameter, document.call, inPath);
    const isBody = ['body', 'attribute', 'text'].includes(place);
    if (isBody) inBody.push(parameter);
    checkPlaces(context, call, { parameter, isBody, isTop: true });
    checkPart(context, call, parameter, isBody);
    checkStyle(context, call, parameter, place);
  }
  if (document.body !== undefined || document.call.protocol === 'soap') return;
  if (document.call.body === 'xml') checkRoot(context, call, inBody);
  if (document.call.body === 'raw' && inBody.length !== 1) {
    tell(context, call, document.nameAt.range, [
      'MAP_RAW_COUNT',
      `body="raw" is one value, and ${inBody.length} parameters go into it`,
      'keep one: a file="...", or a value in base64; put the others elsewhere with in="query" or in="header"',
    ]);
  }
}

/** Places inside of XML, and files, in whatever depth. */
function checkPlaces(
  context: CompileContext,
  call: Call,
  at: { readonly parameter: Parameter; readonly isBody: boolean; readonly isTop: boolean },
): void {
  const { parameter, isBody, isTop } = at;
  const { call: definition } = call.document;
  const isXml = isBody && definition.body === 'xml' && call.document.body === undefined;
  if ((parameter.in === 'attribute' || parameter.in === 'text') && !isXml) {
    tell(context, call, parameter.range, [
      'PARAMETER_PLACE_XML',
      `in="${parameter.in}" is a place in an element of XML`,
      'write <call body="xml">, or remove in',
    ]);
  }
  if (parameter.in === 'soap-header') {
    tell(context, call, parameter.range, [
      'PARAMETER_PLACE_SOAP',
      'in="soap-header" is a place of SOAP messages',
      'write <call protocol="soap" ...>, or in="header" for a header of HTTP',
    ]);
  }
  if (parameter.source.kind === 'nested') {
    for (const inner of parameter.source.parameters) {
      checkPlaces(context, call, { parameter: inner, isBody, isTop: false });
    }
  }
  if (parameter.source.kind !== 'file' || parameter.encode !== undefined) return;
  const takesFiles = isTop && isBody && (definition.body === 'multipart' || definition.body === 'raw');
  if (takesFiles) return;
  tell(context, call, parameter.range, [
    'FILE_PLACE',
    'a file cannot stand here as it is',
    'write <call body="multipart"> or body="raw"; encode="base64" makes a text of it',
  ]);
}

function checkPart(context: CompileContext, call: Call, parameter: Parameter, isBody: boolean): void {
  if (parameter.filename === undefined && parameter.contentType === undefined) return;
  if (isBody && call.document.call.body === 'multipart') return;
  if (isBody && call.document.call.body === 'raw' && parameter.source.kind === 'file') return;
  tell(context, call, parameter.range, [
    'PARAMETER_FILE_ATTRIBUTE',
    'filename and content-type are of files, and of the parts of a multipart body',
    'remove them, or write <call body="multipart">',
  ]);
}

function checkStyle(context: CompileContext, call: Call, parameter: Parameter, place: string): void {
  if (parameter.style === undefined) return;
  const isForm = place === 'body' && call.document.call.body === 'form';
  if ((place === 'query' || isForm) && call.document.call.serialization !== 'php') return;
  tell(context, call, parameter.range, [
    'PARAMETER_STYLE_PLACE',
    'style="..." says how lists are written in a query or a form',
    'remove it, or say in="query"',
  ]);
}

function checkRoot(context: CompileContext, call: Call, inBody: readonly Parameter[]): void {
  const { root } = call.document.call;
  if (root !== undefined) {
    if (XML_NAME.test(root.value)) return;
    return tell(context, call, root.range, ['MAP_XML_ROOT', `"${root.value}" is no name of an element`, undefined]);
  }
  if (inBody.length === 0 || (inBody.length === 1 && inBody[0]?.in !== 'attribute' && inBody[0]?.in !== 'text')) return;
  tell(context, call, call.document.nameAt.range, [
    'MAP_XML_ROOT',
    'an XML body has one root element, and several parameters go into it',
    'name it: <call body="xml" root="Order">; or nest the parameters in one that is the root',
  ]);
}

function tell(
  context: CompileContext,
  { document }: Call,
  range: Range,
  [code, message, hint]: readonly [code: string, message: string, hint: string | undefined],
): void {
  report(context, { code, message, ...(hint === undefined ? {} : { hint }), file: document.file, range });
}
