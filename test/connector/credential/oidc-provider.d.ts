/** The part of the package that tests use; it ships no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface StoredToken {
    readonly clientId?: string;
    readonly accountId?: string;
    readonly scope?: string;
    readonly isExpired: boolean;
  }

  interface TokenModel {
    find(value: string): Promise<StoredToken | undefined>;
    new (properties: Record<string, unknown>): { save(): Promise<string> };
  }

  interface GrantContext {
    body: unknown;
    readonly oidc: {
      readonly params: Readonly<Record<string, string | undefined>>;
      readonly client: { readonly clientId: string };
    };
  }

  export class Provider {
    constructor(issuer: string, configuration: Record<string, unknown>);
    readonly AccessToken: TokenModel;
    readonly ClientCredentials: TokenModel;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    registerGrantType(name: string, handler: (context: GrantContext) => Promise<void>, parameters: string[]): void;
  }
}
