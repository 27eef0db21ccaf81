import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mapwright } from './command-line.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const LEADS = nativeDocument(
  'module',
  'name="Leads" prefix="13" title="company"',
  `<field name="company" type="text" mandatory="true"/><field name="agent" type="string" length="40"/>
   <field name="assigned_user_id" type="owner"/>`,
);

const flow = (tasks: string) =>
  nativeDocument('workflow', 'name="flow" module="Leads"', `<trigger on="create"/><tasks>${tasks}</tasks>`);

/** An install with users anna and ben (and the administrator), both in the group Sales. */
async function open(t: Parameters<typeof TestInstall.open>[0], ...documents: ReturnType<typeof flow>[]) {
  const a = await TestInstall.open(t, { documents: [LEADS, ...documents], secrets: { peer: 'sesame-open' } });
  const { administration } = a.install;
  const ids: Record<string, string> = {};
  for (const name of ['anna', 'ben']) ids[name] = (await administration.addUser({ name, admin: false })).user.id;
  await administration.addGroup({ name: 'Sales', description: '' });
  for (const user of ['anna', 'ben']) await administration.addGroupMember({ group: 'Sales', user });
  return { a, ids };
}

/** Who was told what, oldest first. */
async function told(a: TestInstall): Promise<[user: string, text: string][]> {
  const found = await a.install.administration.notifications({ all: true, limit: 100 });
  return found.toReversed().map(({ userName, text }) => [userName, text]);
}

describe('a notify task', () => {
  it('tells each person once, however many of its names mean the same', async (t) => {
    const { a, ids } = await open(
      t,
      flow(`<expression id="who"><set context="agent" field="agent"/></expression>
        <notify id="tell" to="owner group:Sales user:anna initiator context:agent" template="New: {record.company}"/>`),
    );
    await a.create({ company: 'Acme', agent: 'ben', assigned_user_id: ids['anna'] ?? '' }, 'Leads');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(await told(a), [
      ['anna', 'New: Acme'],
      ['ben', 'New: Acme'],
      ['admin', 'New: Acme'],
    ]);
    const { effects } = stepOf(await a.steps(1), 'tell');
    assert.deepEqual(
      effects.map(({ kind, name, from }) => [kind, name, from]),
      [
        ['notice', 'anna', 'owner'],
        ['notice', 'ben', 'group:Sales'],
        ['notice', 'admin', 'initiator'],
      ],
    );
  });

  it('tells the administrators where nobody is found, and says so', async (t) => {
    const { a } = await open(t, flow('<notify id="tell" to="user:nobody group:Sales user:ben" template="Hello"/>'));
    for (const name of ['anna', 'ben']) await a.install.administration.changeUser({ name, active: false });
    await a.create({ company: 'Acme' }, 'Leads');
    await a.ended(1);
    const [first, ...more] = await told(a);
    assert.deepEqual([first?.[0], more], ['admin', []]);
    assert.match(first?.[1] ?? '', /^Hello\n\(Meant for user:nobody, group:Sales, user:ben: /u);
  });

  it('shows no secret, and no more than 2,000 characters', async (t) => {
    const { a } = await open(t, flow('<notify id="tell" to="user:anna">Key {secret.peer}, {record.company}</notify>'));
    await a.create({ company: 'x'.repeat(5000) }, 'Leads');
    await a.ended(1);
    const [[, text] = ['', '']] = await told(a);
    assert.ok(!text.includes('sesame-open') && text.startsWith('Key ••'));
    assert.equal(text.length, 2000);
    assert.ok(!JSON.stringify(await a.steps(1)).includes('sesame-open'));
  });
});

describe('the notify of an error plan', () => {
  /** Nobody serves port 1. */
  const call = (plan: string) => [
    nativeDocument('map', 'name="send"', '<call method="POST" url="http://127.0.0.1:1" path="/send"/>'),
    flow(`<webservice id="send" map="send"><on-error>${plan}</on-error></webservice><end id="finish"/>`),
  ];

  it('tells its people once the tries are used up and the run waits for a person', async (t) => {
    const plan = '<retry times="1" every="50ms"/><notify to="group:Sales" template="Lead {record.company} not sent"/>';
    const { a } = await open(t, ...call(plan));
    await a.create({ company: 'Acme' }, 'Leads');
    await a.waiting(1, 'person');
    const messages = await told(a);
    assert.deepEqual(
      messages.map(([user]) => user),
      ['anna', 'ben'],
    );
    const [own, said] = messages[0]?.[1].split('\n') ?? [];
    assert.equal(own, 'Lead Acme not sent');
    assert.match(said ?? '', /^run 1 flow failed at send: CALL_\w+ .*; mapwright runs show 1$/u);
    assert.deepEqual(
      stepOf(await a.steps(1), 'send').effects.map(({ kind, name }) => [kind, name]),
      [
        ['notice', 'anna'],
        ['notice', 'ben'],
      ],
    );
  });

  it('tells them when the run goes on by its abort', async (t) => {
    const { a } = await open(t, ...call('<notify to="current-user"/><abort to="finish"/>'));
    await a.create({ company: 'Acme' }, 'Leads');
    assert.equal((await a.ended(1)).handled, true);
    assert.deepEqual(
      (await told(a)).map(([user]) => user),
      ['admin'],
    );
  });

  it('tells whoever acted on the run last by hand, and tells again when it fails again', async (t) => {
    const { a } = await open(t, ...call('<notify to="current-user"/>'));
    await a.create({ company: 'Acme' }, 'Leads');
    await a.waiting(1, 'person');
    await a.install.administration.retry({ id: 1, by: 'ben' });
    const messages = await until('both are told', async () => {
      const found = await told(a);
      return found.length === 2 ? found : undefined;
    });
    assert.deepEqual(
      messages.map(([user]) => user),
      ['admin', 'ben'],
    );
  });

  it('still says what failed when its own text cannot be made', async (t) => {
    const { a } = await open(t, ...call('<notify to="user:anna" template="{context.nothing}"/>'));
    await a.create({ company: 'Acme' }, 'Leads');
    await a.waiting(1, 'person');
    assert.match((await told(a))[0]?.[1] ?? '', /\nrun 1 flow failed at send: /u);
  });
});

describe('mapwright notifications', () => {
  it('shows unread ones, marks them as read, and knows which there are not', async (t) => {
    const { a } = await open(t, flow('<notify id="tell" to="group:Sales" template="New: {record.company}"/>'));
    await a.create({ company: 'Acme' }, 'Leads');
    await a.ended(1);
    await a.close();
    const run = (...options: string[]) => mapwright(['notifications', ...options, '--dir', a.folder]);
    const first = await run('--user', 'anna');
    assert.match(first.output, /^1 +anna +run 1 tell +13x1.*\n +New: Acme$/mu);
    assert.ok(!first.output.includes('ben'));
    const failed = await run('read', '1', '99', '--json');
    assert.deepEqual([failed.exitCode, JSON.parse(failed.output).code], [1, 'NOTIFICATION_UNKNOWN']);
    assert.equal((await run('read', '1')).exitCode, 0);
    assert.match((await run('--user', 'anna')).output, /no unread/u);
    assert.match((await run('--user', 'anna', '--all')).output, / read$/mu);
    const all = JSON.parse((await run('--json')).output) as { notifications: { userName: string }[] };
    assert.deepEqual(
      all.notifications.map(({ userName }) => userName),
      ['ben'],
    );
    assert.equal((await run('--user', 'anan')).exitCode, 1);
  });
});
