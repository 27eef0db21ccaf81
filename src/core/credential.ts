/** How a credential proves who calls. `oauth2-*` are the grants of RFC 6749 (4.1, 4.3, 4.4) and RFC 7523. */
export const CREDENTIAL_KINDS = [
  'none',
  'api-key',
  'basic',
  'digest',
  'oauth2-authorization-code',
  'oauth2-client-credentials',
  'oauth2-password',
  'oauth2-jwt-bearer',
  'client-certificate',
  'hmac',
  'aws-sigv4',
  'vtiger',
  'ws-username-token',
  'ws-signature',
] as const;

export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** Where a key or token stands in a request. `prefix` comes before it with a blank between; empty for none. */
export type TokenPlace =
  | { readonly in: 'header'; readonly name: string; readonly prefix: string }
  | { readonly in: 'query' | 'cookie'; readonly name: string };

/** How a client proves itself at a token endpoint (RFC 6749 section 2.3, RFC 7523 section 2.2); `none` for public clients. */
export type ClientAuthentication = 'basic' | 'post' | 'private-key-jwt' | 'none';

/** A key to sign with: PEM, or the JSON file that providers hand out for service accounts. */
export interface SigningKey {
  readonly text: string;
  readonly algorithm: 'RS256' | 'ES256';
  /** The `kid` that the other side knows the key by; undefined: none, or the file's. */
  readonly keyId: string | undefined;
}

/** Who asks a token endpoint for tokens. */
export interface OAuthClient {
  readonly id: string;
  readonly secret: string | undefined;
  readonly authentication: ClientAuthentication;
  /** For `private-key-jwt`. */
  readonly key: SigningKey | undefined;
}

/** Parameters by name. */
export type OAuthParameters = readonly (readonly [name: string, value: string, isSecret?: boolean])[];

/** What a token is asked for with. */
export type OAuthGrant =
  | {
      readonly type: 'authorization-code';
      readonly authorizationUrl: string;
      /** Undefined: the address of our own server. */
      readonly redirectUrl: string | undefined;
      /** Further parameters of the address that a person signs in at. */
      readonly authorizationParameters: OAuthParameters;
    }
  | { readonly type: 'client-credentials' }
  | { readonly type: 'password'; readonly user: string; readonly password: string }
  | {
      readonly type: 'jwt-bearer';
      readonly key: SigningKey;
      /** Undefined: the client's id, or the account of the key file. */
      readonly issuer: string | undefined;
      readonly subject: string | undefined;
      /** Undefined: the token endpoint. */
      readonly audience: string | undefined;
      readonly lifetimeMs: number;
    };

/** When tokens are renewed. */
export interface TokenRenewal {
  /** So long before a token expires. */
  readonly beforeMs: number;
  /** Statuses of an answer that say that the token no longer counts. */
  readonly onStatuses: readonly number[];
}

interface Named {
  /** The document's name. */
  readonly name: string;
  /** Whose tokens: a user's id where everybody has their own, empty where all share one. */
  readonly subject: string;
  /** What people call the user. */
  readonly subjectName?: string | undefined;
}

/** A credential with its settings and secrets put in, as one call needs it. Holds secrets in plain text: never stored or logged. */
export type Credential = Named &
  (
    | { readonly kind: 'none' }
    | { readonly kind: 'api-key'; readonly key: string; readonly send: TokenPlace }
    | { readonly kind: 'basic'; readonly user: string; readonly password: string }
    | { readonly kind: 'digest'; readonly user: string; readonly password: string }
    | OAuthCredential
    | ClientCertificate
    | HmacCredential
    | AwsCredential
    | VtigerCredential
    | {
        readonly kind: 'ws-username-token';
        readonly user: string;
        readonly password: string;
        readonly isDigest: boolean;
      }
    | { readonly kind: 'ws-signature'; readonly certificate: KeyedCertificate }
  );

/** Calls carry a token that a token endpoint gave. */
export interface OAuthCredential {
  readonly kind: 'oauth2';
  readonly grant: OAuthGrant;
  readonly tokenUrl: string;
  /** Undefined: the token endpoint. */
  readonly refreshUrl: string | undefined;
  readonly client: OAuthClient;
  readonly scopes: readonly string[];
  readonly audience: string | undefined;
  /** Further parameters of token requests. */
  readonly parameters: OAuthParameters;
  readonly send: TokenPlace;
  readonly renewal: TokenRenewal;
}

/** A certificate and its private key: two PEM texts, or one PKCS #12 file in base64. */
export type KeyedCertificate =
  | {
      readonly format: 'pem';
      readonly certificate: string;
      readonly key: string;
      readonly passphrase: string | undefined;
    }
  | { readonly format: 'p12'; readonly file: string; readonly passphrase: string | undefined };

