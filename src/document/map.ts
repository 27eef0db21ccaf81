import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { DocumentHead } from './common.ts';
import type { PART_SOURCE_NAMES } from './corebos/part-names.ts';
import type { ErrorPlan } from './error-plan.ts';
import type { CallTimeouts } from './service.ts';

/** One call of another system, from either dialect. */
export interface WebserviceMap extends DocumentHead {
  readonly kind: 'map';
  readonly dialect: 'native' | 'corebos';
  readonly module: Located<string> | undefined;
  readonly service: Located<string> | undefined;
  readonly call: CallDefinition;
  readonly parameters: readonly Parameter[];
  /** The text of `<body>`, a template. */
  readonly body: SourceText | undefined;
  readonly response: ResponseDefinition;
  readonly onError: ErrorPlan | undefined;
  /** What `<?mapwright ...?>` turns on; coreBOS dialect only. */
  readonly switches?: MapSwitches | undefined;
}

/** How a coreBOS map departs from the original: `<?mapwright values="raw" paths="strict"?>`. */
export interface MapSwitches {
  /** True: a path without a dot gives the value itself, not its JSON text. */
  readonly rawValues: boolean;
  /** True: a missing level ends the walk along a path. */
  readonly strictPaths: boolean;
}

export type BodyKind = 'json' | 'form' | 'multipart' | 'text' | 'xml' | 'raw' | 'none';

/**
 * How parameters become a request. `native`: as their places say. The others are the input types of the coreBOS dialect:
 * `corebos-json` JSON; `corebos-form` XML (which posts a form); `corebos-query` URL; `corebos-restful` URLRESTFUL.
 */
export type WireStyle = 'native' | 'corebos-json' | 'corebos-form' | 'corebos-query' | 'corebos-restful';

export interface CallDefinition {
  readonly protocol: 'rest' | 'soap';
  /** Upper case. */
  readonly method: string;
  /** A whole URL. Native: literals and `{setting.x}` only. coreBOS: `getSetting(x)`, `getContext(x)` and, restful, `$name`. */
  readonly url: SourceText | undefined;
  /** What follows the service's URL; a template. */
  readonly path: SourceText | undefined;
  readonly body: BodyKind;
  readonly contentType: string | undefined;
  /** `php`: body and query are written as PHP writes them, byte by byte; native dialect. */
  readonly serialization?: 'php' | undefined;
  readonly wire: WireStyle;
  readonly timeouts: CallTimeouts;
  /** What to do when it is unknown whether the other side acted; undefined: the default for method and dialect. */
  readonly inDoubt: 'resend' | 'ask' | undefined;
  /** The map that finds out what the other side did; stands in the place of `inDoubt`. */
  readonly look?: LookDefinition | undefined;
  /** True: the call changes nothing at the other side, whatever its method. */
  readonly isSafe?: boolean;
  /** What only the coreBOS dialect has. */
  readonly legacy?: LegacyCall | undefined;
}

/** How to find out what became of a call to which no answer came. */
export interface LookDefinition {
  readonly map: Located<string>;
  /** JSONata over the response; undefined: found when every output is there. */
  readonly found: SourceText | undefined;
  readonly range: Range;
}

/** Parts of a coreBOS `wsconfig` that have no native counterpart. */
export interface LegacyCall {
  /** The SOAP operation; for REST a name without effect. */
  readonly methodName: string | undefined;
  /** HTTP Basic authentication, when both were given. */
  readonly basic: { readonly user: SourceText; readonly password: SourceText } | undefined;
}

export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'body';
export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'json' | 'array';
export type ParameterEncoding = 'json' | 'base64' | 'hex' | 'md5' | 'sha1' | 'sha256' | 'form';
export type WhenEmpty = 'send' | 'omit' | 'null' | 'fail';

