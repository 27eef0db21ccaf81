import type { z } from '@hono/zod-openapi';
import type { Caller, Scope } from '../../core/access.ts';
import type { Administration } from '../../runtime/administration.ts';
import type { ApiParts } from './api-parts.ts';

/** Who may call: whoever has the scope; `session` any who are let in; `anybody` strangers too. */
export type Access = Scope | 'session' | 'anybody';

/** What a handler is given. */
export interface OperationCall<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly administration: Administration;
  readonly caller: Caller;
  readonly parts: ApiParts;
  readonly request: Request;
  /** Of a request with `Idempotency-Key`: the same for every try of it, and of no other caller. */
  readonly onceKey: string | undefined;
}

/** An answer that is not plain 200 with a body. */
export class ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** A value of the schema that the OpenAPI document shows. */
interface Examples {
  readonly body?: unknown;
  readonly answer?: unknown;
}

interface Described {
  /** Unique; what clients that are generated call it. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below /api/v1, with parameters in braces. */
  readonly path: string;
  readonly access: Access;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** True of a body that carries documents or records: it may be larger. */
  readonly isLarge?: boolean;
  /** True of a body that is no JSON and is read by the handler, piece by piece. */
  readonly isStream?: boolean;
  /** The header by which the caller says what it has seen. */
  readonly ifMatch?: boolean;
  /** Statuses of success; 200 when left out. All have the same body, 204 has none. */
  readonly statuses?: readonly number[];
  /** Of an answer that is no JSON. */
  readonly mediaType?: string;
  readonly examples?: Examples;
}

/** One operation of the API as its file tells it. */
export interface OperationDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> extends Described {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** The schema of the answer; left out when there is none. */
  readonly answer?: z.ZodType;
  readonly handle: (call: OperationCall<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<unknown>;
}

/** One operation, whatever its parameters are. */
export interface Operation extends Described {
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly answer: z.ZodType | undefined;
  /** Is given what the schemas above have read. */
  readonly handle: (call: OperationCall<unknown, unknown, unknown>) => Promise<unknown>;
}

/** An operation whose handler gets what its schemas read. */
export function operation<
  P extends z.ZodType = z.ZodType<unknown>,
  Q extends z.ZodType = z.ZodType<unknown>,
  B extends z.ZodType = z.ZodType<unknown>,
>(definition: OperationDefinition<P, Q, B>): Operation {
  const { params, query, body, answer, handle, ...described } = definition;
  return {
    ...described,
    params,
    query,
    body,
    answer,
    // Sound because the app calls it with what these very schemas gave.
    handle: handle as Operation['handle'],
  };
}
