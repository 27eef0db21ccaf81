import assert from 'node:assert/strict';
import { it } from 'node:test';
import { CanaryInstall } from './canary-install.ts';
import { ChattyPeer } from './chatty-peer.ts';
import { assertNoCanary } from './no-canary.ts';
import { ENDPOINT_OWN, ENDPOINT_SECRETS, seen, troubleDocuments, troubledRules, TROUBLES } from './token-endpoint.ts';
import { shownBy, storedBy } from './told-everywhere.ts';

it('a token endpoint that fails in every way, and repeats what it was told, brings none of it to light', async (t) => {
  const peer = await ChattyPeer.open(t, troubledRules());
  const install = await CanaryInstall.open(t, {
    documents: troubleDocuments(),
    settings: { shop_url: peer.url },
    secrets: ENDPOINT_SECRETS,
    database: undefined,
  });
  const runs = await install.notes(Object.keys(TROUBLES));
  const codes = new Set(runs.map(({ wait }) => /CREDENTIAL_\w+|CALL_\w+/u.exec(wait?.reason ?? '')?.[0]));
  assert.deepEqual(
    codes,
    new Set(['CREDENTIAL_REFUSED', 'CREDENTIAL_TOKEN_INVALID', 'CREDENTIAL_TOKEN_STATUS', 'CALL_CUT_OFF']),
  );
  const canaries = new Set([...seen, ...peer.canaries, ...Object.values(ENDPOINT_SECRETS), ...ENDPOINT_OWN]);
  assert.ok(canaries.size > 10, `${canaries.size}`);
  assertNoCanary(await shownBy(install, runs), canaries);
  await install.stop();
  assertNoCanary(await storedBy(install, undefined), canaries);
});