/** One input of a call. */
export interface Parameter {
  readonly name: string;
  /** Undefined: the place follows from the call (path placeholder, method). */
  readonly in: ParameterPlace | undefined;
  readonly source: ParameterSource;
  /** JSONata that gives a list: the parameter is repeated for each item, `item` names it. */
  readonly each: SourceText | undefined;
  readonly type: ParameterType | undefined;
  readonly encode: ParameterEncoding | undefined;
  readonly whenEmpty: WhenEmpty | undefined;
  readonly required: boolean;
  readonly defaultValue: string | undefined;
  readonly description: string | undefined;
  readonly sensitive: boolean;
  readonly range: Range;
  /** Where in the document's tree: `/map/parameters/parameter[2]`. */
  readonly path: string;
}

/** Where a value comes from: exactly one. */
export type ParameterSource =
  | { readonly kind: 'value'; readonly text: string; readonly at: Range }
  | {
      readonly kind: 'field' | 'context' | 'input' | 'setting' | 'secret' | 'rule';
      readonly name: SourceText;
    }
  | {
      readonly kind: 'file';
      /** The field that holds the file. */
      readonly name: SourceText;
      /** What the other side is told the file is called; a template. */
      readonly filename: SourceText | undefined;
      readonly contentType: string | undefined;
    }
  | { readonly kind: 'template' | 'jsonata' | 'legacy' | 'legacy-template'; readonly text: SourceText }
  | { readonly kind: 'nested'; readonly parameters: readonly Parameter[] }
  /** As coreBOS makes a value: the parts' texts joined, with the delimiter between them. */
  | { readonly kind: 'parts'; readonly parts: readonly LegacyPart[]; readonly delimiter: string }
  /** coreBOS: texts of the record that the field or context value `link` leads to, one after another. */
  | {
      readonly kind: 'related';
      readonly link: SourceText;
      /** The module of that record; also tells which module a plain record number is of. */
      readonly module: SourceText | undefined;
      readonly parts: readonly RelatedPart[];
    }
  /** coreBOS header and URL text: `getContext(x)` and `getSetting(x)` inside are replaced. */
  | { readonly kind: 'legacy-text'; readonly text: SourceText };

/** A field of the record behind a reference, or a text between. */
export interface RelatedPart {
  readonly kind: 'field' | 'literal';
  readonly text: string;
}

/** One Orgfield of the coreBOS dialect. `name` is a field or context key. */
export interface LegacyPart {
  readonly source: (typeof PART_SOURCE_NAMES)[number];
  readonly text: SourceText;
  readonly postProcess: string | undefined;
  /** The rule of a RULE part that names it apart: `text` then names the values that it sees where there is no record. */
  readonly rule?: SourceText;
}

/** What must hold for an answer to count as a success. */
export interface Expectation {
  /** `200`, `2xx`, `404`; undefined: the default (2xx) or what another expectation says. */
  readonly statuses: readonly string[] | undefined;
  /** JSONata that must be true. */
  readonly when: SourceText | undefined;
  /** Templates that read the error's code and message out of the answer. */
  readonly code: SourceText | undefined;
  readonly message: SourceText | undefined;
  readonly range: Range;
}

export interface ResponseDefinition {
  /** What the body must be readable as, when anything reads it. `raw` reads nothing. */
  readonly format: 'json' | 'xml' | 'text' | 'raw';
  readonly expectations: readonly Expectation[];
  readonly outputs: readonly Output[];
}

/** One value taken from an answer and where it goes: a record field, a context key, or both. */
export interface Output {
  /** `result.0.id`; in the coreBOS dialect `.` is the whole body. Undefined when `value` or `jsonata` is given. */
  readonly from: SourceText | undefined;
  readonly value: string | undefined;
  readonly jsonata: SourceText | undefined;
  readonly field: Located<string> | undefined;
  readonly context: Located<string> | undefined;
  readonly type: ParameterType | undefined;
  readonly optional: boolean;
  readonly defaultValue: string | undefined;
  readonly on: 'success' | 'failure' | 'always';
  readonly sensitive: boolean;
  /** True when the record write starts workflows as a person's would. */
  readonly fires: boolean;
  readonly range: Range;
  readonly path: string;
}
