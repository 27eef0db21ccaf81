import type { WrittenNode } from '../../xml/write.ts';

/**
 * What a description of somebody else's interface comes to, whatever it was written in: services, how calls prove who makes
 * them, and calls. `api-documents.ts` writes it down.
 */
export interface DescribedApi {
  /** The name that the names of its documents begin with. */
  readonly name: string;
  readonly services: readonly DescribedService[];
  readonly credentials: readonly DescribedCredential[];
  readonly calls: readonly DescribedCall[];
  readonly wanted: readonly WantedValue[];
  readonly notes: readonly DescriptionNote[];
}

/** What is not as it was described, and why, and what to do. */
export interface DescriptionNote {
  /** What it is about: `POST /orders`. */
  readonly of: string;
  readonly says: string;
}

/** A value that the documents name and the install has to be given. Never the value itself. */
export interface WantedValue {
  readonly kind: 'secret' | 'setting';
  readonly name: string;
  /** What it is, for people. */
  readonly says: string;
  /** Of a setting: what the description would take. */
  readonly proposed?: string | undefined;
}

export interface DescribedService {
  readonly name: string;
  readonly label?: string | undefined;
  readonly description?: string | undefined;
  /** A template: literals and `{setting.x}`. */
  readonly url: string;
  readonly credential?: string | undefined;
  readonly apiVersion?: string | undefined;
  readonly headers?: readonly DescribedParameter[];
  /** Elements besides the headers, in the order of the document: `<timeout>`, `<network>`. */
  readonly parts?: readonly WrittenNode[];
}

export interface DescribedCredential {
  readonly name: string;
  readonly label?: string | undefined;
  /** One of the kinds of `<credential>`. */
  readonly kind: string;
  readonly parts: readonly WrittenNode[];
}

/** Where a value comes from; names and texts are in the syntax of documents. */
export type DescribedSource =
  | { readonly context: string }
  | { readonly value: string }
  | { readonly secret: string }
  | { readonly setting: string }
  | { readonly template: string }
  | { readonly jsonata: string }
  | { readonly file: string; readonly filename?: string | undefined; readonly contentType?: string | undefined }
  | { readonly nested: readonly DescribedParameter[] };

export interface DescribedParameter {
  readonly name: string;
  readonly in?: 'path' | 'query' | 'header' | 'cookie' | 'body' | undefined;
  readonly source: DescribedSource;
  readonly type?: string | undefined;
  readonly encode?: string | undefined;
  /** How a list or an object is written in a query or a form. */
  readonly style?: 'brackets' | undefined;
  readonly required?: boolean | undefined;
  readonly defaultValue?: string | undefined;
  readonly whenEmpty?: 'omit' | undefined;
  readonly description?: string | undefined;
}

/** A value of the answer that a map could take; it is offered in a comment. */
export interface DescribedOutput {
  readonly path: string;
  /** The context key that it would go to. */
  readonly context: string;
  readonly type?: string | undefined;
  readonly optional: boolean;
  readonly description?: string | undefined;
}

export interface DescribedCall {
  readonly name: string;
  /** What the notes call it: `GET /orders/{id}`. */
  readonly title: string;
  readonly label?: string | undefined;
  readonly description?: string | undefined;
  readonly service: string;
  readonly method: string | undefined;
  /** A template. */
  readonly path?: string | undefined;
  readonly body?: 'json' | 'form' | 'multipart' | 'text' | 'xml' | 'raw' | 'none' | undefined;
  readonly contentType?: string | undefined;
  /** Further attributes of `<call>`. */
  readonly call?: Readonly<Record<string, string | undefined>>;
  readonly parameters: readonly DescribedParameter[];
  /** A template. */
  readonly bodyText?: string | undefined;
  readonly format?: 'json' | 'xml' | 'text' | 'raw' | undefined;
  /** What counts as success where 2xx does not. */
  readonly statuses?: readonly string[];
  readonly outputs?: readonly DescribedOutput[];
  readonly example?: CallExample | undefined;
}

/** One case of the map's test. */
export interface CallExample {
  /** JSON values by context key. */
  readonly context: ReadonlyMap<string, unknown>;
  readonly settings?: ReadonlyMap<string, string>;
  readonly answer: { readonly status: number; readonly contentType?: string | undefined; readonly body: string };
}
