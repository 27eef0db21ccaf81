import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkDocuments } from '../../src/runtime/check.ts';
import { tryTexts } from './map-trial.ts';

function map(config: string, fields = '', response = ''): string {
  return `<map><originmodule><originname>Accounts</originname></originmodule><wsconfig><wsurl>https://peer.example/api</wsurl>
    <wshttpmethod>POST</wshttpmethod><wstype>REST</wstype><inputtype>JSON</inputtype><outputtype>JSON</outputtype>${config}</wsconfig>
    <fields>${fields}</fields><Response>${response}</Response></map>`;
}

const CONSTANT = '<field><fieldname>a</fieldname><value>x</value></field>';
const OUTPUT =
  '<field><fieldname>result.id</fieldname><destination><field>remote</field><context>remote_id</context></destination></field>';

describe('a coreBOS map without saving', () => {
  const answer = { body: '{"result":{"id":"W-1"}}' };
  const given = { documents: [map('', CONSTANT, OUTPUT)], record: { id: '11x1', remote: '' }, answer };

  it('gives the values for fields back, and says so', async () => {
    const { trial } = await tryTexts({ ...given, context: { WSCall_ReturnResultWithNoSave: '' } });
    assert.deepEqual(
      trial.outputs.map(({ kind, name, value }) => [kind, name, value]),
      [
        ['context', 'remote_id', 'W-1'],
        ['field', 'remote', 'W-1'],
      ],
    );
    assert.equal(trial.warnings.length, 1);
  });

  it('writes them when nobody asked', async () => {
    const { trial } = await tryTexts(given);
    assert.equal(trial.warnings.length, 0);
    assert.deepEqual(
      trial.outputs.map(({ kind }) => kind),
      ['field', 'context'],
    );
  });
});

describe('login and body of a coreBOS map', () => {
  it('sends user and password, never shows the password, and lets a header of the map stand', async () => {
    const login = '<wsuser>anna</wsuser><wspass>getSetting(word)</wspass>';
    const settings = { word: 'open-sesame-17' };
    const { sent, trial } = await tryTexts({ documents: [map(login, CONSTANT)], settings });
    const basic = `Basic ${Buffer.from('anna:open-sesame-17').toString('base64')}`;
    assert.equal(new Map(sent?.headers).get('Authorization'), basic);
    assert.equal(JSON.stringify(trial).includes('open-sesame-17'), false);
    assert.equal(JSON.stringify(trial).includes(basic), false);
    const header = '<wsheader><header><k>authorization</k><v>own</v></header></wsheader>';
    const own = await tryTexts({ documents: [map(login + header, CONSTANT)], settings });
    assert.deepEqual(
      own.sent?.headers.filter(([name]) => name.toLowerCase() === 'authorization'),
      [['authorization', 'own']],
    );
  });

  it('warns of a header that says another body than is sent', () => {
    const header =
      '<wsheader><header><keyname>Content-type</keyname><keyvalue>text/plain</keyvalue></header></wsheader>';
    const { diagnostics } = checkDocuments([{ file: 'M.xml', text: map(header, CONSTANT) }]);
    assert.deepEqual(
      diagnostics.map(({ severity, code }) => [severity, code]),
      [['warning', 'COREBOS_BODY_IS_FORM']],
    );
  });
});

describe('XML answers of coreBOS maps', () => {
  it('keep the attributes of elements that hold others, not those of texts', async () => {
    const output = (path: string, key: string): string =>
      `<field><fieldname>${path}</fieldname><destination><context>${key}</context></destination></field>`;
    const text = map('', '', output('o.@attributes.no', 'no') + output('o.t', 't')).replace(
      '<outputtype>JSON',
      '<outputtype>XML',
    );
    const { trial } = await tryTexts({
      documents: [text],
      answer: { body: '<r><o no="7"><t lang="en">v</t></o></r>' },
    });
    assert.deepEqual(
      trial.outputs.map(({ name, value }) => [name, value]),
      [
        ['no', '7'],
        ['t', 'v'],
      ],
    );
  });
});
