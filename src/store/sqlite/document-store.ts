import type { DocumentStore, Revision, RevisionSummary, StoredDocument } from '../../core/document-store.ts';
import type { BlobStore } from './blob-store.ts';
import type { SqliteDatabase } from './database.ts';
import { Undo } from './group-commit.ts';
import type { GroupCommit } from './group-commit.ts';
import { guarded } from './sqlite-failure.ts';

/** The reading half of a document store. */
export function createDocumentReader(db: SqliteDatabase): Pick<DocumentStore, 'head' | 'revision' | 'revisions'> {
  const sql = prepareReading(db);
  return {
    head: guarded(() => sql.head.get()?.number ?? 0),
    revision: guarded((number): Revision | undefined => {
      const row = sql.revision.get(number);
      return row === undefined ? undefined : { ...row, documents: sql.documents.all(number) };
    }),
    revisions: guarded(({ limit }) => sql.revisions.all(limit)),
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
        for (const [position, { kind, name, file, text }] of documents.entries()) {
          sql.insertDocument.run({ revision, position, kind, name, file, hash: blobs.write(text) });
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
  };
}

interface InsertedDocument extends Omit<StoredDocument, 'text'> {
  readonly revision: number;
  readonly position: number;
  readonly hash: string;
}

function prepareWriting(db: SqliteDatabase) {
  return {
    insertRevision: db.prepare<[number, number, string]>('INSERT INTO revisions (number, at, by) VALUES (?, ?, ?)'),
    insertDocument: db.prepare<InsertedDocument>(
      `INSERT INTO revision_documents (revision, position, kind, name, file, text)
       VALUES (@revision, @position, @kind, @name, @file, @hash)`,
    ),
  };
}
