import type {
  Credential,
  KeyedCertificate,
  OAuthCredential,
  OAuthClient,
  OAuthGrant,
  OAuthParameters,
  SigningKey,
  TokenPlace,
  TokenRenewal,
} from '../../core/credential.ts';
import type { Located, SourceText } from '../../core/diagnostic.ts';
import { MapwrightError } from '../../core/error.ts';
import type { CredentialDocument, TokenParameter } from '../../document/credential.ts';
import type { TemplateEnvironment } from '../../expression/environment.ts';
import { noEscape } from '../../expression/escape.ts';
import { toPlainText } from '../../expression/plain-text.ts';
import type { Template } from '../../expression/template.ts';
import { settingEnvironment } from '../setting-text.ts';
import type { CredentialValues } from './compiled-credential.ts';

interface Resolving {
  readonly document: CredentialDocument;
  readonly texts: ReadonlyMap<SourceText, Template>;
  readonly values: CredentialValues;
}

const RENEW_BEFORE_MS = 60_000;
const RENEW_ON = [401];
const ASSERTION_LIFETIME_MS = 3_600_000;
/** What vtiger and coreBOS answer to a session that they do not know. */
const SESSION_GONE = ['INVALID_SESSIONID', 'AUTHENTICATION_REQUIRED', 'SESSION_EXPIRED', 'SESSION_LEFT_IDLE'];

/** Puts settings and secrets into a credential. */
export async function resolveCredential(resolving: Resolving): Promise<Credential> {
  const { document, values } = resolving;
  const named = { name: document.name, subject: document.isShared ? '' : values.user };
  const fill = new Filling(resolving);
  const { login, key, certificate, aws, signature } = document;
  switch (document.credentialKind) {
    case 'none':
      return { ...named, kind: 'none' };
    case 'api-key':
      return { ...named, kind: 'api-key', key: await fill.secret(key?.secret), send: placeOf(document) };
    case 'basic':
    case 'digest':
      return { ...named, kind: document.credentialKind, ...(await fill.login()) };
    case 'oauth2-authorization-code':
    case 'oauth2-client-credentials':
    case 'oauth2-password':
    case 'oauth2-jwt-bearer':
      return { ...named, ...(await oauth(fill, document)) };
    case 'client-certificate':
    case 'ws-signature':
      return { ...named, kind: document.credentialKind, certificate: await fill.certificate(certificate) };
    case 'hmac':
      return {
        ...named,
        kind: 'hmac',
        key: await fill.secret(key?.secret),
        algorithm: signature.algorithm ?? 'sha256',
        encoding: signature.encoding ?? 'hex',
        covers: signature.covers?.value ?? '{body}',
        send: placeOf(document, { name: 'X-Signature', prefix: '' }),
        timestampHeader: signature.timestampHeader,
        nonceHeader: signature.nonceHeader,
      };
    case 'aws-sigv4':
      return {
        ...named,
        kind: 'aws-sigv4',
        accessKey: await fill.needed(aws?.accessKey),
        secretKey: await fill.secret(aws?.secret),
        sessionToken: await fill.optionalSecret(aws?.sessionToken),
        region: await fill.needed(aws?.region),
        service: await fill.needed(aws?.service),
      };
    case 'vtiger': {
      const { user, password } = await fill.login();
      const url = (await fill.text(document.sessionUrl)) ?? sessionUrl(values.serviceUrl, document.name);
      const renewOnCodes = [...SESSION_GONE, ...(values.renewOn ?? [])];
      return { ...named, kind: 'vtiger', url, user, accessKey: password, renewal: renewalOf(document), renewOnCodes };
    }
    case 'ws-username-token':
      return {
        ...named,
        kind: 'ws-username-token',
        ...(await fill.login()),
        isDigest: login?.isDigest ?? false,
      };
  }
}

async function oauth(fill: Filling, document: CredentialDocument): Promise<OAuthCredential> {
  const { token, client } = document;
  return {
    kind: 'oauth2',
    grant: await grantOf(fill, document),
    tokenUrl: await fill.neededAddress(token?.url),
    refreshUrl: await fill.address(document.refreshUrl),
    client: await clientOf(fill, document, client),
    scopes: document.scopes,
    audience: (await fill.text(document.audience))?.trim(),
    parameters: await fill.parameters(token?.parameters ?? []),
    send: placeOf(document),
    renewal: renewalOf(document),
  };
}

async function grantOf(fill: Filling, document: CredentialDocument): Promise<OAuthGrant> {
  const { authorization, assertion, credentialKind } = document;
  if (credentialKind === 'oauth2-client-credentials') return { type: 'client-credentials' };
  if (credentialKind === 'oauth2-password') return { type: 'password', ...(await fill.login()) };
  if (credentialKind === 'oauth2-jwt-bearer') {
    return {
      type: 'jwt-bearer',
      key: await fill.signingKey(),
      issuer: await fill.text(assertion.issuer),
      subject: await fill.text(assertion.subject),
      audience: await fill.text(assertion.audience),
      lifetimeMs: assertion.lifetimeMs ?? ASSERTION_LIFETIME_MS,
    };
  }
  return {
    type: 'authorization-code',
    authorizationUrl: await fill.neededAddress(authorization?.url),
    redirectUrl: await fill.address(document.redirectUrl),
    authorizationParameters: await fill.parameters(authorization?.parameters ?? []),
  };
}

