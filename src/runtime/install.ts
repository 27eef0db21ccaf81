import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { BusinessRules } from '../core/business-rules.ts';
import type { Clock } from '../core/clock.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { OperationQueue } from '../core/operation-queue.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { Crm } from '../crm/crm.ts';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import { createWorker } from '../engine/worker.ts';
import type { WorkflowStarter } from '../engine/workflow-starter.ts';
import { loadKey } from '../store/encryption-key.ts';
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts';
import type { Store } from '../store/store.ts';
import { createAccessKey } from './access-key.ts';
import type { Administration } from './administration.ts';
import { createBusinessRules } from './business-rules.ts';
import { createApplicationHost } from './application-host.ts';
import type { ApplicationRecords } from './application-records.ts';
import { SERVICE_USER, composeEngine } from './compose-engine.ts';
import { openDocumentLibrary } from './document-library.ts';
import { openEgressSetting } from './egress-setting.ts';
import { EventHub } from './event-hub.ts';
import { createHostPatience } from './host-patience.ts';
import { createLocalAdministration } from './local-administration.ts';
import { type Housekeeping, startHousekeeping } from './housekeeping.ts';
import { type ChangeAnswer, type ReportedChange, acceptChange } from './reported-change.ts';
import { VERSION } from './version.ts';

export type { EngineEvent } from '../engine/engine.ts';

/** An install that this process owns. */
export interface Install {
  readonly administration: Administration;
  readonly crm: Crm;
  /** Starts workflows by hand. */
  readonly starter: WorkflowStarter;
  readonly identities: IdentityStore;
  /** Rules and mappings, asked without a run. */
  readonly rules: BusinessRules;
  /** Operations of the web service that were put off. */
  readonly operations: OperationQueue;
  readonly modules: () => ReadonlyMap<string, ModuleDefinition>;
  /** The documents in force. */
  readonly catalog: () => Catalog;
  /** What happens inside, for those who listen. */
  readonly events: EventHub;
  /** What the parts of this room work with directly. */
  readonly engine: Engine;
  /** Accepts the runs that a change of the application's own records starts. */
  changed(change: ReportedChange): Promise<ChangeAnswer>;
  /** The administrator made at the first start, with the key that is shown only now. */
  readonly firstUser: { readonly name: string; readonly accessKey: string } | undefined;
  /** Begins to work on runs; without it they are only accepted. Rejects with SECRET_UNREADABLE under a wrong key. */
  startWorker(): Promise<void>;
  /** Answers at once all who wait for runs, and lets nobody wait any more: the process is about to stop. */
  answerWaiting(): void;
  /** Tells the address at which webservice.php is served, for `status`. */
  announceUrl(url: string): void;
  /** Hands back what is under way within `graceMs`, and lets go of the install. */
  close(graceMs?: number): Promise<void>;
}

export interface OpenInstallParams {
  readonly folder: string;
  readonly clock?: Clock;
  /** Where records live when not in the install itself. */
  readonly records?: ApplicationRecords;
  /** Told what belongs in a log: runs that wait, end or are lost, and faults. The rest is told through `events`. */
  readonly onEvent?: (event: EngineEvent) => void;
  /** Environment variables; MAPWRIGHT_KEY is read. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly leaseMs?: number;
  /** Runs worked on at once. */
  readonly capacity?: number;
}

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
  const events = openEvents(params.onEvent);
  const patience = createHostPatience((error) => events.tell({ kind: 'fault', run: undefined, error }));
  const modules = (): ReadonlyMap<string, ModuleDefinition> => library.modules();
  const { records } = params;
  const host = records && createApplicationHost({ records, modules, patience });
  const composed = composeEngine({ store, library, egress, events, clock, host });
  const { engine, crm, starter, waits } = composed;
  const { capacity = DEFAULT_CAPACITY, leaseMs = DEFAULT_LEASE_MS } = params;
  const worker = createWorker(engine, { owner: randomUUID(), capacity, leaseMs });
  const firstUser = await makeFirstUser(store.identities, clock);
  let url: string | undefined;
  let housekeeping: Housekeeping | undefined;
  const administration = createLocalAdministration({
    store,
    library,
    engine,
    crm,
    starter,
    egress,
    folder,
    url: () => url,
    version: VERSION,
  });
  return {
    administration,
    crm,
    starter,
    identities: store.identities,
    rules: createBusinessRules(engine, () => library.current()),
    operations: store.operations,
    modules,
    catalog: () => library.current(),
    events,
    engine,
    changed: (change) => acceptChange({ ...composed, records: store.records, modules, clock }, change),
    firstUser,
    async startWorker() {
      await requireKey(store.identities);
      await worker.start();
      waits.open();
      housekeeping = startHousekeeping({ store, clock, onEvent: engine.onEvent });
    },
    answerWaiting: () => waits.close(),
    announceUrl: (served) => void (url = served),
    async close(graceMs = DEFAULT_GRACE_MS) {
      waits.close();
      housekeeping?.stop();
      patience.stop();
      await worker.stop(graceMs);
      await engine.connector.close();
      await store.close();
    },
  };
}

function openEvents(onEvent: OpenInstallParams['onEvent']): EventHub {
  const events = new EventHub();
  if (onEvent === undefined) return events;
  for (const kind of ['run-waiting', 'run-ended', 'run-fenced', 'fault'] as const) events.on(kind, onEvent);
  return events;
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
