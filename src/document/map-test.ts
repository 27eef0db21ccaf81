import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { DocumentHead } from './common.ts';
import type { ParameterType } from './map.ts';

/** Cases for one map: what is given, and what must be sent and written. Run by `mapwright test`, never applied. */
export interface MapTestDocument extends DocumentHead {
  readonly kind: 'map-test';
  /** The name of the map, of either dialect. */
  readonly map: Located<string>;
  readonly cases: readonly MapTestCase[];
}

/** One case. What stands in the document beside its cases (settings, secrets, time) is put in already. */
export interface MapTestCase {
  readonly name: Located<string>;
  readonly description: string | undefined;
  /** The reason why the case is not run. */
  readonly skip: string | undefined;
  readonly settings: ReadonlyMap<string, string>;
  /** Made up for the test: a document is no place for real ones. */
  readonly secrets: ReadonlyMap<string, string>;
  readonly time: CaseTime;
  /** The text of the WSDL that a SOAP map is described by; undefined: SOAP maps cannot be called. */
  readonly wsdl: string | undefined;
  /** In the order written; a dotted name (`account_id.accountname`) is a field behind a reference. */
  readonly record: readonly GivenField[];
  readonly previous: readonly GivenField[] | undefined;
  readonly context: readonly GivenContext[];
  /** Undefined: the request is built and compared, and nothing answers it. */
  readonly answer: GivenAnswer | undefined;
  readonly expected: ExpectedResult;
  /** The whole `<case>`. */
  readonly range: Range;
}

export interface CaseTime {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** IANA name. */
  readonly zone: string;
}

export interface GivenField {
  readonly name: Located<string>;
  /** Undefined: null was said. */
  readonly value: SourceText | undefined;
}

export interface GivenContext {
  readonly name: Located<string>;
  readonly value: SourceText;
  /** What the text is converted to; undefined: it stays text. */
  readonly type: ParameterType | undefined;
}

export const ANSWER_FAILURES = ['timeout', 'refused', 'reset'] as const;

/** What the other side answers, or that no answer comes. */
export type GivenAnswer =
  | { readonly kind: 'failure'; readonly failure: (typeof ANSWER_FAILURES)[number] }
  | {
      readonly kind: 'answer';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: readonly (readonly [name: string, value: string])[];
      readonly body: string;
    };

/** Everything a case demands; what is not mentioned may be anything, but a failure must be expected. */
export interface ExpectedResult {
  readonly sent: ExpectedRequest | undefined;
  readonly written: readonly ExpectedWrite[];
  readonly notWritten: readonly ExpectedAbsence[];
  readonly failed: ExpectedFailure | undefined;
  readonly warnings: readonly Located<string>[];
}

export interface ExpectedRequest {
  readonly method: Located<string> | undefined;
  /** The URL's path, with its query when it holds a `?`. */
  readonly path: Located<string> | undefined;
  /** The whole URL. */
  readonly url: Located<string> | undefined;
  readonly parameters: readonly ExpectedParameter[];
  readonly headers: readonly ExpectedHeader[];
  /** With the place of the whole element. */
  readonly body: Located<string> | undefined;
  readonly range: Range;
}

/** A value as written; `something`: any value will do. */
export type ExpectedValue =
  | { readonly kind: 'text'; readonly text: Located<string> }
  | { readonly kind: 'null' }
  | { readonly kind: 'absent' }
  | { readonly kind: 'something' };

export interface ExpectedParameter {
  readonly name: Located<string>;
  /** A place inside the value, read as JSON. */
  readonly path: SourceText | undefined;
  readonly value: ExpectedValue;
  readonly range: Range;
}

export interface ExpectedHeader {
  readonly name: Located<string>;
  readonly value: ExpectedValue;
  readonly range: Range;
}

/** Where an output goes. */
export interface WriteTarget {
  readonly kind: 'field' | 'context';
  readonly name: Located<string>;
}

export interface ExpectedWrite {
  readonly target: WriteTarget;
  readonly value: ExpectedValue;
  readonly range: Range;
}

export interface ExpectedAbsence {
  /** Undefined: nothing at all may be written. */
  readonly target: WriteTarget | undefined;
  readonly range: Range;
}

export interface ExpectedFailure {
  readonly code: Located<string>;
  /** A part of the message. */
  readonly message: Located<string> | undefined;
  readonly range: Range;
}

/** True when the case demands anything at all. */
export function expectsSomething({ sent, written, notWritten, failed, warnings }: ExpectedResult): boolean {
  return sent !== undefined || failed !== undefined || written.length + notWritten.length + warnings.length > 0;
}
