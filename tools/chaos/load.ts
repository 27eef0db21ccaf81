import { setTimeout as pause } from 'node:timers/promises';
import { Refused, type SessionParams, WebserviceSession, type WireRecord } from '../stage/webservice-session.ts';
import { createRandom } from './random.ts';

/** What the clients were told, noted only after it was told. */
export interface LoadFacts {
  /** Product id -> the values last accepted. */
  readonly products: Map<string, WireRecord>;
  /** Saves that were answered with success. */
  saves: number;
  /** Saves sent again because no answer came. */
  repeats: number;
  /** Answers that a client of a healthy server never gets, by code. */
  readonly refusals: Map<string, number>;
}

/** Clients that create and change products until they are told to stop. */
export interface Load {
  readonly facts: LoadFacts;
  /** Rejects when a client gave up; never resolves before `stop`. */
  readonly failed: Promise<unknown>;
  /** Lets every client end its save, however often it has to be repeated; rejects when a client gave up. */
  stop(): Promise<void>;
}

interface Client {
  readonly name: string;
  readonly random: () => number;
  readonly facts: LoadFacts;
  readonly params: SessionParams;
  /** Only this client changes them, so that it knows their latest values. */
  readonly own: string[];
  session: WebserviceSession | undefined;
}

const CLIENTS = 6;
const CREATED_SHARE = 0.4;
/** Of all clients together, while every save is answered at once. */
const MOST_SAVES_PER_SECOND = 20;
const MEAN_PAUSE_MS = (CLIENTS * 1_000) / MOST_SAVES_PER_SECOND;
const REPEAT_PAUSE_MS = 25;
/** A change that loses against others every time may be sent again: the server says so. */
const RETRYABLE_CODES: readonly string[] = ['RECORD_CONFLICT'];

/** Starts the clients. `giveUpAt` (milliseconds since the epoch) bounds how long a save is repeated. */
export function startLoad(params: SessionParams & { readonly seed: number; readonly giveUpAt: number }): Load {
  const facts: LoadFacts = { products: new Map(), saves: 0, repeats: 0, refusals: new Map() };
  let isStopping = false;
  const working = Array.from({ length: CLIENTS }, async (_, index) => {
    const client: Client = {
      name: `client-${index + 1}`,
      random: createRandom(params.seed + 1 + index),
      facts,
      params,
      own: [],
      session: undefined,
    };
    for (let number = 1; !isStopping; number++) {
      await save(client, number, params.giveUpAt);
      await pause(client.random() * 2 * MEAN_PAUSE_MS);
    }
  });
  const done = Promise.all(working);
  // Reported by stop(), which comes later.
  done.catch(() => undefined);
  return {
    facts,
    failed: done,
    async stop() {
      isStopping = true;
      await done;
    },
  };
}

/** One save, repeated under the same identifier until it is answered. */
async function save(client: Client, number: number, giveUpAt: number): Promise<void> {
  const { facts, own, random } = client;
  const identifier = `${client.name}-${number}`;
  const chosen = random() < CREATED_SHARE ? undefined : own[Math.floor(random() * own.length)];
  const values = valuesOf(identifier, random);
  for (;;) {
    try {
      const session = (client.session ??= await WebserviceSession.open(client.params));
      const saved =
        chosen === undefined
          ? await session.create('Products', values, identifier)
          : await session.revise({ id: chosen, ...values }, identifier);
      const id = saved['id'] ?? '';
      if (chosen === undefined) own.push(id);
      facts.products.set(id, values);
      facts.saves++;
      return;
    } catch (thrown) {
      if (Date.now() > giveUpAt) throw new Error(`${identifier} was never answered`, { cause: thrown });
      noteFailure(client, thrown);
      await pause(REPEAT_PAUSE_MS);
    }
  }
}

function noteFailure(client: Client, thrown: unknown): void {
  const { facts } = client;
  if (!(thrown instanceof Refused) || RETRYABLE_CODES.includes(thrown.code)) {
    facts.repeats++;
    return;
  }
  facts.refusals.set(thrown.code, (facts.refusals.get(thrown.code) ?? 0) + 1);
  // A session that is over is opened anew, so that one fault shows as one.
  client.session = undefined;
}

function valuesOf(identifier: string, random: () => number): WireRecord {
  const number = Math.floor(random() * 1_000_000);
  return {
    productname: `Bolt "M8" C:\\new & <Söhne> 螺栓 🔩 ${identifier}`,
    serial_no: `SN-${identifier}-${number}`,
    unit_price: `${Math.floor(number / 100)}.${(number % 9) + 1}1`,
  };
}
