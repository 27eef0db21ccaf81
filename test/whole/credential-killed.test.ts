import assert from 'node:assert/strict';
import { it } from 'node:test';
import { connectControl } from '../../src/server/control/control-client.ts';
import { CLIENT_SECRET } from '../connector/credential/credential-world.ts';
import { tokenPeer } from '../connector/credential/token-peer.ts';
import { serve, temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { comingBack, SignInBrowser } from './sign-in-browser.ts';

it('a person whose server is killed while it exchanges the code reloads the page, and is connected', async (t) => {
  const peer = await tokenPeer(t, { refreshes: true });
  const folder = await temporaryFolder(t);
  const first = await serve(t, folder);
  const owner = (await connectControl(folder, 'anna')) ?? assert.fail('nobody owns the install');
  await owner.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  await owner.setSecret({ name: 'client-secret', value: CLIENT_SECRET, by: 'anna' });
  const credential = nativeDocument(
    'credential',
    'name="docs" kind="oauth2-authorization-code"',
    `<authorization url="${peer.url}/auth"/><token url="${peer.tokenUrl}"/><client id="crm" secret="client-secret"/>`,
  );
  await owner.apply({ documents: [credential], prune: false, dryRun: false, by: 'anna' });
  const { id, url } = await owner.connectCredential({ name: 'docs', by: 'anna' });
  const browser = new SignInBrowser();
  const back = comingBack(await browser.goOn(url), { code: 'a-code' });
  let open = (): void => undefined;
  peer.gate = new Promise((resolve) => (open = resolve));
  const cut = browser.open(back);
  cut.catch(() => undefined);
  await until('the code is being exchanged', () => peer.asked.length === 1 || undefined);
  await first.end('SIGKILL');
  await assert.rejects(cut);
  open();
  const second = await serve(t, folder);
  const next = (await connectControl(folder, 'anna')) ?? assert.fail('nobody owns the install');
  assert.equal((await next.signIn({ name: 'docs', id })).state, 'interrupted');
  const page = await browser.open(back.replace(first.url, second.url));
  assert.equal(page.status, 200, page.text);
  assert.equal((await next.credential({ name: 'docs' })).connections[0]?.state, 'connected');
  const outcomes = (await next.audit({ action: 'finishSignIn', limit: 5 })).map(({ outcome }) => outcome);
  assert.deepEqual(outcomes, ['done', 'begun']);
});
