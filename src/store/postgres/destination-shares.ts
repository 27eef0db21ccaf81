import type { DestinationStore, Share, ShareWish } from '../../core/destination.ts';
import { fairShares } from '../../core/fair-share.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { rowSet, texts } from './row-set.ts';
import { lockTexts } from './run-lanes.ts';

type Params = Parameters<DestinationStore['share']>[0];

interface ShareRow {
  readonly key: string;
  readonly node: string;
  readonly places: number;
  readonly calls: number;
  readonly wantedPlaces: number;
  readonly wantedCalls: number;
}

/** Who gets what cannot be divided changes this often. */
const TURN_MS = 5_000;

/** One round of a node, in one transaction: destinations are locked in one order, so nodes wait for each other at most once. */
export function shareDestinations(db: PostgresDatabase, params: Params): Promise<readonly Share[]> {
  const { node, now, leaseMs, wishes } = params;
  return db.transaction(async (session) => {
    const keys = wishes.map(({ key }) => key);
    await lockTexts(
      session,
      keys.map((key) => `destination ${key}`),
    );
    const others = await session.all<ShareRow>(OTHERS, [texts(keys), node, now]);
    const turn = Math.floor(now / TURN_MS);
    const granted = wishes.map((wish) => decide(wish, others, { node, turn }));
    await session.run(FORGET, [texts(keys), now]);
    await store(session, { node, until: now + leaseMs }, granted);
    return granted.map(({ share }) => share);
  });
}

interface Granted {
  readonly share: Share;
  readonly wish: ShareWish;
  /** What nobody else can have: what it may use, and what it cannot give back yet. */
  readonly places: number;
  readonly calls: number;
}

function decide(
  wish: ShareWish,
  all: readonly ShareRow[],
  { node, turn }: { readonly node: string; readonly turn: number },
): Granted {
  const { key } = wish;
  const others = all.filter((one) => one.key === key);
  const part = (total: number, kind: 'places' | 'calls', wanted: 'wantedPlaces' | 'wantedCalls'): number => {
    const claimants = [
      ...others.map((one) => ({ name: one.node, wanted: one[wanted] })),
      { name: node, wanted: wish[wanted] },
    ];
    const fair = fairShares(total, claimants, turn).get(node) ?? 0;
    const free = total - others.reduce((sum, one) => sum + one[kind], 0);
    return Math.max(0, Math.min(fair, free));
  };
  const places = part(wish.places, 'places', 'wantedPlaces');
  const calls = wish.calls === undefined ? 0 : part(wish.calls, 'calls', 'wantedCalls');
  return {
    share: { key, places, calls },
    places: Math.max(places, wish.usedPlaces),
    calls: wish.calls === undefined ? 0 : Math.max(calls, wish.usedCalls),
    wish,
  };
}

async function store(
  session: Session,
  { node, until }: { readonly node: string; readonly until: number },
  granted: readonly Granted[],
): Promise<void> {
  const isOver = ({ places, calls, wish }: Granted): boolean =>
    places + calls + wish.wantedPlaces + wish.wantedCalls === 0;
  const rows = granted
    .filter((one) => !isOver(one))
    .map(({ wish: { key, wantedPlaces, wantedCalls }, places, calls }) => {
      return { key, node, places, calls, wanted_places: wantedPlaces, wanted_calls: wantedCalls, until };
    });
  const gone = granted.filter(isOver);
  if (rows.length > 0) await session.run(KEEP, kept.values(rows));
  if (gone.length > 0) await session.run(GIVE_BACK, [texts(gone.map(({ share }) => share.key)), node]);
}

const OTHERS = `SELECT key, node, places, calls, wanted_places AS "wantedPlaces", wanted_calls AS "wantedCalls" FROM destination_shares
  WHERE key = ANY($1::text[]) AND node <> $2 AND until > $3`;
const FORGET = 'DELETE FROM destination_shares WHERE key = ANY($1::text[]) AND until <= $2';
const GIVE_BACK = 'DELETE FROM destination_shares WHERE key = ANY($1::text[]) AND node = $2';
const kept = rowSet({
  key: 'text',
  node: 'text',
  places: 'bigint',
  calls: 'bigint',
  wanted_places: 'bigint',
  wanted_calls: 'bigint',
  until: 'bigint',
});
const KEEP = `INSERT INTO destination_shares (key, node, places, calls, wanted_places, wanted_calls, until)
  SELECT key, node, places, calls, wanted_places, wanted_calls, until FROM ${kept.source}
  ON CONFLICT (key, node) DO UPDATE SET places = excluded.places, calls = excluded.calls,
    wanted_places = excluded.wanted_places, wanted_calls = excluded.wanted_calls, until = excluded.until`;
