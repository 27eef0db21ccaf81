import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type PeerAnswer, tryTexts } from './map-trial.ts';

const SERVICE = `<service xmlns="urn:mapwright:1" name="s" url="http://peer.example">
  <expect when="response.body.success = true" code="{response.body.error.code}" message="{response.body.error.message}"/>
</service>`;

function map(response: string, service = 's'): string {
  return `<map xmlns="urn:mapwright:1" name="m" service="${service}"><call method="POST"/>
    <parameters><parameter name="a" value="1"/></parameters><response>${response}</response></map>`;
}

const OUTPUTS = `<output path="result.id" field="remote_id"/>
  <output path="error.code" field="status" on="failure" optional="true"/>`;

async function answer(peer: PeerAnswer, response = OUTPUTS) {
  const { trial } = await tryTexts({ documents: [map(response), SERVICE], map: 'm', answer: peer });
  return { code: trial.failure?.code, outputs: trial.outputs.map(({ name, value }) => [name, value]), trial };
}

const ok = (result: unknown): string => JSON.stringify({ success: true, result });

describe('answers to native maps', () => {
  it('writes what the outputs name', async () => {
    const { code, outputs } = await answer({ body: ok({ id: '14x7' }) });
    assert.equal(code, undefined);
    assert.deepEqual(outputs, [['remote_id', '14x7']]);
  });

  it('keeps integers beyond 2^53 as they are', async () => {
    const { outputs } = await answer({ body: '{"success":true,"result":{"id":9007199254740993}}' });
    assert.deepEqual(outputs, [['remote_id', '9007199254740993']]);
  });

  const failures: readonly [title: string, peer: PeerAnswer, code: string][] = [
    ['status 500', { status: 500, body: ok({ id: '14x7' }) }, 'CALL_STATUS'],
    ['status 404 without a body', { status: 404, body: '' }, 'CALL_STATUS'],
    ['a redirect', { status: 302, headers: [['location', 'http://other.example/']], body: '' }, 'CALL_REDIRECT'],
    ['a page instead of JSON', { body: '<html>Welcome</html>' }, 'CALL_UNREADABLE'],
    ['nothing', { body: '' }, 'CALL_UNREADABLE'],
    [
      'an answer that is nested too deeply',
      { body: `{"success":true,"result":{"id":${'['.repeat(5_000)}${']'.repeat(5_000)}}}` },
      'CALL_UNREADABLE',
    ],
    ['success false', { body: '{"success":false,"error":{"code":"NO","message":"not you"}}' }, 'CALL_EXPECTATION'],
    ['a list instead of an object', { body: '[]' }, 'CALL_EXPECTATION'],
    ['no id', { body: ok({}) }, 'OUTPUT_MISSING'],
  ];
  for (const [title, peer, code] of failures) {
    it(`fails for ${title} and writes no field meant for success`, async () => {
      const result = await answer(peer);
      assert.equal(result.code, code);
      assert.ok(result.outputs.every(([name]) => name !== 'remote_id'));
    });
  }

  it("tells the other side's code and message, and writes what is meant for a failure", async () => {
    const { outputs, trial } = await answer({ body: '{"success":false,"error":{"code":"NO","message":"not you"}}' });
    assert.match(trial.failure?.message ?? '', /NO: not you/u);
    assert.deepEqual(outputs, [['status', 'NO']]);
  });

  it('accepts the statuses a map lists, and only those', async () => {
    const response = '<expect status="201 404"/>';
    assert.equal((await answer({ status: 404, body: ok(1) }, response)).code, undefined);
    assert.equal((await answer({ status: 200, body: ok(1) }, response)).code, 'CALL_STATUS');
  });

  it('takes a default, leaves out what is optional, converts types', async () => {
    const response = `<output path="result.n" context="n" type="integer"/>
      <output path="result.gone" context="left-out" optional="true"/>
      <output path="result.gone" context="given" default="d"/>
      <output value="" field="cleared"/>`;
    const { outputs } = await answer({ body: ok({ n: '12' }) }, response);
    assert.deepEqual(outputs, [
      ['n', 12],
      ['given', 'd'],
      ['cleared', ''],
    ]);
    assert.equal((await answer({ body: ok({ n: 'x' }) }, response)).code, 'PARAMETER_TYPE');
  });

  it('needs no readable body when nothing reads it', async () => {
    const text = map('').replace('service="s"', 'service="plain"');
    const plain = '<service xmlns="urn:mapwright:1" name="plain" url="http://peer.example"/>';
    const { trial } = await tryTexts({ documents: [text, plain], map: 'm', answer: { status: 204, body: 'OK' } });
    assert.equal(trial.failure, undefined);
  });

  it('reads XML when the map says so', async () => {
    const text = map('<output path="order.lines.line.1.sku" context="sku"/>')
      .replace('<response>', '<response format="xml">')
      .replace('service="s"', 'service="plain"');
    const plain = '<service xmlns="urn:mapwright:1" name="plain" url="http://peer.example"/>';
    const body = '<r><order><lines><line><sku>A</sku></line><line><sku>B</sku></line></lines></order></r>';
    const { trial } = await tryTexts({ documents: [text, plain], map: 'm', answer: { body } });
    assert.deepEqual(
      trial.outputs.map(({ value }) => value),
      ['B'],
    );
  });
});
