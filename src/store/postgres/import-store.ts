import type { ImportStore, PendingReference, TransferProgress, TransferStep } from '../../core/import-store.ts';
import type { PostgresDatabase, Session } from './database.ts';
import { Turns } from './turns.ts';

/** An import store on PostgreSQL. */
export function createImportStore(db: PostgresDatabase): ImportStore {
  const turns = new Turns();
  return {
    async progress({ source, module, direction }) {
      const [row] = await db.all<{ progress: string }>(
        'SELECT progress FROM imports WHERE source = $1 AND module = $2 AND direction = $3',
        [source, module, direction],
      );
      return row && readProgress(row.progress);
    },
    async identities(source, remotes) {
      const rows = await db.all<{ remote: string; local: string }>(
        `SELECT remote, local FROM import_identities WHERE source = $1 AND remote = ANY($2) AND local <> ''`,
        [source, remotes],
      );
      return new Map(rows.map(({ remote, local }) => [remote, local]));
    },
    async remotes(source, locals) {
      const rows = await db.all<{ remote: string; local: string }>(
        `SELECT remote, local FROM import_identities WHERE source = $1 AND local = ANY($2) AND local <> ''`,
        [source, locals],
      );
      return new Map(rows.map(({ remote, local }) => [local, remote]));
    },
    pending: ({ source, after, limit }) =>
      db.all<PendingReference>(
        `SELECT record, field, remote FROM import_references
         WHERE source = $1 AND (record, field) > ($2, $3) ORDER BY record, field LIMIT $4`,
        [source, after?.record ?? '', after?.field ?? '', limit],
      ),
    save: (step) => turns.take(() => db.transaction((session) => save(session, step))),
  };
}

async function save(
  session: Session,
  { source, identities = [], pending = [], settled = [], progress }: TransferStep,
): Promise<void> {
  await setIdentities(session, source, identities);
  await setPending(session, source, pending);
  if (settled.length > 0) {
    await session.run(
      `DELETE FROM import_references USING unnest($2::text[], $3::text[]) AS settled (of_record, of_field)
       WHERE source = $1 AND record = of_record AND field = of_field`,
      [source, settled.map(({ record }) => record), settled.map(({ field }) => field)],
    );
  }
  if (progress === undefined) return;
  const { key } = progress;
  await session.run(
    `INSERT INTO imports (source, module, direction, progress) VALUES ($1, $2, $3, $4)
     ON CONFLICT (source, module, direction) DO UPDATE SET progress = excluded.progress`,
    [key.source, key.module, key.direction, JSON.stringify(progress.progress)],
  );
}

async function setIdentities(
  session: Session,
  source: string,
  identities: readonly (readonly [remote: string, local: string])[],
): Promise<void> {
  // One statement sets each only once: what was said last counts.
  const last = [...new Map(identities)];
  if (last.length === 0) return;
  await session.run(
    `INSERT INTO import_identities (source, remote, local)
     SELECT $1, remote, local FROM unnest($2::text[], $3::text[]) AS given (remote, local)
     ON CONFLICT (source, remote) DO UPDATE SET local = excluded.local`,
    [source, last.map(([remote]) => remote), last.map(([, local]) => local)],
  );
}

async function setPending(session: Session, source: string, pending: readonly PendingReference[]): Promise<void> {
  const last = [...new Map(pending.map((each) => [JSON.stringify([each.record, each.field]), each])).values()];
  if (last.length === 0) return;
  await session.run(
    `INSERT INTO import_references (source, record, field, remote)
     SELECT $1, record, field, remote FROM unnest($2::text[], $3::text[], $4::text[]) AS given (record, field, remote)
     ON CONFLICT (source, record, field) DO UPDATE SET remote = excluded.remote`,
    [source, last.map(({ record }) => record), last.map(({ field }) => field), last.map(({ remote }) => remote)],
  );
}

function readProgress(text: string): TransferProgress {
  const stored: TransferProgress = JSON.parse(text);
  return { ...stored, after: stored.after };
}
