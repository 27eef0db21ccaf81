import type { BackupFacts } from '../../core/backup.ts';
import type { Failure } from '../../core/run.ts';

/** The latest backup that this process was asked for. */
export interface BackupState {
  /** Tells one backup from another; counts from 1 in each process. */
  readonly id: number;
  /** copying, checking: under way. */
  readonly stage: 'copying' | 'checking' | 'done' | 'failed';
  /** Where it is, or is going to be. */
  readonly file: string;
  /** Milliseconds since the epoch: the moment that the backup shows. */
  readonly startedAt: number;
  readonly doneBytes: number;
  readonly bytes: number;
  /** Of one that is done: what was read back from it. */
  readonly facts?: BackupFacts;
  /** Older ones that were taken away because of `keep`. */
  readonly removed?: readonly string[];
  readonly failure?: Pick<Failure, 'code' | 'message' | 'hint'>;
}

export interface BackupParams {
  /**
   * A file, or a folder in which the file gets a name of its time; whole, or below the folder `backups` of the install,
   * which it is when left out.
   */
  readonly target?: string | undefined;
  /** True: a file of that name is replaced, once the new one is whole. */
  readonly replace?: boolean | undefined;
  /** In a folder: how many backups of this install stay, the new one among them. */
  readonly keep?: number | undefined;
}

/** The part of Administration that is about backups. */
export interface BackupAdministration {
  /**
   * Begins a backup, which goes on by itself. Rejects with BACKUP_RUNNING while there is one, BACKUP_EXISTS when the file is
   * there, BACKUP_TARGET when it can be none, and BACKUP_BY_SERVER for an install in PostgreSQL.
   */
  beginBackup(params: BackupParams): Promise<BackupState>;
  /** Undefined when none was asked for since the process started. */
  backupState(): Promise<BackupState | undefined>;
}
