import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSmtpMailer } from '../../src/connector/mail/smtp-mailer.ts';
import type { CallFailure } from '../../src/core/call.ts';
import type { OutgoingMail } from '../../src/core/mail.ts';
import { MailServer } from './mail-server.ts';

const clock = { now: () => Date.now() };
const mailer = createSmtpMailer({ egress: () => ({ allow: ['127.0.0.1:*'] }), clock });

const to = (address: string) => ({ name: '', address });

function message(server: string, parts: Partial<OutgoingMail> = {}): OutgoingMail {
  return {
    server,
    password: undefined,
    from: { name: 'Söhne "& Co"', address: 'crm@example.com' },
    replyTo: undefined,
    to: [to('anna@example.com')],
    cc: [],
    bcc: [],
    subject: 'Grüße 螺栓',
    body: { format: 'text', text: 'Hallo\n.\nWelt ä\n' },
    messageId: '<mw-1@example.com>',
    date: Date.UTC(2026, 0, 2, 3, 4, 5),
    timeoutMs: 20_000,
    ...parts,
  };
}

async function failure(mail: OutgoingMail): Promise<Pick<CallFailure, 'code' | 'cause' | 'inDoubt'>> {
  const outcome = await mailer.send(mail, {});
  assert.equal(outcome.kind, 'failed');
  const { code, cause, inDoubt } = outcome.failure;
  return { code, cause, inDoubt };
}

describe('a message', () => {
  it('is taken as it was meant', async (t) => {
    const server = await MailServer.open(t);
    const outcome = await mailer.send(
      message(server.url, { cc: [to('ben@example.com')], bcc: [to('hidden@example.com'), to('anna@example.com')] }),
      {},
    );
    assert.equal(outcome.kind, 'sent');
    assert.deepEqual([outcome.receipt.status, outcome.receipt.text], [250, '250 queued as 1']);
    const { from, to: recipients, text } = server.only;
    assert.equal(from, 'crm@example.com');
    assert.deepEqual(recipients, ['anna@example.com', 'ben@example.com', 'hidden@example.com']);
    assert.match(text, /^Message-ID: <mw-1@example\.com>\r$/mu);
    assert.match(text, /^Date: Fri, 02 Jan 2026 03:04:05 \+0000\r$/mu);
    assert.match(text, /^Subject: =\?UTF-8\?B\?R3LDvMOfZSDonrrmoJM=\?=\r$/mu);
    assert.match(text, /\r\n\r\nHallo\r\n\.\r\nWelt =C3=A4\r\n/u);
    assert.doesNotMatch(text, /hidden/u);
  });

  it('of HTML says so', async (t) => {
    const server = await MailServer.open(t);
    await mailer.send(message(server.url, { body: { format: 'html', text: '<p>a</p>' } }), {});
    assert.match(server.only.text, /^Content-Type: text\/html; charset=utf-8\r$/mu);
  });

  it('keeps a subject in its line', async (t) => {
    const server = await MailServer.open(t);
    await mailer.send(message(server.url, { subject: 'a\r\nBcc: evil@example.com' }), {});
    assert.deepEqual(server.only.to, ['anna@example.com']);
    assert.doesNotMatch(server.only.text, /^Bcc:/mu);
  });

  it('goes to those whom the server knows, and says who is left out', async (t) => {
    const server = await MailServer.open(t);
    const outcome = await mailer.send(message(server.url, { to: [to('nobody@example.com'), to('b@example.com')] }), {});
    assert.equal(outcome.kind, 'sent');
    assert.deepEqual(outcome.receipt.rejected, ['nobody@example.com']);
    assert.deepEqual(server.only.to, ['b@example.com']);
  });

  it('is sent with the login that the server asks for', async (t) => {
    const server = await MailServer.open(t, { user: 'crm', password: 'pass word' });
    assert.equal((await mailer.send(message(server.url, { password: 'pass word' }), {})).kind, 'sent');
    const refused = { code: 'MAIL_LOGIN_REFUSED', cause: 'refused', inDoubt: false };
    assert.deepEqual(await failure(message(server.url, { password: 'other' })), refused);
    assert.equal(server.taken.length, 1);
  });
});

describe('a message that is not taken', () => {
  it("is refused, or to be sent later, in the server's own words", async (t) => {
    const server = await MailServer.open(t);
    server.conduct.push(451, 554);
    assert.deepEqual(await failure(message(server.url)), { code: 'MAIL_DEFERRED', cause: 'network', inDoubt: false });
    assert.deepEqual(await failure(message(server.url)), { code: 'MAIL_REFUSED', cause: 'refused', inDoubt: false });
    const nobody = message(server.url, { to: [to('nobody@example.com')] });
    assert.deepEqual(await failure(nobody), { code: 'MAIL_REFUSED', cause: 'refused', inDoubt: false });
  });

  it('is in doubt once its text has left', async (t) => {
    const server = await MailServer.open(t);
    server.conduct.push('drop', 'hang', 'hang');
    assert.deepEqual(await failure(message(server.url)), { code: 'CALL_RESET', cause: 'network', inDoubt: true });
    const slow = await failure(message(server.url, { timeoutMs: 1_500 }));
    assert.deepEqual(slow, { code: 'CALL_TIMEOUT', cause: 'timeout', inDoubt: true });
    const stop = new AbortController();
    const sending = mailer.send(message(server.url), { signal: stop.signal });
    while (server.arrived < 3) await new Promise((resolve) => setImmediate(resolve));
    stop.abort();
    const outcome = await sending;
    assert.equal(outcome.kind, 'failed');
    assert.deepEqual([outcome.failure.code, outcome.failure.inDoubt], ['CALL_ABORTED', true]);
  });

  it('was never sent when there is nobody to send it to', async () => {
    const unsent = { inDoubt: false };
    const refused = { code: 'CALL_REFUSED', cause: 'network', ...unsent };
    assert.deepEqual(await failure(message('smtp://127.0.0.1:1')), refused);
    const unknown = { code: 'CALL_UNREACHABLE', cause: 'network', ...unsent };
    assert.deepEqual(await failure(message('smtp://no-such-host.invalid:25')), unknown);
    const invalid = { code: 'CALL_INVALID', cause: 'refused', ...unsent };
    for (const url of ['mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp://user:secret@127.0.0.1']) {
      assert.deepEqual(await failure(message(url)), invalid);
    }
  });

  it('is not sent where the policy forbids it, nor without TLS where it was asked for', async (t) => {
    const server = await MailServer.open(t);
    const guarded = createSmtpMailer({ egress: () => ({ allow: [] }), clock });
    const outcome = await guarded.send(message(server.url), {});
    assert.equal(outcome.kind, 'failed');
    assert.deepEqual([outcome.failure.code, outcome.failure.inDoubt], ['CALL_EGRESS', false]);
    const secure = await failure(message(server.url.replace('smtp:', 'smtps:')));
    assert.deepEqual(secure, { code: 'CALL_TLS', cause: 'refused', inDoubt: false });
    assert.equal(server.arrived, 0);
  });
});
