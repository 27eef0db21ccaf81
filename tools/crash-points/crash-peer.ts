import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';

const WSDL = readFileSync(new URL('../../test/fixtures/soap/check-vat.wsdl', import.meta.url), 'utf8');

/** One request or message as the other side got it. */
export interface PeerCall {
  readonly path: string;
  /** The key of the step, or the id of the message: the same for every try of it. */
  readonly key: string;
}

/** The other side of all calls and messages: answers, and remembers them in order. */
export interface CrashPeer {
  readonly url: string;
  /** Of its mail server. */
  readonly mailUrl: string;
  /** What came since the last call of this. */
  take(): readonly PeerCall[];
  /** Forgets all that came, and what it was told. */
  reset(): void;
  close(): void;
}

/** Answers that depend on what came before. */
interface Memory {
  readonly calls: PeerCall[];
  /** Keys that were refused or cut off once: the next time they are taken. */
  readonly met: Set<string>;
  /** True once somebody said that refused orders are taken now. */
  accepts: boolean;
}

/** A peer on free ports of this machine. */
export async function openCrashPeer(): Promise<CrashPeer> {
  const memory: Memory = { calls: [], met: new Set(), accepts: false };
  const server = createServer((request, response) => {
    answer(memory, request, response).catch(() => {
      // The process that was sending it has died.
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const mail = mailServer(memory);
  mail.listen(0, '127.0.0.1');
  await once(mail.server, 'listening');
  const portOf = (address: unknown): number => (address as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    mailUrl: `smtp://127.0.0.1:${portOf(mail.server.address())}`,
    take: () => memory.calls.splice(0),
    reset() {
      memory.met.clear();
      memory.accepts = false;
      memory.calls.length = 0;
    },
    close() {
      server.close();
      server.closeAllConnections();
      for (const connection of mail.connections) connection.close();
      mail.close();
    },
  };
}

async function answer(memory: Memory, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = request.url ?? '';
  const body = await text(request);
  if (path === '/said/accept') memory.accepts = true;
  if (path.startsWith('/said/')) return void response.end();
  if (path === '/soap?wsdl') return void response.end(describedAt(request));
  // Calls that carry no key are told from each other by what they say.
  const key = String(request.headers['idempotency-key'] ?? createHash('sha256').update(body).digest('hex'));
  memory.calls.push({ path, key });
  const isFirst = !memory.met.has(`${path} ${key}`);
  memory.met.add(`${path} ${key}`);
  if (path === '/soap') return void response.setHeader('content-type', 'text/xml').end(SOAP_ANSWER);
  if (path === '/cut' && isFirst) return void request.socket.destroy();
  if (path === '/doubtful' && !memory.accepts) return void request.socket.destroy();
  response.setHeader('content-type', 'application/json');
  if (path === '/later' && isFirst) return void response.writeHead(503).end('{}');
  // Whoever looks what a call did is told what is true: one that never came did nothing.
  const hasCome = [...memory.met].some((met) => met.startsWith('/cut '));
  if (path.startsWith('/find') && !hasCome) return void response.end('{}');
  if (path === '/never') return void response.writeHead(400).end('{}');
  if (path === '/refused' && !memory.accepts) return void response.writeHead(400).end('{}');
  if (path === '/session') return void response.end(JSON.stringify({ session: `s${memory.calls.length}` }));
  response.end(JSON.stringify({ id: `remote-${key.slice(0, 2)}`, success: true }));
}

function describedAt({ headers }: IncomingMessage): string {
  return WSDL.replaceAll('https://soap.example.com/older', `http://${headers.host}/soap`);
}

const SOAP_ANSWER = `<?xml version="1.0" encoding="utf-8"?>
<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><checkVatResponse xmlns="urn:v">
<valid>true</valid><name>ACME</name><requestDate>2026-03-14+01:00</requestDate></checkVatResponse></s:Body></s:Envelope>`;

function mailServer({ calls }: Memory): SMTPServer {
  const server = new SMTPServer({
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    onData(stream, session, done) {
      text(stream).then(
        (message) => {
          const to = session.envelope.rcptTo.map(({ address }) => address).join(' ');
          calls.push({ path: `mail ${to}`, key: /^Message-ID: (.*)\r$/imu.exec(message)?.[1] ?? '' });
          done(null, `queued as ${calls.length}`);
        },
        (thrown: unknown) => done(new Error(String(thrown))),
      );
    },
  });
  server.on('error', () => undefined);
  return server;
}
