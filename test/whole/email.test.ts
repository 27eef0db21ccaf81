import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { MailServer } from '../connector/mail-server.ts';
import { nativeDocument } from './documents.ts';
import { stepOf, TestInstall } from './install-fixture.ts';
import { until } from './poll.ts';

const MODULE = nativeDocument(
  'module',
  'name="Orders" prefix="60" title="order_no"',
  `<field name="order_no" type="string" length="40" mandatory="true"/><field name="email" type="string" length="200"/>
   <field name="note" type="text"/><field name="sent" type="string" length="20"/>`,
);

const ADDRESSED = '<to field="email"/><subject template="Order {record.order_no}"/>';

const flow = (email: string, attributes = '') =>
  nativeDocument(
    'workflow',
    'name="confirm" module="Orders"',
    `<trigger on="create"/><tasks><email id="mail" ${attributes}>${email}</email>
     <set-fields id="mark"><set field="sent" value="yes"/></set-fields></tasks>`,
  );

async function open(
  t: TestContext,
  params: { email?: string; attributes?: string; login?: { user: string; password: string }; from?: string } = {},
): Promise<{ a: TestInstall; server: MailServer }> {
  const { email = `${ADDRESSED}<body template="Thank you, {record.note}"/>`, attributes, login, from } = params;
  const server = await MailServer.open(t, login);
  const a = await TestInstall.open(t, {
    documents: [MODULE, flow(email, attributes)],
    settings: { smtp_url: server.url, ...(from === '' ? {} : { smtp_from: from ?? 'Our company <crm@example.com>' }) },
    ...(login === undefined ? {} : { secrets: { smtp_password: login.password } }),
  });
  return { a, server };
}

const order = { order_no: 'SO-17', email: 'anna@example.com', note: 'Anna' };

