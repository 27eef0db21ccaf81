import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';
import { type PeerAnswer, tryTexts } from './map-trial.ts';

interface Config {
  readonly url?: string;
  readonly method?: string;
  readonly input?: string;
  readonly output?: string;
  readonly headers?: string;
}

function map({ url, method, input, output, headers }: Config, fields: string, response = ''): string {
  return `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig>
    <wsurl>${url ?? 'https://peer.example/api'}</wsurl><wshttpmethod>${method ?? 'POST'}</wshttpmethod>
    <methodname>m</methodname><wsheader>${headers ?? ''}</wsheader><wstype>REST</wstype>
    <inputtype>${input ?? 'JSON'}</inputtype><outputtype>${output ?? 'JSON'}</outputtype></wsconfig>
    <fields>${fields}</fields><Response>${response}</Response></map>`;
}

function field(name: string, parts: string, delimiter = ''): string {
  return `<field><fieldname>${name}</fieldname><Orgfields>${parts}<delimiter>${delimiter}</delimiter></Orgfields></field>`;
}

function part(text: string, id = ''): string {
  return `<Orgfield><OrgfieldName>${text}</OrgfieldName><OrgfieldID>${id}</OrgfieldID></Orgfield>`;
}

const HEADER = (name: string, value: string): string =>
  `<header><keyname>${name}</keyname><keyvalue>${value}</keyvalue></header>`;

const RECORD = { id: '11x74', accountname: 'Söhne & "Co"', employees: '131', nothing: '' };

async function send(text: string, context = {}, answer: PeerAnswer = {}) {
  return tryTexts({
    documents: [text],
    map: 'M',
    record: RECORD,
    context,
    settings: { base: 'http://b.example' },
    answer,
  });
}

describe('requests of coreBOS maps', () => {
  const bodies: readonly [title: string, fields: string, body: unknown][] = [
    ['a constant', field('a', part('x', 'CONST')), { a: 'x' }],
    ['a field, always as text', field('n', part('employees')), { n: '131' }],
    ['a name that does not exist', field('n', part('nope')), { n: '' }],
    ['the record before the context, even when empty', field('n', part('nothing')), { n: '' }],
    ['the context where the record has no such field', field('n', part('token')), { n: 'T' }],
    ['parts joined by a delimiter', field('n', part('a', 'const') + part('b', 'const'), ', '), { n: 'a, b' }],
    ['a delimiter that is no set of characters', field('n', part('LTD', 'CONST'), 'D'), { n: 'LTD' }],
    ['--None-- as no delimiter', field('n', part('A', 'CONST') + part('B', 'CONST'), '--None--'), { n: 'AB' }],
    ['an expression', field('n', part("concat('x', accountname)", 'expression')), { n: 'xSöhne & "Co"' }],
    ['the user whom maps act as', field('n', part('getCurrentUserID()', 'expression')), { n: '19x1' }],
  ];
  for (const [title, fields, body] of bodies) {
    it(`sends ${title}`, async () => {
      const { sent } = await send(map({}, fields), { token: 'T', nothing: 'from context' });
      assert.deepEqual(JSON.parse(String(sent?.body)), body);
    });
  }

  it('posts a form for input type XML, and for the exact form header', async () => {
    const fields = field('a', part('x y', 'CONST')) + field('b', part('accountname'));
    const form = 'a=x+y&b=S%C3%B6hne+%26+%22Co%22';
    assert.equal((await send(map({ input: 'XML' }, fields))).sent?.body, form);
    const headers = HEADER('Content-type', 'application/x-www-form-urlencoded');
    assert.equal((await send(map({ headers }, fields))).sent?.body, form);
  });

  it('joins the query as it stands for input type URL, after a query that is there already', async () => {
    const fields = field('q', part('select%20x', 'CONST'));
    const { sent } = await send(map({ input: 'URL', method: 'GET', url: 'https://peer.example/api?x=1' }, fields));
    assert.equal(sent?.url, 'https://peer.example/api?x=1&q=select%20x');
  });

  it('fills $names in the URL, longer ones first, and sends the rest in the body', async () => {
    const fields = field('id', part('A', 'CONST')) + field('idx', part('B', 'CONST')) + field('c', part('C', 'CONST'));
    const { sent } = await send(map({ input: 'URLRESTFUL', url: 'https://peer.example/$id/$idx' }, fields));
    assert.equal(sent?.url, 'https://peer.example/A/B');
    assert.deepEqual(JSON.parse(String(sent?.body)), { c: 'C' });
  });

  it('replaces settings and context in URL and headers, drops headers that come to nothing', async () => {
    const headers =
      HEADER('Authorization', 'Bearer getContext(token)') +
      HEADER('X-Gone', 'getContext(nope)') +
      HEADER('', '') +
      HEADER('X-Base', 'getSetting(base)');
    const { sent } = await send(map({ url: 'getSetting(base)/path', headers }, field('a', part('x', 'CONST'))), {
      token: 'T',
    });
    assert.equal(sent?.url, 'http://b.example/path');
    const given = Object.fromEntries(sent?.headers ?? []);
    assert.equal(given['Authorization'], 'Bearer T');
    assert.equal(given['X-Base'], 'http://b.example');
    assert.equal('X-Gone' in given, false);
    assert.equal('' in given, false);
  });
});

