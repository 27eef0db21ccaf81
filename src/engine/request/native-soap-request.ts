import { MapwrightError } from '../../core/error.ts';
import type { JsonObject } from '../../core/json.ts';
import type { SoapCall, SoapClient, SoapQuestion } from '../../core/soap.ts';
import { escapePathSegment, noEscape } from '../../expression/escape.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import { mergeHeaders } from './headers.ts';
import { serviceHeaders } from './native-request.ts';
import type { EvaluatedParameter, RequestParts } from './prepared-call.ts';

/** The call of a native map with `protocol="soap"`. Rejects with URL_INVALID and what SoapClient.prepare rejects with. */
export async function buildNativeSoapCall(
  parts: RequestParts,
  soap: SoapClient,
  limits: Pick<SoapQuestion, 'connectTimeoutMs' | 'totalTimeoutMs' | 'credential' | 'network'>,
): Promise<SoapCall> {
  const { map, scope } = parts;
  const at = (place: string): EvaluatedParameter[] =>
    parts.parameters.filter(
      ({ parameter }) => (parameter.document.in ?? defaultPlace(parts, parameter.name)) === place,
    );
  const call = await soap.prepare({
    wsdl: map.description ?? (await wsdlAddress(parts)),
    operation: (await map.operation?.evaluate(scope, noEscape)) ?? '',
    values: valuesOf(at('body')),
    headers: valuesOf(at('soap-header')),
    address: isWhereWsdlSays(parts) ? undefined : await serviceAddress(parts),
    authorization: undefined,
    onSecret: scope.taint,
    ...limits,
  });
  const headers = mergeHeaders([
    await serviceHeaders(parts),
    call.request.headers,
    at('header').map(({ parameter, value }) => [parameter.name, toPlainText(value)]),
  ]);
  return { ...call, request: { ...call.request, headers } };
}

/** A WSDL that lies beside the documents says nothing against the address that the service has here. */
function isWhereWsdlSays({ map, service }: RequestParts): boolean {
  return map.url === undefined && map.path === undefined && (map.description === undefined || service === undefined);
}

function defaultPlace({ map }: RequestParts, name: string): 'path' | 'body' {
  const references = [map.path, map.wsdl].flatMap((template) => template?.references ?? []);
  return references.some(({ root, path }) => root === 'parameter' && path[0] === name) ? 'path' : 'body';
}

function valuesOf(parameters: readonly EvaluatedParameter[]): JsonObject {
  return Object.fromEntries(parameters.map(({ parameter, value }) => [parameter.name, value]));
}

/** As the map says it; else the service's address, which shows its WSDL to whoever asks with `?wsdl`. */
async function wsdlAddress({ map, service, scope }: RequestParts): Promise<string> {
  const said = (await map.wsdl?.evaluate(scope, escapePathSegment)) ?? undefined;
  if (said !== undefined && /^https?:\/\//iu.test(said)) return checked(said);
  const base = (await service?.url.evaluate(scope, noEscape)) ?? '';
  return checked(said === undefined && base.includes('?') ? base : joined(base, said ?? '?wsdl'));
}

async function serviceAddress({ map, service, scope }: RequestParts): Promise<string> {
  const base = (await (map.url ?? service?.url)?.evaluate(scope, noEscape)) ?? '';
  return checked(joined(base, (await map.path?.evaluate(scope, escapePathSegment)) ?? ''));
}

function joined(base: string, path: string): string {
  if (path === '' || path.startsWith('?')) return `${base}${path}`;
  return `${base.replace(/\/+$/u, '')}/${path.replace(/^\/+/u, '')}`;
}

function checked(address: string): string {
  if (/^https?:\/\//iu.test(address) && URL.canParse(address)) return address;
  throw new MapwrightError('URL_INVALID', `"${address}" is no http or https URL`, {
    hint: 'correct wsdl="...", the service\'s url="...", or the setting it uses: mapwright setting list',
  });
}
