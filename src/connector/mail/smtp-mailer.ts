import { isIP } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { CallFailure } from '../../core/call.ts';
import type { MailAddress, Mailer, MailOutcome, OutgoingMail } from '../../core/mail.ts';
import { type EgressPolicy, refuseEgress } from '../egress-guard.ts';
import { type FailureReason, abortedFailure, timeoutFailure } from '../failure.ts';
import { type HostLookup, shareLookups, systemLookup } from '../host-lookup.ts';
import { InvalidRequestError } from '../outgoing-request.ts';
import { mailFailure } from './mail-failure.ts';
import { type MailServer, readMailServer } from './mail-server.ts';
import type { SmtpSession } from './smtp-session.ts';

/** How messages are sent. */
export interface SmtpMailerOptions {
  /** What may be dialled besides public addresses; asked for each message. */
  readonly egress: () => EgressPolicy;
  readonly clock: Clock;
  /** How host names are resolved. Default: the system's resolver. */
  readonly lookup?: HostLookup;
}

/**
 * Sends messages over SMTP, one connection for each. TLS is verified wherever it is used, a login is never sent without it
 * except to this machine, and no address is dialled that the egress policy does not allow.
 */
export function createSmtpMailer({ egress, clock, lookup }: SmtpMailerOptions): Mailer {
  const resolve = shareLookups(lookup ?? systemLookup);
  return {
    async send(mail, { signal }) {
      const startedAt = clock.now();
      const failed = (reason: FailureReason, inDoubt: boolean): MailOutcome => {
        const failure: CallFailure = { ...reason, inDoubt, durationMs: clock.now() - startedAt, partial: undefined };
        return { kind: 'failed', failure };
      };
      const limit = AbortSignal.timeout(mail.timeoutMs);
      const stop = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      let session: SmtpSession | undefined;
      let target = 'the mail server';
      try {
        const server = readMailServer(mail.server);
        target = `${server.host}:${server.port}`;
        const address = await checkedAddress(server, { resolve, policy: egress() });
        // Loaded with the first message: most installs send none.
        const [text, opened] = await Promise.all([composed(mail), import('./smtp-session.ts')]);
        session = new opened.SmtpSession({ server, address, stop });
        const sent = await session.deliver({ mail, text });
        return { kind: 'sent', receipt: { ...sent, durationMs: clock.now() - startedAt } };
      } catch (error) {
        const inDoubt = session?.mayHaveSent ?? false;
        if (signal?.aborted === true) return failed(abortedFailure('the message was given up'), inDoubt);
        if (limit.aborted) return failed(timeoutFailure(`${target} took too long`), inDoubt);
        return failed(mailFailure(error, { target, mayHaveSent: inDoubt }), inDoubt && !isRefusal(error));
      } finally {
        session?.close();
      }
    },
  };
}

/** The server said in its own words that it does not take the message. */
function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number';
}

/** The first of the host's addresses; every one of them has been judged. */
async function checkedAddress(
  { host, port }: MailServer,
  { resolve, policy }: { readonly resolve: HostLookup; readonly policy: EgressPolicy },
): Promise<string> {
  const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
  const addresses = found.map(({ address }) => address);
  const refusal = refuseEgress({ host, port, addresses }, policy);
  if (refusal !== undefined) throw refusal;
  const [first] = addresses;
  if (first === undefined) throw new InvalidRequestError(`${host} has no address`, 'correct the setting smtp_url');
  return first;
}

async function composed(mail: OutgoingMail): Promise<Buffer> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer');
  const { detectMimeType } = await import('nodemailer/lib/mime-funcs/mime-types.js');
  const { from, replyTo, to, cc, subject, body, attachments = [], messageId, date } = mail;
  const composer = new MailComposer({
    from: shown(from),
    to: to.map(shown),
    cc: cc.map(shown),
    ...(replyTo === undefined ? {} : { replyTo: shown(replyTo) }),
    subject,
    messageId,
    date: new Date(date),
    ...(body.format === 'html' ? { html: body.text } : { text: body.text }),
    attachments: attachments.map(({ filename, contentType = detectMimeType(filename), content }) => ({
      filename,
      content: Buffer.from(content),
      contentType: typeof content === 'string' ? inUtf8(contentType) : contentType,
    })),
    // Nothing of a message is read from files or other servers.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
}

function shown({ name, address }: MailAddress): { name: string; address: string } {
  return { name, address };
}

/** The type of a text, which is sent as UTF-8, unless it says of itself what it is encoded in. */
function inUtf8(contentType: string): string {
  return /^text\//iu.test(contentType) && !/charset=/iu.test(contentType)
    ? `${contentType}; charset=utf-8`
    : contentType;
}