/** The connection itself proves who calls (RFC 8446 section 4.4.2). */
export interface ClientCertificate {
  readonly kind: 'client-certificate';
  readonly certificate: KeyedCertificate;
}

/** A hash of parts of the request, keyed with a shared secret (RFC 2104). */
export interface HmacCredential {
  readonly kind: 'hmac';
  readonly key: string;
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: 'hex' | 'base64';
  /** The text that is signed: `{method}`, `{url}`, `{path}`, `{query}`, `{host}`, `{body}`, `{body-sha256}`, `{timestamp}`, `{timestamp-ms}`, `{date}`, `{iso-date}`, `{nonce}` are put in. */
  readonly covers: string;
  readonly send: TokenPlace;
  /** Headers that say when, and make every request one of its own; undefined: not sent. */
  readonly timestampHeader: string | undefined;
  readonly nonceHeader: string | undefined;
}

/** Signature Version 4 of Amazon Web Services. */
export interface AwsCredential {
  readonly kind: 'aws-sigv4';
  readonly accessKey: string;
  readonly secretKey: string;
  readonly sessionToken: string | undefined;
  readonly region: string;
  readonly service: string;
}

/** A session of a vtiger or coreBOS web service, opened by challenge and login and used by all calls. */
export interface VtigerCredential {
  readonly kind: 'vtiger';
  /** The address of `webservice.php`. */
  readonly url: string;
  readonly user: string;
  readonly accessKey: string;
  readonly renewal: TokenRenewal;
  /** Error codes of a `success:false` answer, and statuses, that say that the session is gone. */
  readonly renewOnCodes: readonly string[];
}

/** The code of a call that cannot be made because nobody has signed in for its credential. */
export const NOT_CONNECTED = 'CREDENTIAL_NOT_CONNECTED';

/** A token or session that is kept for later calls. */
export interface HeldToken {
  /** What calls carry. */
  readonly access: string;
  /** What gets the next one (RFC 6749 section 6). */
  readonly refresh: string | undefined;
  /** Milliseconds since 1970; undefined: nobody said. */
  readonly expiresAt: number | undefined;
  /** The scopes that were granted, where they differ from those asked for. */
  readonly scopes: readonly string[] | undefined;
  /** Whose it is at the provider, where that said so (the `sub` of an ID token). */
  readonly account?: string | undefined;
}

/** Which token: of a credential, for one person or for all. */
export interface TokenKey {
  readonly credential: string;
  /** A user's id; empty where all share one. */
  readonly subject: string;
}

/** A kept token as it stands. */
export interface TokenRow extends TokenKey {
  /** Rises with every change. */
  readonly version: number;
  /** Sealed `HeldToken`; undefined as long as nobody has connected, and after it was thrown away. */
  readonly sealed: string | undefined;
  /** Tells the credential's settings apart, so that a token got with others is not used: a hash, nothing to learn from. */
  readonly fingerprint: string;
  readonly changedAt: number;
  /** Who is renewing it, and until when nobody else may. */
  readonly renewer: string | undefined;
  readonly renewingUntil: number | undefined;
  /** Why the last renewal failed, in the provider's words; undefined after a success. */
  readonly problem: string | undefined;
  /** When a person signed in for it; undefined where nobody had to. Renewals leave it as it is. */
  readonly connectedAt: number | undefined;
}

/**
 * Tokens, sealed, shared by all nodes of an install. One renewal at a time: whoever wants to renew asks `beginRenewal`, and
 * whoever is told no waits for the version to rise. What a renewal gave is stored before anybody uses it.
 */
export interface TokenStore {
  get(key: TokenKey): Promise<TokenRow | undefined>;
  list(): Promise<readonly TokenRow[]>;
  /** True when the caller may renew: the row is at this version (0: there is none yet) and no other renewal is under way. */
  beginRenewal(params: TokenKey & { version: number; renewer: string; at: number; until: number }): Promise<boolean>;
  /** Stores what came of a renewal and ends it; false when the caller's time was up and another has taken over. */
  endRenewal(
    params: TokenKey & {
      renewer: string;
      at: number;
      fingerprint: string;
      outcome: { readonly sealed: string } | { readonly problem: string; readonly isThrownAway: boolean };
    },
  ): Promise<boolean>;
  /** Stores a token that a person's sign-in gave, or one that was given by hand. */
  put(params: TokenKey & { sealed: string; fingerprint: string; at: number }): Promise<void>;
  remove(key: TokenKey): Promise<boolean>;
  /** Removes all tokens of a credential; gives how many. */
  removeAll(credential: string): Promise<number>;
}
