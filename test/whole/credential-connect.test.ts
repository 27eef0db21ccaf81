import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { CLIENT_SECRET, json, listening } from '../connector/credential/credential-world.ts';
import { signIn } from '../connector/credential/oidc-browser.ts';
import { oidcPeer } from '../connector/credential/oidc-peer.ts';
import { tokenPeer } from '../connector/credential/token-peer.ts';
import { nativeDocument, shippedDocuments } from './documents.ts';
import { ADMIN } from './install-fixture.ts';
import { until } from './poll.ts';
import { ServedTest } from './served-install.ts';
import { comingBack, SignInBrowser } from './sign-in-browser.ts';

const MAP = `<call method="POST" body="json"/><parameters><parameter name="name" field="productname"/></parameters>
<response><output path="token" field="remote_id" optional="true"/></response>`;

interface Provider {
  readonly url: string;
  readonly tokenUrl: string;
}

async function documents(provider: Provider, api: string, master: boolean): Promise<SourceFile[]> {
  const products = (await shippedDocuments('product-sync')).filter(({ file }) => file === 'Products.xml');
  return [
    ...products,
    nativeDocument(
      'credential',
      `name="docs" label="Docs &lt;&amp;&gt;" kind="oauth2-authorization-code" master="${master}"`,
      `<authorization url="${provider.url}/auth"><parameter name="prompt" value="consent"/></authorization>
<token url="${provider.tokenUrl}"/><client id="crm" secret="client-secret"/><scope>openid offline_access files.read</scope>`,
    ),
    nativeDocument('service', `name="shop" url="${api}" credential="docs"`, ''),
    nativeDocument('map', 'name="send" module="Products" service="shop"', MAP),
    nativeDocument(
      'workflow',
      'name="product-created" module="Products"',
      '<trigger on="create"/><tasks><webservice id="send" map="send"/></tasks>',
    ),
  ];
}

async function serve(t: TestContext): Promise<ServedTest> {
  const test = await ServedTest.open(t, []);
  await test.install.administration.setSecret({ name: 'client-secret', value: CLIENT_SECRET, by: 'test' });
  return test;
}

async function apply({ install }: ServedTest, given: readonly SourceFile[]): Promise<void> {
  const report = await install.administration.apply({ documents: given, prune: false, dryRun: false, by: 'test' });
  assert.deepEqual(
    report.diagnostics.filter(({ severity }) => severity === 'error'),
    [],
  );
}

/** A served install whose provider answers what the test says. */
async function scripted(t: TestContext, master = true) {
  const test = await serve(t);
  const peer = await tokenPeer(t, { refreshes: true });
  await apply(test, await documents({ url: peer.url, tokenUrl: peer.tokenUrl }, peer.url, master));
  const { administration } = test.install;
  const begin = (user?: string) => administration.connectCredential({ name: 'docs', user, by: 'anna' });
  const state = async (id: string) => (await administration.signIn({ name: 'docs', id })).state;
  return { test, peer, administration, begin, state };
}

