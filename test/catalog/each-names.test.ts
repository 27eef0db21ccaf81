import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compileCatalog } from '../../src/catalog/catalog.ts';
import { readDocuments } from '../../src/document/read-documents.ts';
import { tryTexts } from '../engine/map-trial.ts';

const MODULE = `<module xmlns="urn:mapwright:1" name="Orders" label="Orders" prefix="60" title="no">
  <field name="no" label="No" type="string"/><field name="tags" label="Tags" type="text"/></module>`;
const map = (each: string, source = 'jsonata="item"'): string =>
  `<map xmlns="urn:mapwright:1" name="m" module="Orders"><call method="POST" url="https://a.example"/>
    <parameters><parameter name="q" each="${each}" ${source}/></parameters>
    <response><output path="token" context="token" sensitive="true"/></response></map>`;

function compile(text: string) {
  const documents = [MODULE, text].flatMap(
    (one, index) => readDocuments({ file: `${index}.xml`, text: one }).documents,
  );
  return compileCatalog(documents, 1);
}

describe('the list of a parameter with each', () => {
  it('counts as read by the map, so that a retry keeps to the record as it was', () => {
    assert.equal(compile(map("$split(record.tags, ',')")).catalog.maps.get('m')?.readsRecord, true);
    assert.equal(compile(map("['a']")).catalog.maps.get('m')?.readsRecord, false);
  });

  it('is looked through for fields that are not there', () => {
    const codes = compile(map('record.tgas')).diagnostics.map(({ code }) => code);
    assert.deepEqual(codes, ['FIELD_UNKNOWN']);
  });

  it('hides what is computed from a sensitive list', async () => {
    const text = map('context.token.parts', 'jsonata="$uppercase(item)"');
    const context = { token: { parts: ['abcdefghij'] } };
    const { sent, trial } = await tryTexts({ documents: [text, MODULE], record: { no: '1' }, context });
    assert.match(String(sent?.body), /ABCDEFGHIJ/u);
    assert.doesNotMatch(JSON.stringify(trial.request), /abcdefghij/iu);
  });
});
