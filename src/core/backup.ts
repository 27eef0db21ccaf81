/** What a backup holds, as it was read back from the file. */
export interface BackupFacts {
  /** Of the file, in bytes. */
  readonly bytes: number;
  /** The moment that it shows, in milliseconds since the epoch; undefined for a copy that was not made by `backup`. */
  readonly madeAt: number | undefined;
  /** The program that made it; undefined as `madeAt`. */
  readonly version: string | undefined;
  readonly installId: string;
  /** The revision of all documents in force; 0 when there is none. */
  readonly revision: number;
  /** Runs, and those of them that have not ended. */
  readonly runs: number;
  readonly unfinished: number;
  /** Records of all modules. */
  readonly records: number;
}

/** How far a backup has come. */
export interface BackupProgress {
  /** copying: from the install into the file; checking: the file is read back from end to end. */
  readonly stage: 'copying' | 'checking';
  readonly doneBytes: number;
  readonly bytes: number;
}

/** Copies everything that an install keeps, while it is worked on. */
export interface BackupWriter {
  /**
   * Writes one moment of the install into `file`, which must not be there, and resolves when it is on the disk and was
   * read back whole. Saves and runs do not wait for it. What it has begun and not ended is in nobody's way: take the file
   * away. Rejects with BACKUP_FAILED, and with BACKUP_BY_SERVER where the database server makes backups.
   */
  write(params: {
    readonly file: string;
    readonly madeAt: number;
    /** Of this program, for whoever restores it. */
    readonly version: string;
    readonly onProgress: (progress: BackupProgress) => void;
  }): Promise<BackupFacts>;
}