describe('signing in for a credential', () => {
  it('works at a real provider, and has a run go on that waited for it', async (t) => {
    const test = await serve(t);
    const redirectUrl = `${test.served.url}/oauth/callback`;
    const provider = await oidcPeer(t, { redirectUrl });
    const api = await listening(t, async ({ headers }, response) => {
      json(response, {}, (await provider.counts(headers.authorization?.slice(7) ?? '')) ? 200 : 401);
    });
    await apply(test, await documents(provider, api.url, false));
    const { administration, crm } = test.install;
    await crm.create({ actor: ADMIN, module: 'Products', element: { productname: 'Bolt' } });
    await until('the run waits', async () => (await test.runs())[0]?.wait?.for === 'person' || undefined);
    const started = await administration.connectCredential({ name: 'docs', user: 'admin', by: 'admin' });
    assert.equal((await administration.signIn({ name: 'docs', id: started.id })).state, 'open');
    const browser = new SignInBrowser();
    const back = await signIn((await browser.goOn(started.url)).href, 'anna', redirectUrl);
    const page = await browser.open(back.href);
    assert.equal(page.status, 200, page.text);
    assert.match(page.text, /You may close this window/u);
    assert.equal((await administration.signIn({ name: 'docs', id: started.id })).state, 'connected');
    const [run] = await test.allEnded(1);
    assert.equal(run?.status, 'completed');
    const { connections, unconnected } = await administration.credential({ name: 'docs' });
    assert.deepEqual([connections[0]?.user, connections[0]?.state, unconnected], ['admin', 'connected', 0]);
    assert.ok((connections[0]?.until ?? 0) > (connections[0]?.since ?? 0));
    assert.equal(connections[0]?.renews, true);
    const audited = await administration.audit({ action: 'finishSignIn', limit: 5 });
    assert.deepEqual(
      audited.map(({ by, target, outcome }) => [by, target, outcome]),
      [['admin', 'docs/admin', 'done']],
    );
  });

  it('shows pages without scripts, that nobody keeps, frames or learns the address of', async (t) => {
    const { begin } = await scripted(t);
    const browser = new SignInBrowser();
    const { url } = await begin();
    const page = await browser.open(url);
    assert.match(page.headers.get('content-security-policy') ?? '', /default-src 'none'.*frame-ancestors 'none'/u);
    assert.deepEqual(
      ['cache-control', 'referrer-policy', 'x-content-type-options'].map((name) => page.headers.get(name)),
      ['no-store', 'no-referrer', 'nosniff'],
    );
    assert.match(page.text, /Docs &lt;&amp;&gt;/u);
    assert.doesNotMatch(page.text, /<script|Docs <&>/u);
    const onward = await browser.open(`${url}/go`);
    assert.equal(onward.headers.get('referrer-policy'), 'no-referrer');
    assert.match(onward.headers.get('set-cookie') ?? '', /; HttpOnly; SameSite=Lax/u);
  });

  it('is told the same when the page is reloaded, and asks the provider once', async (t) => {
    const { peer, begin } = await scripted(t);
    const browser = new SignInBrowser();
    const back = comingBack(await browser.goOn((await begin()).url), { code: 'a-code' });
    for (let count = 0; count < 3; count++) assert.equal((await browser.open(back)).status, 200);
    const several = await Promise.all([browser.open(back), browser.open(back)]);
    assert.deepEqual(
      several.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(peer.asked.length, 1);
    assert.equal(peer.asked[0]?.form.get('code'), 'a-code');
    assert.equal(peer.asked[0]?.form.get('code_verifier')?.length, 43);
  });

  it('is for the browser in which it began: another one uses nothing up', async (t) => {
    const { peer, begin, state } = await scripted(t);
    const [hers, his] = [new SignInBrowser(), new SignInBrowser()];
    const { url, id } = await begin();
    const back = comingBack(await hers.goOn(url), { code: 'her-code' });
    await his.goOn((await begin()).url);
    const stolen = await his.open(back);
    assert.deepEqual([stolen.status, peer.asked.length, await state(id)], [403, 0, 'open']);
    assert.equal((await hers.open(back)).status, 200);
  });

  it('cannot be led past the page that says whose account it will be', async (t) => {
    const { begin } = await scripted(t);
    const browser = new SignInBrowser();
    const { url } = await begin();
    const led = await browser.open(`${url}/go`);
    assert.deepEqual([led.status, led.headers.get('location')], [200, null]);
    assert.match(led.headers.get('set-cookie') ?? '', /^mapwright_seen_[^;]*; Path=\/; HttpOnly; SameSite=Strict/u);
    const link = /<a href="([^"]+)">/u.exec(led.text)?.[1] ?? assert.fail('no way to go on');
    assert.equal((await browser.open(new URL(link, `${url}/go`).href)).status, 303);
  });

  it('is unknown under a state or ticket that was made up', async (t) => {
    const { test, peer, begin } = await scripted(t);
    const browser = new SignInBrowser();
    await browser.goOn((await begin()).url);
    for (const path of [
      '/oauth/callback',
      '/oauth/callback?state=x&code=y',
      '/oauth/connect/x',
      '/oauth/connect/x/go',
    ]) {
      const page = await browser.open(`${test.served.url}${path}`);
      assert.equal(page.status, 404, path);
    }
    const reflected = await browser.open(`${test.served.url}/oauth/callback?error=<b>pay</b>&state=x`);
    assert.doesNotMatch(reflected.text, /pay/u);
    assert.equal(peer.asked.length, 0);
  });

  it('ends with the words of a provider that says no, escaped', async (t) => {
    const { peer, begin, administration } = await scripted(t);
    const browser = new SignInBrowser();
    const { url, id } = await begin();
    const answer = { error: 'access_denied', error_description: '<img src=x> not "today"' };
    const back = comingBack(await browser.goOn(url), answer);
    const page = await browser.open(back);
    assert.equal(page.status, 400);
    assert.match(page.text, /access_denied: &lt;img src=x&gt; not &quot;today&quot;/u);
    const { state, problem } = await administration.signIn({ name: 'docs', id });
    assert.equal(state, 'failed');
    assert.match(problem ?? '', /access_denied/u);
    assert.deepEqual([(await browser.open(back)).status, peer.asked.length], [410, 0]);
    const [entry] = await administration.audit({ action: 'finishSignIn', limit: 1 });
    assert.deepEqual([entry?.outcome, entry?.code], ['refused', 'CREDENTIAL_REFUSED']);
  });

  it('ends when the code has expired, and can be begun anew', async (t) => {
    const { peer, begin, state, administration } = await scripted(t);
    const browser = new SignInBrowser();
    const { url, id } = await begin();
    peer.trouble = { status: 400, body: '{"error":"invalid_grant","error_description":"expired: late-code"}' };
    const page = await browser.open(comingBack(await browser.goOn(url), { code: 'late-code' }));
    assert.equal(page.status, 400);
    assert.match(page.text, /invalid_grant/u);
    assert.doesNotMatch(page.text, /late-code/u);
    assert.equal(await state(id), 'failed');
    peer.trouble = undefined;
    const again = await browser.open(comingBack(await browser.goOn((await begin()).url), { code: 'new-code' }));
    assert.equal(again.status, 200);
    assert.equal((await administration.credential({ name: 'docs' })).connections[0]?.state, 'connected');
  });

  it('can be tried again by a reload when the provider was away', async (t) => {
    const { peer, begin, administration } = await scripted(t);
    const browser = new SignInBrowser();
    const { url, id } = await begin();
    const back = comingBack(await browser.goOn(url), { code: 'a-code' });
    for (const trouble of ['cut', { status: 503, body: 'later' }] as const) {
      peer.trouble = trouble;
      const page = await browser.open(back);
      assert.equal(page.status, 502);
      assert.match(page.text, /Reload this page/u);
      const progress = await administration.signIn({ name: 'docs', id });
      assert.deepEqual([progress.state, progress.problem !== undefined], ['open', true]);
    }
    peer.trouble = undefined;
    assert.equal((await browser.open(back)).status, 200);
  });

  it('by two at once connects both, and the last one stays', async (t) => {
    const { peer, begin, administration } = await scripted(t);
    const browsers = [new SignInBrowser(), new SignInBrowser()];
    const backs = await Promise.all(
      browsers.map(async (browser, index) =>
        comingBack(await browser.goOn((await begin()).url), { code: `c${index}` }),
      ),
    );
    const pages = await Promise.all(browsers.map((browser, index) => browser.open(backs[index] ?? '')));
    assert.deepEqual(
      pages.map(({ status }) => status),
      [200, 200],
    );
    assert.equal(peer.asked.length, 2);
    assert.equal((await administration.credential({ name: 'docs' })).connections.length, 1);
  });
});

