import { MapwrightError } from '../../core/error.ts';
import { type SoapCall, type SoapClient, type SoapQuestion, wsdlUnavailable } from '../../core/soap.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { basicLogin } from './basic-login.ts';
import { buildNativeSoapCall } from './native-soap-request.ts';
import type { EvaluatedParameter, RequestParts } from './prepared-call.ts';

/**
 * The call of a SOAP map. Of a coreBOS map, whose `wstype` is SOAP: `wsurl` is the WSDL, `methodname` the operation, every field a parameter.
 * `inputtype`, the method and the headers have no part in it, as in the original. Rejects with URL_INVALID and what
 * SoapClient.prepare rejects with.
 */
export async function buildSoapCall(
  parts: RequestParts,
  soap: SoapClient | undefined,
  limits: Pick<SoapQuestion, 'connectTimeoutMs' | 'totalTimeoutMs' | 'credential' | 'network'>,
): Promise<SoapCall> {
  const { map, scope } = parts;
  if (soap === undefined) throw wsdlUnavailable(`the WSDL of map "${map.name}"`);
  if (map.document.dialect === 'native') return buildNativeSoapCall(parts, soap, limits);
  const fields = parts.parameters.filter(({ parameter }) => parameter.document.in !== 'header');
  const authorization = await basicLogin(map, scope);
  const call = await soap.prepare({
    wsdl: wsdlAddress(toLegacyText((await map.legacyUrl?.evaluate(scope)) ?? ''), fields),
    operation: map.document.call.legacy?.methodName?.trim() ?? '',
    values: Object.fromEntries(fields.map(({ parameter, value }) => [parameter.name, value])),
    authorization,
    onSecret: scope.taint,
    ...limits,
  });
  if (authorization === undefined) return call;
  const headers = [...call.request.headers, ['Authorization', authorization] as const];
  return { ...call, request: { ...call.request, headers } };
}

/**
 * The names of fields that stand in the address are replaced by their values, field by field, as the original does; not in
 * its origin, which comes from no record.
 */
function wsdlAddress(written: string, fields: readonly EvaluatedParameter[]): string {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/iu.exec(written.trim())?.[0] ?? '';
  const rest = fields.reduce(
    (text, { parameter, value }) =>
      parameter.name === '' ? text : text.replaceAll(parameter.name, () => toLegacyText(value)),
    written.trim().slice(origin.length),
  );
  const address = `${origin}${rest}`;
  if (/^https?:\/\//iu.test(origin) && URL.canParse(address)) return address;
  throw new MapwrightError('URL_INVALID', `wsurl "${address}" is no http or https URL`, {
    hint: 'correct <wsurl>, or the setting it uses: mapwright setting list',
  });
}
