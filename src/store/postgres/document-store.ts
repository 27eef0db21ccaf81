import type {
  DocumentOrigin,
  DocumentStore,
  Revision,
  RevisionSummary,
  StoredDocument,
} from '../../core/document-store.ts';
import { blobHash, readBlobText, writeBlobs } from './blob-store.ts';
import type { PostgresDatabase, Session } from './database.ts';

/** A document store on PostgreSQL: a text that did not change between revisions is stored once. */
export function createDocumentStore(db: PostgresDatabase): DocumentStore {
  return {
    head: () => head(db),
    revision: (number) => readRevision(db, number),
    revisions: ({ limit }) =>
      db.all<RevisionSummary>(
        `SELECT number, at, by, (SELECT count(*) FROM revision_documents WHERE revision = number) AS documents
         FROM revisions ORDER BY number DESC LIMIT $1`,
        [limit],
      ),
    origins: (number) =>
      db.all<DocumentOrigin>(
        `SELECT kind, name, since, at, by FROM revision_documents JOIN revisions ON number = since
         WHERE revision = $1 ORDER BY position`,
        [number],
      ),
    save: ({ documents, by, at, basedOn }) =>
      db.transaction(async (session) => {
        await session.run('LOCK TABLE revisions IN SHARE ROW EXCLUSIVE MODE');
        if ((await head(session)) !== basedOn) return undefined;
        await write(session, { number: basedOn + 1, at, by, documents });
        return basedOn + 1;
      }),
  };
}

async function head(session: Session): Promise<number> {
  const [row] = await session.all<{ number: number | null }>('SELECT max(number) AS number FROM revisions');
  return row?.number ?? 0;
}

async function readRevision(session: Session, number: number): Promise<Revision | undefined> {
  const [row] = await session.all<Omit<Revision, 'documents'>>(
    'SELECT number, at, by FROM revisions WHERE number = $1',
    [number],
  );
  if (row === undefined) return undefined;
  const rows = await session.all<StoredDocument & { readonly escaped: number }>(
    `SELECT kind, name, file, blobs.text AS text, escaped
     FROM revision_documents JOIN blobs ON blobs.hash = revision_documents.text
     WHERE revision = $1 ORDER BY position`,
    [number],
  );
  const documents = rows.map(({ text, escaped, ...rest }) => ({ ...rest, text: readBlobText({ text, escaped }) }));
  return { ...row, documents };
}

async function write(session: Session, { number, at, by, documents }: Revision): Promise<void> {
  const hashes = documents.map(({ text }) => blobHash(text));
  await writeBlobs(session, new Map(documents.map(({ text }, index) => [hashes[index] ?? '', text])));
  await session.run('INSERT INTO revisions (number, at, by) VALUES ($1, $2, $3)', [number, at, by]);
  await session.run(
    `INSERT INTO revision_documents (revision, position, kind, name, file, text, since)
     SELECT $1::bigint, d.position - 1, d.kind, d.name, d.file, hash,
            coalesce(old.since, $1::bigint)
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY AS d (kind, name, file, hash, position)
     LEFT JOIN (
       SELECT kind, name, text, min(since) AS since FROM revision_documents WHERE revision = $1::bigint - 1
       GROUP BY kind, name, text
     ) AS old ON old.kind = d.kind AND old.name = d.name AND old.text = hash`,
    [
      number,
      documents.map(({ kind }) => kind),
      documents.map(({ name }) => name),
      documents.map(({ file }) => file),
      hashes,
    ],
  );
}
