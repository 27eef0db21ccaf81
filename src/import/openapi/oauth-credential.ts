import { isJsonObject, type JsonObject } from '../../core/json.ts';
import type { WrittenNode } from '../../xml/write.ts';
import { element } from '../../xml/write.ts';
import type { WantedValue } from '../description/described-api.ts';
import type { MadeCredential, SchemeSource } from './security.ts';
import { textOf } from './shape.ts';

/** The flows in the order in which they are taken where there are several: what needs no person comes first. */
const FLOWS = ['clientCredentials', 'authorizationCode', 'password'] as const;

/** A credential of one of the flows of OAuth 2.0; or why there is none. */
export function oauthCredential(source: SchemeSource): MadeCredential | string {
  const flows = isJsonObject(source.scheme['flows']) ? source.scheme['flows'] : {};
  const chosen = FLOWS.find((flow) => isJsonObject(flows[flow]));
  if (chosen === undefined) {
    return flows['implicit'] === undefined
      ? 'its flows are not described'
      : 'the implicit flow gives no token that lasts; ask the provider for the authorization code flow';
  }
  const flow = flows[chosen];
  const others = Object.keys(flows).filter((name) => name !== chosen);
  const notes =
    others.length === 0
      ? []
      : [`security: of the flows of ${source.name}, ${chosen} is taken; there is also ${others.join(', ')}`];
  const made = flowCredential(source, chosen, isJsonObject(flow) ? flow : {});
  return { ...made, notes: [...notes, ...made.notes] };
}

function flowCredential(source: SchemeSource, flow: (typeof FLOWS)[number], described: JsonObject): MadeCredential {
  const { name, label } = source;
  const draft = new OauthDraft(name);
  const token = element('token', { url: draft.address(described['tokenUrl'], 'token_url', 'where tokens are got') });
  const refresh = textOf(described['refreshUrl']);
  const renewing =
    refresh === undefined || refresh === described['tokenUrl']
      ? []
      : [element('refresh', { url: draft.address(refresh, 'refresh_url', '') })];
  const scope = scopeElement(source.scopes);
  if (flow === 'clientCredentials') {
    const parts = [token, draft.client(), ...scope];
    return { credential: { name, label, kind: 'oauth2-client-credentials', parts }, wanted: draft.wanted, notes: [] };
  }
  if (flow === 'password') {
    const parts = [draft.login(), token, ...renewing, draft.client(), ...scope];
    return { credential: { name, label, kind: 'oauth2-password', parts }, wanted: draft.wanted, notes: [] };
  }
  const url = draft.address(described['authorizationUrl'], 'authorization_url', 'where people sign in');
  const parts = [element('authorization', { url }), token, ...renewing, draft.client(), ...scope];
  const notes = [`security: somebody has to sign in once for the credential ${name}`];
  return { credential: { name, label, kind: 'oauth2-authorization-code', parts }, wanted: draft.wanted, notes };
}

/** The addresses stand in the provider's own description, which is not fetched here. */
export function openIdCredential({ name, label, scheme, scopes }: SchemeSource): MadeCredential {
  const draft = new OauthDraft(name);
  const discovery = textOf(scheme['openIdConnectUrl']) ?? 'the provider';
  const authorization = element('authorization', {
    url: draft.address('', 'authorization_url', `authorization_endpoint of ${discovery}`),
  });
  const token = element('token', { url: draft.address('', 'token_url', `token_endpoint of ${discovery}`) });
  const parts = [
    authorization,
    token,
    draft.client(),
    ...scopeElement(scopes.includes('openid') ? scopes : ['openid', ...scopes]),
  ];
  const notes = [`security: somebody has to sign in once for the credential ${name}`];
  return { credential: { name, label, kind: 'oauth2-authorization-code', parts }, wanted: draft.wanted, notes };
}

class OauthDraft {
  readonly wanted: WantedValue[] = [];
  readonly #name: string;

  constructor(name: string) {
    this.#name = name;
  }

  /** The address itself; a setting where it is not whole. */
  address(written: unknown, what: string, says: string): string {
    const url = typeof written === 'string' ? written.trim() : '';
    if (/^https?:\/\/[^{}]+$/iu.test(url)) return url;
    return this.#setting(what, url === '' ? says : `${says === '' ? 'an address' : says}; described as ${url}`);
  }

  client(): WrittenNode {
    const secret = `${this.#name}-client`;
    const id = this.#setting('client_id', 'the id that the provider gave to your application');
    this.wanted.push({ kind: 'secret', name: secret, says: 'the secret that belongs to the client id' });
    return element('client', { id, secret });
  }

  login(): WrittenNode {
    const secret = `${this.#name}-password`;
    const user = this.#setting('user', 'the name to log in with');
    this.wanted.push({ kind: 'secret', name: secret, says: 'the password' });
    return element('login', { user, secret });
  }

  #setting(what: string, says: string): string {
    const name = `${this.#name.replaceAll(/[^A-Za-z0-9]/gu, '_')}_${what}`;
    this.wanted.push({ kind: 'setting', name, says });
    return `{setting.${name}}`;
  }
}

function scopeElement(scopes: readonly string[]): WrittenNode[] {
  return scopes.length === 0 ? [] : [element('scope', {}, { text: scopes.join(' '), as: 'text' })];
}