const output = (path: string, destination: string): string =>
  `<field><fieldname>${path}</fieldname><destination>${destination}</destination></field>`;

describe('the host of a coreBOS map', () => {
  const hosts: readonly [config: Config, found: boolean][] = [
    [{ url: 'https://peer.example/getContext(path)' }, false],
    [{ url: 'getSetting(base)/x/$id', input: 'URLRESTFUL' }, false],
    [{ url: 'https://peer.example/$id', input: 'URLRESTFUL' }, false],
    [{ url: 'https://$id/x', input: 'URLRESTFUL' }, true],
    [{ url: 'https://getContext(host)/x' }, true],
    [{ url: 'getContext(url)' }, true],
    [{ url: 'getSetting(base)getContext(rest)' }, true],
  ];
  for (const [config, found] of hosts) {
    it(`${found ? 'is refused when it comes from data' : 'is free of data'}: ${config.url}`, () => {
      const text = map(config, field('id', part('A', 'CONST')));
      const codes = checkDocuments([{ file: 'M.xml', text }]).diagnostics.map(({ code }) => code);
      assert.equal(codes.includes('URL_FROM_DATA'), found);
    });
  }
});

describe('answers to coreBOS maps', () => {
  const response = output('result.id', '<field>description</field>') + output('error.code', '<field>fsresult</field>');
  const text = map({}, field('a', part('x', 'CONST')), response);
  const fieldsOf = async (answer: PeerAnswer) => {
    const { trial } = await send(text, {}, answer);
    const fields = trial.outputs.filter(({ kind }) => kind === 'field').map(({ name, value }) => [name, value]);
    return { code: trial.failure?.code, fields, warnings: trial.warnings };
  };

  it('writes what is there and clears what is not, with a warning, after a success', async () => {
    const { code, fields, warnings } = await fieldsOf({ body: '{"success":true,"result":{"id":"14x7"}}' });
    assert.equal(code, undefined);
    assert.deepEqual(fields, [
      ['description', '14x7'],
      ['fsresult', ''],
    ]);
    assert.equal(warnings.length, 1);
  });

  for (const [title, answer, code] of [
    ['status 500 with a good body', { status: 500, body: '{"result":{"id":"14x7"}}' }, 'CALL_STATUS'],
    ['a page', { body: '<html></html>' }, 'CALL_UNREADABLE'],
    ['nothing', { body: '' }, 'CALL_UNREADABLE'],
    ['what is nested too deeply', { body: `${'['.repeat(5_000)}${']'.repeat(5_000)}` }, 'CALL_UNREADABLE'],
    ['a redirect', { status: 301, headers: [['location', '/x']], body: '' }, 'CALL_REDIRECT'],
  ] as const) {
    it(`writes no field after ${title}`, async () => {
      const result = await fieldsOf(answer);
      assert.equal(result.code, code);
      assert.deepEqual(result.fields, []);
    });
  }

  it('writes only the field that is named for the error after success:false', async () => {
    const body = '{"success":false,"error":{"code":"NO","message":"m"},"result":{"id":"14x7"}}';
    const { code, fields } = await fieldsOf({ body });
    assert.equal(code, 'CALL_EXPECTATION');
    assert.deepEqual(fields, [['fsresult', 'NO']]);
  });

  it('gives a member without a dot as JSON text, with a dot as it is', async () => {
    const both = output('name', '<context>top</context>') + output('a.b', '<context>deep</context>');
    const { trial } = await send(
      map({}, field('a', part('x', 'CONST')), both),
      {},
      { body: '{"name":"N","a":{"b":"N"}}' },
    );
    assert.deepEqual(
      trial.outputs.map(({ value }) => value),
      ['"N"', 'N'],
    );
  });

  it('says which parameter was not the JSON it looks like', async () => {
    const glued = field('element', part(`concat('{"n":"', accountname, '"}')`, 'expression'));
    const { trial } = await send(map({ input: 'XML' }, glued), {}, { body: '{"success":false}' });
    assert.match(trial.warnings.join(), /parameter "element" is not valid JSON at line 1, column 16/u);
  });
});
