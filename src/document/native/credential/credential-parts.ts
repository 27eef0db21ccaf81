import type { Located, SourceText } from '../../../core/diagnostic.ts';
import { BOOLEAN, choice, DURATION, FILLED, listOf, matching, NAME, TEXT } from '../../attribute-kind.ts';
import type {
  AssertionPart,
  AwsPart,
  CertificatePart,
  CredentialDocument,
  KeyPart,
  SendPart,
  SignaturePart,
  TestPart,
  TokenParameter,
  TokenPart,
} from '../../credential.ts';
import { shape, type Place } from '../../place.ts';
import { withoutMarkupBlanks } from '../markup-blanks.ts';

const SECRET_NAME = FILLED;
const HEADER_NAME = matching(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/u, 'the name of a header');

const LOGIN = shape({
  attributes: { user: FILLED, secret: SECRET_NAME, digest: BOOLEAN },
  required: ['user', 'secret'],
});

/** `<login user="..." secret="NAME"/>`. */
export function readLogin(place: Place): CredentialDocument['login'] {
  const { user, secret, digest } = place.open(LOGIN).attributes;
  return user === undefined || secret === undefined ? undefined : { user, secret, isDigest: digest ?? false };
}

const KEY = shape({
  attributes: { secret: SECRET_NAME, algorithm: choice('RS256', 'ES256'), id: FILLED },
  required: ['secret'],
});

/** `<key secret="NAME"/>`: an API key, or what is signed with. */
export function readKey(place: Place): KeyPart | undefined {
  const { secret, algorithm, id } = place.open(KEY).attributes;
  return secret === undefined ? undefined : { secret, algorithm, keyId: id };
}

const CERTIFICATE = shape({
  attributes: { secret: SECRET_NAME, key: SECRET_NAME, passphrase: SECRET_NAME },
  required: ['secret'],
});

/** `<certificate secret="NAME" key="NAME" passphrase="NAME"/>`. */
export function readCertificate(place: Place): CertificatePart | undefined {
  const { secret, key, passphrase } = place.open(CERTIFICATE).attributes;
  return secret === undefined ? undefined : { secret, key, passphrase };
}

const AUTHORIZATION = shape({ attributes: { url: FILLED }, required: ['url'], children: { parameter: 'many' } });

/** `<authorization url="..."/>`: where a person signs in. */
export function readAuthorization(place: Place): CredentialDocument['authorization'] {
  const open = place.open(AUTHORIZATION);
  const parameters = open.all('parameter').flatMap(readTokenParameter);
  return open.attributes.url === undefined ? undefined : { url: open.attributes.url, parameters };
}

const TOKEN = shape({
  attributes: { url: FILLED, 'client-authentication': choice('basic', 'post', 'private-key-jwt', 'none') },
  required: ['url'],
  children: { parameter: 'many' },
});

/** `<token url="..."/>`: where tokens are got. */
export function readToken(place: Place): TokenPart | undefined {
  const open = place.open(TOKEN);
  const parameters = open.all('parameter').flatMap(readTokenParameter);
  const { url, 'client-authentication': authentication } = open.attributes;
  return url === undefined ? undefined : { url, authentication, parameters };
}

const TOKEN_PARAMETER = shape({
  attributes: { name: FILLED, value: TEXT, setting: FILLED, secret: SECRET_NAME },
  required: ['name'],
});

/** Tells PARAMETER_SOURCE_COUNT. */
function readTokenParameter(place: Place): TokenParameter[] {
  const open = place.open(TOKEN_PARAMETER);
  const { name, value, setting, secret } = open.attributes;
  const written = (['value', 'setting', 'secret'] as const).filter((source) => open.has(source));
  if (written.length !== 1) {
    const found = written.length === 0 ? 'no source' : `${written.length} sources: ${written.join(', ')}`;
    place.error('PARAMETER_SOURCE_COUNT', `<parameter> has ${found}`, 'give exactly one of value, setting and secret');
    return [];
  }
  if (name === undefined) return [];
  const { range } = place.element;
  if (secret !== undefined) return [{ name: name.value, value: { kind: 'secret', name: secret }, range }];
  if (setting !== undefined) return [{ name: name.value, value: { kind: 'setting', name: setting }, range }];
  return value === undefined ? [] : [{ name: name.value, value: { kind: 'value', text: value.value }, range }];
}

const ADDRESS = shape({ attributes: { url: FILLED }, required: ['url'] });

/** `<refresh url="..."/>`, `<redirect url="..."/>`, `<session url="..."/>`. */
export function readAddress(place: Place | undefined): SourceText | undefined {
  return place?.open(ADDRESS).attributes.url;
}

const CLIENT = shape({ attributes: { id: FILLED, secret: SECRET_NAME }, required: ['id'] });

