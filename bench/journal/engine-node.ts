import { hasErrors } from '../../src/core/diagnostic.ts';
import type { SourceFile } from '../../src/runtime/administration.ts';
import { type Install, openInstall } from '../../src/runtime/install.ts';

const ACTOR = { user: '19x1' };
const SAVES_AT_ONCE = 32;
const NAMESPACE = 'xmlns="urn:mapwright:1"';

interface Setup {
  readonly folder: string;
  /** Undefined: on SQLite in the folder. */
  readonly database: string | undefined;
  /** Of the service that is called. */
  readonly peer: string;
  /** True for the first process of an install. */
  readonly isFirst: boolean;
}

/** One process of an install whose workflow makes four calls. */
export function createEngineNode() {
  let install: Install | undefined;
  return {
    async open({ folder, database, peer, isFirst }: Setup): Promise<void> {
      install = await openInstall({ folder, database, env: {} });
      if (!isFirst) return;
      const { administration } = install;
      await administration.setSetting({ name: 'peer_url', value: peer });
      await administration.setSetting({ name: 'egress.allow', value: '127.0.0.1:*' });
      const { diagnostics } = await administration.apply({
        documents: DOCUMENTS,
        prune: false,
        dryRun: false,
        by: 'bench',
      });
      if (hasErrors(diagnostics)) throw new Error(diagnostics[0]?.message);
    },
    /** Saves records, each of which starts a run. */
    async save({ count }: { readonly count: number }): Promise<void> {
      let saved = 0;
      const client = async (): Promise<void> => {
        while (saved++ < count)
          await install?.crm.create({ actor: ACTOR, module: 'Items', element: { itemname: 'Item' } });
      };
      await Promise.all(Array.from({ length: SAVES_AT_ONCE }, client));
    },
    async start(): Promise<void> {
      await install?.startWorker();
    },
    async completed(): Promise<number> {
      return (await install?.engine.journal.counts())?.completed ?? 0;
    },
    close: async (): Promise<void> => install?.close(),
  };
}

const CALLS = [1, 2, 3, 4].map((n) => `<webservice id="tell-${n}" map="item-tell"/>`).join('');
const DOCUMENTS: readonly SourceFile[] = [
  {
    file: 'Items.xml',
    text: `<module ${NAMESPACE} name="Items" label="Items" prefix="15" title="itemname">
      <field name="itemname" label="Name" type="string" length="255" mandatory="true"/>
    </module>`,
  },
  {
    file: 'peer.xml',
    text: `<service ${NAMESPACE} name="peer" label="Peer" url="{setting.peer_url}"><limit concurrent="32"/></service>`,
  },
  {
    file: 'item-tell.xml',
    text: `<map ${NAMESPACE} name="item-tell" module="Items" service="peer">
      <call method="PUT" path="/items"/>
      <parameters><parameter name="name" field="itemname"/></parameters>
    </map>`,
  },
  {
    file: 'item-created.xml',
    text: `<workflow ${NAMESPACE} name="item-created" label="Four calls" module="Items">
      <trigger on="create"/>
      <tasks>${CALLS}</tasks>
    </workflow>`,
  },
];
