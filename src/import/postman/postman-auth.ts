import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ConcreteAuth } from '../request/concrete-request.ts';
import { scalarText } from '../scalar-text.ts';

/** A login of Postman. Undefined, and told, when there is no credential like it. */
export function readAuth(auth: JsonObject, notes: string[]): ConcreteAuth | undefined {
  const type = scalarText(auth['type']) ?? '';
  const value = valuesOf(auth[type]);
  switch (type) {
    case 'noauth':
    case '':
      return { kind: 'none' };
    case 'basic':
    case 'digest':
      return { kind: type, user: value('username') };
    case 'bearer':
      return { kind: 'bearer' };
    case 'apikey': {
      const name = value('key');
      return {
        kind: 'api-key',
        in: value('in') === 'query' ? 'query' : 'header',
        name: name === '' ? 'X-API-Key' : name,
        prefix: '',
      };
    }
    case 'awsv4':
      return {
        kind: 'aws',
        accessKey: value('accessKey'),
        region: value('region'),
        service: value('service'),
        hasSession: value('sessionToken') !== '',
      };
    case 'oauth2':
      return oauth2(value, notes);
    default:
      notes.push(`the login of the type ${type} is left out: there is no credential like it`);
      return undefined;
  }
}

function oauth2(value: (name: string) => string, notes: string[]): ConcreteAuth {
  const grant = value('grant_type');
  if (grant === 'implicit')
    notes.push('the implicit flow gives no token that lasts; the authorization code flow is taken instead');
  return {
    kind: 'oauth2',
    grant:
      grant === 'client_credentials'
        ? 'client-credentials'
        : grant.startsWith('password')
          ? 'password'
          : 'authorization-code',
    tokenUrl: value('accessTokenUrl'),
    authorizationUrl: value('authUrl'),
    clientId: value('clientId'),
    user: value('username'),
    scope: value('scope'),
    inBody: value('client_authentication') === 'body',
  };
}

/** Version 2.1 has lists of keys and values, 2.0 objects. */
function valuesOf(value: Json | undefined): (name: string) => string {
  const entries: readonly (readonly [string, Json])[] = Array.isArray(value)
    ? (value as readonly Json[]).flatMap((one) =>
        isJsonObject(one) ? [[scalarText(one['key']) ?? '', one['value'] ?? ''] as const] : [],
      )
    : Object.entries(isJsonObject(value) ? value : {});
  const known = new Map(entries);
  return (name) => {
    const found = known.get(name);
    return typeof found === 'string' ? found : '';
  };
}
