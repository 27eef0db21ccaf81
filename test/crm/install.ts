import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import type { IdentityStore } from '../../src/core/identity-store.ts';
import type { RecordChange } from '../../src/core/record.ts';
import type { RecordStore } from '../../src/core/record-store.ts';
import type { AcceptedRun, RunId } from '../../src/core/run.ts';
import type { UnitOfWork } from '../../src/core/unit-of-work.ts';
import { createCrm } from '../../src/crm/crm.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { MODULES } from './modules.ts';

/** 2024-03-01T12:00:00Z. */
export const START = Date.UTC(2024, 2, 1, 12);

/**
 * A record host on a new SQLite install with the users admin (19x1) and clerk (19x2), a clock that stands still until
 * it is moved, and a workflow for every change of a product. Closed and removed after the test.
 */
export async function openInstall(test: TestContext, wrap: (store: RecordStore) => RecordStore = (store) => store) {
  const folder = await mkdtemp(join(tmpdir(), 'mapwright-crm-'));
  const store = await openSqliteStore({ folder, key: new Uint8Array(32), ids: { next: randomUUID } });
  test.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.records.prepareModules([...MODULES.values()]);
  await store.identities.addUser({ name: 'admin', admin: true, accessKey: 'key-of-admin', at: START });
  await store.identities.addUser({ name: 'clerk', admin: false, accessKey: 'key-of-clerk', at: START });
  const inactive = new Set<string>();
  const identities = withInactive(store.identities, inactive);
  const { records, units } = observed(store.records);
  const clock = { at: START, now: () => clock.at };
  const changes: RecordChange[] = [];
  const accepted: RunId[] = [];
  const match = async (change: RecordChange) => {
    changes.push(change);
    return change.module === 'Products' ? [runOf(change)] : [];
  };
  const onAccepted = (runs: readonly RunId[]) => void accepted.push(...runs);
  const crm = createCrm({
    store: wrap(records),
    modules: () => MODULES,
    identities,
    clock,
    matcher: { match, matchRelation: async () => [] },
    onAccepted,
  });
  const { settings, operations } = store;
  return { crm, records, units, identities, settings, operations, inactive, clock, changes, accepted };
}

/** The store with the units that were committed. */
function observed(store: RecordStore): { readonly records: RecordStore; readonly units: readonly UnitOfWork[] } {
  const units: UnitOfWork[] = [];
  const commit: RecordStore['commit'] = async (unit) => {
    const result = await store.commit(unit);
    if (result.kind === 'committed') units.push(unit);
    return result;
  };
  return { records: { ...store, commit }, units };
}

/** The users with those of these ids no longer active. */
function withInactive(identities: IdentityStore, inactive: ReadonlySet<string>): IdentityStore {
  const asNow = <U extends { readonly id: string }>(user: U | undefined) =>
    user !== undefined && inactive.has(user.id) ? { ...user, active: false } : user;
  return {
    ...identities,
    userById: async (id) => asNow(await identities.userById(id)),
    userByName: async (name) => asNow(await identities.userByName(name)),
  };
}

function runOf(change: RecordChange): AcceptedRun {
  return {
    workflow: `on-${change.kind}`,
    revision: 1,
    module: change.module,
    recordId: change.id,
    lane: change.id,
    passWhenWaiting: false,
    trigger: { event: change.kind, record: change.after, previous: change.before?.values, changed: change.changed },
    undecided: false,
    rootRun: undefined,
    depth: 0,
    initiator: change.actor.user,
  };
}
