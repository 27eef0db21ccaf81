import { isIP } from 'node:net';
import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailReceipt, OutgoingMail } from '../../core/mail.ts';
import { rangeOf } from '../address-range.ts';
import type { MailServer } from './mail-server.ts';

const CONNECT_MS = 10_000;

/** One connection to a mail server, for one message. */
export class SmtpSession {
  readonly #connection: SMTPConnection;
  readonly #server: MailServer;
  readonly #stop: AbortSignal;
  readonly #broken: Promise<never>;
  #mayHaveSent = false;

  constructor({ server, address, stop }: { server: MailServer; address: string; stop: AbortSignal }) {
    const { host, port, isSecure, user } = server;
    this.#server = server;
    this.#stop = stop;
    this.#connection = new SMTPConnection({
      host: address,
      port,
      secure: isSecure,
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // A login in plain text is for servers on this machine only.
      requireTLS: !isSecure && user !== undefined && rangeOf(address) !== 'loopback',
      connectionTimeout: CONNECT_MS,
      greetingTimeout: CONNECT_MS,
      socketCloseTimeout: 0,
      // Given, so that NODE_TLS_REJECT_UNAUTHORIZED cannot switch it off.
      tls: { rejectUnauthorized: true },
    });
    this.#broken = new Promise((_resolve, reject) => {
      this.#connection.on('error', reject);
      this.#connection.on('end', () => reject(new Error('the server ended the connection')));
      stop.addEventListener('abort', () => reject(new Error('stopped')), { once: true });
    });
    this.#broken.catch(() => undefined);
  }

  /** True from the moment on at which the server may have the message. */
  get mayHaveSent(): boolean {
    return this.#mayHaveSent;
  }

  /** Logs in and sends. Rejects with the errors of the connection. */
  async deliver({ mail, text }: { mail: OutgoingMail; text: Buffer }): Promise<Omit<MailReceipt, 'durationMs'>> {
    this.#stop.throwIfAborted();
    await this.#step<void>((done) => this.#connection.connect((error) => done(error ?? null)));
    const { user } = this.#server;
    const { password: pass = '' } = mail;
    if (user !== undefined) {
      await this.#step<unknown>((done) => this.#connection.login({ credentials: { user, pass } }, done));
    }
    const recipients = [...mail.to, ...mail.cc, ...mail.bcc].map(({ address }) => address);
    const envelope = { from: mail.from.address, to: [...new Set(recipients)], size: text.length };
    const info = await this.#step<Info>((done) => this.#connection.send(envelope, this.#watched(text), done));
    const [status = '250'] = /^\d{3}/u.exec(info.response) ?? [];
    return { status: Number(status), text: info.response, rejected: info.rejected };
  }

  close(): void {
    this.#connection.close();
  }

  /** The text as a stream: its first bytes are asked for only when the server has said that it takes the message. */
  #watched(text: Buffer): Readable {
    return Readable.from(this.#pieces(text), { objectMode: false, highWaterMark: 0 });
  }

  *#pieces(text: Buffer): Generator<Buffer> {
    this.#mayHaveSent = true;
    yield text;
  }

  #step<T>(run: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
    const finished = new Promise<T>((resolve, reject) => {
      run((error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
    return Promise.race([finished, this.#broken]);
  }
}

interface Info {
  readonly response: string;
  readonly rejected: readonly string[];
}
