import { randomBytes } from 'node:crypto';
import { MapwrightError } from '../core/error.ts';
import type { Run } from '../core/run.ts';
import type { Engine } from '../engine/engine.ts';
import { tryMap } from '../engine/try-map.ts';
import type { Store } from '../store/store.ts';
import { createAccessKey } from './access-key.ts';
import type { Administration } from './administration.ts';
import type { DocumentLibrary } from './document-library.ts';
import { EGRESS_SETTING, type EgressSetting, checkEgressText } from './egress-setting.ts';

interface Parts {
  readonly store: Store;
  readonly library: DocumentLibrary;
  readonly engine: Engine;
  readonly egress: EgressSetting;
  readonly folder: string;
  readonly url: () => string | undefined;
  readonly version: string;
}

/** The administration of an install that this process owns. */
export function createLocalAdministration(parts: Parts): Administration {
  const { library, engine, store } = parts;
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
    async tryMap(params) {
      const { catalog, diagnostics } = await library.draft(params.documents);
      return { diagnostics, ...(await tryMap(engine, { ...params, catalog })) };
    },
    ...runCommands(parts),
    ...settingCommands(parts),
    ...secretCommands(parts),
    ...userCommands(parts),
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
    await engine.dispatcher.kick([{ run: run.id }]);
  };
  return {
    runs: (filter) => store.journal.runs(filter),
    run: async ({ id }) => ({ run: await existing(id), steps: await store.journal.steps(id) }),
    retry: ({ id, by }) => intervene({ kind: 'retry', run: id, by, at: engine.clock.now() }),
    cancel: ({ id, by, reason }) => intervene({ kind: 'cancel', run: id, by, reason, at: engine.clock.now() }),
  };
}

function notWaiting(run: Run, kind: 'retry' | 'cancel'): MapwrightError {
  const state = run.wait?.for === 'lane' ? `waiting behind run ${run.wait.key}` : run.status;
  return new MapwrightError('RUN_NOT_WAITING', `run ${run.id} is ${state}: there is nothing to ${kind}`, {
    hint: `mapwright runs show ${run.id} tells what it does`,
  });
}

const NAME = /^[A-Za-z][A-Za-z0-9._-]*$/u;

function checkName(kind: string, name: string): void {
  if (NAME.test(name) && name.length <= 200) return;
  throw new MapwrightError('NAME_INVALID', `"${name}" is no name of a ${kind}`, {
    hint: 'a letter first, then letters, digits, dot, hyphen and underscore',
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

function userCommands({ store, engine }: Parts): Pick<Administration, 'users' | 'addUser' | 'renewAccessKey'> {
  const { identities } = store;
  return {
    users: () => identities.users(),
    async addUser({ name, admin }) {
      checkName('user', name);
      const accessKey = createAccessKey(randomBytes);
      return { user: await identities.addUser({ name, admin, accessKey, at: engine.clock.now() }), accessKey };
    },
    async renewAccessKey({ name }) {
      const user = await identities.userByName(name);
      if (user === undefined) {
        throw new MapwrightError('USER_UNKNOWN', `there is no user "${name}"`, { hint: 'mapwright user list' });
      }
      const accessKey = createAccessKey(randomBytes);
      await identities.setAccessKey(user.id, accessKey);
      return { accessKey };
    },
  };
}
