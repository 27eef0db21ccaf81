import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { MessageStore } from '../../src/core/message-store.ts';
import { forgetAged } from './forget-aged.ts';
import { freshStore } from './test-install.ts';
import type { InstallFactory } from './test-install.ts';

/** Sends the texts to the channel, each under a key of its own, to be read before 100. */
async function send(messages: MessageStore, channel: string, ...texts: string[]): Promise<void> {
  for (const text of texts) await messages.send({ channel, text, key: `${channel}/${text}`, expiresAt: 100 });
}

/** What every store of messages does. */
export function messageContract(name: string, factory: InstallFactory): void {
  describe(`messages: ${name}`, () => {
    it('are taken oldest first, each once, channel by channel', async (context) => {
      const { messages } = await freshStore(context, factory);
      await send(messages, 'a', 'one', 'two');
      await send(messages, 'b', 'other');
      const take = (channel: string, key: string) => messages.take({ channel, key, at: 50 });
      assert.equal(await take('a', 'k1'), 'one');
      assert.equal(await take('a', 'k2'), 'two');
      assert.equal(await take('a', 'k3'), undefined);
      assert.equal(await take('b', 'k4'), 'other');
    });

    it('are given again to whoever took them', async (context) => {
      const { messages } = await freshStore(context, factory);
      await send(messages, 'a', 'one', 'two');
      assert.equal(await messages.take({ channel: 'a', key: 'k1', at: 50 }), 'one');
      assert.equal(await messages.take({ channel: 'a', key: 'k1', at: 200 }), 'one');
      assert.equal(await messages.take({ channel: 'a', key: 'k2', at: 50 }), 'two');
    });

    it('are kept once for each key', async (context) => {
      const { messages } = await freshStore(context, factory);
      const message = { channel: 'a', key: 'k', expiresAt: 100 };
      assert.equal(await messages.send({ ...message, text: 'one' }), true);
      assert.equal(await messages.send({ ...message, text: 'again' }), false);
      assert.equal(await messages.take({ channel: 'a', key: 'k1', at: 50 }), 'one');
      assert.equal(await messages.take({ channel: 'a', key: 'k2', at: 50 }), undefined);
    });

    it('are given to nobody once they have expired, and are forgotten', async (context) => {
      const store = await freshStore(context, factory);
      const { messages } = store;
      await send(messages, 'a', 'one', 'two');
      assert.equal(await messages.take({ channel: 'a', key: 'k1', at: 99 }), 'one');
      assert.equal(await messages.take({ channel: 'a', key: 'k2', at: 100 }), undefined);
      assert.equal(await forgetAged(store, 'message', 100), 0);
      assert.equal(await forgetAged(store, 'message', 101), 2);
      assert.equal(await messages.take({ channel: 'a', key: 'k1', at: 50 }), undefined);
    });

    it('are there for each of two that take at once', async (context) => {
      const { messages } = await freshStore(context, factory);
      await send(messages, 'a', 'one', 'two');
      const taken = await Promise.all(['k1', 'k2', 'k3'].map((key) => messages.take({ channel: 'a', key, at: 50 })));
      assert.deepEqual(taken, ['one', 'two', undefined]);
    });
  });
}
