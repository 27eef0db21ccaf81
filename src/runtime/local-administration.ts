import { MapwrightError } from '../core/error.ts';
import { EGRESS_SETTING } from '../core/local-setting.ts';
import type { Run } from '../core/run.ts';
import type { StartReport } from '../core/awaited-run.ts';
import type { Crm } from '../crm/crm.ts';
import { startKey } from '../crm/request-identifier.ts';
import type { Engine } from '../engine/engine.ts';
import type { WorkflowStarter } from '../engine/workflow-starter.ts';
import { tryMap } from '../engine/try-map.ts';
import type { Store } from '../store/store.ts';
import type { Administration, StartWorkflowParams } from './administration.ts';
import { checkName } from './checked-name.ts';
import type { DocumentLibrary } from './document-library.ts';
import { importCommands } from './import/import-commands.ts';
import { notificationCommands } from './notification-commands.ts';
import { recordCommands } from './record-commands.ts';
import { peopleCommands } from './people-commands.ts';
import { type EgressSetting, checkEgressText } from './egress-setting.ts';

interface Parts {
  readonly store: Store;
  readonly library: DocumentLibrary;
  readonly engine: Engine;
  readonly crm: Crm;
  readonly starter: WorkflowStarter;
  readonly egress: EgressSetting;
  readonly folder: string;
  readonly url: () => string | undefined;
  readonly version: string;
}

/** The administration of an install that this process owns. */
export function createLocalAdministration(parts: Parts): Administration {
  const { library, engine, store } = parts;
  const people = peopleCommands({
    identities: store.identities,
    records: store.records,
    modules: () => library.modules(),
    clock: engine.clock,
  });
  return {
    status: async () => ({
      version: parts.version,
      folder: parts.folder,
      url: parts.url(),
      revision: library.current().revision,
      runs: await store.journal.counts(),
    }),
    check: ({ documents }) => library.check(documents),
    apply: ({ documents, ...options }) => library.apply({ sources: documents, ...options }),
    plan: ({ documents, prune }) => library.plan({ sources: documents, prune }),
    revisions: (params) => store.documents.revisions(params),
    revision: ({ number }) => library.revision(number),
    async tryMap(params) {
      const { catalog, diagnostics } = await library.draft(params.documents);
      return { diagnostics, ...(await tryMap(engine, { ...params, catalog })) };
    },
    ...runCommands(parts),
    start: (params) => startWorkflow(parts, params),
    ...recordCommands({ crm: parts.crm, identities: store.identities, modules: () => library.modules() }),
    ...settingCommands(parts),
    ...secretCommands(parts),
    ...notificationCommands({
      notifications: store.notifications,
      identities: store.identities,
      clock: engine.clock,
    }),
    ...people,
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

function runCommands({ store, engine }: Parts): Pick<Administration, 'runs' | 'run' | 'retry' | 'cancel'> {
  const existing = async (id: number): Promise<Run> => {
    const run = await store.journal.run(id);
    if (run !== undefined) return run;
    throw new MapwrightError('RUN_UNKNOWN', `there is no run ${id}`, {
      hint: 'mapwright runs list shows those there are',
    });
  };
  const intervene = async (command: Parameters<typeof store.journal.intervene>[0]): Promise<void> => {
    const run = await existing(command.run);
    if (!(await store.journal.intervene(command))) throw notWaiting(run, command.kind);
    await tellUnbegunEnd(engine, run.id);
    await engine.dispatcher.kick([{ run: run.id }]);
  };
  return {
    runs: (filter) => store.journal.runs(filter),
    run: async ({ id }) => ({ run: await existing(id), steps: await store.journal.steps(id) }),
    retry: ({ id, by }) => intervene({ kind: 'retry', run: id, by, at: engine.clock.now() }),
    cancel: ({ id, by, reason }) => intervene({ kind: 'cancel', run: id, by, reason, at: engine.clock.now() }),
  };
}

/** A run that is canceled before it began ends in the journal, and no worker tells of it. */
async function tellUnbegunEnd({ journal, hears, onEvent }: Engine, id: number): Promise<void> {
  if (!hears('run-ended')) return;
  const run = await journal.run(id);
  if (run?.status !== 'canceled' || run.startedAt !== undefined) return;
  const { workflow, status, failure, handled } = run;
  onEvent({ kind: 'run-ended', run: id, workflow, status, failure, handled });
}

async function startWorkflow({ starter, store, engine }: Parts, params: StartWorkflowParams): Promise<StartReport> {
  const { workflow, records = [], context = {}, key, waitMs, by } = params;
  const user = (await store.identities.userByName(by))?.id ?? engine.serviceUser.id;
  const request = key === undefined ? undefined : startKey({ user, identifier: key, workflow, records, context });
  return starter.start({ workflow, records, context, user, request, waitMs });
}

function notWaiting(run: Run, kind: 'retry' | 'cancel'): MapwrightError {
  const state = run.wait?.for === 'lane' ? `waiting behind run ${run.wait.key}` : run.status;
  return new MapwrightError('RUN_NOT_WAITING', `run ${run.id} is ${state}: there is nothing to ${kind}`, {
    hint: `mapwright runs show ${run.id} tells what it does`,
  });
}

function settingCommands({ store, egress }: Parts): Pick<Administration, 'settings' | 'setSetting' | 'removeSetting'> {
  return {
    settings: () => store.settings.all(),
    async setSetting({ name, value }) {
      checkName('setting', name);
      if (name === EGRESS_SETTING) checkEgressText(value);
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

function secretCommands({ store, engine }: Parts): Pick<Administration, 'secrets' | 'setSecret' | 'removeSecret'> {
  return {
    secrets: () => store.secrets.list(),
    async setSecret({ name, value, by }) {
      checkName('secret', name);
      if (value === '') {
        throw new MapwrightError('SECRET_EMPTY', `the secret "${name}" would be empty`, {
          hint: `to take it away: mapwright secret remove ${name}`,
        });
      }
      await store.secrets.set({ name, value, by, at: engine.clock.now() });
    },
    removeSecret: ({ name }) => store.secrets.remove(name),
  };
}
