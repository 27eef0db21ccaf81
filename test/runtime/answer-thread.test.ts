import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LargeBodyQuestion } from '../../src/core/large-body.ts';
import { createAnswerThread } from '../../src/runtime/answer/answer-thread.ts';

const FILLING = Array.from({ length: 20_000 }, (_, index) => ({ id: index, name: `Item "${index}"` }));

const asked = (text: string, given: Partial<LargeBodyQuestion> = {}): LargeBodyQuestion => ({
  body: Buffer.from(text),
  contentType: 'application/json',
  format: 'json',
  members: ['id', 'result'],
  wantsItems: false,
  ...given,
});

describe('large bodies on a thread of their own', () => {
  it('give the members that are looked at, and the start of the text', async (t) => {
    const thread = createAnswerThread();
    t.after(() => thread.close());
    const text = `\n${JSON.stringify({ id: 7, items: FILLING, result: { id: '14x9' } })}`;
    const read = await thread.read(asked(text));
    assert.deepEqual(JSON.parse(read.json ?? ''), { id: 7, result: { id: '14x9' } });
    assert.equal(read.start, text.trimStart().slice(0, 1_000));
    const list = await thread.read(asked(JSON.stringify(FILLING), { members: ['1', 'name'] }));
    assert.deepEqual(JSON.parse(list.json ?? ''), FILLING.slice(0, 2));
    const items = await thread.read(asked(JSON.stringify(FILLING), { wantsItems: true }));
    assert.deepEqual(JSON.parse(items.json ?? ''), FILLING);
  });

  it('keep the digits of ids, and tell them as they were written where coreBOS maps ask for that', async (t) => {
    const thread = createAnswerThread();
    t.after(() => thread.close());
    const text = `{"items":${JSON.stringify(FILLING)},"id":9007199254740993,"result":{"no":9007199254740995}}`;
    assert.deepEqual(JSON.parse((await thread.read(asked(text))).json ?? ''), {
      id: '9007199254740993',
      result: { no: '9007199254740995' },
    });
    const legacy = await thread.read(asked(text, { format: 'legacy' }));
    assert.equal(legacy.exactJson, '{"id":9007199254740993,"result":{"no":9007199254740995}}');
  });

  it('read XML, and say what is none', async (t) => {
    const thread = createAnswerThread();
    t.after(() => thread.close());
    const items = FILLING.map(({ id }) => `<item><no>${id}</no></item>`).join('');
    const xml = await thread.read(asked(`<r>${items}<id>5</id></r>`, { format: 'xml', contentType: 'text/xml' }));
    assert.deepEqual(JSON.parse(xml.json ?? ''), { id: '5' });
    for (const format of ['json', 'legacy', 'xml'] as const) {
      const page = await thread.read(asked(`<html>${items}`, { format }));
      assert.equal(page.json, undefined, format);
      assert.equal(page.start.slice(0, 12), '<html><item>');
    }
  });

  it('are answered each with its own, however many come at once, and none after the end', async () => {
    const thread = createAnswerThread();
    const all = Array.from({ length: 12 }, (_, id) =>
      thread.read(asked(JSON.stringify({ items: FILLING.slice(id), id }))),
    );
    for (const [id, read] of (await Promise.all(all)).entries()) assert.deepEqual(JSON.parse(read.json ?? ''), { id });
    const cutOff = [thread.read(asked(JSON.stringify({ id: 1 }))), thread.read(asked(JSON.stringify({ id: 2 })))];
    await thread.close();
    for (const read of await Promise.all(cutOff)) assert.equal(read.json, undefined);
    assert.equal((await thread.read(asked('{"id":3}'))).json, undefined);
  });
});