describe('an e-mail task', () => {
  it('sends a message, and the run tells what was sent and what the server said', async (t) => {
    const { a, server } = await open(t);
    const { id } = await a.create(order, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(server.only.to, ['anna@example.com']);
    assert.match(server.only.text, /^From: Our company <crm@example\.com>\r$/mu);
    assert.match(server.only.text, /^Subject: Order SO-17\r$/mu);
    assert.match(server.only.text, /\r\n\r\nThank you, Anna\r\n/u);
    assert.equal((await a.values(id))['sent'], 'yes');
    const { attempts, effects } = stepOf(await a.steps(1), 'mail');
    const [attempt] = attempts;
    assert.deepEqual(
      [attempt?.request?.method, attempt?.request?.url.replace(/:\d+$/u, '')],
      ['SMTP', 'smtp://127.0.0.1'],
    );
    assert.equal(attempt?.request?.body?.text, 'Thank you, Anna');
    assert.deepEqual([attempt?.answer?.status, attempt?.answer?.body?.text], [250, '250 queued as 1']);
    assert.deepEqual(effects, [{ kind: 'notice', name: 'anna@example.com', from: 'e-mail' }]);
  });

  it('takes texts of coreBOS, and escapes values in HTML', async (t) => {
    const { a, server } = await open(t, {
      email: `<from value="Sales &lt;sales@example.com&gt;"/><to legacy-template="$email"/><cc value=""/>
        <bcc jsonata="['audit@example.com', record.email]"/><subject legacy="concat('No. ', order_no)"/>
        <body html="true"><![CDATA[
<p>{record.note}</p>
        ]]></body>`,
    });
    await a.create({ ...order, note: '<b>A & B</b>' }, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(server.only.to, ['anna@example.com', 'audit@example.com']);
    assert.match(server.only.text, /^From: Sales <sales@example\.com>\r$/mu);
    assert.match(server.only.text, /^Subject: No\. SO-17\r$/mu);
    assert.match(server.only.text, /\r\n\r\n<p>&lt;b&gt;A &amp; B&lt;\/b&gt;<\/p>\r\n/u);
    assert.doesNotMatch(server.only.text, /audit/u);
  });

  it('logs in with the secret, which nothing shows', async (t) => {
    const { a, server } = await open(t, { login: { user: 'crm', password: 'hunter2-hunter2' } });
    await a.create(order, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(server.taken.length, 1);
    assert.doesNotMatch(JSON.stringify(await a.details(1)), /hunter2-hunter2/u);
  });

  it('tells of addresses that the server does not know', async (t) => {
    const { a } = await open(t);
    await a.create({ ...order, email: 'nobody@example.com, b@example.com' }, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    const { effects, warnings } = stepOf(await a.steps(1), 'mail');
    assert.deepEqual(
      effects.map(({ name }) => name),
      ['b@example.com'],
    );
    assert.equal(warnings.length, 1);
  });
});

describe('files and people of an e-mail', () => {
  const message = '<subject value="s"/><body value="b"/>';

  /** What a message is made of: each part's headers, and its content decoded. */
  function partsOf(text: string): { readonly headers: string; readonly content: Buffer }[] {
    const boundary = /boundary="([^"]+)"/u.exec(text)?.[1] ?? assert.fail('the message has one part');
    const parts = text.split(`--${boundary}`).slice(1, -1);
    return parts.map((part) => {
      const [headers = '', body = ''] = part.trimStart().split(/\r\n\r\n/u);
      const isBase64 = /^Content-Transfer-Encoding: base64/imu.test(headers);
      return {
        headers: headers.replaceAll(/\r\n\s+/gu, ' '),
        content: Buffer.from(body, isBase64 ? 'base64' : 'utf8'),
      };
    });
  }

  it('sends files made of texts and of base64, and history tells their names and sizes', async (t) => {
    const { a, server } = await open(t, {
      email: `<to field="email"/>${message}
        <attachment filename="{record.order_no}.csv" content-type="text/csv">no;who
{record.order_no};Jürgen</attachment>
        <attachment filename="../etc/data.bin" field="note" encoding="base64"/>
        <attachment filename="none.txt" value=""/>
        <attachment filename="list.json" jsonata="[1, 2]"/>`,
    });
    const bytes = Buffer.from([0, 255, 13, 10, 128]);
    await a.create({ ...order, note: `data:image/png;base64,${bytes.toString('base64')}` }, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    const [, csv, data, list, ...more] = partsOf(server.only.text);
    assert.match(csv?.headers ?? '', /^Content-Type: text\/csv;.*charset=utf-8/imu);
    assert.match(csv?.headers ?? '', /^Content-Disposition: attachment; filename=SO-17\.csv/imu);
    assert.match(data?.headers ?? '', /filename=data\.bin/iu);
    assert.deepEqual(data?.content, bytes);
    assert.match(list?.headers ?? '', /^Content-Type: application\/json/imu);
    assert.equal(String(list?.content).trim(), '[1,2]');
    assert.equal(more.length, 0);
    const { request } = stepOf(await a.steps(1), 'mail').attempts[0] ?? {};
    const told = request?.headers.flatMap(([name, value]) => (name === 'Attachment' ? [value] : []));
    assert.deepEqual(told, ['SO-17.csv (text/csv, 20 bytes)', 'data.bin (5 bytes)', 'list.json (5 bytes)']);
  });

  it('takes folders out of names however they are written', async (t) => {
    const { a, server } = await open(t, {
      email: `<to field="email"/>${message}<attachment filename="{record.note}" value="x"/>`,
    });
    await a.create({ ...order, note: 'a\u2028b/../c\u2029\\d.txt' }, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.match(server.only.text, /filename=d\.txt\r$/mu);
  });

  it('does not send a file of which the end is missing', async (t) => {
    const email = `<to value="a@example.com"/>${message}<attachment filename="b" field="note" encoding="base64"/>`;
    const { a, server } = await open(t, { email });
    await a.create({ ...order, note: `${Buffer.from('whole').toString('base64').slice(0, 5)}` }, 'Orders');
    assert.match((await a.waiting(1, 'person')).reason, /^mail: MAIL_ATTACHMENT_INVALID /u);
    assert.deepEqual(server.taken, []);
  });

  it('waits for a person when a file is no base64, or all of them are too large', async (t) => {
    const notes = '<attachment filename="a.txt" field="note"/>'.repeat(8);
    const email = `<to value="a@example.com"/>${message}${notes}<attachment filename="b" field="email" encoding="base64"/>`;
    const { a, server } = await open(t, { email });
    await a.create(order, 'Orders');
    assert.match((await a.waiting(1, 'person')).reason, /^mail: MAIL_ATTACHMENT_INVALID /u);
    await a.create({ ...order, email: '', note: 'x'.repeat(2 * 1024 * 1024) }, 'Orders');
    assert.match((await a.waiting(2, 'person')).reason, /^mail: MAIL_TOO_LARGE /u);
    assert.deepEqual(server.taken, []);
  });

  it('goes to people by their names in the install, and tells of those who have no address', async (t) => {
    const email = `<reply-to people="user:admin"/><to people="group:Sales owner"/><cc people="user:gone"/>${message}`;
    const { a, server } = await open(t, { email });
    const { administration } = a.install;
    await administration.changeUser({ name: 'admin', email: 'admin@example.com' });
    for (const name of ['anna', 'ben', 'carl']) await administration.addUser({ name, admin: false });
    await administration.changeUser({
      name: 'anna',
      email: 'anna@example.com',
      firstName: 'Anna',
      lastName: 'Berg',
    });
    await administration.changeUser({ name: 'carl', email: 'carl@example.com', active: false });
    await administration.addGroup({ name: 'Sales', description: '' });
    for (const user of ['anna', 'ben', 'carl']) await administration.addGroupMember({ group: 'Sales', user });
    await a.create(order, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(server.only.to, ['anna@example.com']);
    assert.match(server.only.text, /^To: Anna Berg <anna@example\.com>\r$/mu);
    assert.match(server.only.text, /^Reply-To: admin <admin@example\.com>\r$/mu);
    const { warnings } = stepOf(await a.steps(1), 'mail');
    assert.equal(warnings.length, 3);
    assert.match(warnings.join('\n'), /ben has no e-mail address[^]*owner is nobody|owner is nobody[^]*ben has no/u);
  });
});

describe('an e-mail that cannot be sent', () => {
  const waits: readonly (readonly [string, Parameters<typeof open>[1], object, string])[] = [
    ['to nobody', {}, { ...order, email: '' }, 'MAIL_NO_RECIPIENT'],
    ['to what is no address', {}, { ...order, email: 'anna' }, 'MAIL_ADDRESS_INVALID'],
    ['from nobody', { from: '' }, order, 'MAIL_NOT_SET_UP'],
    ['to whom the server does not know', {}, { ...order, email: 'nobody@example.com' }, 'MAIL_REFUSED'],
  ];
  for (const [what, params, record, code] of waits) {
    it(`waits for a person: ${what}`, async (t) => {
      const { a, server } = await open(t, params);
      await a.create({ ...record }, 'Orders');
      assert.match((await a.waiting(1, 'person')).reason, new RegExp(`^mail: ${code} `, 'u'));
      assert.deepEqual(server.taken, []);
    });
  }

  it('goes out when a person has corrected the record', async (t) => {
    const { a, server } = await open(t);
    const { id } = await a.create({ ...order, email: 'anna' }, 'Orders');
    await a.waiting(1, 'person');
    await a.revise({ id, email: 'anna@example.com' });
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual(server.only.to, ['anna@example.com']);
  });

  it('is tried again as it was, while the server says later', async (t) => {
    const plan = '<on-error><retry times="3" every="200ms"/></on-error>';
    const { a, server } = await open(t, {
      email: `${ADDRESSED}<body template="{= $random() } {record.note}"/>${plan}`,
    });
    server.conduct.push(451, 451);
    await a.create(order, 'Orders');
    assert.equal((await a.ended(1)).status, 'completed');
    assert.deepEqual([server.arrived, server.taken.length], [3, 1]);
    const { attempts } = stepOf(await a.steps(1), 'mail');
    const bodies = attempts.map(({ request }) => request?.body?.text);
    assert.equal(new Set(bodies).size, 1);
    assert.deepEqual(
      attempts.map(({ failure }) => failure?.code),
      ['MAIL_DEFERRED', 'MAIL_DEFERRED', undefined],
    );
  });

  it('follows the abort of its plan', async (t) => {
    const plan = '<on-error><abort to="mark"/></on-error>';
    const { a } = await open(t, { email: `${ADDRESSED}<body value="b"/>${plan}` });
    const { id } = await a.create({ ...order, email: 'nobody@example.com' }, 'Orders');
    assert.equal((await a.ended(1)).handled, true);
    assert.equal((await a.values(id))['sent'], 'yes');
  });
});

describe('an e-mail of which nobody knows whether it was taken', () => {
  it('waits for a person when the connection breaks', async (t) => {
    const { a, server } = await open(t);
    server.conduct.push('drop');
    await a.create(order, 'Orders');
    assert.match((await a.waiting(1, 'person')).reason, /^mail: CALL_RESET .*unknown whether/u);
    assert.equal(server.arrived, 1);
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    assert.equal(server.taken.length, 1);
  });

  for (const [choice, arrived] of [
    ['ask', 1],
    ['resend', 2],
  ] as const) {
    it(`does as in-doubt="${choice}" says when the process dies meanwhile`, async (t) => {
      const { a, server } = await open(t, { attributes: `in-doubt="${choice}"` });
      server.conduct.push('hang');
      await a.create(order, 'Orders');
      await until('the server has the message', () => (server.arrived === 1 ? true : undefined));
      await a.close();
      await a.reopen({ worker: true });
      if (choice === 'ask') await a.waiting(1, 'person');
      else assert.equal((await a.ended(1)).status, 'completed');
      assert.equal(server.arrived, arrived);
      const [first] = stepOf(await a.steps(1), 'mail').attempts;
      assert.equal(first?.failure?.code, 'RUN_INTERRUPTED');
    });
  }

  it('has the same Message-ID in every try', async (t) => {
    const { a, server } = await open(t, { attributes: 'in-doubt="resend"' });
    server.conduct.push('drop');
    await a.create(order, 'Orders');
    await a.waiting(1, 'time');
    const [first] = stepOf(await a.steps(1), 'mail').attempts;
    await a.install.administration.retry({ id: 1, by: 'admin' });
    assert.equal((await a.ended(1)).status, 'completed');
    const sent = first?.request?.headers.find(([name]) => name === 'Message-ID')?.[1] ?? assert.fail();
    assert.ok(server.only.text.includes(`Message-ID: ${sent}\r\n`));
  });
});
