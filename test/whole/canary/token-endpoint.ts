import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { SourceFile } from '../../../src/runtime/administration.ts';
import { nativeDocument } from '../documents.ts';
import { toldInEveryForm } from './canary-forms.ts';
import type { HeardRequest, PeerRules } from './chatty-peer.ts';
import { canary, middleLine, sentIn, withoutScheme } from './credential-scenes.ts';

/** One way in which a token endpoint fails, and the kind of credential that meets it. */
interface Trouble {
  readonly kind: string;
  /** The content of the credential besides the address of tokens. */
  readonly parts: string;
  answer(response: ServerResponse, told: Told): void;
}

interface Told {
  /** What the endpoint knows that is secret, the one to hide at all costs first. */
  readonly secrets: readonly string[];
  /** All of them in every form, and the request. */
  readonly said: string;
}

/** Characters of a provider's words that are kept. */
const KEPT_WORDS = 500;

const [privateKey, clientSecret, password, accessKey] = [
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  canary('client-secret'),
  canary('password'),
  canary('access-key'),
] as const;

/** What the administrator of this endpoint's clients has stored. */
export const ENDPOINT_SECRETS: Readonly<Record<string, string>> = {
  'client-secret': clientSecret,
  password,
  'signing-key': privateKey,
  'access-key': accessKey,
};

/** What the endpoint never gets to know. */
export const ENDPOINT_OWN: readonly string[] = [middleLine(privateKey)];

const CLIENT = '<client id="crm" secret="client-secret"/>';
const KEY = '<key secret="signing-key" algorithm="ES256"/>';

const refuse: Trouble['answer'] = (response, { secrets: [first = ''], said }) =>
  send(response, 400, JSON.stringify({ error: `no ${first}`, error_description: said }));

const byClient = (answer: Trouble['answer']): Trouble => ({ kind: 'oauth2-client-credentials', parts: CLIENT, answer });

export const TROUBLES: Readonly<Record<string, Trouble>> = {
  refusal: byClient(refuse),
  cut: byClient((response, { secrets }) => {
    const told = secrets.map((secret) => `${'.'.repeat(KEPT_WORDS - Math.floor(secret.length / 2))}${secret}`);
    send(response, 400, JSON.stringify({ error: 'no', error_description: told[0] }));
  }),
  plain: byClient((response, { said }) => send(response, 400, said, 'text/plain')),
  page: byClient((response, { said }) => send(response, 200, `<html>${said}</html>`, 'text/html')),
  nearly: byClient((response, { secrets: [first = ''], said }) =>
    send(
      response,
      200,
      JSON.stringify({ access_token: 5, refresh_token: first, error: { code: first, message: said } }),
    ),
  ),
  form: byClient((response, { said }) =>
    send(response, 200, new URLSearchParams({ error: 'no', error_description: said }).toString(), FORM),
  ),
  away: byClient((response, { said }) => send(response, 503, said, 'text/plain')),
  moved: byClient((response, { secrets: [first = ''] }) =>
    response.writeHead(302, { location: `/elsewhere?client_secret=${encodeURIComponent(first)}` }).end(),
  ),
  reset: byClient((response, { said }) => response.writeHead(200).write(said, () => response.destroy())),
  signed: { kind: 'oauth2-client-credentials', parts: `<client id="crm"/>${KEY}`, answer: refuse },
  asserted: { kind: 'oauth2-jwt-bearer', parts: `${KEY}<assertion issuer="crm"/>`, answer: refuse },
  renewed: { kind: 'oauth2-password', parts: `${CLIENT}<login user="anna" secret="password"/>`, answer: refuse },
  session: { kind: 'vtiger', parts: '<login user="anna" secret="access-key"/>', answer: refuse },
};

const FORM = 'application/x-www-form-urlencoded';

function send(response: ServerResponse, status: number, body: string, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type }).end(body);
}

