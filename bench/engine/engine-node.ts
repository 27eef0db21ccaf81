import { hasErrors } from '../../src/core/diagnostic.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';
import { type Work, documentsFor } from './documents.ts';

const ACTOR = { user: '19x1' };
const SAVES_AT_ONCE = 64;

interface Setup {
  readonly folder: string;
  /** Undefined: on SQLite in the folder. */
  readonly database: string | undefined;
}

interface NewInstall {
  readonly work: Work;
  /** Of what is called. */
  readonly peer: string;
  readonly keepCalls: string;
}

/** One process of an install whose workflow has four steps. */
export function createEngineNode() {
  let install: Install | undefined;
  let ended = 0;
  const opened = (): Install => {
    if (install === undefined) throw new Error('the node is not open');
    return install;
  };
  return {
    async open({ folder, database }: Setup): Promise<void> {
      install = await openInstall({ folder, database, env: {} });
      install.events.on('run-ended', ({ status }) => {
        if (status !== 'completed') throw new Error(`a run was ${status}`);
        ended++;
      });
    },
    /** Puts the documents into a new install. */
    async prepare({ work, peer, keepCalls }: NewInstall): Promise<void> {
      const { administration } = opened();
      await administration.setSetting({ name: 'peer_url', value: peer });
      await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
      const documents = documentsFor(work, keepCalls);
      const { diagnostics } = await administration.apply({ documents, prune: false, dryRun: false, by: 'bench' });
      if (hasErrors(diagnostics)) throw new Error(diagnostics[0]?.message);
    },
    /** Saves records, each of which starts a run. */
    async save({ count }: { readonly count: number }): Promise<void> {
      const { crm } = opened();
      let saved = 0;
      const client = async (): Promise<void> => {
        while (saved++ < count)
          await crm.create({ actor: ACTOR, module: 'Items', element: { itemname: `Item ${saved}` } });
      };
      await Promise.all(Array.from({ length: SAVES_AT_ONCE }, client));
    },
    start: (): Promise<void> => opened().startWorker(),
    /** Runs that this process has ended. */
    ended: (): number => ended,
    close: async (): Promise<void> => install?.close(),
  };
}
