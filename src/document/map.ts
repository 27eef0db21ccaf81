import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { DocumentHead } from './common.ts';
import type { PART_SOURCE_NAMES } from './corebos/part-names.ts';
import type { ErrorPlan } from './error-plan.ts';
import type { NetworkPart } from './network.ts';
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
  /** What is called of a service with a WSDL; native dialect. */
  readonly soap?: SoapCallPart | undefined;
  /** Upper case. */
  readonly method: string;
  /** A whole URL. Native: literals and `{setting.x}` only. coreBOS: `getSetting(x)`, `getContext(x)` and, restful, `$name`. */
  readonly url: SourceText | undefined;
  /** What follows the service's URL; a template. */
  readonly path: SourceText | undefined;
  readonly body: BodyKind;
  readonly contentType: string | undefined;
  /** The name of the root element of an XML body that is made of parameters. */
  readonly root?: Located<string> | undefined;
  /** `php`: body and query are written as PHP writes them, byte by byte; native dialect. */
  readonly serialization?: 'php' | undefined;
  readonly wire: WireStyle;
  readonly timeouts: CallTimeouts;
  /** How the call travels, over what its service says; coreBOS dialect only. */
  readonly network?: NetworkPart | undefined;
  /** What to do when it is unknown whether the other side acted; undefined: the default for method and dialect. */
  readonly inDoubt: 'resend' | 'ask' | undefined;
  /** The map that finds out what the other side did; stands in the place of `inDoubt`. */
  readonly look?: LookDefinition | undefined;
  /** True: the call changes nothing at the other side, whatever its method. */
  readonly isSafe?: boolean;
  /** What only the coreBOS dialect has. */
  readonly legacy?: LegacyCall | undefined;
}

