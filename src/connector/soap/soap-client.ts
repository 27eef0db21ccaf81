import type { CallRequest, Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import type { SoapCall, SoapClient, SoapQuestion } from '../../core/soap.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { type FetchedService, fetchWsdl } from './fetch-wsdl.ts';
import type { SoapOperation } from './operation.ts';
import { readAnswer } from './read-answer.ts';
import { WsdlCache } from './wsdl-cache.ts';
import { writeMessage } from './write-message.ts';

/**
 * Reads WSDLs through the given connector, so under its egress rules and limits, and turns operations into requests for it.
 * A WSDL is kept for five minutes, and for a day should it not be there then.
 */
export function createSoapClient(parts: { readonly connector: Connector; readonly clock: Clock }): SoapClient {
  const cache = new WsdlCache(parts.clock);
  return {
    async prepare(question) {
      const fetched = await cache.get(keyOf(question), () => fetchFor(parts, question));
      if (findOperation(fetched, question.operation) !== undefined) return callOf(fetched, question);
      // The service may have learnt the operation since its WSDL was read.
      return callOf(await cache.renew(keyOf(question), () => fetchFor(parts, question)), question);
    },
  };
}

/** What was read without looking who answers, or from whom another service trusts, is not for others. */
function keyOf({ wsdl, authorization = '', credential, network = {} }: SoapQuestion): string {
  const { proxy, authority, verify } = network;
  const way = JSON.stringify([proxy?.url, authority, verify]);
  return `${wsdl}\n${authorization}\n${credential?.name ?? ''}\n${credential?.subject ?? ''}\n${way}`;
}

function fetchFor(
  { connector, clock }: { readonly connector: Connector; readonly clock: Clock },
  { wsdl, authorization, credential, network, onSecret, connectTimeoutMs, totalTimeoutMs }: SoapQuestion,
): Promise<FetchedService> {
  const deadline = clock.now() + totalTimeoutMs;
  const origin = URL.parse(wsdl)?.origin;
  return fetchWsdl(wsdl, {
    connector,
    connectTimeoutMs,
    remainingMs: () => deadline - clock.now(),
    network: network === undefined || origin === undefined ? undefined : { origin, rules: network },
    login: origin === undefined ? undefined : { origin, authorization, credential },
    control: onSecret === undefined ? {} : { onSecret },
  });
}

function findOperation({ service }: FetchedService, name: string): SoapOperation | undefined {
  const exact = service.operations.get(name);
  if (exact !== undefined) return exact;
  const lower = name.toLowerCase();
  return [...service.operations.values()].find((operation) => operation.name.toLowerCase() === lower);
}

function callOf(fetched: FetchedService, question: SoapQuestion): SoapCall {
  const operation = findOperation(fetched, question.operation);
  if (operation === undefined) throw unknownOperation(fetched, question);
  const { schemas } = fetched.service;
  const { envelope, warnings } = writeMessage(schemas, operation, question);
  return {
    request: {
      method: 'POST',
      url: question.address ?? addressOf(operation, fetched.url),
      headers: headersOf(operation),
      body: envelope,
    },
    warnings,
    readAnswer: (answer) => readAnswer(schemas, operation, answer),
  };
}

function headersOf({ version, action }: SoapOperation): CallRequest['headers'] {
  // The action is quoted text: what would end it, or the header, is left out.
  const quoted = `"${action.replaceAll(/["\\\r\n]/gu, '')}"`;
  if (version === '1.1') {
    return [
      ['Content-Type', 'text/xml; charset=utf-8'],
      ['SOAPAction', quoted],
    ];
  }
  return [['Content-Type', `application/soap+xml; charset=utf-8${action === '' ? '' : `; action=${quoted}`}`]];
}

/**
 * Where to call: the port's address, read relative to the WSDL. Behind a proxy that ends TLS, services think they are called
 * without: an address on the host of a WSDL that was read over TLS is called over TLS.
 */
function addressOf(operation: SoapOperation, wsdl: string): string {
  const address = URL.parse(operation.address, wsdl);
  const from = URL.parse(wsdl);
  if (address === null || !/^https?:$/u.test(address.protocol)) {
    throw new MapwrightError(
      'SOAP_BINDING_UNAVAILABLE',
      `the WSDL's address "${operation.address}" is no http or https address`,
    );
  }
  const isDowngrade = address.protocol === 'http:' && from?.protocol === 'https:' && address.host === from.host;
  if (isDowngrade && address.port === '') address.protocol = 'https:';
  return address.href;
}

function unknownOperation({ service }: FetchedService, { operation, wsdl }: SoapQuestion): MapwrightError {
  const names = [...service.operations.keys()];
  const listed = `it has ${names.slice(0, 12).join(', ')}${names.length > 12 ? ', ...' : ''}`;
  return new MapwrightError('SOAP_OPERATION_UNKNOWN', `the WSDL ${wsdl} has no operation "${operation}"`, {
    hint: didYouMean(operation, names) ?? `${listed}: correct the operation's name`,
  });
}
