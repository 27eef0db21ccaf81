import type { WrittenNode } from '../../xml/write.ts';

/**
 * A request as somebody wrote it down, values and all: a command of curl, one of a Postman collection. Texts may hold
 * `{{NAME}}` for a value that is known by name only.
 */
export interface ConcreteRequest {
  readonly name: string | undefined;
  readonly description?: string | undefined;
  /** Upper case. */
  readonly method: string;
  readonly url: string;
  readonly headers: readonly NamedText[];
  /** Beside what stands in the URL. */
  readonly query?: readonly NamedText[];
  readonly body: ConcreteBody;
  readonly auth?: ConcreteAuth | undefined;
  /** Elements of the service: `<timeout>`, `<network>`. */
  readonly serviceParts?: readonly WrittenNode[];
}

export interface NamedText {
  readonly name: string;
  readonly value: string;
  readonly description?: string | undefined;
}

export type ConcreteBody =
  | { readonly kind: 'none' }
  /** `type`: what its kind is when no header says it. */
  | { readonly kind: 'text'; readonly text: string; readonly type: string | undefined }
  | { readonly kind: 'form'; readonly fields: readonly NamedText[] }
  | { readonly kind: 'multipart'; readonly parts: readonly ConcretePart[] }
  | { readonly kind: 'file' };

export interface ConcretePart extends NamedText {
  /** True: the value is the name of a file. */
  readonly isFile: boolean;
  readonly contentType?: string | undefined;
}

/** How a request says who makes it, apart from its headers. The secret parts themselves are not kept. */
export type ConcreteAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic' | 'digest'; readonly user: string }
  | { readonly kind: 'bearer' }
  | {
      readonly kind: 'api-key';
      readonly in: 'header' | 'query' | 'cookie';
      readonly name: string;
      readonly prefix?: string;
    }
  | { readonly kind: 'client-certificate' }
  | {
      readonly kind: 'aws';
      readonly accessKey: string;
      readonly region: string;
      readonly service: string;
      readonly hasSession: boolean;
    }
  | {
      readonly kind: 'oauth2';
      readonly grant: 'client-credentials' | 'authorization-code' | 'password';
      readonly tokenUrl: string;
      readonly authorizationUrl: string;
      readonly clientId: string;
      readonly user: string;
      readonly scope: string;
      readonly inBody: boolean;
    };
