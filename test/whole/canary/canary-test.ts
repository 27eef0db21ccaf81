import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { fixture } from '../../connector/peer.ts';
import { giveBack, newDatabase } from '../../store/postgres-cluster.ts';
import { canaryDocuments, SPELLED } from './canary-documents.ts';
import { CanaryInstall } from './canary-install.ts';
import { ChattyPeer, type Conduct, CONDUCTS } from './chatty-peer.ts';
import type { Scene } from './credential-scenes.ts';
import { assertNoCanary } from './no-canary.ts';
import { noticesMailed, shownBy, storedBy, type Told } from './told-everywhere.ts';

/** What an install in PostgreSQL stores in a way of its own: texts, long texts, sealed values, notices. */
const STORED_CONDUCTS: readonly Conduct[] = ['refused', 'failure', 'slow', 'long', 'echo', 'number'];

/**
 * Makes calls with the scene's credential to a peer that tells all it knows, in every way in which it can, and fails when
 * any of it is to be found anywhere afterwards.
 */
export async function assertKeptSecret(t: TestContext, scene: Scene): Promise<void> {
  const { install, peer, runs, canaries } = await callEverybody(t, scene, { conducts: CONDUCTS, database: undefined });
  assert.ok(runs.some(({ status }) => status === 'completed'));
  assert.ok(runs.some(({ wait }) => wait?.for === 'person'));
  const shown = await shownBy(install, runs);
  if (peer.canaries.size > 0) assert.match(shown.get('runs') ?? '', /••••/u);
  const all = [...canaries, ...peer.canaries];
  assertNoCanary(shown, all);
  assertNoCanary(await storedBy(install, undefined), all);
  await install.stop();
  assertStoresNone(await storedBy(install, undefined), all);
}

/** The same of what an install stores in PostgreSQL; what it shows is shown by the same code. */
export async function assertKeptSecretInPostgres(t: TestContext, scene: Scene): Promise<void> {
  const database = await newDatabase();
  const { install, runs, canaries } = await callEverybody(t, scene, { conducts: STORED_CONDUCTS, database });
  t.after(() => giveBack(database));
  await noticesMailed(install, runs);
  await install.stop();
  assertNoCanary(new Map([['log', install.lines.join('\n')]]), canaries);
  assertStoresNone(await storedBy(install, database), canaries);
}

async function callEverybody(
  t: TestContext,
  scene: Scene,
  { conducts, database }: { readonly conducts: readonly Conduct[]; readonly database: string | undefined },
) {
  const side = await scene.open(t);
  const peer = await ChattyPeer.open(t, side.rules);
  const { kind, parts, isSoap = false, spelled } = scene;
  const install = await CanaryInstall.open(t, {
    documents: canaryDocuments({ kind, parts, isSoap, spelled }),
    settings: { shop_url: peer.url, authority: fixture('authority.cert.pem'), ...side.settings },
    secrets: scene.secrets,
    database,
  });
  await side.connect?.(install.served.install);
  const runs = await install.notes([...conducts, ...(spelled === undefined ? [] : [SPELLED])]);
  assert.ok(peer.admitted >= conducts.length, `${peer.admitted} calls were let in, ${peer.refused} were not`);
  return { install, peer, runs, canaries: new Set([...peer.canaries, ...(scene.own ?? [])]) };
}

function assertStoresNone(stored: Told, canaries: Iterable<string>): void {
  assert.ok(
    [...stored.values()].some((text) => text.includes('note-made')),
    'the database was not read',
  );
  assertNoCanary(stored, canaries);
}
