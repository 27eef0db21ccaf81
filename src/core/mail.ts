import type { CallFailure } from './call.ts';

/** Somebody's address, with the name that is shown beside it. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** A file that goes with a message. */
export interface MailAttachment {
  readonly filename: string;
  /** Undefined: told by the ending of the file's name. */
  readonly contentType: string | undefined;
  /** A text goes as UTF-8. */
  readonly content: string | Uint8Array;
}

/** One message, ready to be sent: what it says is decided. Holds the password in plain text; never stored or logged. */
export interface OutgoingMail {
  /** `smtp://user@mail.example.com:587`, or `smtps://` for TLS from the start. */
  readonly server: string;
  readonly password: string | undefined;
  readonly from: MailAddress;
  readonly replyTo: MailAddress | undefined;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly subject: string;
  readonly body: { readonly format: 'text' | 'html'; readonly text: string };
  readonly attachments?: readonly MailAttachment[];
  /** The same for every try, so that whoever receives two of them can tell. */
  readonly messageId: string;
  /** Milliseconds since the epoch. */
  readonly date: number;
  /** From the start to the server's last word. */
  readonly timeoutMs: number;
}

/** What the server said when it took the message. */
export interface MailReceipt {
  readonly status: number;
  readonly text: string;
  /** Addresses that the server refused while it took the message for others. */
  readonly rejected: readonly string[];
  readonly durationMs: number;
}

export type MailOutcome =
  | { readonly kind: 'sent'; readonly receipt: MailReceipt }
  /** MAIL_DEFERRED, MAIL_REFUSED, MAIL_LOGIN_REFUSED, and the CALL_* of a connection. */
  | { readonly kind: 'failed'; readonly failure: CallFailure };

/** Sends messages. Never rejects: whatever goes wrong is a failure, which says whether the message may have been taken. */
export interface Mailer {
  send(mail: OutgoingMail, options: { readonly signal?: AbortSignal }): Promise<MailOutcome>;
}
