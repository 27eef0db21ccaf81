import type { Parameter, ParameterPlace, WebserviceMap } from '../document/map.ts';
import { type CompileContext, report } from './compile-context.ts';

/** Where the parameters of a SOAP call may go: the message, its headers, and those of HTTP. */
const PLACES: readonly (ParameterPlace | undefined)[] = [undefined, 'body', 'header', 'soap-header', 'path'];

/** Reports what a SOAP message has no place for. */
export function checkSoap(context: CompileContext, document: WebserviceMap): void {
  for (const parameter of document.parameters) checkParameter(context, document, parameter);
  if (document.body === undefined) return;
  report(context, {
    code: 'MAP_BODY_KIND',
    message: 'a SOAP call writes its message itself: <body> is not sent',
    hint: 'remove <body>, and give the operation\'s parameters; a whole envelope is sent with <call method="POST" body="xml">',
    file: document.file,
    range: document.body.range,
  });
}

function checkParameter(context: CompileContext, { file }: WebserviceMap, parameter: Parameter): void {
  const problem = !PLACES.includes(parameter.in)
    ? `in="${parameter.in}" is no place of a SOAP call`
    : holdsFile(parameter)
      ? 'a file cannot stand in a SOAP message as it is'
      : undefined;
  if (problem === undefined) return;
  report(context, {
    code: 'PARAMETER_PLACE_SOAP',
    message: problem,
    hint: 'in="soap-header" is a header of the message, in="header" one of HTTP; encode="base64" makes a text of a file',
    file,
    range: parameter.range,
  });
}

function holdsFile({ source, encode }: Parameter): boolean {
  if (source.kind === 'nested') return encode === undefined && source.parameters.some(holdsFile);
  return source.kind === 'file' && encode === undefined;
}