describe('who is connected', () => {
  it('is whoever signed in; the others have not', async (t) => {
    const { begin, administration } = await scripted(t, false);
    await administration.addUser({ name: 'anna', admin: false, firstName: 'Anna', lastName: 'Berg' });
    await administration.addUser({ name: 'left', admin: false });
    await administration.changeUser({ name: 'left', active: false });
    const browser = new SignInBrowser();
    const { url } = await begin('anna');
    assert.match((await browser.open(url)).text, /for Anna Berg/u);
    await browser.open(comingBack(await browser.goOn(url), { code: 'c' }));
    const entry = await administration.credential({ name: 'docs' });
    assert.deepEqual(
      entry.connections.map(({ user, person, state }) => [user, person, state]),
      [
        ['anna', 'Anna Berg', 'connected'],
        ['admin', 'admin', 'none'],
      ],
    );
    assert.deepEqual([entry.unconnected, entry.missing, entry.services], [1, [], ['shop']]);
    const [listed] = await administration.credentials();
    assert.deepEqual(listed?.connections.length, 1);
  });

  it('is nobody any more once the settings of the credential are others', async (t) => {
    const { test, peer, begin, administration } = await scripted(t);
    const browser = new SignInBrowser();
    await browser.open(comingBack(await browser.goOn((await begin()).url), { code: 'c' }));
    const changed = await documents({ url: peer.url, tokenUrl: peer.tokenUrl }, peer.url, true);
    await apply(
      test,
      changed.map((one) => ({ ...one, text: one.text.replace('files.read', 'files.write') })),
    );
    assert.equal((await administration.credential({ name: 'docs' })).connections[0]?.state, 'settings-changed');
  });

  it('is told with what is missing', async (t) => {
    const { administration } = await scripted(t);
    await administration.removeSecret({ name: 'client-secret', force: true });
    const entry = await administration.credential({ name: 'docs' });
    assert.deepEqual([entry.missing, entry.connections], [['client-secret'], [{ state: 'none' }]]);
    await assert.rejects(administration.connectCredential({ name: 'docs', by: 'anna' }), { code: 'SECRET_MISSING' });
  });
});

