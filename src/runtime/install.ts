import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { AttemptStore } from '../core/attempts.ts';
import type { BusinessRules } from '../core/business-rules.ts';
import type { Clock } from '../core/clock.ts';
import { closeAll } from '../core/close-all.ts';
import { MapwrightError, messageOf } from '../core/error.ts';
import type { FileStore } from '../core/file-store.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ModuleDefinition } from '../core/module.ts';
import type { Observation } from '../core/observation.ts';
import type { SignInDesk } from '../core/sign-in.ts';
import type { OperationQueue } from '../core/operation-queue.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { TokenKeeper } from '../connector/credential/token-keeper.ts';
import type { Crm } from '../crm/crm.ts';
import type { Engine, EngineEvent } from '../engine/engine.ts';
import type { Scheduler } from '../engine/schedule/scheduler.ts';
import type { WorkflowStarter } from '../engine/workflow-starter.ts';
import type { Store } from '../store/store.ts';
import { createAccessKey } from './access-key.ts';
import type { Caller } from '../core/access.ts';
import type { AlertWatch } from './alerts/alert-watch.ts';
import type { Access } from './access/access.ts';
import { administrationOf } from './access/audited-administration.ts';
import { createAccess } from './access/create-access.ts';
import type { Administration } from './administration.ts';
import { type BackgroundWork, createBackgroundWork } from './background-work.ts';
import { createBusinessRules } from './business-rules.ts';
import { createApplicationHost } from './application-host.ts';
import type { ApplicationRecords } from './application-records.ts';
import { type ComposedEngine, SERVICE_USER, composeEngine } from './compose-engine.ts';
import { openDocumentLibrary } from './document-library.ts';
import { openEgressSetting } from './egress-setting.ts';
import { EventHub } from './event-hub.ts';
import { createHostPatience } from './host-patience.ts';
import { createLocalAdministration } from './local-administration.ts';
import type { Housekeeping } from './housekeeping.ts';
import { followOthers } from './follow-others.ts';
import { watchStore } from './observe/watched-store.ts';
import { openDispatcher } from './open-dispatcher.ts';
import { openStore } from './open-store.ts';
import { type ChangeAnswer, type ReportedChange, acceptChange } from './reported-change.ts';
import { createSignInDesk } from './credential/sign-in-desk.ts';
import { VERSION } from './version.ts';

export type { EngineEvent } from '../engine/engine.ts';

/** An install that this process works on. */
export interface Install {
  readonly administration: Administration;
  /** The administration in the name of a caller, with everything it changes in the audit. */
  readonly administrationFor: (caller: Caller) => Administration;
  /** Lets people and programs in. */
  readonly access: Access;
  /** What is tried again and again, counted for all processes; undefined where there can be only one. */
  readonly attempts: AttemptStore | undefined;
  readonly crm: Crm;
  /** Starts workflows by hand. */
  readonly starter: WorkflowStarter;
  /** Starts workflows by the clock. */
  readonly scheduler: Scheduler;
  /** Removes what has been kept long enough. */
  readonly housekeeping: Housekeeping;
  /** Tells administrators of what no run tells them. */
  readonly alerts: AlertWatch;
  readonly identities: IdentityStore;
  /** What records hold besides values. */
  readonly files: FileStore;
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
  /** The time that everything in it goes by: on several nodes the database's. */
  readonly clock: Clock;
  /** How it is doing. */
  readonly observation: Observation;
  /**
   * Aborted, with a STORE_NEWER as its reason, when a newer program has changed the database so that this one has to end:
   * it claims no more runs from then on.
   */
  readonly outdated: AbortSignal;
  /** The tokens that calls carry. */
  readonly tokens: TokenKeeper;
  /** What browsers ask of people's sign-ins. */
  readonly signIns: SignInDesk;
  /** Somebody has signed in for a credential: runs that wait for it are looked for now. */
  wakeConnections(): void;
  /** Begins to work on runs; without it they are only accepted. Rejects with SECRET_UNREADABLE under a wrong key. */
  startWorker(): Promise<void>;
  /** Answers at once all who wait for runs, and lets nobody wait any more: the process is about to stop. */
  answerWaiting(): void;
  /**
   * Claims no runs any more and begins to hand back those under way, within `graceMs`: other nodes go on with them.
   * `close` waits for the end of it.
   */
  drain(graceMs?: number): void;
  /** Tells the address at which webservice.php is served, for `status`. */
  announceUrl(url: string): void;
  /** Hands back what is under way within `graceMs`, and lets go of the install. */
  close(graceMs?: number): Promise<void>;
}

export interface OpenInstallParams {
  readonly folder: string;
  /** `postgres://...`: where the install is kept, when not in its folder. Several processes may work on it then. */
  readonly database?: string | undefined;
  /** Of this machine; an install in PostgreSQL goes by the database's. */
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
  /** What the install works on in the place of its store: for those who watch each write, or stop it there. */
  readonly withStore?: (store: Store) => Store;
}

/** The events that belong in a log. */
const LOGGED = ['run-waiting', 'run-ended', 'run-fenced', 'schedule-slot', 'destination-changed', 'fault'] as const;

const DEFAULT_GRACE_MS = 10_000;
const DEFAULT_LEASE_MS = 9_000;
const DEFAULT_CAPACITY = 256;

