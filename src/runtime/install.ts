import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../core/clock.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import { createCallRecorder } from '../connector/call-recorder.ts';
import { createHttpConnector } from '../connector/http-connector.ts';
import { type Crm, createCrm } from '../crm/crm.ts';
import { createLocalDispatcher } from '../dispatch/local-dispatcher.ts';
import { createDestinationLimits } from '../engine/destination-limits.ts';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import { createTriggerMatcher } from '../engine/trigger-matcher.ts';
import { createWorker } from '../engine/worker.ts';
import { loadKey } from '../store/encryption-key.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { readXmlValue } from '../xml/xml-value.ts';
import { createAccessKey } from './access-key.ts';
import type { Administration } from './administration.ts';
import { type DocumentLibrary, openDocumentLibrary } from './document-library.ts';
import { openEgressSetting } from './egress-setting.ts';
import { createLocalAdministration } from './local-administration.ts';
import { type Housekeeping, startHousekeeping } from './housekeeping.ts';
import { VERSION } from './version.ts';

export type { EngineEvent } from '../engine/engine.ts';

/** An install that this process owns. */
export interface Install {
  readonly administration: Administration;
  readonly crm: Crm;
  readonly identities: IdentityStore;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  /** The administrator made at the first start, with the key that is shown only now. */
  readonly firstUser: { readonly name: string; readonly accessKey: string } | undefined;
  /** Begins to work on runs; without it they are only accepted. Rejects with SECRET_UNREADABLE under a wrong key. */
  startWorker(): Promise<void>;
  /** Tells the address at which webservice.php is served, for `status`. */
  announceUrl(url: string): void;
  /** Hands back what is under way within `graceMs`, and lets go of the install. */
  close(graceMs?: number): Promise<void>;
}

export interface OpenInstallParams {
  readonly folder: string;
  readonly clock?: Clock;
  /** Told what happens inside, for logs. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly leaseMs?: number;
  /** Runs worked on at once. */
  readonly capacity?: number;
}

const SERVICE_USER = { id: '19x1', name: 'admin' };
const DEFAULT_GRACE_MS = 10_000;
const DEFAULT_LEASE_MS = 9_000;
const DEFAULT_CAPACITY = 256;

/** Opens the install in a folder, made when there is none, for this process alone. Rejects with STORE_LOCKED and others. */
export async function openInstall(params: OpenInstallParams): Promise<Install> {
  const { folder, env = process.env, clock = { now: () => Date.now() } } = params;
  await makeFolder(folder);
  const key = await loadKey({ folder, env });
  const store = await openSqliteStore({ folder, key, ids: { next: () => randomUUID() } });
  try {
    return await compose({ ...params, clock }, store);
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

async function compose(params: OpenInstallParams & { readonly clock: Clock }, store: Store): Promise<Install> {
  const { clock, folder } = params;
  const library = await openDocumentLibrary({ ...store, store: store.documents, clock });
  const egress = await openEgressSetting(store.settings);
  const engineAndCrm = composeEngine(params, { store, library, egress });
  const { engine, crm } = engineAndCrm;
  const worker = createWorker(engine, {
    owner: randomUUID(),
    capacity: params.capacity ?? DEFAULT_CAPACITY,
    leaseMs: params.leaseMs ?? DEFAULT_LEASE_MS,
  });
  const firstUser = await makeFirstUser(store.identities, clock);
  let url: string | undefined;
  let housekeeping: Housekeeping | undefined;
  const administration = createLocalAdministration({
    store,
    library,
    engine,
    egress,
    folder,
    url: () => url,
    version: VERSION,
  });
  return {
    administration,
    crm,
    identities: store.identities,
    modules: () => library.modules(),
    firstUser,
    async startWorker() {
      await requireKey(store.identities);
      await worker.start();
      housekeeping = startHousekeeping({ identities: store.identities, clock, onEvent: engine.onEvent });
    },
    announceUrl: (served) => void (url = served),
    async close(graceMs = DEFAULT_GRACE_MS) {
      housekeeping?.stop();
      await worker.stop(graceMs);
      await engine.connector.close();
      await store.close();
    },
  };
}

function composeEngine(
  params: OpenInstallParams & { readonly clock: Clock },
  parts: { store: Store; library: DocumentLibrary; egress: Awaited<ReturnType<typeof openEgressSetting>> },
): { engine: Engine; crm: Crm } {
  const { clock } = params;
  const { store, library, egress } = parts;
  const onEvent = params.onEvent ?? (() => undefined);
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const dispatcher = createLocalDispatcher({ clock });
  const matcher = createTriggerMatcher({
    settings: store.settings,
    clock,
    timeZone,
    catalog: async () => library.current(),
  });
  const crm = createCrm({
    store: store.records,
    modules: () => library.modules(),
    identities: store.identities,
    matcher,
    onAccepted: (runs) => void dispatcher.kick(runs.map((run) => ({ run }))),
    clock,
  });
  const limits = createDestinationLimits((key) => wakeWaiting(engine, key));
  const engine: Engine = {
    journal: store.journal,
    host: crm,
    connector: createHttpConnector({ egress: () => egress.policy(), clock, userAgent: `Mapwright/${VERSION}` }),
    recorder: createCallRecorder(),
    readXml: readXmlValue,
    sealer: store.sealer,
    settings: store.settings,
    secrets: store.secrets,
    catalogAt: (revision) => library.at(revision),
    matcher,
    limits,
    dispatcher,
    clock,
    random: { next: () => Math.random() },
    installId: store.installId.slice(0, 8),
    timeZone,
    serviceUser: SERVICE_USER,
    onEvent,
  };
  return { engine, crm };
}

/** A place at a destination came free: the run that has waited longest for one may go on. False when none waits. */
async function wakeWaiting(engine: Engine, key: string): Promise<boolean> {
  try {
    const runs = await engine.journal.release({ key, limit: 1, now: engine.clock.now() });
    await engine.dispatcher.kick(runs.map((run) => ({ run })));
    return runs.length > 0;
  } catch (error) {
    engine.onEvent({ kind: 'fault', run: undefined, error });
    return true;
  }
}

/** Rejects with STORE_UNAVAILABLE when there can be no folder of that name. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const message = `${folder} cannot be the folder of an install: ${messageOf(cause)}`;
    throw new MapwrightError('STORE_UNAVAILABLE', message, {
      hint: 'name a folder that this user may make and write',
      cause,
    });
  }
}

/**
 * Rejects with SECRET_UNREADABLE under another key than the install's, before runs fail for it one by one. The install
 * can be opened all the same: after the loss of its key everything that was encrypted has to be set anew.
 */
async function requireKey(identities: IdentityStore): Promise<void> {
  const [first] = await identities.users();
  if (first !== undefined) await identities.accessKey(first.id);
}

/** A new install gets its administrator; later it has users. */
async function makeFirstUser(identities: IdentityStore, clock: Clock): Promise<Install['firstUser']> {
  if ((await identities.users()).length > 0) return undefined;
  const accessKey = createAccessKey(randomBytes);
  await identities.addUser({ name: SERVICE_USER.name, admin: true, accessKey, at: clock.now() });
  return { name: SERVICE_USER.name, accessKey };
}
