import {
  type JoiningNode,
  NODE_GONE_AFTER_MS,
  type NodeEntry,
  type NodeRegister,
  type SharedClock,
} from '../../core/node.ts';
import type { PostgresDatabase } from './database.ts';
import type { KeyRing } from '../key/key-ring.ts';
import { knownLevel, schemaState } from './schema-version.ts';

const SEEN_EVERY_MS = 5_000;
/** Nodes that have not been seen for this long are forgotten. */
const FORGOTTEN_AFTER_MS = 24 * 3_600_000;

/** Keeps this node's row among the nodes of the install, and looks whether it may still work on the database. */
export class NodeRegistry implements NodeRegister {
  readonly id: string;
  readonly clock: SharedClock;
  readonly #db: PostgresDatabase;
  readonly #ring: KeyRing;
  #node: JoiningNode | undefined;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param params.id Unguessable and new with each start. */
  constructor(params: {
    readonly db: PostgresDatabase;
    readonly id: string;
    readonly clock: SharedClock;
    readonly ring: KeyRing;
  }) {
    this.#db = params.db;
    this.#ring = params.ring;
    this.id = params.id;
    this.clock = params.clock;
  }

  /** Enters the node, and shows from now on that it lives. */
  async join(node: JoiningNode): Promise<void> {
    this.#node = node;
    this.#startedAt = this.clock.now();
    await this.beat();
    this.#timer = setInterval(() => void this.beat().catch(() => undefined), SEEN_EVERY_MS).unref();
  }

  /** One round. A round that fails is made good by the next. */
  async beat(): Promise<void> {
    if (this.#node === undefined) return;
    const { name, version, onOutdated } = this.#node;
    const now = this.clock.now();
    await this.#db.run(
      `INSERT INTO nodes (id, name, version, level, started_at, seen_at, keys, sealing_key)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at, keys = excluded.keys, sealing_key = excluded.sealing_key`,
      [this.id, name, version, knownLevel(), this.#startedAt, now, this.#ring.ids.join(' '), this.#ring.currentId],
    );
    await this.#db.run('DELETE FROM nodes WHERE seen_at < $1', [now - FORGOTTEN_AFTER_MS]);
    const { minimumLevel } = await schemaState(this.#db);
    if (minimumLevel <= knownLevel()) return;
    clearInterval(this.#timer);
    onOutdated();
  }

  async list(now: number): Promise<readonly NodeEntry[]> {
    const rows = await this.#db.all<Omit<NodeEntry, 'state' | 'keys'> & { readonly keys: string }>(LIST, [now]);
    return rows.map((row) => ({
      ...row,
      keys: row.keys.split(' ').filter((id) => id !== ''),
      state: row.seenAt < now - NODE_GONE_AFTER_MS ? 'gone' : 'working',
    }));
  }

  /** Takes the node out. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    if (this.#node === undefined) return;
    this.#node = undefined;
    await this.#db.run('DELETE FROM nodes WHERE id = $1', [this.id]);
  }
}

// Held runs are due when their lease is over, so the index of what is due finds them.
const LIST = `SELECT id, name, version, started_at AS "startedAt", seen_at AS "seenAt", keys,
  sealing_key AS "sealingKey", coalesce(held.runs, 0) AS runs
  FROM nodes LEFT JOIN (SELECT lease_owner, count(*) AS runs FROM runs WHERE due_at > $1 AND lease_owner IS NOT NULL
    GROUP BY lease_owner) AS held ON held.lease_owner = nodes.id
  ORDER BY started_at, id`;
