import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCommand } from '../cli/fake-shell.ts';
import { temporaryFolder } from '../whole/command-line.ts';
import { TestInstall } from '../whole/install-fixture.ts';
import { ScriptedPeer } from '../whole/scripted-peer.ts';
import { blocksOf } from './page.ts';
import { withoutVarying } from './same-output.ts';

/**
 * The page's own module, service and first map, in an install whose shop is a peer of this test: each `console` block is a
 * command (`$ `) and what it prints. The address of the shop and the ids are the reader's.
 */
const PAGE = 'maps.md';
const BLOCKS = blocksOf(PAGE);
const SHOP = 'https://shop.example';

describe('docs/maps.md: trying a call', () => {
  const shown = BLOCKS.filter(({ language }) => language === 'console');

  it('shows what the command really prints', async (t) => {
    const peer = await ScriptedPeer.open(t);
    peer.reply('/api/customers/61x1/orders', { status: 201, body: { id: 'W-1' } });
    const base = BLOCKS.filter(({ language, words }) => language === 'xml' && words[0] === 'base');
    const map = BLOCKS.find(({ language, words }) => language === 'xml' && words.length === 0);
    const documents = [...base, map ?? assert.fail()].map(({ text }, index) => ({ file: `${index}.xml`, text }));
    const install = await TestInstall.open(t, {
      documents,
      settings: { shop_url: peer.url },
      secrets: { shop_key: 'the-key-of-the-shop' },
      worker: false,
    });
    const { id: customer } = await install.create({ name: 'Anna Berg' }, 'Customers');
    const { id: order } = await install.create({ order_no: 'SO-17', total: 119.5, customer_id: customer }, 'Orders');
    assert.deepEqual([customer, order], ['61x1', '60x2']);
    const { administration } = install.install;
    assert.ok(shown.length >= 3);
    for (const { text, at } of shown) {
      const [line = '', ...output] = text.split('\n');
      const words = /^\$ mapwright (.+)$/u.exec(line)?.[1]?.split(' ') ?? assert.fail(at);
      const result = await runCommand(words, { administration, workingFolder: await temporaryFolder(t) });
      const printed = [result.output, result.errors].filter((one) => one !== '').join('\n');
      const plain = (one: string): string =>
        withoutVarying(one, { [peer.url]: SHOP, [new URL(peer.url).host]: 'shop.example' });
      assert.equal(plain(printed), plain(output.join('\n')), at);
    }
  });
});
