import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type ServedInstall, serveInstall } from '../../src/cli/serve-install.ts';
import { CLIENT_SECRET } from '../connector/credential/credential-world.ts';
import { tokenPeer } from '../connector/credential/token-peer.ts';
import { dropDatabase, emptyDatabase } from '../store/postgres-cluster.ts';
import { temporaryFolder } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { until } from './poll.ts';
import { comingBack, SignInBrowser } from './sign-in-browser.ts';

it('a sign-in that is begun at one node may go on and end at any other', async (t) => {
  const peer = await tokenPeer(t, { refreshes: true });
  const folder = await temporaryFolder(t);
  const database = await emptyDatabase();
  const closing: (() => Promise<unknown>)[] = [() => dropDatabase(database)];
  t.after(async () => {
    for (const close of closing.toReversed()) await close();
  });
  const serve = async (): Promise<ServedInstall> => {
    const served = await serveInstall({ folder, database, host: '127.0.0.1', port: 0, log: () => undefined });
    closing.push(() => served.stop());
    return served;
  };
  const [one, two] = [await serve(), await serve()];
  const { administration } = one.install;
  await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
  await administration.setSetting({ name: 'public_url', value: two.url });
  await administration.setSecret({ name: 'client-secret', value: CLIENT_SECRET, by: 'anna' });
  const credential = nativeDocument(
    'credential',
    'name="docs" kind="oauth2-authorization-code"',
    `<authorization url="${peer.url}/auth"/><token url="${peer.tokenUrl}"/><client id="crm" secret="client-secret"/>`,
  );
  await administration.apply({ documents: [credential], prune: false, dryRun: false, by: 'anna' });
  await until('the other node has the documents', () => two.install.catalog().credentials.has('docs') || undefined);
  await until('and may call the provider', async () => {
    const trial = await two.install.administration.testCredential({ name: 'docs', documents: [], url: peer.url });
    return trial.failure?.code === 'CREDENTIAL_NOT_CONNECTED' || undefined;
  });
  const { id, url } = await administration.connectCredential({ name: 'docs', by: 'anna' });
  assert.ok(url.startsWith(two.url));
  const browser = new SignInBrowser();
  const back = comingBack(await browser.goOn(url), { code: 'a-code' });
  const pages = await Promise.all([browser.open(back), browser.open(back.replace(two.url, one.url))]);
  assert.ok(pages.every(({ status }) => status === 200 || status === 409));
  assert.equal((await browser.open(back)).status, 200);
  assert.equal(peer.asked.length, 1);
  assert.equal((await two.install.administration.signIn({ name: 'docs', id })).state, 'connected');
  const trial = await administration.testCredential({ name: 'docs', documents: [], url: peer.url });
  assert.deepEqual([trial.verdict, trial.token], ['works', 'kept'], trial.why);
});
