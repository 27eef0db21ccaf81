import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { nativeDocument } from '../documents.ts';
import { figures, openObserved } from '../observed/observed-install.ts';
import { keepSpans } from '../observed/kept-spans.ts';
import { until } from '../poll.ts';
import { onCreate, ORDERS, type Reply, ScriptedPeer, shop } from '../scripted-peer.ts';

/** Looks different in each of the forms in which it travels. */
const SECRET = 'Kanarie+/=&%9 "ü"<x>~Rest';
/** Comes from the peer, and is not to be shown. */
const TICKET = 'Ticket?/+="ö" 77-geheim';
const BY_HAND = 'von Hand+/= "gegeben"';

/** Tells back all that it was told, in every form, and refuses it. */
const chatty: Reply = (response, { headers, path, body }) => {
  const { ticket = '' } = JSON.parse(body) as { ticket?: string };
  const forms = [SECRET, ticket].flatMap((one) => [
    one,
    encodeURIComponent(one),
    Buffer.from(one).toString('base64'),
    Buffer.from(one).toString('base64url'),
    JSON.stringify(one),
  ]);
  const said = { error: { code: SECRET, message: forms.join(' | ') }, headers, path, body, [SECRET]: 1 };
  response.writeHead(400, { 'content-type': 'application/json', 'x-told': encodeURIComponent(SECRET) });
  response.end(JSON.stringify(said));
};

const LOGIN = nativeDocument(
  'map',
  'name="login" service="shop"',
  `<call method="POST" path="/login"/><parameters><parameter name="key" secret="shop_key"/></parameters>
   <response><output path="ticket" context="ticket" sensitive="true"/></response>`,
);
const SEND = nativeDocument(
  'map',
  'name="send-order" module="Orders" service="shop"',
  `<call method="POST" path="/send"/>
   <parameters>
     <parameter name="key" in="query" secret="shop_key"/><parameter name="X-Key" in="header" secret="shop_key" encode="base64"/>
     <parameter name="ticket" context="ticket"/><parameter name="both" template="{context.ticket}:{secret.shop_key}" encode="base64"/>
   </parameters>
   <response><expect when="response.body.ok = true" code="{response.body.error.code}" message="{response.body.error.message}"/></response>`,
);
const PLAN = `<on-error><retry times="0"/><notify to="user:admin" template="It said {answer.message} {answer.body.error.message}"/></on-error>`;

describe('secrets that a peer tells back in every form', () => {
  it('are in no history, notice, inbox, audit, log, figure, span or file', async (t) => {
    const kept = keepSpans();
    t.after(kept.stop);
    const peer = await ScriptedPeer.open(t);
    peer.reply('/login', { status: 200, body: { ticket: TICKET } });
    const sending = `/send?key=${encodeURIComponent(SECRET).replaceAll('%20', '+')}`;
    for (const path of [sending, `/send?key=${encodeURIComponent(SECRET)}`]) peer.reply(path, chatty);
    const tasks = `<webservice id="login" map="login"/><webservice id="send" map="send-order">${PLAN}</webservice>`;
    const { served, lines } = await openObserved(t, {
      documents: [ORDERS, shop(peer), LOGIN, SEND, onCreate(tasks)],
      settings: {},
      secrets: { shop_key: SECRET },
      log: { logFormat: 'json', logLevel: 'debug' },
    });
    const { administration, crm } = served.install;
    await crm.create({ actor: { user: '19x1' }, module: 'Orders', element: { order_no: 'SO-1' } });
    const parked = (times: number) =>
      until(`it was refused ${times} times`, async () => {
        const { item } = await administration.inboxItem({ run: 1 }).catch(() => ({ item: undefined }));
        return item?.times === times && item.state === 'open' ? item : undefined;
      });
    await parked(1);
    const byHand = { kind: 'retry', context: { set: { ticket: BY_HAND } } } as const;
    const mine = served.install.administrationFor({ kind: 'local', name: 'anna', scopes: new Set(), from: 'local' });
    await mine.commandRun({ run: 1, command: byHand, by: 'anna', origin: 'test' });
    await parked(2);
    await mine.commandInbox({ filter: {}, command: byHand, by: 'anna', origin: 'test' });
    await parked(3);
    const told = {
      details: await administration.run({ id: 1 }),
      inbox: [await administration.inbox({}), await administration.inboxItem({ run: 1 })],
      jobs: await administration.inboxJobs({ limit: 9 }),
      notices: await administration.notifications({ all: true, limit: 9 }),
      lines,
      figures: [...(await figures(served.url)).keys()],
      spans: kept.spans.map(({ name, attributes, error }) => [name, attributes, error]),
    };
    assert.match(JSON.stringify(told.notices), /It said .*••••/u);
    assert.ok(kept.spans.length > 0);
    const files = filesOf((await administration.status()).folder);
    assert.ok(files.some(([, bytes]) => bytes.includes('send-order')));
    for (const secret of [SECRET, TICKET, BY_HAND]) {
      for (const form of formsOf(secret)) {
        for (const [where, texts] of Object.entries(told)) {
          assert.equal(allTexts(texts).includes(form), false, `${where} tells ${form}`);
        }
        for (const [file, bytes] of files) assert.equal(bytes.includes(form), false, `${file} holds ${form}`);
      }
    }
  });
});

/** All texts in it, as they are and as JSON writes them. */
function allTexts(value: unknown): string {
  const texts: string[] = [JSON.stringify(value)];
  JSON.stringify(value, (key, one: unknown) => {
    texts.push(key);
    if (typeof one === 'string') texts.push(one);
    return one;
  });
  return texts.join('\n');
}

/** Worked out here once more, so that what hides them is not asked what there is to hide. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const url = encodeURIComponent(secret);
  const base64 = bytes.toString('base64');
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    url,
    url.replaceAll('%20', '+'),
    url.toLowerCase(),
    base64,
    encodeURIComponent(base64),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

function filesOf(folder: string): [string, string][] {
  return readdirSync(folder)
    .filter((name) => name.startsWith('mapwright.db'))
    .map((name) => [name, readFileSync(join(folder, name)).toString('utf8')]);
}