describe('disconnecting', () => {
  it('forgets the token here, and has the provider forget it where that is published', async (t) => {
    const test = await serve(t);
    const redirectUrl = `${test.served.url}/oauth/callback`;
    const provider = await oidcPeer(t, { redirectUrl });
    await apply(test, await documents(provider, provider.url, true));
    const { administration, engine } = test.install;
    const browser = new SignInBrowser();
    const { url } = await administration.connectCredential({ name: 'docs', by: 'admin' });
    await browser.open((await signIn((await browser.goOn(url)).href, 'anna', redirectUrl)).href);
    const compiled = test.install.catalog().credentials.get('docs') ?? assert.fail();
    const settings = await engine.settings.all();
    const credential = await compiled.resolve({
      settings,
      secret: (name) => engine.secrets.get(name),
      user: '',
      serviceUrl: undefined,
    });
    let given = '';
    const request = { method: 'GET', url: provider.url, headers: [], body: undefined, credential };
    const limits = { connectTimeoutMs: 5_000, totalTimeoutMs: 5_000, maxAnswerBytes: 1_000_000 };
    await engine.connector.send({ ...request, ...limits }, { onSecret: (secret) => void (given ||= secret) });
    assert.equal(await provider.counts(given), true);
    assert.deepEqual(await administration.disconnectCredential({ name: 'docs' }), {
      removed: true,
      provider: 'revoked',
    });
    assert.equal(await provider.counts(given), false);
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, [{ state: 'none' }]);
    assert.deepEqual(await administration.disconnectCredential({ name: 'docs' }), {
      removed: false,
      provider: 'not-asked',
    });
  });

  it('takes effect here also when the provider publishes nothing, or is gone', async (t) => {
    const { begin, administration } = await scripted(t);
    const browser = new SignInBrowser();
    await browser.open(comingBack(await browser.goOn((await begin()).url), { code: 'c' }));
    const { removed, provider } = await administration.disconnectCredential({ name: 'docs' });
    assert.deepEqual([removed, provider], [true, 'not-offered']);
    assert.deepEqual((await administration.credential({ name: 'docs' })).connections, [{ state: 'none' }]);
  });
});

describe('a sign-in is refused', () => {
  it('for the wrong kind, person or name', async (t) => {
    const { test, administration } = await scripted(t);
    await test.install.administration.apply({
      documents: [nativeDocument('credential', 'name="key" kind="api-key"', '<key secret="client-secret"/>')],
      prune: false,
      dryRun: false,
      by: 'test',
    });
    const refused = (name: string, user: string | undefined, code: string) =>
      assert.rejects(administration.connectCredential({ name, user, by: 'a' }), { code });
    await refused('key', undefined, 'CREDENTIAL_KIND');
    await refused('docs', 'admin', 'CREDENTIAL_SHARED');
    await refused('doc', undefined, 'CREDENTIAL_UNKNOWN');
    await assert.rejects(administration.signIn({ name: 'docs', id: 'x' }), { code: 'CREDENTIAL_SIGN_IN_UNKNOWN' });
  });

  it('for nobody, for somebody unknown, and for somebody who has left', async (t) => {
    const { administration } = await scripted(t, false);
    await administration.addUser({ name: 'left', admin: false });
    await administration.changeUser({ name: 'left', active: false });
    const refused = (user: string | undefined, code: string) =>
      assert.rejects(administration.connectCredential({ name: 'docs', user, by: 'a' }), { code });
    await refused(undefined, 'CREDENTIAL_USER_NEEDED');
    await refused('nobody', 'USER_UNKNOWN');
    await refused('left', 'USER_INACTIVE');
  });

  it('for a public address that is none, and a redirect that leads elsewhere', async (t) => {
    const { test, administration, peer } = await scripted(t);
    for (const value of ['maps.example.com', 'ftp://a', 'https://a?b', 'https://u:p@a']) {
      await assert.rejects(administration.setSetting({ name: 'public_url', value }), { code: 'SETTING_INVALID' });
    }
    await administration.setSetting({ name: 'public_url', value: 'https://www.example.com/maps/' });
    const { url } = await administration.connectCredential({ name: 'docs', by: 'a' });
    assert.match(url, /^https:\/\/www\.example\.com\/maps\/oauth\/connect\/[\w-]{43}$/u);
    const given = await documents({ url: peer.url, tokenUrl: peer.tokenUrl }, peer.url, true);
    const redirected = (to: string) =>
      apply(
        test,
        given.map((one) => ({ ...one, text: one.text.replace('<client ', `<redirect url="${to}"/><client `) })),
      );
    await redirected('https://other.example.com/back');
    await assert.rejects(administration.connectCredential({ name: 'docs', by: 'a' }), { code: 'CREDENTIAL_REDIRECT' });
    await redirected('https://other.example.com/x/oauth/callback');
    const other = await administration.connectCredential({ name: 'docs', by: 'a' });
    assert.match(other.url, /^https:\/\/other\.example\.com\/x\/oauth\/connect\//u);
  });
});
