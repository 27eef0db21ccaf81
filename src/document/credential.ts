import type { ClientAuthentication, CredentialKind } from '../core/credential.ts';
import type { Located, Range, SourceText } from '../core/diagnostic.ts';
import type { DocumentHead } from './common.ts';

/** How calls prove who makes them. Holds names of secrets, never secrets; texts may hold `{setting.x}`. */
export interface CredentialDocument extends DocumentHead {
  readonly kind: 'credential';
  readonly credentialKind: CredentialKind;
  /** False: everybody who starts a run has a token of their own. */
  readonly isShared: boolean;
  readonly login:
    | { readonly user: SourceText; readonly secret: Located<string>; readonly isDigest: boolean }
    | undefined;
  readonly key: KeyPart | undefined;
  readonly certificate: CertificatePart | undefined;
  readonly authorization: { readonly url: SourceText; readonly parameters: readonly TokenParameter[] } | undefined;
  readonly token: TokenPart | undefined;
  readonly refreshUrl: SourceText | undefined;
  readonly redirectUrl: SourceText | undefined;
  readonly client: { readonly id: SourceText; readonly secret: Located<string> | undefined } | undefined;
  readonly scopes: readonly string[];
  readonly audience: SourceText | undefined;
  readonly assertion: AssertionPart;
  readonly signature: SignaturePart;
  readonly aws: AwsPart | undefined;
  /** The address of the service that a vtiger session is opened at; undefined: that of the service that is called. */
  readonly sessionUrl: SourceText | undefined;
  readonly send: SendPart | undefined;
  readonly renewal: { readonly beforeMs: number | undefined; readonly onStatuses: readonly number[] | undefined };
  /** What tells whether it works. */
  readonly test: TestPart | undefined;
}

/** A secret to sign with, or that is sent as it is. */
export interface KeyPart {
  readonly secret: Located<string>;
  readonly algorithm: 'RS256' | 'ES256' | undefined;
  readonly keyId: SourceText | undefined;
}

export interface CertificatePart {
  /** PEM, or a PKCS #12 file in base64. */
  readonly secret: Located<string>;
  /** The private key's PEM; undefined: it stands in the same secret. */
  readonly key: Located<string> | undefined;
  readonly passphrase: Located<string> | undefined;
}

export interface TokenPart {
  readonly url: SourceText;
  readonly authentication: ClientAuthentication | undefined;
  readonly parameters: readonly TokenParameter[];
}

/** A further parameter of a request to the provider. */
export interface TokenParameter {
  readonly name: string;
  readonly value:
    | { readonly kind: 'value'; readonly text: string }
    | { readonly kind: 'setting' | 'secret'; readonly name: Located<string> };
  readonly range: Range;
}

/** What a signed assertion says of itself (RFC 7523 section 3). */
export interface AssertionPart {
  readonly issuer: SourceText | undefined;
  readonly subject: SourceText | undefined;
  readonly audience: SourceText | undefined;
  readonly lifetimeMs: number | undefined;
}

export interface SignaturePart {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512' | undefined;
  readonly encoding: 'hex' | 'base64' | undefined;
  readonly covers: SourceText | undefined;
  readonly timestampHeader: string | undefined;
  readonly nonceHeader: string | undefined;
}

export interface AwsPart {
  readonly accessKey: SourceText;
  readonly secret: Located<string>;
  readonly sessionToken: Located<string> | undefined;
  readonly region: SourceText;
  readonly service: SourceText;
}

/** Where the key or token stands in a request. */
export interface SendPart {
  readonly place: { readonly in: 'header' | 'query' | 'cookie'; readonly name: string } | undefined;
  readonly prefix: string | undefined;
}

/** A call that changes nothing and fails without the credential. */
export interface TestPart {
  readonly method: 'GET' | 'HEAD';
  /** Follows the service's address; undefined: the address itself. */
  readonly path: string | undefined;
  readonly service: Located<string> | undefined;
}
