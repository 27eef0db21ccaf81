import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { CallAnswer, Connector } from '../../../src/core/call.ts';
import { isJsonObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { SoapAnswer, SoapCall } from '../../../src/core/soap.ts';
import { createSoapClient } from '../../../src/connector/soap/soap-client.ts';
import { parseXml } from '../../../src/xml/parse.ts';
import { type Area, promise, type Target, type Verdict } from '../area.ts';
import { HOSTILE_TEXTS, hostileText } from '../generate/hostile-text.ts';
import { Mutator } from '../generate/mutation.ts';
import type { Random } from '../generate/random.ts';
import { IMPORTED_SCHEMA, IMPORTED_WSDL, WSDL_GRAMMAR } from '../generate/wsdl-grammar.ts';
import { isJson } from './checked-value.ts';
import { checkRefusal } from './told-problem.ts';

interface SoapInput {
  readonly wsdl: string;
  readonly operation: string;
  readonly values: JsonObject;
  readonly answer: string;
}

const WSDL_URL = 'http://orders.example/orders.wsdl';
/** Of generated descriptions, and of those in the fixtures. */
const GENERATED_OPERATIONS = ['op', 'op', 'op', 'op', 'op', 'op', 'OP', 'nope'];
const REAL_OPERATIONS = ['add', 'list', 'place', 'ping', 'checkVat', 'Add'];
const NAMES = [
  'A',
  'B',
  'a',
  'b',
  'p',
  'item',
  'id',
  'line',
  'total',
  'lines',
  'sku',
  '_',
  'parameters',
  'constructor',
  '__proto__',
];
const SCALARS: readonly Json[] = [
  '',
  '1',
  '2.5',
  'abc',
  'true',
  '1e400',
  7,
  -1.5,
  true,
  false,
  null,
  '2025-03-10',
  9007199254740991,
];
const CODES = /^(?:SOAP|CALL)_[A-Z_]+$/u;
const XML_LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 1024 };

const fixture = (name: string): string =>
  readFileSync(fileURLToPath(new URL(`../../../test/fixtures/soap/${name}`, import.meta.url)), 'utf8');
const SHARED_WORDS = [
  ...HOSTILE_TEXTS,
  't:A',
  'minOccurs="0"',
  'maxOccurs="unbounded"',
  'nillable="true"',
  'href="#id1"',
  'id="id1"',
];

const wsdls = new Mutator({
  texts: [fixture('orders.wsdl'), fixture('check-vat.wsdl')],
  words: [...SHARED_WORDS, 'xsd:int', 'o:Line', 'type', 'element', 'name', 'ref', 'base', 'rpc', 'encoded', '1.2'],
  brackets: [
    ['<xsd:sequence>', '</xsd:sequence>'],
    ['<xsd:complexType>', '</xsd:complexType>'],
    ['<a>', '</a>'],
    ['<!--', '-->'],
  ],
});
const answers = new Mutator({
  texts: [
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><t:Out xmlns:t="urn:t"><a>1</a><b href="#id1"/></t:Out><t:m xmlns:t="urn:t" id="id1"><c>2</c></t:m></s:Body></s:Envelope>',
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault></s:Body></s:Envelope>',
    '<html><body>Bad gateway</body></html>',
  ],
  words: SHARED_WORDS,
  brackets: [
    ['<a>', '</a>'],
    ['<s:Body>', '</s:Body>'],
    ['<!--', '-->'],
  ],
});

const GENERATED_DESCRIPTIONS = [
  [4, (random: Random) => WSDL_GRAMMAR.expand(random, 'wsdl', 150)],
  [1, (random: Random) => wsdls.mutate(random, WSDL_GRAMMAR.expand(random, 'wsdl', 120))],
] as const;
const REAL_DESCRIPTIONS = [
  [2, (random: Random) => wsdls.mutated(random)],
  [1, (random: Random) => random.pick(wsdls.material.texts)],
] as const;

/** Descriptions of services, calls and answers: an envelope that is XML and an answer read as JSON, or an error. */
export const AREA: Area = {
  name: 'soap',
  limitMs: 1000,
  generate(random): Json {
    const isReal = random.oneIn(3);
    const wsdl = random.weighted(isReal ? REAL_DESCRIPTIONS : GENERATED_DESCRIPTIONS)(random);
    const operation = random.pick(isReal ? REAL_OPERATIONS : GENERATED_OPERATIONS);
    return {
      wsdl,
      operation: random.oneIn(30) ? hostileText(random) : operation,
      values: random.oneIn(4) ? valuesOf(random, 3) : { ...everyName(random), ...valuesOf(random, 2) },
      answer: random.weighted([
        [3, (one: Random) => WSDL_GRAMMAR.expand(one, 'answer', 50)],
        [1, (one: Random) => answers.mutate(one, WSDL_GRAMMAR.expand(one, 'answer', 40))],
        [1, (one: Random) => answers.mutated(one)],
      ])(random),
    };
  },
  open: () => Promise.resolve({ judge, close: () => Promise.resolve() } satisfies Target),
};

