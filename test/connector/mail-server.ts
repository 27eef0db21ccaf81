import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { SMTPServer } from 'smtp-server';

/** A message as a mail server took it. */
export interface TakenMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly text: string;
}

/** What a mail server does with a message once it has all of it. */
export type Conduct = 'take' | 'hang' | 'drop' | number;

interface Login {
  readonly user: string;
  readonly password: string;
}

/** A mail server of a test's own on this machine, closed after it. */
export class MailServer {
  readonly taken: TakenMail[] = [];
  /** Messages whose text arrived, taken or not. */
  arrived = 0;
  /** How the next messages are treated, one after another; then they are taken. */
  readonly conduct: Conduct[] = [];
  readonly #server: SMTPServer;
  readonly #login: Login | undefined;

  private constructor(login: Login | undefined) {
    this.#login = login;
    this.#server = new SMTPServer({
      disabledCommands: login === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
      authOptional: login === undefined,
      allowInsecureAuth: true,
      onAuth({ username, password }, _session, done) {
        const isRight = username === login?.user && password === login?.password;
        return isRight ? done(null, { user: username }) : done(new Error('wrong user or password'));
      },
      onRcptTo({ address }, _session, done) {
        return address.startsWith('nobody') ? done(refusal(550, 'no such user')) : done();
      },
      onData: (stream, { envelope: { mailFrom, rcptTo } }, done) => {
        const from = mailFrom === false ? '' : mailFrom.address;
        const to = rcptTo.map(({ address }) => address);
        void text(stream).then((whole) => this.#settle({ from, to, text: whole }, done));
      },
    });
    this.#server.on('error', () => undefined);
  }

  /** `login`: the only user and password that it lets in. Recipients that begin with `nobody` are refused. */
  static async open(t: TestContext, login?: Login): Promise<MailServer> {
    const mail = new MailServer(login);
    mail.#server.listen(0, '127.0.0.1');
    await once(mail.#server.server, 'listening');
    t.after(() => mail.close());
    return mail;
  }

  get url(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://${this.#login === undefined ? '' : `${this.#login.user}@`}127.0.0.1:${port}`;
  }

  /** The one message that was taken. */
  get only(): TakenMail {
    assert.equal(this.taken.length, 1);
    return this.taken[0] ?? assert.fail();
  }

  close(): Promise<void> {
    this.#disconnect();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  #settle(mail: TakenMail, done: (error?: Error | null, message?: string) => void): void {
    this.arrived++;
    const conduct = this.conduct.shift() ?? 'take';
    if (conduct === 'hang') return;
    if (conduct === 'drop') return this.#disconnect();
    if (conduct !== 'take') return done(refusal(conduct, 'not now'));
    this.taken.push(mail);
    done(null, `queued as ${this.taken.length}`);
  }

  #disconnect(): void {
    for (const connection of this.#server.connections) connection.close();
  }
}

function refusal(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
