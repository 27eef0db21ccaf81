import { HOSTILE_TEXTS, hostileText, randomText } from './hostile-text.ts';
import { INJECTIONS } from './injections.ts';
import { Mutator } from './mutation.ts';
import { plainArguments, PLAIN_OPERATIONS, recordId } from './operation-arguments.ts';
import type { Random } from './random.ts';

/** A request to the web service. */
export interface RequestInput {
  readonly method: string;
  /** Empty, or from `?` on. */
  readonly query: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** A character a byte. */
  readonly body?: string;
}

/** Stands for the name of a session that is open. */
export const SESSION = 'SESSION0';

type Parameters = Record<string, unknown>;

const OPERATIONS = [
  ...'create create create update revise revise revise upsert masscreate massupdate'.split(' '),
  ...'createwithvalidation updatewithvalidation revisewithvalidation validateinformation'.split(' '),
  ...'retrieve retrieve query query query describe logout loginportal'.split(' '),
  ...PLAIN_OPERATIONS,
];
const MODULES = ['Products', 'Products', 'Vendors', 'Users', 'Groups', 'Nope', 'products', ''];
const ELEMENT_FIELDS = [
  'productname',
  'vendorname',
  'serial_no',
  'unit_price',
  'quantity',
  'discontinued',
  'sales_start',
  'checked_at',
  'description',
  'vendor_id',
  'assigned_user_id',
  'id',
  'phone',
  'createdtime',
  '__proto__',
  'constructor',
];
const CONTENT_TYPES = [
  'application/x-www-form-urlencoded',
  'application/x-www-form-urlencoded; charset=utf-16',
  'application/json',
  'text/plain',
  'multipart/form-data; boundary=x',
  'multipart/form-data',
  'application/xml',
  '',
];
const METHODS = ['GET', 'POST', 'POST', 'POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'PROPFIND'];

const mutator = new Mutator({
  texts: [
    '{"productname":"Bolt","unit_price":"12.5","assigned_user_id":"19x1"}',
    '{"id":"14x60","serial_no":"SN-2","vendor_id":"18x3"}',
    '{"productname":{"a":[1,2,{"b":null}]},"quantity":1e400}',
    '[{"elementType":"Products","referenceId":"a","element":{"productname":"x"}}]',
    'operation=query&sessionName=SESSION0&query=select+*+from+Products%3B',
    '{"operation":"create","sessionName":"SESSION0","elementType":"Products","element":"{\\"productname\\":\\"x\\"}"}',
  ],
  words: [...ELEMENT_FIELDS, ...INJECTIONS, ...HOSTILE_TEXTS, '%FF', '%C0%AF', '\\u0000', '\\ud800', '1e999'],
  brackets: [
    ['[', ']'],
    ['{"a":', '}'],
    ['"', '"'],
    ['%25', ''],
    ['a=b&', ''],
  ],
});

/** Any operation with parameters that fit it, or not, sent in any way a client might. */
export function requestInput(random: Random): RequestInput {
  if (random.oneIn(12)) return rawRequest(random);
  const parameters = operationParameters(random);
  const headers: (readonly [string, string])[] = [];
  if (random.oneIn(8)) headers.push(['corebos-authorization', random.oneIn(2) ? SESSION : 'x']);
  switch (random.below(6)) {
    case 0:
      return { method: random.oneIn(4) ? random.pick(METHODS) : 'GET', query: `?${formOf(parameters)}`, headers };
    case 1:
      return {
        method: random.oneIn(10) ? random.pick(['PUT', 'PATCH', 'DELETE']) : 'POST',
        query: '',
        headers: [...headers, ['content-type', random.oneIn(4) ? random.pick(CONTENT_TYPES) : 'application/json']],
        body: bytesOf(JSON.stringify(parameters)),
      };
    case 2:
      return {
        method: 'POST',
        query: '',
        headers: [...headers, ['content-type', 'multipart/form-data; boundary=x']],
        body: bytesOf(multipartOf(parameters)),
      };
    default:
      return {
        method: 'POST',
        query: random.oneIn(10) ? `?${formOf(operationParameters(random))}` : '',
        headers: [
          ...headers,
          ['content-type', random.oneIn(10) ? random.pick(CONTENT_TYPES) : 'application/x-www-form-urlencoded'],
        ],
        body: bytesOf(formOf(parameters)),
      };
  }
}

/** Anything as a body, under any name. */
function rawRequest(random: Random): RequestInput {
  const text = random.oneIn(3) ? randomText(random) : mutator.mutated(random);
  return {
    method: random.pick(METHODS.slice(1, 4)),
    query: random.oneIn(2) ? '' : `?${encodeURI(randomText(random, 30).toWellFormed())}`,
    headers: [['content-type', random.pick(CONTENT_TYPES)]],
    body: random.oneIn(4) ? text.replaceAll(/[^\u0000-\u00ff]/gu, '\u00ff') : bytesOf(text),
  };
}

function operationParameters(random: Random): Parameters {
  const operation = random.oneIn(40) ? hostileText(random) : random.pick(OPERATIONS);
  const parameters: Parameters = { operation, ...argumentsOf(random, operation) };
  if (!random.oneIn(15)) parameters['sessionName'] = random.oneIn(25) ? hostileText(random) : SESSION;
  if (random.oneIn(10))
    parameters['cbwsOptions'] = JSON.stringify({
      ClientRequestIdentifier: random.below(40),
      ...(random.oneIn(4) ? { launchfromqueue: true } : {}),
    });
  if (random.oneIn(10)) delete parameters[random.pick(Object.keys(parameters))];
  if (random.oneIn(20)) parameters[hostileText(random)] = hostileText(random);
  if (random.oneIn(20))
    parameters[random.pick([...Object.keys(parameters), 'operation'])] = random.pick([
      null,
      1,
      true,
      [],
      {},
      [[]],
      1e308,
    ]);
  return parameters;
}

function argumentsOf(random: Random, operation: string): Parameters {
  const plain = plainArguments(random, operation);
  if (plain !== undefined) return plain;
  const elementType = random.pick(MODULES);
  switch (operation) {
    case 'masscreate':
      return {
        elements: `[{"elementType":"Products","referenceId":"a","element":${String(element(random, 'create'))}}]`,
      };
    case 'massupdate':
      return { elements: `[${String(element(random, 'revise'))},${String(element(random, 'revise'))}]` };
    case 'validateinformation':
      return { context: element(random, random.pick(['create', 'update'])) };
    case 'describe':
      return { elementType };
    default:
      return { elementType, element: element(random, operation), searchOn: 'productname', updatedfields: 'serial_no' };
  }
}

/** The element of a change as JSON text, mostly; fields of any kind with values of any kind. */
function element(random: Random, operation: string): unknown {
  if (random.oneIn(8)) return mutator.mutated(random);
  const fields: Record<string, unknown> = {};
  if (!operation.startsWith('create')) fields['id'] = recordId(random);
  if (!random.oneIn(6)) fields['productname'] = `Bolt ${random.below(100)}`;
  for (let more = random.below(4); more > 0; more--) fields[random.pick(ELEMENT_FIELDS)] = fieldValue(random);
  if (operation.startsWith('create')) delete fields['id'];
  return random.oneIn(20) ? fields : JSON.stringify(fields);
}

function fieldValue(random: Random): unknown {
  switch (random.below(8)) {
    case 0:
      return random.pick(INJECTIONS);
    case 1:
      return hostileText(random);
    case 2:
      return random.pick([null, true, 1.5, 1e21, -0, [], {}, [{ a: 1 }], { $ne: 1 }, '']);
    case 3:
      return '9'.repeat(random.below(400));
    default:
      return random.pick(['12.5', '1', '2026-03-01', '2026-03-01 10:20:30', '18x3', '19x1', 'Bolt', '7']);
  }
}

function formOf(parameters: Parameters): string {
  return Object.entries(parameters)
    .map(
      ([name, value]) =>
        `${encoded(name)}=${encoded(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))}`,
    )
    .join('&');
}

function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function multipartOf(parameters: Parameters): string {
  const parts = Object.entries(parameters).map(
    ([name, value]) =>
      `--x\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${typeof value === 'string' ? value : JSON.stringify(value)}\r\n`,
  );
  return `${parts.join('')}--x--\r\n`;
}

function bytesOf(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}
