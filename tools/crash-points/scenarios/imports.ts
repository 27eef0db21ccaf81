import type { TransferKey } from '../../../src/core/import-store.ts';
import type { CrashScenario, CrashWorld } from '../scenario.ts';
import { orderDocuments } from './order-documents.ts';

const SOURCE = 'https://other.example';
const IDENTITY = { by: 'key', field: 'no' } as const;
const START = { asked: 'all', after: undefined, created: 0, changed: 0, unchanged: 0, failed: 0, done: false };
const IN: TransferKey = { source: SOURCE, module: 'Parts', direction: 'in' };
const OUT: TransferKey = { source: SOURCE, module: 'Orders', direction: 'out' };

/** Two pages of parts, each of which is a part of the next one: the last page's come after those that refer to them. */
const PAGES = [
  [
    { id: '9x1', no: 'P1', whole: '9x2' },
    { id: '9x2', no: 'P2', whole: '9x3' },
  ],
  [
    { id: '9x3', no: 'P3', whole: '9x4' },
    { id: '9x4', no: 'P4', whole: '' },
  ],
] as const;

/** Takes the pages from where the transfer is, as the command does that goes on after it was ended. */
async function take({ install: { administration } }: CrashWorld): Promise<void> {
  for (const [index, records] of PAGES.entries()) {
    const progress = (await administration.transferProgress(IN)) ?? START;
    const last = records.at(-1)?.id;
    if (progress.after !== undefined && progress.after >= (last ?? '')) continue;
    await administration.takeRecords({
      key: IN,
      identity: IDENTITY,
      records: [...records],
      fires: index === 0,
      by: 'admin',
      progress: { ...progress, after: last, done: index === PAGES.length - 1 },
    });
  }
}

/** People and records of another install, taken page by page, and records given to it. */
export const IMPORTS: CrashScenario = {
  name: 'imports',
  async prepare({ administration }) {
    for (const no of ['A', 'B']) await administration.createRecord({ module: 'Orders', values: { no } });
  },
  acts: [
    {
      name: 'people',
      carryOut: ({ install }) =>
        install.administration.importPeople({
          source: SOURCE,
          mode: 'create',
          users: [{ id: '19x7', name: 'carl', admin: false, active: true, email: 'carl@x.example' }],
          groups: [{ id: '20x7', name: 'Carriers', description: '', members: ['carl'] }],
        }),
    },
    { name: 'parts', carryOut: take },
    {
      name: 'references',
      carryOut: ({ install }) => install.administration.settleReferences({ source: SOURCE, by: 'admin' }),
    },
    {
      name: 'orders are given',
      async carryOut({ install: { administration } }) {
        const page = { key: OUT, identity: IDENTITY, where: '', limit: 10, after: undefined };
        const { records } = await administration.recordsToGive(page);
        const given = records.map(({ id }, index) => ({ id, remote: `8x${index + 1}` }));
        const progress = { ...START, after: records.at(-1)?.id, created: given.length, done: true };
        await administration.noteGiven({ key: OUT, identity: IDENTITY, given, by: 'admin', progress });
      },
    },
  ],
  // A page that is taken again finds unchanged what it created before, and says so.
  differs: ['imports'],
  documents: [
    orderDocuments(
      'imports',
      `<module name="Parts" prefix="64" title="no"><field name="no" type="string" length="20"/>
  <field name="whole" type="reference" references="Parts"/></module>
<workflow name="taken" module="Parts"><trigger on="create"/><tasks>
  <notify id="tell" to="user:admin" template="{record.no} came"/></tasks></workflow>`,
    ),
  ],
};
