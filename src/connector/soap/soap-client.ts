import type { CallRequest, Connector } from '../../core/call.ts';
import type { Clock } from '../../core/clock.ts';
import { MapwrightError } from '../../core/error.ts';
import { type SoapCall, type SoapClient, type SoapQuestion, wsdlUnavailable } from '../../core/soap.ts';
import type { SoapDescription } from '../../core/soap-description.ts';
import { didYouMean } from '../../core/suggestion.ts';
import { type FetchedService, fetchWsdl, readStoredWsdl } from './fetch-wsdl.ts';
import type { SoapOperation } from './operation.ts';
import { readAnswer } from './read-answer.ts';
import { WsdlCache } from './wsdl-cache.ts';
import { writeMessage } from './write-message.ts';

interface Parts {
  /** Undefined: only WSDLs that are stored with the documents are read, of others MAP_SOAP_UNAVAILABLE is told. */
  readonly connector: Connector | undefined;
  readonly clock: Clock;
}

/**
 * Reads WSDLs through the given connector, so under its egress rules and limits, and turns operations into requests for it.
 * A WSDL is kept for five minutes, and for a day should it not be there then; one that is stored with the documents as long as
 * these are.
 */
export function createSoapClient(parts: Parts): SoapClient {
  const cache = new WsdlCache(parts.clock);
  const stored = new WeakMap<SoapDescription, Promise<FetchedService>>();
  return {
    async prepare(question) {
      const { wsdl } = question;
      if (typeof wsdl !== 'string') {
        const reading = stored.get(wsdl) ?? readStoredWsdl(wsdl);
        stored.set(wsdl, reading);
        return callOf(await reading, question);
      }
      const key = keyOf({ ...question, wsdl });
      const fetch = async (): Promise<FetchedService> => fetchFor(parts, { ...question, wsdl });
      const fetched = await cache.get(key, fetch);
      if (findOperation(fetched, question.operation) !== undefined) return callOf(fetched, question);
      // The service may have learnt the operation since its WSDL was read.
      return callOf(await cache.renew(key, fetch), question);
    },
  };
}

type FetchedQuestion = Omit<SoapQuestion, 'wsdl'> & { readonly wsdl: string };

/** What was read without looking who answers, or from whom another service trusts, is not for others. */
function keyOf({ wsdl, authorization = '', credential, network = {} }: FetchedQuestion): string {
  const { proxy, authority, verify } = network;
  const way = JSON.stringify([proxy?.url, authority, verify]);
  return `${wsdl}\n${authorization}\n${credential?.name ?? ''}\n${credential?.subject ?? ''}\n${way}`;
}

function fetchFor(
  { connector, clock }: Parts,
  { wsdl, authorization, credential, network, onSecret, connectTimeoutMs, totalTimeoutMs }: FetchedQuestion,
): Promise<FetchedService> {
  if (connector === undefined) throw wsdlUnavailable(`the WSDL ${wsdl}`);
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
  // A WSDL that is stored has no address that another could be relative to.
  const address = URL.parse(operation.address, wsdl) ?? URL.parse(operation.address);
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
  const place = typeof wsdl === 'string' ? wsdl : wsdl.file;
  return new MapwrightError('SOAP_OPERATION_UNKNOWN', `the WSDL ${place} has no operation "${operation}"`, {
    hint: didYouMean(operation, names) ?? `${listed}: correct the operation's name`,
  });
}