async function clientOf(
  fill: Filling,
  document: CredentialDocument,
  client: CredentialDocument['client'],
): Promise<OAuthClient> {
  const secret = await fill.optionalSecret(client?.secret);
  const authentication = document.token?.authentication ?? (secret === undefined ? 'none' : 'basic');
  return {
    id: (await fill.text(client?.id)) ?? '',
    secret,
    authentication,
    key: authentication === 'private-key-jwt' ? await fill.signingKey() : undefined,
  };
}

function renewalOf({ renewal }: CredentialDocument): TokenRenewal {
  return { beforeMs: renewal.beforeMs ?? RENEW_BEFORE_MS, onStatuses: renewal.onStatuses ?? RENEW_ON };
}

function placeOf(
  { send }: CredentialDocument,
  usual: { readonly name: string; readonly prefix: string } = { name: 'Authorization', prefix: 'Bearer' },
): TokenPlace {
  const { in: where, name } = send?.place ?? { in: 'header', name: usual.name };
  return where === 'header' ? { in: where, name, prefix: send?.prefix ?? usual.prefix } : { in: where, name };
}

function sessionUrl(serviceUrl: string | undefined, name: string): string {
  if (serviceUrl !== undefined) return serviceUrl;
  throw new MapwrightError('CREDENTIAL_ADDRESS', `credential "${name}" does not say where its session is opened`, {
    hint: 'add <session url="https://crm.example.com/webservice.php"/>, or name the credential in a service',
  });
}

/** Fills texts and names of one credential. */
class Filling {
  readonly #resolving: Resolving;
  readonly #environment: TemplateEnvironment;

  constructor(resolving: Resolving) {
    this.#resolving = resolving;
    this.#environment = settingEnvironment(resolving.values.settings);
  }

  async text(source: SourceText | undefined): Promise<string | undefined> {
    if (source === undefined) return undefined;
    return this.#resolving.texts.get(source)?.evaluate(this.#environment, noEscape);
  }

  async needed(source: SourceText | undefined): Promise<string> {
    return (await this.text(source)) ?? '';
  }

  /** A place that tokens, or people, are sent to. Throws URL_INVALID. */
  async address(source: SourceText | undefined): Promise<string | undefined> {
    const text = (await this.text(source))?.trim();
    if (text === undefined || /^https?:$/u.test(URL.parse(text)?.protocol ?? '')) return text;
    const { name } = this.#resolving.document;
    throw new MapwrightError('URL_INVALID', `"${text}" in credential "${name}" is no http or https URL`, {
      hint: 'give a whole address, such as https://login.example.com/oauth2/token',
    });
  }

  async neededAddress(source: SourceText | undefined): Promise<string> {
    return (await this.address(source)) ?? '';
  }

  async optionalSecret(name: Located<string> | undefined): Promise<string | undefined> {
    return name === undefined ? undefined : this.secret(name);
  }

  async secret(name: Located<string> | undefined): Promise<string> {
    const { values, document } = this.#resolving;
    const wanted = name?.value ?? '';
    const found = await values.secret(wanted);
    if (found !== undefined) return found;
    throw new MapwrightError(
      'SECRET_MISSING',
      `there is no secret "${wanted}", which credential "${document.name}" needs`,
      {
        hint: `store it: mapwright secret set ${wanted}`,
      },
    );
  }

  async login(): Promise<{ user: string; password: string }> {
    const { login } = this.#resolving.document;
    return { user: await this.needed(login?.user), password: await this.secret(login?.secret) };
  }

  async signingKey(): Promise<SigningKey> {
    const { key } = this.#resolving.document;
    return {
      text: await this.secret(key?.secret),
      algorithm: key?.algorithm ?? 'RS256',
      keyId: await this.text(key?.keyId),
    };
  }

  /** PEM tells itself; anything else is taken for PKCS #12. */
  async certificate(part: CredentialDocument['certificate']): Promise<KeyedCertificate> {
    const text = await this.secret(part?.secret);
    const passphrase = await this.optionalSecret(part?.passphrase);
    if (!text.includes('-----BEGIN')) return { format: 'p12', file: text, passphrase };
    const key = part?.key === undefined ? text : await this.secret(part.key);
    return { format: 'pem', certificate: text, key, passphrase };
  }

  async parameters(given: readonly TokenParameter[]): Promise<OAuthParameters> {
    const filled: OAuthParameters[number][] = [];
    for (const { name, value } of given) filled.push([name, await this.#parameter(value), value.kind === 'secret']);
    return filled;
  }

  async #parameter(value: TokenParameter['value']): Promise<string> {
    if (value.kind === 'value') return value.text;
    if (value.kind === 'secret') return this.secret(value.name);
    const { name } = value;
    const found = this.#resolving.values.settings[name.value];
    if (found !== undefined) return toPlainText(found);
    throw new MapwrightError('PARAMETER_SOURCE_MISSING', `there is no setting "${name.value}"`, {
      hint: `set it: mapwright setting set ${name.value} VALUE`,
    });
  }
}
