import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tryTexts } from './map-trial.ts';

const INHERITED = ['constructor', 'toString', 'valueOf', 'hasOwnProperty', '__proto__'] as const;

/** A map of either dialect without a module: no check knows the record's fields. */
function native(source: string): string {
  return `<map xmlns="urn:mapwright:1" name="m"><call method="POST" url="http://peer.example" path="/"/>
    <parameters>${source}</parameters></map>`;
}

/** A map of the coreBOS dialect that posts one field made of one part. */
function corebos(name: string, id: string): string {
  return `<map><originmodule><originname>Things</originname></originmodule><wsconfig>
    <wsurl>https://peer.example/api</wsurl><wshttpmethod>POST</wshttpmethod><methodname>m</methodname>
    <wstype>REST</wstype><inputtype>JSON</inputtype><outputtype>JSON</outputtype></wsconfig>
    <fields><field><fieldname>p</fieldname><Orgfields><Orgfield><OrgfieldName>${name}</OrgfieldName>
    <OrgfieldID>${id}</OrgfieldID></Orgfield></Orgfields></field></fields><Response/></map>`;
}

describe('names that every JavaScript object has', () => {
  for (const name of INHERITED) {
    it(`"${name}" is no field, setting or context key that nobody gave`, async () => {
      for (const source of [`field="${name}"`, `setting="${name}"`, `context="${name}"`]) {
        const { sent, trial } = await tryTexts({ documents: [native(`<parameter name="p" ${source}/>`)] });
        assert.deepEqual([sent, trial.failure?.code], [undefined, 'PARAMETER_SOURCE_MISSING'], source);
      }
    });

    it(`"${name}" is empty in the coreBOS dialect, as any other unknown name`, async () => {
      const { sent } = await tryTexts({ documents: [corebos(name, 'CONTEXT')] });
      assert.equal(sent?.body, '{"p":""}');
      const symbol = await tryTexts({ documents: [corebos(name, 'EXPRESSION')] });
      // Without a record an unknown symbol is its own name; symbols of the dialect begin with a letter.
      assert.equal(symbol.sent?.body, `{"p":"${name.replace(/^_+/u, '')}"}`);
      const stored = await tryTexts({ documents: [corebos(name, 'EXPRESSION')], record: { id: '40x1', name: 'Ann' } });
      assert.equal(stored.sent?.body, '{"p":""}');
    });

    it(`"${name}" is the value that was given under it`, async () => {
      const documents = [
        native(
          `<parameter name="p" setting="${name}"/><parameter name="q"><parameter name="${name}" value="2"/></parameter>`,
        ),
      ];
      const { sent } = await tryTexts({ documents, settings: Object.fromEntries([[name, '1']]) });
      assert.equal(sent?.body, `{"p":"1","q":{"${name}":"2"}}`);
    });

    it(`"${name}" as a header of an answer is read like others`, async () => {
      const response =
        '<response><output path="a" context="found"/><output jsonata="response.headers.x" context="x"/></response>';
      const { trial } = await tryTexts({
        documents: [native('').replace('</map>', `${response}</map>`)],
        answer: {
          headers: [
            [name.toLowerCase(), 'theirs'],
            ['x', '1'],
            ['x', '2'],
          ],
          body: '{"a":"yes"}',
        },
      });
      assert.equal(trial.failure, undefined);
      assert.deepEqual(
        trial.outputs.map(({ value }) => value),
        ['yes', '1, 2'],
      );
    });
  }
});
