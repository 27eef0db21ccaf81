import { MapwrightError } from '../../core/error.ts';
import { toLegacyText } from '../../expression/legacy/value.ts';
import { basicLogin } from './basic-login.ts';
import { formBody, jsonBody } from './corebos-body.ts';
import { appendQuery, fillUrl } from './corebos-url.ts';
import type { RequestParts, RequestText } from './prepared-call.ts';

type Headers = readonly (readonly [name: string, value: string])[];

/** Spellings of Content-Type that make the original post a form although the input type says JSON; compared exactly. */
const FORM_HEADERS = [
  'Content-type:application/x-www-form-urlencoded',
  'Content-type:multipart/form-data',
  'Content-type:text/plain',
];

/** The request of a coreBOS map, as the original makes it. Rejects with URL_INVALID. */
export async function buildCorebosRequest(parts: RequestParts): Promise<RequestText> {
  const { map } = parts;
  const { wire, method } = map.document.call;
  const url = await wholeUrl(parts);
  const headers = await headersOf(parts);
  const fields = parts.parameters.filter(({ parameter }) => parameter.document.in !== 'header');
  if (wire === 'corebos-query')
    return { method, url: appendQuery(url, fields), headers: [...headers], body: undefined };
  const { target, rest } = wire === 'corebos-restful' ? fillUrl(url, fields) : { target: url, rest: fields };
  if (rest.length === 0) return { method, url: target, headers: [...headers], body: undefined };
  const isForm = wire === 'corebos-form' || headers.some(isFormHeader);
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    method,
    url: target,
    headers: withDefault(headers, 'Content-Type', type),
    body: isForm ? formBody(rest) : jsonBody(rest),
  };
}

async function wholeUrl({ map, scope }: RequestParts): Promise<string> {
  const url = await map.legacyUrl?.evaluate(scope);
  if (typeof url === 'string' && URL.canParse(url)) return url;
  throw new MapwrightError('URL_INVALID', `wsurl "${toLegacyText(url ?? '')}" is no URL`, {
    hint: 'correct <wsurl>, or the setting it uses: mapwright setting list',
  });
}

/** The map's headers, those that came to nothing left out; user and password as basic authentication. */
async function headersOf({ map, scope, parameters }: RequestParts): Promise<Headers> {
  const headers = parameters
    .filter(({ parameter }) => parameter.document.in === 'header')
    .map(({ parameter, value }) => [parameter.name, toLegacyText(value)] as const)
    .filter(([name, value]) => name !== '' && value !== '');
  const login = await basicLogin(map, scope);
  return login === undefined ? headers : withDefault(headers, 'Authorization', login);
}

function withDefault(headers: Headers, name: string, value: string): Headers {
  const isGiven = headers.some(([given]) => given.toLowerCase() === name.toLowerCase());
  return isGiven ? headers : [[name, value], ...headers];
}

function isFormHeader([name, value]: readonly [string, string]): boolean {
  if (FORM_HEADERS.includes(`${name}:${value}`)) return true;
  return name.toLowerCase() === 'content-type' && /^\s*application\/x-www-form-urlencoded\b/iu.test(value);
}
