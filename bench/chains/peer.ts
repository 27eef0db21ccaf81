import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The key that every contestant logs in with. */
export const ACCESS_KEY = 'bench-access-key';

/** What one peer has seen. */
export interface PeerFacts {
  /** The id given to each product, by its name. */
  readonly created: ReadonlyMap<string, string>;
  /** Requests that a right chain does not make, with why. */
  readonly refused: readonly string[];
  /** Sessions that nobody has logged out of. */
  readonly openSessions: number;
}

type Fields = URLSearchParams;

/**
 * The other side of every chain: plain node:http, answering from memory. It checks that the key of a login is
 * md5(token + access key) of a token it gave, and that a session is one it opened, so that a wrong chain is seen.
 */
export async function createPeer() {
  const memory = new PeerMemory();
  let delayMs = 0;
  const answer = (fields: Fields, outgoing: ServerResponse): void => {
    const text = memory.answer(fields);
    outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
    outgoing.end(text);
  };
  const server = createServer((incoming, outgoing) => {
    readFields(incoming, (fields) => {
      if (delayMs === 0) answer(fields, outgoing);
      else setTimeout(answer, delayMs, fields, outgoing);
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: () => `http://127.0.0.1:${port}`,
    /** How long every answer waits from now on. */
    delay: (ms: number) => void (delayMs = ms),
    /** Tells what was seen since it was asked last. */
    facts: () => memory.facts(),
  };
}

/** What the peer knows, and what it answers. */
class PeerMemory {
  /** What md5(token + access key) gives, of the tokens given. */
  readonly #loginKeys = new Set<string>();
  readonly #sessions = new Set<string>();
  readonly #created = new Map<string, string>();
  readonly #refused: string[] = [];
  #count = 0;

  /** The text of the answer, a refusal too. */
  answer(fields: Fields): string {
    try {
      return JSON.stringify({ success: true, result: this.#operate(fields) });
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown);
      this.#refused.push(`${fields.get('operation') ?? ''}: ${message}`);
      return JSON.stringify({ success: false, error: { code: message, message } });
    }
  }

  facts(): PeerFacts {
    const created = new Map(this.#created);
    this.#created.clear();
    return { created, refused: this.#refused.splice(0), openSessions: this.#sessions.size };
  }

  #operate(fields: Fields): unknown {
    switch (fields.get('operation')) {
      case 'getchallenge':
        return this.#challenge();
      case 'login':
        return this.#login(fields.get('accessKey') ?? '');
      case 'create':
        return this.#create(fields);
      case 'logout':
        if (!this.#sessions.delete(fields.get('sessionName') ?? '')) throw new Error('INVALID_SESSIONID');
        return { message: 'successfull' };
      default:
        throw new Error('UNKNOWN_OPERATION');
    }
  }

  #challenge(): unknown {
    const token = this.#hex();
    this.#loginKeys.add(createHash('md5').update(`${token}${ACCESS_KEY}`).digest('hex'));
    return { token, serverTime: 1_700_000_000, expireTime: 1_700_000_300 };
  }

  /** As long as the tokens and half the session names of the real other side. */
  #hex(): string {
    return (0x65f1a2b3c4d5e + ++this.#count).toString(16);
  }

  #login(key: string): unknown {
    if (!this.#loginKeys.delete(key)) throw new Error('INVALID_USER_CREDENTIALS');
    const sessionName = `${this.#hex()}${this.#hex()}`;
    this.#sessions.add(sessionName);
    return { sessionName, userId: '19x1', version: '0.22', vtigerVersion: '5.5.0' };
  }

  #create(fields: Fields): unknown {
    if (!this.#sessions.has(fields.get('sessionName') ?? '')) throw new Error('INVALID_SESSIONID');
    const element = JSON.parse(fields.get('element') ?? '') as Readonly<Record<string, string>>;
    const name = element['productname'] ?? '';
    if (name === '' || this.#created.has(name)) throw new Error(`product "${name}" came twice, or has no name`);
    const id = `14x${++this.#count}`;
    this.#created.set(name, id);
    return { ...element, id };
  }
}

function readFields(incoming: IncomingMessage, use: (fields: Fields) => void): void {
  if (incoming.method === 'GET') {
    incoming.resume();
    const { url = '' } = incoming;
    return use(new URLSearchParams(url.slice(url.indexOf('?') + 1)));
  }
  let body = '';
  incoming.setEncoding('utf8').on('data', (text: string) => (body += text));
  incoming.once('end', () => use(new URLSearchParams(body)));
}
