import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { JsonObject } from '../../src/core/json.ts';
import { checkDocuments } from '../../src/runtime/check.ts';
import { tryTexts } from './map-trial.ts';

const SERVICE = '<service xmlns="urn:mapwright:1" name="s" url="http://peer.example"/>';

function mapOf(call: string, parameters: string): string {
  return `<map xmlns="urn:mapwright:1" name="m" service="s">${call}<parameters>${parameters}</parameters></map>`;
}

async function send(call: string, parameters: string, context: JsonObject = {}) {
  const { sent, trial } = await tryTexts({ documents: [mapOf(call, parameters), SERVICE], map: 'm', context });
  return { url: sent?.url, body: sent?.body, code: trial.failure?.code };
}

const VALUES = { values: { id: '7', name: 'A & "B"', tags: ['x', 'y'], none: null, inner: { a: 1 } } };
const SPREAD = '<parameter name="values" context="values" spread="true"/>';

function codesOf(call: string, parameters: string): string[] {
  const files = [mapOf(call, parameters), SERVICE].map((text, index) => ({ file: `${index}.xml`, text }));
  return checkDocuments(files)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code }) => code);
}

describe('a parameter that is spread', () => {
  it('is the members of its value, of each body as that writes them', async () => {
    assert.equal((await send('<call method="POST"/>', SPREAD, VALUES)).body, JSON.stringify(VALUES.values));
    const form = await send('<call method="POST" body="form"/>', SPREAD, { values: { a: 'x & y', b: ['1', '2'] } });
    assert.equal(form.body, 'a=x+%26+y&b=1&b=2');
    const query = await send('<call method="GET"/>', SPREAD, { values: { a: 'x & y', b: 2 } });
    assert.equal(query.url, 'http://peer.example?a=x%20%26%20y&b=2');
    const xml = await send('<call method="POST" body="xml" root="r"/>', SPREAD, { values: { '@no': 1, a: '<' } });
    assert.match(String(xml.body), /<r no="1"><a>&lt;<\/a><\/r>$/u);
    const brackets = SPREAD.replace('spread', 'style="brackets" spread');
    const styled = await send('<call method="GET"/>', brackets, { values: { f: { a: 1 } } });
    assert.equal(styled.url, 'http://peer.example?f%5Ba%5D=1');
  });

  it('stands behind the map’s own parameters, in the place where those are', async () => {
    const own = '<parameter name="id" value="own"/>';
    const both = await send('<call method="POST"/>', `${own}${SPREAD}`, { values: { id: 'given', a: 1 } });
    assert.equal(both.body, '{"id":"own","a":1}');
    const inPath = await send('<call method="PUT" path="/{id}"/>', `${own}${SPREAD}`, { values: { id: 'given' } });
    assert.deepEqual([inPath.url, inPath.body], ['http://peer.example/own', '{"id":"given"}']);
    const nested = `<parameter name="e" encode="json">${SPREAD}${own}</parameter>`;
    const form = await send('<call method="POST" body="form"/>', nested, { values: { id: 'given', a: 1 } });
    assert.deepEqual(JSON.parse(new URLSearchParams(String(form.body)).get('e') ?? ''), { a: 1, id: 'own' });
  });

  it('leads no member into the path, whatever it is called', async () => {
    const context = { values: { id: '../admin', a: 1 } };
    const { url } = await send(
      '<call method="GET" path="/{id}"/>',
      `<parameter name="id" value="1"/>${SPREAD}`,
      context,
    );
    assert.equal(url, 'http://peer.example/1?id=..%2Fadmin&a=1');
  });

  it('sends nothing of an empty value, and fails with what is no object', async () => {
    for (const values of [null, '', {}])
      assert.equal((await send('<call method="GET"/>', SPREAD, { values })).url, 'http://peer.example');
    for (const values of ['text', 7, [{ a: 1 }]])
      assert.equal((await send('<call method="GET"/>', SPREAD, { values })).code, 'PARAMETER_NOT_OBJECT');
    assert.equal((await send('<call method="GET"/>', SPREAD)).code, 'PARAMETER_SOURCE_MISSING');
  });

  it('is refused where members would become headers or paths, or where there are none', () => {
    for (const where of ['header', 'cookie'])
      assert.deepEqual(codesOf('<call method="GET"/>', SPREAD.replace('spread', `in="${where}" spread`)), [
        'PARAMETER_SPREAD',
      ]);
    assert.deepEqual(codesOf('<call method="GET" path="/{values}"/>', SPREAD), ['PARAMETER_SPREAD']);
    assert.deepEqual(codesOf('<call method="POST"/>', SPREAD.replace('spread', 'encode="json" spread')), [
      'PARAMETER_SPREAD',
    ]);
    assert.deepEqual(codesOf('<call method="POST"/>', SPREAD.replace('spread', 'each="[1]" spread')), [
      'PARAMETER_SPREAD',
    ]);
    assert.deepEqual(codesOf('<call method="POST" body="raw"/>', SPREAD), ['PARAMETER_SPREAD']);
    assert.deepEqual(codesOf('<call method="POST"/>', SPREAD), []);
  });
});
