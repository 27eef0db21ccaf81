import type { DocumentStore } from '../core/document-store.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ImportStore } from '../core/import-store.ts';
import type { Journal } from '../core/journal.ts';
import type { MessageStore } from '../core/message-store.ts';
import type { NotificationStore } from '../core/notification.ts';
import type { OperationQueue } from '../core/operation-queue.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { Sealer, SecretStore, SettingStore } from '../core/secret-store.ts';

/** Everything an install keeps, for the process that owns it. */
export interface Store {
  readonly records: RecordStore;
  readonly journal: Journal;
  readonly documents: DocumentStore;
  readonly settings: SettingStore;
  readonly secrets: SecretStore;
  readonly sealer: Sealer;
  readonly identities: IdentityStore;
  readonly notifications: NotificationStore;
  /** Operations of the web service that were put off. */
  readonly operations: OperationQueue;
  readonly messages: MessageStore;
  /** What is remembered of installs that records came from or went to. */
  readonly imports: ImportStore;
  /** Made at random once, when the install is first opened. */
  readonly installId: string;
  /** Commits what has been asked for, then lets go of the install. Safe to repeat. */
  close(): Promise<void>;
}

/** What can be looked at while another process owns the install. */
export interface StoreReader {
  readonly records: Pick<RecordStore, 'read' | 'query' | 'count' | 'linked' | 'history' | 'findDedup'>;
  readonly journal: Pick<Journal, 'run' | 'runs' | 'steps' | 'counts' | 'unfinished'>;
  readonly documents: Pick<DocumentStore, 'head' | 'revision' | 'revisions'>;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly identities: Pick<IdentityStore, 'users' | 'groups'>;
  readonly installId: string;
  close(): Promise<void>;
}