/** `<client id="..." secret="NAME"/>`. */
export function readClient(place: Place): CredentialDocument['client'] {
  const { id, secret } = place.open(CLIENT).attributes;
  return id === undefined ? undefined : { id, secret };
}

const PLAIN = shape({ attributes: {}, text: true });

/** `<scope>files.read files.write</scope>`. */
export function readScopes(place: Place | undefined): readonly string[] {
  if (place === undefined) return [];
  place.open(PLAIN);
  return place.element.text().value.match(/[^ \t\r\n]+/gu) ?? [];
}

/** `<audience>https://api.example.com/</audience>`. */
export function readAudience(place: Place | undefined): SourceText | undefined {
  if (place === undefined) return undefined;
  place.open(PLAIN);
  const text = withoutMarkupBlanks(place.element.text());
  return text.value.trim() === '' ? undefined : text;
}

const ASSERTION = shape({
  attributes: { issuer: FILLED, subject: FILLED, audience: FILLED, lifetime: DURATION },
});

/** `<assertion subject="..."/>`: what a signed assertion says. */
export function readAssertion(place: Place | undefined): AssertionPart {
  const { issuer, subject, audience, lifetime } = place?.open(ASSERTION).attributes ?? {};
  return { issuer, subject, audience, lifetimeMs: lifetime };
}

const SIGNATURE = shape({
  attributes: {
    algorithm: choice('sha1', 'sha256', 'sha512'),
    encoding: choice('hex', 'base64'),
    'timestamp-header': HEADER_NAME,
    'nonce-header': HEADER_NAME,
  },
  text: true,
});

/** `<signature algorithm="sha256">{method}...</signature>`: what is signed, and how. */
export function readSignature(place: Place | undefined): SignaturePart {
  const { attributes } = place?.open(SIGNATURE) ?? { attributes: undefined };
  const covers = place === undefined ? undefined : withoutMarkupBlanks(place.element.text());
  return {
    algorithm: attributes?.algorithm,
    encoding: attributes?.encoding,
    covers: covers?.value === '' ? undefined : covers,
    timestampHeader: attributes?.['timestamp-header']?.value,
    nonceHeader: attributes?.['nonce-header']?.value,
  };
}

const AWS = shape({
  attributes: {
    'access-key': FILLED,
    secret: SECRET_NAME,
    'session-token': SECRET_NAME,
    region: FILLED,
    service: FILLED,
  },
  required: ['access-key', 'secret', 'region', 'service'],
});

/** `<aws access-key="..." secret="NAME" region="..." service="..."/>`. */
export function readAws(place: Place): AwsPart | undefined {
  const {
    'access-key': accessKey,
    secret,
    'session-token': sessionToken,
    region,
    service,
  } = place.open(AWS).attributes;
  if (accessKey === undefined || secret === undefined || region === undefined || service === undefined)
    return undefined;
  return { accessKey, secret, sessionToken, region, service };
}

const SEND = shape({ attributes: { header: HEADER_NAME, query: FILLED, cookie: HEADER_NAME, prefix: TEXT } });

/** `<send header="Authorization" prefix="Bearer"/>`. Tells CREDENTIAL_SEND. */
export function readSend(place: Place): SendPart {
  const open = place.open(SEND);
  const places = (['header', 'query', 'cookie'] as const).filter((name) => open.has(name));
  if (places.length > 1) {
    place.error('CREDENTIAL_SEND', `<send> names ${places.join(' and ')}`, 'a key goes to one place: keep one of them');
  }
  if (open.has('prefix') && places[0] !== undefined && places[0] !== 'header') {
    place.error('CREDENTIAL_SEND', `a prefix goes into a header, not into a ${places[0]}`, 'remove prefix');
  }
  const [first] = places;
  const name: Located<string> | undefined = first === undefined ? undefined : open.attributes[first];
  return {
    place: first === undefined || name === undefined ? undefined : { in: first, name: name.value },
    prefix: open.attributes.prefix?.value,
  };
}

const RENEW = shape({
  attributes: { before: DURATION, 'on-status': listOf(/^[45][0-9]{2}$/u, 'a list of statuses such as 401 403') },
});

/** `<renew before="60s" on-status="401"/>`. */
export function readRenewal(place: Place | undefined): CredentialDocument['renewal'] {
  const { before, 'on-status': statuses } = place?.open(RENEW).attributes ?? {};
  return { beforeMs: before, onStatuses: statuses?.map(({ value }) => Number(value)) };
}

const TEST = shape({ attributes: { method: choice('GET', 'HEAD'), path: FILLED, service: NAME } });

/** `<test path="/me"/>`: a call that tells whether the credential works. */
export function readTest(place: Place): TestPart {
  const { method, path, service } = place.open(TEST).attributes;
  return { method: method ?? 'GET', path: path?.value, service };
}
