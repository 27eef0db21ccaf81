import { EGRESS_SETTING, PUBLIC_URL_SETTING } from '../core/local-setting.ts';
import { checkRetentionSetting } from '../core/retention.ts';
import { isFinal, type Run } from '../core/run.ts';
import type { StartReport } from '../core/awaited-run.ts';
import type { Crm } from '../crm/crm.ts';
import { startKey } from '../crm/request-identifier.ts';
import { taskSentence } from '../catalog/plan-sentence.ts';
import type { Engine } from '../engine/engine.ts';
import { currentTask } from '../engine/progress.ts';
import type { WorkflowStarter } from '../engine/workflow-starter.ts';
import type { Store } from '../store/store.ts';
import { accessCommands } from './access/access-commands.ts';
import type { Administration, RunDetails, StartWorkflowParams } from './administration.ts';
import { fileCommands } from './files/file-commands.ts';
import { backupCommands } from './backup/backup-commands.ts';
import { checkName } from './checked-name.ts';
import { credentialCommands, type CredentialParts } from './credential/credential-commands.ts';
import { checkPublicUrl } from './credential/public-address.ts';
import { destinationCommands } from './destination-commands.ts';
import type { DocumentLibrary } from './document-library.ts';
import type { LibraryAdministration } from './library/library-administration.ts';
import { libraryCommands } from './library/library-commands.ts';
import { createLibraryIndex } from './library/library-index.ts';
import type { PackAdministration } from './pack/pack-administration.ts';
import { packCommands } from './pack/pack-commands.ts';
import { retentionCommands } from './retention/retention-commands.ts';
import { keyCommands } from './secret/key-commands.ts';
import { secretCommands } from './secret/secret-commands.ts';
import { scheduleCommands } from './schedule/schedule-commands.ts';
import { inboxCommands } from './inbox/inbox-commands.ts';
import { commandRun, existingRun } from './inbox/run-control.ts';
import { importCommands } from './import/import-commands.ts';
import { notificationCommands } from './notification-commands.ts';
import { actorNamed, recordCommands } from './record-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { type EgressSetting, checkEgressText } from './egress-setting.ts';
import { trialCommands } from './trial/trial-commands.ts';

interface Parts {
  /** There may be a command on many runs to carry out. */
  readonly wakeJobs: () => void;
  /** The revision in force. */
  readonly latest: () => number;
  readonly store: Store;
  readonly library: DocumentLibrary;
  readonly engine: Engine;
  readonly crm: Crm;
  readonly starter: WorkflowStarter;
  /** What starts workflows by the clock. */
  readonly clockwork: Parameters<typeof scheduleCommands>[0];
  readonly egress: EgressSetting;
  readonly folder: string;
  /** True when no other process works on the install: it is in its folder. */
  readonly isAlone: boolean;
  readonly tokens: CredentialParts['keeper'];
  readonly url: () => string | undefined;
  readonly version: string;
}

/** The administration of an install that this process owns. */
export function createLocalAdministration(parts: Parts): Administration {
  const { library, engine, store } = parts;
  const { clock } = engine;
  const catalog = () => library.current();
  const people = peopleCommands({ ...store, modules: () => library.modules(), clock });
  const records = recordCommands({ crm: parts.crm, identities: store.identities, modules: () => library.modules() });
  return {
    status: async () => ({
      version: parts.version,
      folder: parts.folder,
      url: parts.url(),
      revision: library.current().revision,
      runs: await store.journal.counts(),
    }),
    nodes: () => store.nodes.list(engine.clock.now()),
    check: ({ documents }) => library.check(documents),
    apply: ({ documents, ...options }) => library.apply({ sources: documents, ...options }),
    plan: ({ documents, prune }) => library.plan({ sources: documents, prune }),
    revisions: (params) => store.documents.revisions(params),
    revision: ({ number }) => library.revision(number),
    ...trialCommands({
      ...parts,
      record: records.record,
      run: (id) => existingRun(parts, id),
      actor: (by) => actorNamed(store, by),
    }),
    ...runCommands(parts),
    ...inboxCommands({ ...parts, identities: store.identities, details: (run) => runDetails(parts, run) }),
    start: (params) => startWorkflow(parts, params),
    ...scheduleCommands(parts.clockwork),
    ...destinationCommands({ store: store.destinations, gate: engine.gate, catalog, clock }),
    ...retentionCommands({ store, catalog, clock }),
    ...records,
    ...settingCommands(parts),
    ...secretCommands({ ...store, documents: () => library.documents(), clock }),
    ...keyCommands({ ...store, isAlone: parts.isAlone, clock }),
    ...credentialCommands(credentialParts(parts)),
    ...notificationCommands({
      notifications: store.notifications,
      identities: store.identities,
      clock: engine.clock,
    }),
    ...people,
    ...accessCommands({ ...store, clock: engine.clock }),
    ...documentCommands(parts),
    ...fileCommands({ files: store.files, clock }),
    ...backupCommands({ ...parts, ...store, clock: engine.clock }),
    ...importCommands({
      ...store,
      people,
      modules: () => library.modules(),
      crm: parts.crm,
      matcher: engine.matcher,
      onAccepted: (runs) => void engine.dispatcher.kick(runs.map((run) => ({ run }))),
      clock: engine.clock,
    }),
  };
}