/** An operation of a service that describes itself in a WSDL. */
export interface SoapCallPart {
  /** A template. */
  readonly operation: SourceText;
  /**
   * A whole address, or what follows the service's: templates. Or a file beside the document: `isFileBeside`. Undefined: as the
   * service says, else its address with `?wsdl`.
   */
  readonly wsdl: SourceText | undefined;
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

/** `attribute` and `text` are places inside an element of an XML body; `soap-header` is beside the body of an envelope. */
export type ParameterPlace = 'path' | 'query' | 'header' | 'cookie' | 'body' | 'attribute' | 'text' | 'soap-header';

/**
 * How a list or an object is written in a query or a form: `repeat` a=1&a=2, `comma` a=1,2, `space` a=1%202, `pipe` a=1%7C2,
 * `brackets` a[]=1&a[]=2 and a[name]=1.
 */
export type ParameterStyle = 'repeat' | 'comma' | 'space' | 'pipe' | 'brackets';

export type ParameterType = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'json' | 'array';
export type ParameterEncoding = 'json' | 'base64' | 'hex' | 'md5' | 'sha1' | 'sha256' | 'form';
export type WhenEmpty = 'send' | 'omit' | 'null' | 'fail';

/** One input of a call. */
export interface Parameter {
  readonly name: string;
  /** Undefined: the place follows from the call (path placeholder, method). */
  readonly in: ParameterPlace | undefined;
  readonly style?: ParameterStyle | undefined;
  /** True: the members of its value, an object, are parameters of their own in its place. */
  readonly isSpread?: boolean;
  /** Templates: what a part of a multipart body, or the file, is called and of which type it is. */
  readonly filename?: SourceText | undefined;
  readonly contentType?: SourceText | undefined;
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
      /** The field that holds the file, or `context.KEY`. */
      readonly name: SourceText;
    }
  | { readonly kind: 'template' | 'jsonata' | 'legacy' | 'legacy-template'; readonly text: SourceText }
  /** A path into the item at hand; of `<records>` only. */
  | { readonly kind: 'path'; readonly text: SourceText }
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

export type ResponseFormat = 'json' | 'xml' | 'csv' | 'text' | 'raw';

export interface ResponseDefinition {
  /** What the body must be readable as, when anything reads it. `raw` reads nothing. */
  readonly format: ResponseFormat;
  /** How rows are written; only of `csv`. */
  readonly csv?: CsvForm | undefined;
  /** The character set of the body, whatever its type says; undefined: as the type says. */
  readonly encoding?: string | undefined;
  /** Names of elements that are lists however many there are; only of `xml`. */
  readonly lists?: readonly string[] | undefined;
  /** True: attributes are members `@name` of their elements, the text beside them `_`; only of `xml`. */
  readonly attributes?: boolean | undefined;
  readonly expectations: readonly Expectation[];
  readonly outputs: readonly Output[];
  /** Lists of the answer that become records. */
  readonly records?: readonly RecordsOutput[];
  /** How the other pages of a list are asked for. */
  readonly pages?: PagesDefinition | undefined;
  /** Where the body goes when it is a file of its own. */
  readonly file?: AnswerFile | undefined;
}

/** A body that becomes a stored file, and who gets the reference to it. */
export interface AnswerFile {
  readonly field: Located<string> | undefined;
  readonly context: Located<string> | undefined;
  /** A template; undefined: as Content-Disposition or the address says. */
  readonly filename: SourceText | undefined;
  /** A template; undefined: as the answer says. */
  readonly contentType: SourceText | undefined;
  readonly maxBytes: number;
  readonly range: Range;
  readonly path: string;
}

/** How rows of RFC 4180 are written. */
export interface CsvForm {
  /** One character; undefined: that of `,` `;` and tab which the first row has most of. */
  readonly separator: string | undefined;
  /** True: the first row names the columns, and each row is an object. False: each row is a list. */
  readonly hasHeader: boolean;
}

/** How the other side writes dates and times. */
export interface ValueForm {
  /** `dd.MM.yyyy HH:mm`; undefined: ISO 8601. */
  readonly pattern: string | undefined;
  /** IANA name of the zone of times without one; undefined: UTC. */
  readonly zone: string | undefined;
}

/** A list of the answer whose items are created, or found and changed. */
export interface RecordsOutput {
  /** Where the list stands; undefined: the whole answer is it. */
  readonly from: SourceText | undefined;
  readonly module: Located<string>;
  /** The fields by whose values a record is looked for. */
  readonly match: readonly Located<string>[];
  readonly sets: readonly RecordSetting[];
  /** What becomes of an item without a value to look for. */
  readonly whenEmpty: 'fail' | 'create';
  readonly onRefused: 'continue' | 'stop';
  /** True: an answer without the list has no items. */
  readonly optional: boolean;
  /** The context key that gets the counts. */
  readonly context: Located<string> | undefined;
  readonly fires: boolean;
  readonly range: Range;
  readonly path: string;
}

/** One field of such a record and the source of its value. */
export interface RecordSetting {
  readonly field: Located<string>;
  readonly source: ParameterSource;
  readonly type: ParameterType | undefined;
  readonly form: ValueForm | undefined;
  readonly defaultValue: string | undefined;
  /** True: the field stays as it is where the item has no such value. */
  readonly optional: boolean;
  readonly whenEmpty: WhenEmpty | undefined;
  readonly range: Range;
  readonly path: string;
}

/** What tells one page from the next. `link`: RFC 8288; `next`: an address in the body. */
export type PageKind = 'page' | 'offset' | 'cursor' | 'link' | 'next';

/** How a list is asked for page by page. */
export interface PagesDefinition {
  readonly by: PageKind;
  /** Where the list stands in each answer; undefined: the whole answer is it. */
  readonly items: SourceText | undefined;
  /** The name under which number, offset or cursor is sent. */
  readonly parameter: string | undefined;
  readonly in: 'query' | 'header' | 'body';
  /** The number of the first page or item. */
  readonly from: number;
  /** Items that a full page has. */
  readonly size: number | undefined;
  /** Where cursor or next address stands in the body. */
  readonly next: SourceText | undefined;
  /** The header that it stands in; lower case. */
  readonly nextHeader: string | undefined;
  /** Where it stands whether there are more. */
  readonly more: SourceText | undefined;
  readonly maxPages: number;
  readonly maxItems: number;
  readonly maxBytes: number;
  /** What becomes of a list that is longer. */
  readonly whenMore: 'fail' | 'stop';
  readonly range: Range;
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
  /** How dates and times are written. */
  readonly form?: ValueForm | undefined;
  /** A regular expression: its first group in the text, or what it finds, is the value. */
  readonly match?: SourceText | undefined;
  readonly optional: boolean;
  readonly defaultValue: string | undefined;
  readonly on: 'success' | 'failure' | 'always';
  readonly sensitive: boolean;
  /** True when the record write starts workflows as a person's would. */
  readonly fires: boolean;
  readonly range: Range;
  readonly path: string;
}