/** Something for each name that a description may ask for. */
function everyName(random: Random): JsonObject {
  return Object.fromEntries(NAMES.map((name) => [name, valueOf(random, 1)]));
}

function valuesOf(random: Random, depth: number): JsonObject {
  const names = Array.from({ length: random.below(10) }, () =>
    random.oneIn(25) ? hostileText(random) : random.pick(NAMES),
  );
  return Object.fromEntries(names.map((name) => [name, valueOf(random, depth)]));
}

function valueOf(random: Random, depth: number): Json {
  if (depth > 0 && random.oneIn(3)) return valuesOf(random, depth - 1);
  if (depth > 0 && random.oneIn(4)) return Array.from({ length: random.below(4) }, () => valueOf(random, depth - 1));
  return random.oneIn(4) ? hostileText(random) : random.pick(SCALARS);
}

async function judge(input: Json): Promise<Verdict> {
  const given = input as unknown as SoapInput;
  try {
    const call = await prepare(given);
    checkRequest(call);
    const first = await readAnswer(call, given.answer);
    checkAnswer(first);
    const again = await readAnswer(call, given.answer);
    promise(isDeepStrictEqual(again, first), () => 'an answer read twice, differently');
    // What the other side may send back: the question itself.
    checkAnswer(await readAnswer(call, String(call.request.body)));
    const prepared = await prepare(given);
    promise(isDeepStrictEqual(prepared.request, call.request), () => 'prepared twice, differently');
    return 'accepted';
  } catch (thrown) {
    return checkRefusal(thrown, CODES);
  }
}

function prepare({ wsdl, operation, values }: SoapInput): Promise<SoapCall> {
  const pages: ReadonlyMap<string, string> = new Map([
    [WSDL_URL, wsdl],
    ['http://orders.example/more.wsdl', IMPORTED_WSDL],
    ['http://orders.example/types.xsd', IMPORTED_SCHEMA],
  ]);
  const connector: Connector = {
    send: ({ url }) => {
      promise(/^https?:/u.test(url), () => `asked ${url}`);
      const page = pages.get(url);
      return Promise.resolve({ kind: 'answered', answer: answerOf(page ?? '', page === undefined ? 404 : 200) });
    },
    close: () => Promise.resolve(),
  };
  const limits = { connectTimeoutMs: 1000, totalTimeoutMs: 5000 };
  const client = createSoapClient({ connector, clock: { now: () => 0 } });
  return client.prepare({ wsdl: WSDL_URL, operation, values, authorization: undefined, ...limits });
}

function answerOf(text: string, status = 200): CallAnswer {
  return { status, headers: [], body: Buffer.from(text), durationMs: 1 };
}

function readAnswer(call: SoapCall, text: string): Promise<SoapAnswer> {
  return call.readAnswer(answerOf(text));
}

function checkRequest({ request, warnings }: SoapCall): void {
  const { url, headers, body } = request;
  promise(URL.canParse(url) && /^https?:/u.test(url), () => `sent to ${url}`);
  for (const [name, value] of headers) promise(!/[\r\n\0]/u.test(name + value), () => `the header ${name}: ${value}`);
  const { root, problem } = parseXml(String(body), XML_LIMITS);
  promise(problem === undefined, () => `no XML is sent: ${problem?.message}: ${String(body).slice(0, 1000)}`);
  promise(root?.name === 'Envelope' && root.children.length === 1, () => `no envelope: ${String(body).slice(0, 300)}`);
  for (const warning of warnings) promise(typeof warning === 'string' && warning !== '', () => 'an empty warning');
}

function checkAnswer(answer: SoapAnswer): void {
  switch (answer.kind) {
    case 'result':
      promise(isJson(answer.value) && isJsonObject(answer.parts), () => 'a result that is no JSON');
      break;
    case 'fault':
      promise(typeof answer.fault.message === 'string', () => 'a fault without a message');
      promise(answer.fault.detail === undefined || isJson(answer.fault.detail), () => 'a detail that is no JSON');
      break;
    case 'unreadable':
      promise(answer.message !== '', () => 'an answer that cannot be read, nobody says why');
  }
}