/** Opens an install, made when there is none: one in a folder for this process alone. Rejects with STORE_LOCKED and others. */
export async function openInstall(params: OpenInstallParams): Promise<Install> {
  const { folder, env = process.env, clock: own = { now: () => Date.now() } } = params;
  await makeFolder(folder);
  const store = await openStore({ folder, database: params.database, env, clock: own });
  const clock = store.nodes.clock ?? own;
  try {
    return await compose({ ...params, clock }, store);
  } catch (thrown) {
    await store.close();
    throw thrown;
  }
}

async function compose(params: OpenInstallParams & { readonly clock: Clock }, opened: Store): Promise<Install> {
  const { clock, folder, database, records, env = process.env } = params;
  const events = openEvents(params.onEvent);
  const onFault = (error: unknown): void => events.tell({ kind: 'fault', run: undefined, error });
  const watched = await watchStore(params.withStore?.(opened) ?? opened, { events, clock });
  const { store, tracer, pulse, observation } = watched;
  const { mask } = observation;
  const library = await openDocumentLibrary({ ...store, store: store.documents, clock });
  const egress = await openEgressSetting(store.settings);
  const patience = createHostPatience(onFault);
  const modules = (): ReadonlyMap<string, ModuleDefinition> => library.modules();
  const catalog = (): Catalog => library.current();
  const host = records && createApplicationHost({ records, modules, patience });
  const dispatcher = openDispatcher({ store, database, env, clock, onFault });
  const composed = composeEngine({ store, library, egress, events, clock, host, tracer, dispatcher });
  const { engine, crm, starter, waits } = composed;
  const isAlone = database === undefined;
  const { capacity = DEFAULT_CAPACITY, leaseMs = DEFAULT_LEASE_MS } = params;
  const work = createBackgroundWork({ composed, store, catalog, clock, pulse, mask, isAlone, capacity, leaseMs });
  const firstUser = await makeFirstUser(store.identities, clock);
  let url: string | undefined;
  const following = isAlone
    ? undefined
    : followOthers({ library, egress, keys: store.keys, onEvent: events.tell.bind(events) });
  const latest = (): number => catalog().revision;
  const own = { store, library, egress, folder, isAlone, latest, url: () => url, version: VERSION };
  const administration = createLocalAdministration({ ...composed, ...work, ...own });
  return {
    administration,
    administrationFor: (caller) => administrationOf({ administration, audit: store.audit, clock }, caller),
    attempts: store.attempts,
    access: createAccess({ ...store, clock, isAlone }),
    crm,
    starter,
    ...shownWork(work, onFault),
    tokens: composed.tokens,
    signIns: deskOf(composed, work, own),
    identities: store.identities,
    files: store.files,
    rules: createBusinessRules(engine, catalog),
    operations: store.operations,
    modules,
    catalog,
    events,
    engine,
    changed: (change) => acceptChange({ ...composed, records: store.records, modules, clock }, change),
    firstUser,
    clock,
    observation,
    answerWaiting: () => waits.close(),
    announceUrl: (served) => void (url = served),
    async close(graceMs = DEFAULT_GRACE_MS) {
      waits.close();
      following?.stop();
      patience.stop();
      const bodies = async (): Promise<void> => engine.largeBodies?.close();
      await closeAll([() => work.stop(graceMs), () => engine.connector.close(), bodies, () => store.close()]);
    },
  };
}

/** Where people come back to who sign in for credentials. */
function deskOf(
  { engine, tokens }: ComposedEngine,
  work: Pick<BackgroundWork, 'wakeConnections'>,
  {
    store,
    library,
    isAlone,
    url,
  }: Pick<Parameters<typeof createLocalAdministration>[0], 'store' | 'library' | 'isAlone' | 'url'>,
): SignInDesk {
  return createSignInDesk({
    ...store,
    catalog: () => library.current(),
    keeper: tokens,
    connector: engine.connector,
    clock: engine.clock,
    servedAt: url,
    isAlone,
    onConnected: () => work.wakeConnections(),
  });
}

/** What the install shows of the work that goes on behind it. */
function shownWork(
  work: BackgroundWork,
  onFault: (error: unknown) => void,
): Pick<Install, 'scheduler' | 'housekeeping' | 'alerts' | 'outdated' | 'wakeConnections' | 'startWorker' | 'drain'> {
  const { scheduler, housekeeping, alerts, outdated } = work;
  return {
    scheduler,
    housekeeping,
    alerts,
    outdated,
    wakeConnections: () => work.wakeConnections(),
    startWorker: () => work.start(),
    drain: (graceMs = DEFAULT_GRACE_MS) => void work.drain(graceMs).catch(onFault),
  };
}

function openEvents(onEvent: OpenInstallParams['onEvent']): EventHub {
  const events = new EventHub();
  if (onEvent === undefined) return events;
  for (const kind of LOGGED) events.on(kind, onEvent);
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

/** A new install gets its administrator; later it has users. Of several nodes that make it at once one is told the key. */
async function makeFirstUser(identities: IdentityStore, clock: Clock): Promise<Install['firstUser']> {
  if ((await identities.users()).length > 0) return undefined;
  const accessKey = createAccessKey(randomBytes);
  const { name } = SERVICE_USER;
  try {
    await identities.addUser({ name, admin: true, accessKey, at: clock.now() });
    return { name, accessKey };
  } catch (thrown) {
    if (thrown instanceof MapwrightError && thrown.code === 'IDENTITY_USER_EXISTS') return undefined;
    throw thrown;
  }
}
