import { choice, FILLED } from '../attribute-kind.ts';
import type { SoapCallPart } from '../map.ts';
import type { AttributeValues, OpenElement } from '../place.ts';

/** What `<call>` says of an operation of a service that describes itself in a WSDL. */
export const SOAP_CALL_ATTRIBUTES = {
  protocol: choice('rest', 'soap'),
  operation: FILLED,
  wsdl: FILLED,
} as const;

type OpenCall = Pick<OpenElement<typeof SOAP_CALL_ATTRIBUTES>, 'at'> & {
  readonly attributes: AttributeValues<typeof SOAP_CALL_ATTRIBUTES>;
  has(name: 'method' | 'operation'): boolean;
  isMisspelt(name: 'method' | 'operation'): boolean;
};

/** Attributes that say what the WSDL says. */
const SAID_BY_WSDL = ['method', 'body', 'content-type', 'root', 'serialization'];

/** The SOAP part of a `<call>`; undefined for other calls. Tells MAP_CALL_INCOMPLETE and MAP_CALL_MIXED. */
export function readSoapCall(call: OpenCall): SoapCallPart | undefined {
  const { protocol, operation, wsdl } = call.attributes;
  const isSoap = protocol === 'soap';
  checkMixed(call, isSoap);
  const needed = isSoap ? 'operation' : 'method';
  if (!call.has(needed) && !call.isMisspelt(needed)) {
    const [message, hint] = isSoap
      ? ['<call protocol="soap"> names no operation', 'write operation="...", as the WSDL calls it']
      : ['<call> has no method', 'write method="GET" or another; for SOAP protocol="soap" operation="..."'];
    call.at.error('MAP_CALL_INCOMPLETE', message, hint);
  }
  return isSoap && operation !== undefined ? { operation, wsdl } : undefined;
}

function checkMixed({ at }: OpenCall, isSoap: boolean): void {
  for (const name of isSoap ? SAID_BY_WSDL : ['operation', 'wsdl']) {
    const given = at.element.attributes.get(name);
    if (given === undefined) continue;
    const [message, hint] = isSoap
      ? [`${name}="..." has no part in a SOAP call: the WSDL says it`, 'remove it']
      : [`${name}="..." is of SOAP calls`, 'write protocol="soap", or remove it'];
    at.errorAt(given.source, 'MAP_CALL_MIXED', message, hint);
  }
}
