import type { Located, SourceText } from '../core/diagnostic.ts';
import type { BreakerRules } from '../core/destination.ts';
import type { DocumentHead } from './common.ts';
import type { ErrorPlan } from './error-plan.ts';
import type { Expectation, Parameter } from './map.ts';
import type { NetworkPart } from './network.ts';

/** Time limits of a call; undefined members are inherited. */
export interface CallTimeouts {
  readonly connectMs: number | undefined;
  readonly totalMs: number | undefined;
  /** The longest silence of the other side. */
  readonly readMs?: number | undefined;
}

/** The product that maps talk to. */
export interface ServiceDocument extends DocumentHead {
  readonly kind: 'service';
  /** Template: literals and `{setting.x}` only. */
  readonly url: SourceText;
  /** Where the WSDL of its SOAP calls is, where a map does not say it; see SoapCallPart. */
  readonly wsdl?: SourceText | undefined;
  readonly timeouts: CallTimeouts;
  readonly limit: {
    readonly concurrent: number | undefined;
    /** Greatest number of calls that start in one second. */
    readonly perSecond?: number | undefined;
    /** Greatest number of calls that start in one minute, spread evenly over it. */
    readonly perMinute?: number | undefined;
    /** The longest pause that an answer's Retry-After may ask for. */
    readonly retryAfterMs?: number | undefined;
  };
  /** When it counts as down; what is left out is the default. */
  readonly breaker: Partial<BreakerRules> | 'off';
  /** False: its calls carry no `traceparent`. */
  readonly trace: boolean;
  /** How its calls travel; undefined: as calls do. */
  readonly network: NetworkPart | undefined;
  readonly headers: readonly Parameter[];
  readonly expectations: readonly Expectation[];
  readonly onError: ErrorPlan | undefined;
  /** Error codes and statuses after which a session is opened anew; undefined: the install's default. */
  readonly renewOn: readonly string[] | undefined;
  readonly credential: Located<string> | undefined;
  readonly product: string | undefined;
  readonly productVersion: string | undefined;
  readonly apiVersion: string | undefined;
  readonly logo: string | undefined;
}
