import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tryTexts } from './map-trial.ts';

const MODULE = `<module xmlns="urn:mapwright:1" name="Orders" prefix="40" title="no">
  <field name="no" type="string" length="100"/><field name="total" type="number"/><field name="scan" type="file"/></module>`;
const SERVICE = '<service xmlns="urn:mapwright:1" name="s" url="http://peer.example"/>';
const LINES = {
  lines: [
    { sku: 'A&B', count: 2 },
    { sku: 'C', count: 1 },
  ],
};

function map(call: string, parameters: string, rest = ''): string {
  return `<map xmlns="urn:mapwright:1" name="m" module="Orders" service="s">${call}
    <parameters>${parameters}</parameters>${rest}</map>`;
}

async function send(call: string, parameters: string, record: Record<string, string | number | null> = {}) {
  const given = { no: 'SO-17 <ü>', total: 12.5, scan: null, ...record };
  const { sent, trial } = await tryTexts({
    documents: [map(call, parameters), MODULE, SERVICE],
    map: 'm',
    record: given,
    context: LINES,
  });
  return { sent, failure: trial.failure };
}

const XML = '<call method="POST" path="/x" body="xml" root="o:Order"/>';

describe('an XML body made of parameters', () => {
  it('has elements, attributes, texts and namespaces in their order, escaped for their place', async () => {
    const { sent } = await send(
      XML,
      `<parameter name="xmlns:o" in="attribute" value="urn:orders"/>
       <parameter name="no" in="attribute" template="&quot;{record.no}&quot;"/>
       <parameter name="o:Total"><parameter name="currency" in="attribute" value="EUR"/><parameter name="v" in="text" field="total"/></parameter>
       <parameter name="Line" each="context.lines"><parameter name="sku" in="attribute" jsonata="item.sku"/><parameter name="count" jsonata="item.count"/></parameter>
       <parameter name="empty" value=""/><parameter name="gone" value="" when-empty="omit"/>
       <parameter name="tag" jsonata="['a', 'b']"/>`,
    );
    assert.equal(
      sent?.body,
      '<?xml version="1.0" encoding="UTF-8"?>\n' +
        '<o:Order xmlns:o="urn:orders" no="&quot;SO-17 &lt;ü&gt;&quot;"><o:Total currency="EUR">12.5</o:Total>' +
        '<Line sku="A&amp;B"><count>2</count></Line><Line sku="C"><count>1</count></Line>' +
        '<empty/><tag>a</tag><tag>b</tag></o:Order>',
    );
    assert.equal(new Map(sent?.headers).get('Content-Type'), 'application/xml; charset=utf-8');
  });

  it('has the one parameter that goes into it for its root', async () => {
    const { sent } = await send(
      '<call method="PUT" path="/{no}" body="xml"/>',
      '<parameter name="no" value="7"/><parameter name="Order"><parameter name="no" field="no"/></parameter>',
    );
    assert.match(String(sent?.body), /\n<Order><no>SO-17 &lt;ü&gt;<\/no><\/Order>$/u);
  });

  it('is refused where XML has no such name, prefix or character', async () => {
    const refused = async (parameters: string) => (await send(XML.replace('o:', ''), parameters)).failure?.code;
    assert.equal(await refused('<parameter name="a b" value="1"/>'), 'XML_NAME_INVALID');
    assert.equal(await refused('<parameter name="p:a" value="1"/>'), 'XML_NAME_INVALID');
    assert.equal(await refused(`<parameter name="a" jsonata="{'1': 2}"/>`), 'XML_NAME_INVALID');
    assert.equal(await refused(`<parameter name="a" jsonata="'\\u0000'"/>`), 'PARAMETER_INVALID');
    assert.equal(await refused('<parameter name="a" in="attribute" jsonata="[1, 2]"/>'), 'PARAMETER_INVALID');
  });
});

describe('lists in a query', () => {
  for (const [style, expected] of [
    ['repeat', 't=a&t=b%2Cc'],
    ['comma', 't=a%2Cb%2Cc'],
    ['space', 't=a%20b%2Cc'],
    ['pipe', 't=a%7Cb%2Cc'],
    ['brackets', 't%5B%5D=a&t%5B%5D=b%2Cc'],
  ]) {
    it(`are written in the style ${style}`, async () => {
      const { sent } = await send(
        '<call method="GET" path="/x"/>',
        `<parameter name="t" style="${style}" jsonata="['a', 'b,c']"/>`,
      );
      assert.equal(sent?.url, `http://peer.example/x?${expected}`);
    });
  }

  it('and objects have brackets in whatever depth, in forms too', async () => {
    const { sent } = await send(
      '<call method="POST" path="/x" body="form"/>',
      `<parameter name="f" style="brackets" jsonata="{'a': {'b': [1, 2]}, 'c': [{'d': 3}]}"/>`,
    );
    assert.equal(decodeURIComponent(String(sent?.body)), 'f[a][b][]=1&f[a][b][]=2&f[c][0][d]=3');
  });
});

describe('methods', () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS', 'DELETE']) {
    it(`${method} has its parameters in the query, and a body where one is asked for`, async () => {
      const { sent } = await send(
        `<call method="${method}" path="/x"/>`,
        '<parameter name="a" value="1"/><parameter name="b" in="body" value="2"/>',
      );
      assert.deepEqual([sent?.method, sent?.url, sent?.body], [method, 'http://peer.example/x?a=1', '{"b":"2"}']);
    });
  }

  for (const method of ['POST', 'PUT', 'PATCH']) {
    it(`${method} has them in the body`, async () => {
      const { sent } = await send(`<call method="${method}" path="/x"/>`, '<parameter name="a" value="1"/>');
      assert.deepEqual([sent?.url, sent?.body], ['http://peer.example/x', '{"a":"1"}']);
    });
  }
});

describe('a parameter given twice', () => {
  it('is a list in JSON', async () => {
    const twice = '<parameter name="a" value="1"/><parameter name="a" value="2"/>';
    const { sent } = await send('<call method="POST" path="/x"/>', `${twice}<parameter name="n">${twice}</parameter>`);
    assert.deepEqual(JSON.parse(String(sent?.body)), { a: ['1', '2'], n: { a: ['1', '2'] } });
  });
});

describe('a file where there is no install', () => {
  it('is told, not read', async () => {
    const scan = JSON.stringify({ id: 'file-0001', name: 'a.pdf', type: 'application/pdf', size: 9, sha256: 'f' });
    const encoded = await send('<call method="POST" path="/x"/>', '<parameter name="a" file="scan" encode="base64"/>', {
      scan,
    });
    assert.equal(encoded.failure?.code, 'FILE_UNAVAILABLE');
    const known = await send('<call method="POST" path="/x"/>', '<parameter name="a" file="scan" encode="json"/>', {
      scan,
    });
    assert.equal(JSON.parse(JSON.parse(String(known.sent?.body)).a).name, 'a.pdf');
  });
});
