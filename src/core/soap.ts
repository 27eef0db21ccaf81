import type { CallAnswer, CallFailure, CallRequest } from './call.ts';
import type { Credential } from './credential.ts';
import { MapwrightError } from './error.ts';
import type { Json, JsonObject } from './json.ts';
import type { NetworkRules } from './network.ts';
import type { SoapDescription } from './soap-description.ts';

/** One call of a SOAP operation, before its service's description has been read. */
export interface SoapQuestion {
  /** Where the service describes itself: the address of its WSDL 1.1, or the WSDL itself. */
  readonly wsdl: string | SoapDescription;
  /** Found by its exact name, else in any letter case. */
  readonly operation: string;
  /** The operation's parameters by name. */
  readonly values: JsonObject;
  /** Headers of the message by the names that the WSDL gives them, or by `{namespace}name`. */
  readonly headers?: JsonObject;
  /** Where to call, when it is not where the WSDL says. A WSDL without an address of its own must say all of it. */
  readonly address?: string | undefined;
  /** The `Authorization` header for reading the WSDL at its own origin. */
  readonly authorization: string | undefined;
  /** Proves who reads the WSDL, at its own origin. */
  readonly credential?: Credential | undefined;
  /** Told every secret that reading it brings up. */
  readonly onSecret?: (secret: string) => void;
  /** How the WSDL's documents are fetched; redirects are followed in any case. */
  readonly network?: NetworkRules | undefined;
  readonly connectTimeoutMs: number;
  readonly totalTimeoutMs: number;
}

/** One call of a SOAP operation, ready to be sent as any other. */
export interface SoapCall {
  readonly request: Pick<CallRequest, 'method' | 'url' | 'headers' | 'body'>;
  /** What was left out of the envelope, or sent as something else than it was given as. */
  readonly warnings: readonly string[];
  /** Reads the answer to this call, a large one in slices. Never rejects. */
  readAnswer(answer: CallAnswer): Promise<SoapAnswer>;
}

export type SoapAnswer =
  | SoapResult
  | { readonly kind: 'fault'; readonly fault: SoapFault; readonly text: string }
  /** No envelope, or one that cannot be read; `message` says why. */
  | { readonly kind: 'unreadable'; readonly message: string; readonly text: string };

export interface SoapResult {
  readonly kind: 'result';
  /** What the operation gives: of one part its value, of several an object. Typed as the WSDL says. */
  readonly value: Json;
  /** The message's parts by name. */
  readonly parts: JsonObject;
  /** The body as it came. */
  readonly text: string;
}

/** A refusal in the protocol's own words (SOAP 1.1 section 4.4, SOAP 1.2 part 1 section 5.4). */
export interface SoapFault {
  /** Without its prefix: `Client`, `Server`, `Sender`, `Receiver` or the service's own. */
  readonly code: string;
  /** The most particular subcode of SOAP 1.2, without its prefix. */
  readonly subcode: string | undefined;
  readonly message: string;
  readonly actor: string | undefined;
  readonly detail: Json | undefined;
}

/** Turns operations into requests. */
export interface SoapClient {
  /**
   * Reads the WSDL, or knows it from before, and builds the request. Rejects with WsdlUnreachedError, or a MapwrightError:
   * SOAP_WSDL_INVALID, SOAP_OPERATION_UNKNOWN, SOAP_BINDING_UNAVAILABLE, SOAP_PARAMETER_MISSING, SOAP_PARAMETER_INVALID.
   */
  prepare(question: SoapQuestion): Promise<SoapCall>;
}

/** The error where no WSDL can be read: in a test, or without an install. */
export function wsdlUnavailable(what: string): MapwrightError {
  return new MapwrightError('MAP_SOAP_UNAVAILABLE', `${what} is not read here`, {
    hint: 'try it on an install: mapwright run MAP; a map test gives it the WSDL: <wsdl><![CDATA[...]]></wsdl>',
  });
}

/** The WSDL, or a document it imports, could not be fetched: nothing has been asked of the service yet. */
export class WsdlUnreachedError extends MapwrightError {
  readonly failure: CallFailure;

  constructor(failure: CallFailure, address: string) {
    const hint = failure.hint ?? 'open the address in a browser: it must show the WSDL';
    super(failure.code, `the WSDL ${address} could not be read: ${failure.message}`, { hint });
    this.failure = failure;
  }
}
