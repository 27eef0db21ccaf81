import { createHash, createHmac } from 'node:crypto';
import type { TLSSocket } from 'node:tls';
import { readFileSync } from 'node:fs';
import { fixture } from '../../connector/peer.ts';
import type { HeardRequest, PeerRules } from './chatty-peer.ts';
import { canary, locked, middleLine, plainCanary, type Scene, sentIn } from './credential-scenes.ts';

const nothing = (): readonly string[] => [];

function apiKey(place: 'header' | 'query' | 'cookie'): Scene {
  const key = place === 'cookie' ? plainCanary('key') : canary('key');
  const name = place === 'header' ? 'X-Api-Key' : 'apikey';
  const found = ({ url, headers, ...rest }: HeardRequest): string =>
    place === 'query'
      ? (new URL(url, 'http://h').searchParams.get(name) ?? '')
      : sentIn({ url, headers, ...rest }, place === 'header' ? 'x-api-key' : 'cookie').replace('apikey=', '');
  return {
    name: `an API key in a ${place}`,
    kind: 'api-key',
    parts: `<key secret="api-key"/><send ${place}="${name}"${place === 'header' ? ' prefix=""' : ''}/>`,
    // As it comes out of a file.
    secrets: { 'api-key': `${key}\n` },
    spelled: 'api-key',
    open: () => ({ rules: { knows: [key], proofsIn: nothing, admits: (request) => found(request) === key } }),
  };
}

function basic(): Scene {
  const password = canary('password');
  const login = Buffer.from(`crm:${password}`).toString('base64');
  return {
    name: 'a user and a password (Basic)',
    kind: 'basic',
    parts: '<login user="crm" secret="password"/>',
    secrets: { password },
    spelled: 'password',
    open: () => ({
      rules: {
        knows: [password, login],
        proofsIn: nothing,
        admits: ({ headers }) => headers.authorization === `Basic ${login}`,
      },
    }),
  };
}

/** A server of RFC 7616 with MD5, which knows the hash of the login alone. */
function digest(): Scene {
  const password = canary('password');
  const md5 = (text: string): string => createHash('md5').update(text).digest('hex');
  const login = md5(`crm:shop:${password}`);
  const field = ({ headers }: HeardRequest, name: string): string =>
    new RegExp(`\\b${name}="?([^",]+)`, 'u').exec(headers.authorization ?? '')?.[1] ?? '';
  const rules: PeerRules = {
    knows: [password, login],
    proofsIn: (request) => [field(request, 'response')],
    admits: (request) => {
      const counted = ['nonce', 'nc', 'cnonce', 'qop'].map((name) => field(request, name)).join(':');
      const what = md5(`${request.method}:${request.url}`);
      return field(request, 'response') === md5(`${login}:${counted}:${what}`);
    },
    answers: ({ headers }, response) => {
      if (headers.authorization !== undefined) return false;
      response.writeHead(401, { 'www-authenticate': 'Digest realm="shop", nonce="n1", qop="auth"' }).end();
      return true;
    },
  };
  return {
    name: 'a user and a password (Digest)',
    kind: 'digest',
    parts: '<login user="crm" secret="password"/>',
    secrets: { password },
    spelled: 'password',
    open: () => ({ rules }),
  };
}

function hmac(encoding: 'hex' | 'base64'): Scene {
  const key = canary('signing-key');
  return {
    name: `an HMAC in ${encoding}`,
    kind: 'hmac',
    parts: `<key secret="signing-key"/><signature encoding="${encoding}">{method} {path} {body}</signature><send header="X-Signature" prefix=""/>`,
    secrets: { 'signing-key': `${key}\n` },
    spelled: 'signing-key',
    open: () => ({
      rules: {
        knows: [key],
        proofsIn: (request) => [sentIn(request, 'x-signature')],
        admits: ({ method, url, body, headers }) => {
          const [path = ''] = url.split('?');
          const signed = createHmac('sha256', key).update(`${method} ${path} ${body}`).digest(encoding);
          return headers['x-signature'] === signed;
        },
      },
    }),
  };
}

