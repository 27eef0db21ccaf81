import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ConcreteBody, ConcretePart, ConcreteRequest, NamedText } from '../request/concrete-request.ts';
import { scalarText } from '../scalar-text.ts';
import { type CollectionRequest, textIn } from './read-collection.ts';
import { readAuth } from './postman-auth.ts';

/** A request of a collection, and what of it cannot be taken over. */
export interface ReadRequest {
  readonly request: ConcreteRequest;
  readonly notes: readonly string[];
}

const RAW_TYPES: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
  text: 'text/plain',
};

/** Undefined for a request without an address. */
export function readRequest({ name, request, auth, hasScripts }: CollectionRequest): ReadRequest | undefined {
  const notes: string[] = [];
  const url = addressOf(request['url']);
  if (url.trim() === '') return undefined;
  if (hasScripts) notes.push('scripts before the request and after it are left out');
  const headers = enabled(request['header']);
  return {
    request: {
      name,
      description: textIn(request['description']),
      method: (scalarText(request['method']) ?? 'GET').toUpperCase(),
      url,
      headers,
      body: bodyOf(request['body'], notes),
      auth: auth === undefined ? undefined : readAuth(auth, notes),
    },
    notes,
  };
}

/** The address as it is shown, its path variables (`:id`) as variables by their names. */
function addressOf(value: Json | undefined): string {
  if (typeof value === 'string') return withPathVariables(value);
  if (!isJsonObject(value)) return '';
  const raw = typeof value['raw'] === 'string' ? value['raw'] : putTogether(value);
  // A parameter that is switched off is in neither; what is written is what is sent.
  return withPathVariables(withoutDisabled(raw, value['query']));
}

function putTogether({ protocol, host, path, query }: JsonObject): string {
  const joined = (part: Json | undefined, by: string): string =>
    Array.isArray(part) ? part.map(segment).join(by) : (scalarText(part) ?? '');
  const pairs = enabled(query).map((one) => `${encodeURIComponent(one.name)}=${one.value}`);
  const scheme = typeof protocol === 'string' ? `${protocol}://` : '';
  return `${scheme}${joined(host, '.')}/${joined(path, '/')}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`;
}

/** A part of a host or a path is a text, or an object with one. */
function segment(part: Json): string {
  return scalarText(isJsonObject(part) ? part['value'] : part) ?? '';
}

function withoutDisabled(raw: string, query: Json | undefined): string {
  const off = (Array.isArray(query) ? (query as readonly Json[]) : []).some(
    (one) => isJsonObject(one) && one['disabled'] === true,
  );
  if (!off) return raw;
  const pairs = enabled(query).map((one) => `${one.name}=${one.value}`);
  const address = raw.replace(/\?.*$/su, '');
  return pairs.length === 0 ? address : `${address}?${pairs.join('&')}`;
}

function withPathVariables(url: string): string {
  const [, start = '', rest = ''] = /^((?:[a-z][a-z0-9+.-]*:\/\/)?[^/?#]*)(.*)$/isu.exec(url) ?? [];
  const end = rest.search(/[?#]/u);
  const path = end === -1 ? rest : rest.slice(0, end);
  return `${start}${path.replaceAll(/\/:([A-Za-z_][\w-]*)/gu, '/{{:$1}}')}${end === -1 ? '' : rest.slice(end)}`;
}

/** The entries of a list that are switched on. */
function enabled(list: Json | undefined): NamedText[] {
  return (Array.isArray(list) ? (list as readonly Json[]) : []).flatMap((one) => {
    if (!isJsonObject(one) || one['disabled'] === true || typeof one['key'] !== 'string' || one['key'] === '')
      return [];
    return [{ name: one['key'], value: textOf(one['value']), description: textIn(one['description']) }];
  });
}

function textOf(value: Json | undefined): string {
  return value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);
}

function bodyOf(body: Json | undefined, notes: string[]): ConcreteBody {
  if (!isJsonObject(body) || body['disabled'] === true) return { kind: 'none' };
  switch (body['mode']) {
    case 'raw': {
      const text = textOf(body['raw']);
      return text.trim() === '' ? { kind: 'none' } : { kind: 'text', text, type: RAW_TYPES[languageOf(body)] };
    }
    case 'urlencoded':
      return { kind: 'form', fields: enabled(body['urlencoded']) };
    case 'formdata':
      return { kind: 'multipart', parts: partsOf(body['formdata']) };
    case 'file':
      notes.push('the body was a file; it is to come from a field that holds one');
      return { kind: 'file' };
    case 'graphql':
      return { kind: 'text', text: graphqlText(body['graphql']), type: 'application/json' };
    default:
      return { kind: 'none' };
  }
}

function languageOf({ options }: JsonObject): string {
  const raw = isJsonObject(options) && isJsonObject(options['raw']) ? options['raw'] : {};
  return scalarText(raw['language']) ?? '';
}

function partsOf(list: Json | undefined): ConcretePart[] {
  const all = Array.isArray(list) ? (list as readonly Json[]) : [];
  return enabled(list).map((part) => {
    const written = all.find((one) => isJsonObject(one) && one['key'] === part.name && one['disabled'] !== true);
    const own = isJsonObject(written) ? written : {};
    const contentType =
      typeof own['contentType'] === 'string' && own['contentType'] !== '' ? own['contentType'] : undefined;
    const source = Array.isArray(own['src']) ? own['src'][0] : own['src'];
    const isFile = own['type'] === 'file';
    return { ...part, value: isFile ? textOf(source) : part.value, isFile, contentType };
  });
}

/** As GraphQL is sent over HTTP: a JSON object with the query and its variables. */
function graphqlText(value: Json | undefined): string {
  const { query, variables, operationName } = isJsonObject(value) ? value : {};
  const written = textOf(variables).trim();
  const members = [
    `"query": ${JSON.stringify(textOf(query))}`,
    ...(written === '' ? [] : [`"variables": ${written}`]),
    ...(typeof operationName === 'string' && operationName !== ''
      ? [`"operationName": ${JSON.stringify(operationName)}`]
      : []),
  ];
  return `{${members.join(', ')}}`;
}
