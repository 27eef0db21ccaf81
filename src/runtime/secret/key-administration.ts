import type { Failure } from '../../core/run.ts';

/** The latest change of the encryption key that this process was asked for. */
export interface KeyRotation {
  /** Tells one from another; counts from 1 in each process. */
  readonly id: number;
  /** True: it only counts. */
  readonly dryRun: boolean;
  /**
   * preparing: nodes are waited for; sealing: what is under another key is sealed anew; checking: it is looked whether
   * anything is left.
   */
  readonly stage: 'preparing' | 'sealing' | 'checking' | 'done' | 'failed';
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** The id of the key gone over to; undefined before it is known, and in a dry run that would make one. */
  readonly to?: string;
  /** Where it is looked at the moment. */
  readonly place?: string;
  /** Values looked at in the round under way, by where they are. */
  readonly values: Readonly<Record<string, number>>;
  /** Values sealed anew so far; in a dry run those that would be. */
  readonly resealed: number;
  /** Values under keys that were not given, by the key's id: nobody can read them. */
  readonly unknown: Readonly<Record<string, number>>;
  /** Of one that is done: the files in which the keys are now that nothing of the install is sealed under any more. */
  readonly oldKeys?: readonly string[];
  /** Of one that is done: the ids of such keys that are still given, and may be taken away. */
  readonly stillGiven?: readonly string[];
  readonly failure?: Pick<Failure, 'code' | 'message' | 'hint'>;
}

/** The part of Administration that is about the encryption key. */
export interface KeyAdministration {
  /**
   * Begins to seal everything anew under another key, or goes on where one was interrupted; it goes on by itself, while
   * runs do. Rejects with KEY_ROTATION_RUNNING while there is one in this process.
   * @param params.leaveUnknown True: values under keys that were not given stay as they are; otherwise KEY_UNKNOWN tells of them.
   */
  beginKeyRotation(params: { dryRun: boolean; leaveUnknown?: boolean | undefined; by: string }): Promise<KeyRotation>;
  /** Undefined when none was asked for since the process started. */
  keyRotation(): Promise<KeyRotation | undefined>;
}
