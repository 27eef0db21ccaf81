import type { AccessStore } from '../core/access-store.ts';
import type { AttemptStore } from '../core/attempts.ts';
import type { AuditStore } from '../core/audit.ts';
import type { BackupWriter } from '../core/backup.ts';
import type { TokenStore } from '../core/credential.ts';
import type { DeliveryStore } from '../core/delivery.ts';
import type { DestinationStore } from '../core/destination.ts';
import type { DocumentStore } from '../core/document-store.ts';
import type { FileStore } from '../core/file-store.ts';
import type { HintChannel } from '../core/hint-channel.ts';
import type { IdentityStore } from '../core/identity-store.ts';
import type { ImportStore } from '../core/import-store.ts';
import type { InboxStore } from '../core/inbox.ts';
import type { Journal } from '../core/journal.ts';
import type { KeyStore } from '../core/key-store.ts';
import type { MessageStore } from '../core/message-store.ts';
import type { NodeRegister } from '../core/node.ts';
import type { NotificationStore } from '../core/notification.ts';
import type { OperationQueue } from '../core/operation-queue.ts';
import type { Recovery } from '../core/recovery.ts';
import type { RecordStore } from '../core/record-store.ts';
import type { RetentionStore } from '../core/retention-store.ts';
import type { ScheduleStore } from '../core/schedule.ts';
import type { SignInStore } from '../core/sign-in.ts';
import type { Sealer, SecretStore, SettingStore } from '../core/secret-store.ts';
import type { StoreWatch } from '../core/store-watch.ts';

/** Everything an install keeps, for a process that works on it: the one that owns it, or one of several nodes. */
export interface Store {
  readonly records: RecordStore;
  readonly journal: Journal;
  /** Runs that need a person. */
  readonly inbox: InboxStore;
  readonly documents: DocumentStore;
  readonly settings: SettingStore;
  readonly secrets: SecretStore;
  /** Tokens and sessions that calls carry. */
  readonly tokens: TokenStore;
  /** People on their way to a provider and back. */
  readonly signIns: SignInStore;
  readonly sealer: Sealer;
  /** The keys that all of this is sealed under. */
  readonly keys: KeyStore;
  /** What records hold besides values. */
  readonly files: FileStore;
  readonly identities: IdentityStore;
  /** Who may come in. */
  readonly access: AccessStore;
  /** What is tried again and again, counted for all processes; undefined where there can be only one. */
  readonly attempts: AttemptStore | undefined;
  /** Who changed what. */
  readonly audit: AuditStore;
  readonly notifications: NotificationStore;
  /** Notices that leave the product. */
  readonly deliveries: DeliveryStore;
  /** Whom runs call, and what is known of them. */
  readonly destinations: DestinationStore;
  /** Operations of the web service that were put off. */
  readonly operations: OperationQueue;
  readonly messages: MessageStore;
  /** Where schedules stand. */
  readonly schedules: ScheduleStore;
  /** Removes what has been kept long enough. */
  readonly retention: RetentionStore;
  /** What is remembered of installs that records came from or went to. */
  readonly imports: ImportStore;
  /** How the store is doing. */
  readonly watch: StoreWatch;
  /** Copies of everything that is kept. */
  readonly backups: BackupWriter;
  /** For the time after a restore. */
  readonly recovery: Recovery;
  /** Made at random once, when the install is first opened. */
  readonly installId: string;
  /** The processes that work on the install. */
  readonly nodes: NodeRegister;
  /** From this process to the others; undefined where there can be no others. */
  readonly hints: HintChannel | undefined;
  /** Commits what has been asked for, then lets go of the install. Safe to repeat. */
  close(): Promise<void>;
}

/** What can be looked at while other processes work on the install. */
export interface StoreReader {
  readonly records: Pick<RecordStore, 'read' | 'query' | 'count' | 'linked' | 'history' | 'findDedup'>;
  readonly journal: Pick<Journal, 'run' | 'runs' | 'steps' | 'counts' | 'unfinished'>;
  readonly schedules: Pick<ScheduleStore, 'schedules'>;
  readonly documents: Pick<DocumentStore, 'head' | 'revision' | 'revisions'>;
  readonly settings: Pick<SettingStore, 'all'>;
  readonly secrets: Pick<SecretStore, 'list'>;
  readonly identities: Pick<IdentityStore, 'users' | 'groups' | 'units'>;
  readonly installId: string;
  close(): Promise<void>;
}