/** A credential, a service and a map for each way to fail; a note has the one happen that it is called after. */
export function troubleDocuments(): SourceFile[] {
  const names = Object.keys(TROUBLES);
  const cases = names.map(
    (name) => `<when field="name" is="equal" value="${name}"><webservice id="${name}" map="say-${name}"/></when>`,
  );
  return [
    nativeDocument(
      'module',
      'name="Notes" prefix="61" title="name"',
      '<field name="name" type="string" length="40" mandatory="true"/>',
    ),
    nativeDocument(
      'workflow',
      'name="note-made" module="Notes"',
      `<trigger on="create"/><tasks><choose id="how">${cases.join('')}</choose></tasks>`,
    ),
    ...Object.entries(TROUBLES).flatMap(([name, trouble]) => troubleOf(name, trouble)),
  ];
}

function troubleOf(name: string, { kind, parts }: Trouble): SourceFile[] {
  const url = `{setting.shop_url}/token/${name}`;
  const authentication = name === 'signed' ? ' client-authentication="private-key-jwt"' : '';
  const address = kind === 'vtiger' ? `<session url="${url}"/>` : `<token url="${url}"${authentication}/>`;
  const plan =
    '<on-error><retry times="0"/><notify to="user:anna" by="app mail" template="It said {answer.message}"/></on-error>';
  return [
    nativeDocument('credential', `name="login-${name}" kind="${kind}"`, `${address}${parts}`),
    nativeDocument('service', `name="shop-${name}" url="{setting.shop_url}" credential="login-${name}"`, plan),
    nativeDocument(
      'map',
      `name="say-${name}" module="Notes" service="shop-${name}"`,
      '<call method="POST" path="/say/refused" in-doubt="ask"/><response><output path="echo" context="echoed" optional="true"/></response>',
    ),
  ];
}

const PROOFS = ['client_secret', 'client_assertion', 'assertion', 'password', 'refresh_token', 'accessKey'];

/** The endpoint, and an API that refuses every token that it has given: it is renewed, and that fails, too. */
export function troubledRules(): PeerRules {
  const given = new Set<string>();
  return {
    knows: [],
    admits: () => true,
    proofsIn: (request) => [withoutScheme(sentIn(request, 'authorization'))].filter((proof) => proof !== ''),
    answers: (request, response) => answerFor(request, response, given),
  };
}

/** What came to the endpoint that is as good as a secret, and what it has given. */
export const seen = new Set<string>();

function answerFor(request: HeardRequest, response: ServerResponse, given: Set<string>): boolean {
  const [, name = ''] = /^\/token\/(\w+)/u.exec(request.url) ?? [];
  const trouble = TROUBLES[name];
  if (trouble === undefined) return false;
  const form = new URLSearchParams(`${new URL(request.url, 'http://h').searchParams}&${request.body}`);
  if (name === 'renewed' && given.size === 0) return give(response, given);
  if (form.get('operation') === 'getchallenge') {
    const token = canary('challenge');
    seen.add(token);
    send(response, 200, JSON.stringify({ success: true, result: { token } }));
    return true;
  }
  const own = [
    ...PROOFS.map((parameter) => form.get(parameter)).filter((proof) => proof !== null),
    withoutScheme(sentIn(request, 'authorization')),
    ...(trouble.kind === 'vtiger' ? [accessKey] : []),
    ...(trouble.parts.includes('client-secret') ? [clientSecret] : []),
  ].filter((proof) => proof !== '');
  const asItCame = JSON.stringify(request);
  const whole = [asItCame, encodeURIComponent(asItCame), Buffer.from(asItCame).toString('base64')].join('\n');
  for (const secret of own) seen.add(secret);
  // What it gave it tells to who comes to renew it: once that was refused, nobody here knows it any more.
  const known = form.has('refresh_token') ? [...own, ...given] : own;
  trouble.answer(response, { secrets: own, said: `${toldInEveryForm(known)}\n${whole}` });
  return true;
}

function give(response: ServerResponse, given: Set<string>): true {
  const [access, refresh] = [canary('access').replaceAll(/[^\w.+/=-]/gu, ''), canary('refresh')];
  for (const token of [access, refresh]) {
    given.add(token);
    seen.add(token);
  }
  const body = { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3_600 };
  send(response, 200, JSON.stringify(body));
  return true;
}
