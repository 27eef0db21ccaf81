import type {
  DocumentOrigin,
  DocumentStore,
  Revision,
  RevisionSummary,
  StoredDocument,
} from '../../core/document-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { SqliteDatabase } from './database.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The reading half of a document store. */
export function createDocumentReader(
  db: SqliteDatabase,
): Pick<DocumentStore, 'head' | 'revision' | 'revisions' | 'origins'> {
  const sql = prepareReading(db);
  return {
    head: guarded(() => sql.head.get()?.number ?? 0),
    revision: guarded((number): Revision | undefined => {
      const row = sql.revision.get(number);
      return row === undefined ? undefined : { ...row, documents: sql.documents.all(number) };
    }),
    revisions: guarded(({ limit }) => sql.revisions.all(limit)),
    origins: guarded((number) => sql.origins.all(number)),
  };
}

/** A document store on SQLite: a text that did not change between revisions is stored once. */
export function createDocumentStore(db: SqliteDatabase, commits: GroupCommit, blobs: BlobStore): DocumentStore {
  const { head } = prepareReading(db);
  const sql = prepareWriting(db);
  return {
    ...createDocumentReader(db),
    save: ({ documents, by, at, basedOn }) =>
      commits.write<number | undefined>(() => {
        const current = head.get()?.number ?? 0;
        if (current !== basedOn) return new Undo(undefined);
        const revision = current + 1;
        sql.insertRevision.run(revision, at, by);
        const before = new Map(sql.texts.all(current).map((row) => [`${row.kind} ${row.name} ${row.hash}`, row.since]));
        for (const [position, { kind, name, file, text }] of documents.entries()) {
          const hash = blobs.write(text);
          const since = before.get(`${kind} ${name} ${hash}`) ?? revision;
          sql.insertDocument.run({ revision, position, kind, name, file, hash, since });
        }
        return revision;
      }),
  };
}

function prepareReading(db: SqliteDatabase) {
  return {
    head: db.prepare<[], { number: number | null }>('SELECT max(number) AS number FROM revisions'),
    revision: db.prepare<[number], Omit<Revision, 'documents'>>(
      'SELECT number, at, by FROM revisions WHERE number = ?',
    ),
    revisions: db.prepare<[number], RevisionSummary>(
      `SELECT number, at, by, (SELECT count(*) FROM revision_documents WHERE revision = number) AS documents
       FROM revisions ORDER BY number DESC LIMIT ?`,
    ),
    documents: db.prepare<[number], StoredDocument>(
      `SELECT kind, name, file, blobs.text AS text
       FROM revision_documents JOIN blobs ON blobs.hash = revision_documents.text
       WHERE revision = ? ORDER BY position`,
    ),
    origins: db.prepare<[number], DocumentOrigin>(
      `SELECT kind, name, since, at, by FROM revision_documents JOIN revisions ON number = since
       WHERE revision = ? ORDER BY position`,
    ),
  };
}

interface InsertedDocument extends Omit<StoredDocument, 'text'> {
  readonly revision: number;
  readonly position: number;
  readonly hash: string;
  readonly since: number;
}

/** What a document of an earlier revision was. */
interface EarlierText {
  readonly kind: string;
  readonly name: string;
  readonly hash: string;
  readonly since: number;
}

function prepareWriting(db: SqliteDatabase) {
  return {
    insertRevision: db.prepare<[number, number, string]>('INSERT INTO revisions (number, at, by) VALUES (?, ?, ?)'),
    insertDocument: db.prepare<InsertedDocument>(
      `INSERT INTO revision_documents (revision, position, kind, name, file, text, since)
       VALUES (@revision, @position, @kind, @name, @file, @hash, @since)`,
    ),
    texts: db.prepare<[number], EarlierText>(
      'SELECT kind, name, text AS hash, since FROM revision_documents WHERE revision = ?',
    ),
  };
}