/** What credentials are looked after with. */
function credentialParts({ store, library, engine, tokens, url, isAlone }: Parts): CredentialParts {
  return {
    ...store,
    library,
    engine,
    catalog: () => library.current(),
    keeper: tokens,
    connector: engine.connector,
    clock: engine.clock,
    servedAt: url,
    isAlone,
  };
}

/** Single documents, and packs of them. */
function documentCommands(parts: Parts): LibraryAdministration & PackAdministration {
  const { library, store } = parts;
  const { setSetting } = settingCommands(parts);
  const index = createLibraryIndex({ library, store: store.documents, current: () => library.current() });
  const documents = libraryCommands({ ...store, library, index });
  return { ...documents, ...packCommands({ ...store, ...documents, library, index, setSetting }) };
}

function runCommands(parts: Parts): Pick<Administration, 'runs' | 'run' | 'retry' | 'cancel'> {
  const { store, engine } = parts;
  const command = (id: number, kind: 'retry' | 'cancel', given: { readonly by: string; readonly reason?: string }) =>
    commandRun(parts, { run: id, command: { kind }, head: { ...given, origin: 'runs', at: engine.clock.now() } });
  return {
    runs: (filter) => store.journal.runs(filter),
    run: async ({ id }) => runDetails(parts, await existingRun(parts, id)),
    retry: ({ id, by }) => command(id, 'retry', { by }),
    cancel: ({ id, by, reason }) => command(id, 'cancel', { by, reason }),
  };
}

async function runDetails({ store, engine }: Parts, run: Run): Promise<RunDetails> {
  const [steps, plan, deliveries] = await Promise.all([
    store.journal.steps(run.id),
    runPlan(engine, run),
    store.deliveries.ofRun(run.id),
  ]);
  return { run, steps, plan, deliveries };
}

/** What happens when the task at which the run stands fails; undefined when it has ended or its documents are lost. */
async function runPlan({ catalogAt }: Engine, run: Run): Promise<string | undefined> {
  const task = isFinal(run.status) ? undefined : currentTask(run.progress);
  const workflow = task === undefined ? undefined : (await catalogAt(run.revision))?.workflows.get(run.workflow);
  const compiled = workflow?.tasks.get(task ?? '');
  return workflow === undefined || compiled === undefined ? undefined : taskSentence(workflow, compiled);
}

async function startWorkflow({ starter, store, engine }: Parts, params: StartWorkflowParams): Promise<StartReport> {
  const { workflow, records = [], context = {}, key, waitMs, by } = params;
  const user = (await store.identities.userByName(by))?.id ?? engine.serviceUser.id;
  const request = key === undefined ? undefined : startKey({ user, identifier: key, workflow, records, context });
  return starter.start({ workflow, records, context, user, request, waitMs });
}

function settingCommands({ store, egress }: Parts): Pick<Administration, 'settings' | 'setSetting' | 'removeSetting'> {
  return {
    settings: () => store.settings.all(),
    async setSetting({ name, value }) {
      checkName('setting', name);
      if (name === EGRESS_SETTING) checkEgressText(value);
      if (name === PUBLIC_URL_SETTING) checkPublicUrl(value);
      checkRetentionSetting(name, value);
      await store.settings.set(name, value);
      await egress.refresh();
    },
    async removeSetting({ name }) {
      const removed = await store.settings.remove(name);
      await egress.refresh();
      return removed;
    },
  };
}