function aws(): Scene {
  const secretKey = canary('secret-key');
  const sessionToken = plainCanary('session-token');
  const signature = ({ headers }: HeardRequest): string =>
    /Signature=([0-9a-f]{64})$/u.exec(headers.authorization ?? '')?.[1] ?? '';
  return {
    name: 'a signature of AWS',
    kind: 'aws-sigv4',
    parts:
      '<aws access-key="AK1" secret="secret-key" session-token="session-token" region="eu-west-1" service="execute-api"/>',
    secrets: { 'secret-key': secretKey, 'session-token': sessionToken },
    spelled: 'secret-key',
    open: () => ({
      rules: {
        knows: [secretKey, sessionToken],
        proofsIn: (request) => [signature(request)],
        admits: (request) => signature(request) !== '' && sentIn(request, 'x-amz-security-token') === sessionToken,
      },
    }),
  };
}

/** Demands a certificate of the authority. */
function askingForCertificate(): PeerRules {
  return {
    knows: [],
    proofsIn: nothing,
    admits: (_, { socket }) => (socket as TLSSocket).authorized,
    tls: {
      key: fixture('private.key.pem'),
      cert: fixture('private.cert.pem'),
      ca: fixture('authority.cert.pem'),
      requestCert: true,
      rejectUnauthorized: true,
    },
  };
}

function pemCertificate(): Scene {
  const passphrase = canary('passphrase');
  const key = locked(fixture('client.key.pem'), passphrase);
  return {
    name: 'a client certificate (PEM)',
    kind: 'client-certificate',
    parts: '<certificate secret="certificate" key="key" passphrase="passphrase"/>',
    secrets: { certificate: fixture('client.cert.pem'), key, passphrase },
    own: [passphrase, middleLine(key), middleLine(fixture('client.key.pem'))],
    open: () => ({ rules: askingForCertificate() }),
  };
}

function p12Certificate(): Scene {
  const file = readFileSync(new URL('../../fixtures/tls/client.p12', import.meta.url)).toString('base64');
  return {
    name: 'a client certificate (PKCS #12)',
    kind: 'client-certificate',
    parts: '<certificate secret="certificate" passphrase="passphrase"/>',
    secrets: { certificate: file, passphrase: 'open-sesame' },
    own: ['open-sesame', file.slice(200, 264)],
    open: () => ({ rules: askingForCertificate() }),
  };
}

function usernameToken(isDigest: boolean): Scene {
  const password = canary('password');
  const said = ({ body }: HeardRequest): string =>
    (/<wsse:Password[^>]*>([^<]*)</u.exec(body)?.[1] ?? '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&apos;', "'")
      .replaceAll('&amp;', '&');
  return {
    name: `a user name token ${isDigest ? 'with a hash' : 'in plain text'}`,
    kind: 'ws-username-token',
    parts: `<login user="crm" secret="password" digest="${isDigest}"/>`,
    secrets: { password },
    isSoap: true,
    open: () => ({
      rules: {
        knows: [password],
        proofsIn: (request) => [said(request)],
        admits: (request) => (isDigest ? said(request) !== '' : said(request) === password),
      },
    }),
  };
}

function wsSignature(): Scene {
  const passphrase = canary('passphrase');
  const key = locked(fixture('signer.key.pem'), passphrase);
  const signature = ({ body }: HeardRequest): string => /<ds:SignatureValue>([^<]+)</u.exec(body)?.[1] ?? '';
  return {
    name: 'a signed envelope',
    kind: 'ws-signature',
    parts: '<certificate secret="certificate" key="key" passphrase="passphrase"/>',
    secrets: { certificate: fixture('signer.cert.pem'), key, passphrase },
    own: [passphrase, middleLine(key), middleLine(fixture('signer.key.pem'))],
    isSoap: true,
    open: () => ({
      rules: { knows: [], proofsIn: (request) => [signature(request)], admits: (request) => signature(request) !== '' },
    }),
  };
}

/** Kinds that send the secret itself, or a hash of it. */
export const KEY_SCENES: readonly Scene[] = [
  ...(['header', 'query', 'cookie'] as const).map(apiKey),
  basic(),
  digest(),
];

/** Kinds that sign requests, or prove themselves on the connection. */
export const SIGNING_SCENES: readonly Scene[] = [
  hmac('hex'),
  hmac('base64'),
  aws(),
  pemCertificate(),
  p12Certificate(),
];

/** Kinds that stand in SOAP envelopes. */
export const MESSAGE_SCENES: readonly Scene[] = [usernameToken(true), usernameToken(false), wsSignature()];
