import type { CallAnswer, CallControl, CallFailure, Connector } from '../../core/call.ts';
import type { Credential } from '../../core/credential.ts';
import { wholeBody } from '../../core/large-body.ts';
import type { NetworkRules } from '../../core/network.ts';
import { WsdlUnreachedError } from '../../core/soap.ts';
import { rulesElsewhere } from '../http-redirect.ts';
import { decodeXmlBody } from './decode-text.ts';

/** How a description is fetched. */
export interface FetchOptions {
  readonly connector: Connector;
  /** Sent to this origin alone. */
  readonly login:
    | {
        readonly origin: string;
        readonly authorization: string | undefined;
        readonly credential: Credential | undefined;
      }
    | undefined;
  /** Elsewhere than at this origin, trust is neither widened nor weakened. */
  readonly network: { readonly origin: string; readonly rules: NetworkRules } | undefined;
  readonly control: CallControl;
  readonly connectTimeoutMs: number;
  /** What is left of the time for the whole description. */
  remainingMs(): number;
  readonly maxBytes: number;
}

export interface FetchedDocument {
  readonly text: string;
  /** Where it was found in the end: what relative addresses in it are relative to. */
  readonly url: string;
}

const MAX_REDIRECTS = 5;

/**
 * Fetches one document of a description. Redirects are followed, each under the same egress rules; a login is not sent to
 * another origin. Rejects with WsdlUnreachedError.
 */
export async function fetchDocument(address: string, options: FetchOptions): Promise<FetchedDocument> {
  let url = address;
  for (let hops = 0; ; hops++) {
    const answer = await get(url, options, address);
    const location = headerOf(answer, 'location');
    const isRedirect = answer.status >= 300 && answer.status < 400 && location !== undefined;
    if (!isRedirect) return { text: textOf(answer, address), url };
    const next = URL.parse(location, url);
    if (next === null || !/^https?:$/u.test(next.protocol) || hops >= MAX_REDIRECTS) {
      throw refusal(answer, address, `it answered ${answer.status}: look at ${location}`);
    }
    url = next.href;
  }
}

async function get(url: string, options: FetchOptions, address: string): Promise<CallAnswer> {
  const { connector, control, connectTimeoutMs, maxBytes } = options;
  const login = URL.parse(url)?.origin === options.login?.origin ? options.login : undefined;
  const authorization = login?.authorization;
  const outcome = await connector.send(
    {
      method: 'GET',
      url,
      headers: [
        ['Accept', 'text/xml, application/xml, application/wsdl+xml, */*;q=0.5'],
        ...(authorization === undefined ? [] : ([['Authorization', authorization]] as const)),
      ],
      body: undefined,
      connectTimeoutMs,
      totalTimeoutMs: Math.max(1, options.remainingMs()),
      maxAnswerBytes: maxBytes,
      credential: login?.credential,
      network: networkTo(url, options.network),
    },
    control,
  );
  if (outcome.kind === 'answered') return outcome.answer;
  // Reading a description changes nothing: nothing is in doubt.
  throw new WsdlUnreachedError({ ...outcome.failure, inDoubt: false }, address);
}

/** Redirects are followed here. */
function networkTo(url: string, network: FetchOptions['network']): NetworkRules | undefined {
  if (network === undefined) return undefined;
  const { origin, rules } = network;
  return { ...(URL.parse(url)?.origin === origin ? rules : rulesElsewhere(rules)), redirects: 'none' };
}

function textOf(answer: CallAnswer, address: string): string {
  if (answer.status < 200 || answer.status > 299) throw refusal(answer, address, `it answered status ${answer.status}`);
  return decodeXmlBody(wholeBody(answer.body), headerOf(answer, 'content-type'));
}

function headerOf({ headers }: CallAnswer, wanted: string): string | undefined {
  return headers.find(([name]) => name === wanted)?.[1];
}

function refusal(partial: CallAnswer, address: string, message: string): WsdlUnreachedError {
  const failure: CallFailure = {
    code: 'SOAP_WSDL_STATUS',
    cause: 'answer',
    message,
    hint: undefined,
    inDoubt: false,
    durationMs: partial.durationMs,
    partial,
  };
  return new WsdlUnreachedError(failure, address);
}
