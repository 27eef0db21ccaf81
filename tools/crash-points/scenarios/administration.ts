import { localCaller } from '../../../src/core/access.ts';
import type { Administration } from '../../../src/runtime/administration.ts';
import { type CrashEvidence, rowsOf } from '../crash-evidence.ts';
import type { Act, CrashScenario } from '../scenario.ts';
import { orderDocuments, sendingMap } from './order-documents.ts';

const documents = (field: string) =>
  orderDocuments(
    'administration',
    `<module name="Notes" prefix="63" title="text"><field name="text" type="string" length="40"/>${field}</module>
${sendingMap('send', '/orders')}
<workflow name="order" module="Orders"><trigger on="create"/><tasks><webservice id="send" map="send"/></tasks></workflow>
<workflow name="old" module="Orders"><trigger on="schedule" at="03:00" dates="2099-01-01"/><tasks><end id="end"/></tasks></workflow>`,
  );

/** The command in somebody's name, with its entries in the audit. */
function command(
  name: string,
  carryOut: (administration: Administration) => Promise<unknown>,
  ...doneIf: readonly string[]
): Act {
  return { name, doneIf, carryOut: ({ install }) => carryOut(install.administrationFor(localCaller('admin'))) };
}

/** Documents and the tables of their modules. */
const DOCUMENT_ACTS: readonly Act[] = [
  command('apply', (it) =>
    it.apply({
      documents: [documents('<field name="size" type="integer"/>')],
      prune: false,
      dryRun: false,
      by: 'admin',
    }),
  ),
  command('a workflow is taken away', async (it) => {
    const given = documents('<field name="size" type="integer"/>');
    const text = given.text.replace(/<workflow name="old"[^]*?<\/workflow>/u, '');
    await it.apply({ documents: [{ ...given, text }], prune: true, dryRun: false, by: 'admin' });
  }),
];

const SETTING_ACTS: readonly Act[] = [
  command('set a setting', (it) => it.setSetting({ name: 'colour', value: 'red' })),
  command('remove a setting', (it) => it.removeSetting({ name: 'old_colour' })),
  command('set a secret', (it) => it.setSecret({ name: 'password', value: 'hunter2-hunter2', by: 'admin' })),
  command('remove a secret', (it) => it.removeSecret({ name: 'old_password' })),
];

const PEOPLE_ACTS: readonly Act[] = [
  command('add a user', (it) => it.addUser({ name: 'ben', admin: false }), 'IDENTITY_USER_EXISTS'),
  command('change a user', (it) => it.changeUser({ name: 'ben', role: 'operator', email: 'ben@x.example' })),
  command('set a password', (it) => it.setPassword({ name: 'ben', password: 'correct horse battery' })),
  command('renew a key', (it) => it.renewAccessKey({ name: 'ben' })),
  command('add a group', (it) => it.addGroup({ name: 'Sales', description: '' }), 'IDENTITY_GROUP_EXISTS'),
  command('add a member', (it) => it.addGroupMember({ group: 'Sales', user: 'ben' })),
  command('remove a member', (it) => it.removeGroupMember({ group: 'Buyers', user: 'admin' })),
  command('remove a group', (it) => it.removeGroup({ name: 'Gone' }), 'GROUP_UNKNOWN'),
  command('add a unit', (it) => it.addUnit({ name: 'North', description: '' }), 'IDENTITY_UNIT_EXISTS'),
  command('move a unit', (it) => it.moveUnit({ name: 'North', parent: 'Company' })),
  command('add somebody to a unit', (it) => it.addUnitMember({ unit: 'North', user: 'ben' })),
  command('remove somebody from a unit', (it) => it.removeUnitMember({ unit: 'Company', user: 'admin' })),
  command('remove a unit', (it) => it.removeUnit({ name: 'Closed' }), 'UNIT_UNKNOWN'),
];

const TOKEN_ACTS: readonly Act[] = [
  command(
    'make a token',
    (it) => it.createToken({ name: 'new', grants: ['viewer'], by: 'admin' }),
    'ACCESS_TOKEN_EXISTS',
  ),
  command('revoke a token', (it) => it.revokeToken({ name: 'old', by: 'admin' })),
];

/** A destination that is held back, and a run that waits for it. */
const DESTINATION_ACTS: readonly Act[] = [
  command('hold a destination', (it) => it.holdDestination({ name: 'shop', reason: 'works', by: 'admin' })),
  command('an order', (it) => it.createRecord({ module: 'Orders', values: { no: 'A' }, by: 'admin', key: 'one' })),
  {
    name: 'it waits',
    carryOut: ({ install, until }) =>
      until('the run waits', async () => {
        const [run] = await install.administration.runs({ limit: 1 });
        return run?.wait?.for === 'limit' ? true : undefined;
      }),
  },
  command(
    'release a destination',
    (it) => it.releaseDestination({ name: 'shop', by: 'admin' }),
    'DESTINATION_NOT_HELD',
  ),
];

const ACTS = [...DOCUMENT_ACTS, ...SETTING_ACTS, ...PEOPLE_ACTS, ...TOKEN_ACTS, ...DESTINATION_ACTS];

/** Every change has its entry, begun before it: whoever had no answer asked again, and has one more. */
function judgeAudit({ atEnd }: CrashEvidence): readonly string[] {
  const entries = rowsOf(atEnd, 'audit_log');
  const done = entries.filter(({ outcome }) => outcome === 'done').length;
  // One act only looks. Of the act that had no answer the entry may have stayed as it was begun.
  const changes = ACTS.length - 1;
  const open = entries.filter(({ outcome }) => outcome === 'begun').length;
  return [
    ...(entries.length >= changes && done >= changes - 1
      ? []
      : [`${changes} changes, ${entries.length} entries, ${done} done`]),
    ...(open <= 1 ? [] : [`${open} entries were never completed`]),
  ];
}

/** What an administrator changes, one thing after another, with its audit. */
export const ADMINISTRATION: CrashScenario = {
  name: 'administration',
  async prepare({ administration: it, scheduler }) {
    await it.setSetting({ name: 'old_colour', value: 'blue' });
    await it.setSecret({ name: 'old_password', value: 'hunter1-hunter1', by: 'admin' });
    await it.createToken({ name: 'old', grants: ['viewer'], by: 'admin' });
    for (const name of ['Buyers', 'Gone']) await it.addGroup({ name, description: '' });
    await it.addGroupMember({ group: 'Buyers', user: 'admin' });
    for (const name of ['Company', 'Closed']) await it.addUnit({ name, description: '' });
    await it.addUnitMember({ unit: 'Company', user: 'admin' });
    await scheduler.tick();
  },
  acts: ACTS,
  judge: judgeAudit,
  documents: [documents('')],
};
